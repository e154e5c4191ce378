"""What is known of a hospital's sending."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class AgentReport:
    """What an agent says of itself. `newest_version` is the newest version of it that it knows of."""

    computer_name: str
    status: str
    agent_version: str = ""
    newest_version: str = ""


@dataclass(frozen=True, slots=True)
class SendingAgent:
    """The agent that sends for a hospital, or did last, and when it said so."""

    computer_name: str
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """The report was taken."""


@dataclass(frozen=True, slots=True)
class TooSoon:
    """The same computer reported less than 5 seconds ago; `wait` is in whole seconds."""

    wait: int


@dataclass(frozen=True, slots=True)
class AnotherSends:
    """Another computer reported within the last 2 minutes."""

    computer_name: str


@dataclass(frozen=True, slots=True)
class HospitalCount:
    """The visits of one local day as the hospital itself counts them; None is a count it did not send."""

    day: date
    opd_encounters: int | None
    ipd_encounters: int | None
    ipd_discharges: int | None


@dataclass(frozen=True, slots=True)
class DaySummary:
    """One day of sending: what arrived beside what the hospital counts. `percent` is None while it sent no count."""

    day: date
    opd: int
    ipd: int
    his_opd: int | None
    his_ipd: int | None
    percent: float | None
