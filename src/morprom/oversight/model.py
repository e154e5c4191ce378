"""What is known of a hospital's sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from morprom.kernel import Words


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


class Trait(StrEnum):
    """What was particular about a call that a test hospital made. Nothing of a person."""

    BODY = "body"  # it carried one
    GZIP = "gzip"
    UPLOAD_TOKEN = "upload-token"
    CLEAN = "clean"  # nothing to mend
    NEW = "new"
    SAME = "same"  # nothing of it was new or changed
    CHANGED = "changed"
    REMOVED = "removed"
    SEVERAL_VISITS = "several-visits"
    INPATIENT = "inpatient"
    ALLERGIES = "allergies"
    LABORATORY = "laboratory"
    MEDICINES = "medicines"
    APPOINTMENT = "appointment"
    WHOLE_HISTORY = "whole-history"


@dataclass(frozen=True, slots=True)
class Tried:
    """One call as it went. `words` are its Action, mode and data, in lower case."""

    method: str
    path: str
    words: Mapping[str, str]
    status: int
    traits: frozenset[Trait]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """What a vendor's software should have done once. `line` is the call, `how` what to send or look at.

    It is done by a call that succeeds on `path` with `method` ("" is any), one of `actions`, `modes`, `data`
    (lower case; none named is any), all of `traits` and none of `without`.
    """

    id: str
    group: Words
    words: Words
    how: Words
    line: str
    path: str
    method: str = ""
    actions: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    traits: tuple[Trait, ...] = ()
    without: tuple[Trait, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One item of a hospital's checklist; `last_at` is None while it was not tried in the last day."""

    item: ChecklistItem
    last_at: datetime | None
