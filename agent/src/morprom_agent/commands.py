"""What each command does, without the command line around it."""

import logging
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import typer

from morprom_agent.export import Export, fingerprint, opened
from morprom_agent.filters import Filters
from morprom_agent.home import folder_of
from morprom_agent.ledger import FILE, Entry, Ledger, State
from morprom_agent.progress import Teller
from morprom_agent.reconcile import Verdict
from morprom_agent.report import write_report
from morprom_agent.send import Sending
from morprom_agent.settings import Settings, need
from morprom_agent.stop import Exit, Stop
from morprom_agent.survey import Found, Skipped, bangkok_now
from morprom_agent.tally import Tally
from morprom_agent.watch import Round, Watch
from morprom_agent.work import Work, opened_work, ref_rule

log = logging.getLogger(__name__)
ALL_DAYS = Round(None, None)
PASSING = (Exit.UNREACHABLE, Exit.ANOTHER_AGENT, Exit.SOURCE)
"""What a watch waits out; anything else needs a person."""


def send_once(settings: Settings, *, yes: bool, force: bool, reach: Round = ALL_DAYS) -> Tally:
    """One run over the export."""
    return _send(settings, yes=yes, force=force, reach=reach)[0]


def _send(settings: Settings, *, yes: bool, force: bool, reach: Round) -> tuple[Tally, bool]:
    with Teller() as teller, opened_work(settings, teller, force=force, announces=True) as work:
        _tell_faults(work.survey.export, teller)

        def agrees(refs: int, days: int) -> bool:
            return yes or _asked(teller, refs, days)

        sending = Sending(work.survey, work.tally, teller, work.heartbeat, agrees)
        is_whole = sending.run(connections=settings.connections, since=reach.since, until=reach.until)
        return work.tally, is_whole


def _asked(teller: Teller, refs: int, days: int) -> bool:
    """Ask at the terminal; without one nothing is removed."""
    teller.pause()
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        teller.say(f"{refs} visit ถูกลบใน HIS แต่ยังไม่ถอน ใช้ --yes / {refs} visits not removed: give --yes")
        return False
    question = f"ถอน {refs} visit ของ {days} วันที่ไม่มีใน HIS แล้ว? / remove {refs} visits of {days} days?"
    return typer.confirm(question, default=False, err=True)


def _tell_faults(export: Export, teller: Teller) -> None:
    for (file, why), count in sorted(export.faults.counts.items()):
        teller.say(f"อ่านไม่ได้ / unreadable: {file} {why} {count:,}")
    for fault in export.faults.first:
        log.warning("unreadable file=%s line=%d why=%s", fault.file, fault.line, fault.why)


def plan_days(settings: Settings, *, force: bool) -> list[dict[str, Any]]:
    """What a run would do, a row a day, newest first."""
    with Teller() as teller, opened_work(settings, teller, force=force, announces=False) as work:
        _tell_faults(work.survey.export, teller)
        days = work.survey.days()
        teller.begin("ตรวจ / comparing", sum(visits for _, visits in days))
        return [_plan_day(work, teller, on) for on, _ in days]


def _plan_day(work: Work, teller: Teller, on: date) -> dict[str, Any]:
    survey = work.survey
    present = survey.present(on)
    verdicts: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for found in survey.visits(on, present):
        teller.advance()
        match found:
            case Skipped(why=why):
                skipped[why] += 1
            case Found(verdict=verdict):
                verdicts[verdict.value] += 1
    absent = survey.absent(on, present)
    return {
        "date": on.isoformat(),
        "on_platform": None if present is None else len(present),
        **{verdict.value: verdicts[verdict.value] for verdict in Verdict},
        "skipped": dict(sorted(skipped.items())),
        "remove": len(absent.removable),
        "held": len(absent.held),
    }


def watch_source(settings: Settings, *, yes: bool, force: bool, tell: Callable[[dict[str, Any]], None]) -> None:
    """Round after round until it is interrupted; `tell` gets each round's numbers."""
    need(settings, "source", "to", "hcode")
    source = settings.source or Path()

    def go(reach: Round) -> bool:
        try:
            tally, is_whole = _send(settings, yes=yes, force=force, reach=reach)
        except Stop as stop:
            if stop.code not in PASSING:
                raise
            sys.stderr.write(f"{stop.th}\n{stop.en}\n")
            return False
        tell(tally.as_json())
        return is_whole and not tally.failed and not tally.skipped["too_recent"]

    def look() -> object:
        return fingerprint(source) if source.exists() else None

    Watch(settings, look, go, bangkok_now).forever()


def ledger_status(settings: Settings, only: str | None) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """How many visits are in each state, and those of one state when it is named."""
    if only is not None and only not in list(State):
        states = " | ".join(State)
        raise Stop(Exit.SETTINGS, f"--list ต้องเป็น {states}", f"--list must be {states}")
    ledger = _ledger(settings)
    try:
        entries = ledger.entries(State(only)) if only else []
        return ledger.count(), [_shown(entry) for entry in entries]
    finally:
        ledger.close()


def _shown(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in entry._asdict().items() if name != "hash"}


def write_workbook(settings: Settings, out: Path) -> dict[str, int]:
    """Write the report; with a source it holds HN and what was not sent."""
    ledger = _ledger(settings)
    filters = Filters.of(settings)
    try:
        if settings.source is None:
            return write_report(out, ledger, None, filters)
        need(settings, "hcode")
        with opened(settings.source, settings.hcode, workspace=folder_of(settings), refs=ref_rule(settings)) as export:
            return write_report(out, ledger, export, filters)
    except PermissionError:
        raise Stop(
            Exit.SETTINGS,
            f"เขียน {out} ไม่ได้ ปิดไฟล์ใน Excel ก่อน",
            f"{out} cannot be written; close it in Excel first",
        ) from None
    finally:
        ledger.close()


def _ledger(settings: Settings) -> Ledger:
    if settings.state is None:
        need(settings, "hcode", "to")
    folder = folder_of(settings)
    if not (folder / FILE).exists():
        raise Stop(
            Exit.SETTINGS,
            f"ยังไม่เคยส่งจาก {folder} ตรวจ --state",
            f"nothing was ever sent from {folder}; check --state",
        )
    return Ledger(folder)
