"""The commands of card stations."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from morprom.kernel import new_id, utc_now
from morprom.proofing.stations import enrol, stations_of
from morprom.storage import Database
from morprom_wire.card import fingerprint


async def _station(database: Database) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    key = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(serialization.Encoding.DER, form)
    async with database.transaction() as tx:
        await enrol(tx, unit="10670", name="เคาน์เตอร์ 1", public_key=key, officer=new_id(), now=utc_now())
    return key


async def test_an_operator_sees_a_units_stations_and_takes_one_away(
    database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    from morprom.cli.root import app

    monkeypatch.setenv("MORPROM_DATABASE_URL", database_url)
    monkeypatch.setenv("MORPROM_DATA", str(tmp_path))

    async def run(*arguments: str) -> tuple[int, str]:
        done = await asyncio.to_thread(CliRunner().invoke, app, arguments)
        return done.exit_code, done.stdout

    await run("unit", "add", "10670", "โรงพยาบาลขอนแก่น", "--province", "40")
    key = await _station(database)
    code, said = await run("station", "list", "--unit", "10670", "--json")
    row = json.loads(said)
    assert code == 0 and (row["fingerprint"], row["name"]) == (fingerprint(key), "เคาน์เตอร์ 1")
    assert (await run("station", "end", row["station_id"], "--unit", "10669"))[0] != 0
    assert (await run("station", "end", row["station_id"], "--unit", "10670"))[0] == 0
    assert (await run("station", "end", row["station_id"], "--unit", "10670"))[0] != 0
    async with database.transaction() as tx:
        assert await stations_of(tx, "10670") == []
        ended = await tx.fetchval("select count(*)::int from history where unit = '10670'")
    assert ended >= 2
