"""Every SQL statement about agents and hospitals' own counts."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from morprom.oversight.model import AgentReport, HospitalCount, SendingAgent
from morprom.storage import Tx


async def note_report(
    tx: Tx, hcode: str, report: AgentReport, now: datetime, apart: timedelta, sending: timedelta
) -> bool:
    """Keep the report unless this computer reported within `apart`, or another within `sending`: one atomic update."""
    noted = await tx.fetchval(
        "insert into agent_status as last"
        " (hcode, computer_name, status, agent_version, newest_version, reported_at) values ($1, $2, $3, $4, $5, $6)"
        " on conflict (hcode) do update set computer_name = excluded.computer_name, status = excluded.status,"
        "  agent_version = excluded.agent_version, newest_version = excluded.newest_version, reported_at = $6"
        " where last.reported_at <= $6 - case when last.computer_name = $2 then $7::interval else $8::interval end"
        " returning true",
        hcode, report.computer_name, report.status, report.agent_version, report.newest_version, now, apart, sending,
    )  # fmt: skip
    return noted is not None


async def note_error(tx: Tx, hcode: str, error: str, now: datetime, apart: timedelta) -> bool:
    """Keep what went wrong unless the hospital said so within `apart`. It does not make its sender the sending one."""
    noted = await tx.fetchval(
        "insert into agent_status as last"
        " (hcode, computer_name, status, agent_version, newest_version, reported_at, error, error_at)"
        " values ($1, '', '', '', '', '-infinity', $2, $3)"
        " on conflict (hcode) do update set error = $2, error_at = $3"
        " where last.error_at is null or last.error_at <= $3 - $4::interval returning true",
        hcode,
        error,
        now,
        apart,
    )
    return noted is not None


async def agent(tx: Tx, hcode: str) -> SendingAgent | None:
    """The agent that reported last."""
    row = await tx.fetchrow(
        "select computer_name, reported_at from agent_status where hcode = $1 and reported_at > '-infinity'", hcode
    )
    return SendingAgent(row["computer_name"], row["reported_at"]) if row else None


async def error_at(tx: Tx, hcode: str) -> datetime | None:
    """When the hospital's agent last said that something went wrong."""
    return await tx.fetchval("select error_at from agent_status where hcode = $1", hcode)


async def put_counts(tx: Tx, hcode: str, counts: Sequence[HospitalCount], now: datetime) -> None:
    """Keep a hospital's counts; the same day again replaces what it says and leaves what it does not say."""
    await tx.execute(
        "insert into hospital_count as known (hcode, day, opd_encounters, ipd_encounters, ipd_discharges, received_at)"
        " select $1, day, opd, ipd, discharges, $6 from unnest($2::date[], $3::int[], $4::int[], $5::int[])"
        "  as given(day, opd, ipd, discharges) order by day"
        " on conflict (hcode, day) do update set received_at = $6,"
        "  opd_encounters = coalesce(excluded.opd_encounters, known.opd_encounters),"
        "  ipd_encounters = coalesce(excluded.ipd_encounters, known.ipd_encounters),"
        "  ipd_discharges = coalesce(excluded.ipd_discharges, known.ipd_discharges)",
        hcode,
        [count.day for count in counts],
        [count.opd_encounters for count in counts],
        [count.ipd_encounters for count in counts],
        [count.ipd_discharges for count in counts],
        now,
    )


async def counts(tx: Tx, hcode: str, first: date, last: date) -> list[HospitalCount]:
    """A hospital's counts, `first` and `last` included."""
    rows = await tx.fetch(
        "select day, opd_encounters, ipd_encounters, ipd_discharges from hospital_count"
        " where hcode = $1 and day between $2 and $3 order by day",
        hcode,
        first,
        last,
    )
    return [
        HospitalCount(row["day"], row["opd_encounters"], row["ipd_encounters"], row["ipd_discharges"]) for row in rows
    ]
