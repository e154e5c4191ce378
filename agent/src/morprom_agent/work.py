"""Puts the parts of a run together: state folder, ledger, platform, export."""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from morprom_agent.export import RefRule, opened
from morprom_agent.filters import Filters
from morprom_agent.home import alone, folder_of, logging_to
from morprom_agent.ledger import Ledger
from morprom_agent.payload import Hospital
from morprom_agent.platform import Link, Platform, credentials_of
from morprom_agent.progress import Teller
from morprom_agent.send import Heartbeat
from morprom_agent.settings import Settings, need
from morprom_agent.survey import Survey
from morprom_agent.tally import Tally


@dataclass(frozen=True, slots=True)
class Work:
    """Everything a run needs, open."""

    survey: Survey
    heartbeat: Heartbeat
    tally: Tally


def ref_rule(settings: Settings) -> RefRule:
    """How this hospital's visits are named."""
    return RefRule(settings.ref, settings.an_prefix)


@contextmanager
def opened_work(settings: Settings, teller: Teller, *, force: bool, announces: bool) -> Generator[Work]:
    """Lock the state, sign in, read the export. `announces`: tell the platform that this computer sends."""
    need(settings, "source", "to", "hcode")
    source = settings.source
    assert source is not None  # noqa: S101 (need has seen to it)
    credentials = credentials_of(settings)
    folder = folder_of(settings)
    link = Link(
        settings.to, connections=settings.connections, timeout=settings.timeout_seconds, ca_file=settings.ca_file
    )
    tally = Tally()
    with alone(folder), logging_to(folder):
        ledger = Ledger(folder)
        try:
            if not ledger.belong(settings.to, settings.hcode):
                teller.say("แพลตฟอร์มเปลี่ยน จะส่งทุก visit ใหม่ / another platform than before: every visit is sent again")
            computer = settings.computer_name or socket.gethostname()
            platform = Platform(link, credentials, settings.hcode, computer)
            platform.sign_in()
            heartbeat = Heartbeat(platform)

            def reading(name: str) -> None:
                teller.say(f"อ่าน / reading {name}")
                if announces:
                    heartbeat.beat()

            with opened(source, settings.hcode, workspace=folder, refs=ref_rule(settings), tell=reading) as export:
                tally.bad_lines = export.faults.total
                hospital = Hospital(settings.hcode, settings.hospital_name, export.officers)
                filters = Filters.of(settings)
                yield Work(Survey(export, ledger, platform, filters, hospital, force), heartbeat, tally)
        finally:
            link.close()
            ledger.close()
