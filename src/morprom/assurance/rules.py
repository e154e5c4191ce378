"""From what was done to a level, by a table: the highest of which one way is held whole."""

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Final

from morprom.assurance.model import Amr, Checks, Derived
from morprom.assurance.policy import LevelRow, Table, Way

OF_CHECKS: Final[Mapping[str, Callable[[Checks], bool]]] = {
    "card": lambda it: it.evidence == "id-card",
    "document": lambda it: it.evidence != "none",
    "appearance": lambda it: it.appearance or it.chip_read,
    "chip": lambda it: it.chip_read and it.station_signed,
    "chip-authenticated": lambda it: it.chip_authenticated,
    "status": lambda it: it.dopa_status == "valid",
    "not-refused": lambda it: it.dopa_status != "not-valid",
    "status-or-chip": lambda it: it.dopa_status == "valid" or (it.chip_read and it.station_signed),
    "face": lambda it: it.face_matches and it.face != "none",
    "face-service-live": lambda it: it.face_matches and it.face == "service" and it.liveness,
    "face-officer-chip-photo": lambda it: it.face_matches and it.face == "officer" and it.face_with == "chip-photo",
    "attended": lambda it: it.channel in ("counter", "home-visit"),
    "contact": lambda it: it.contact == "otp",
    "guardian": lambda it: it.guardian,
    "second-officer": lambda it: it.second_officer,
    "upstream-1.3": lambda it: _said(it) >= "1.3",
    "upstream-2.1": lambda it: _said(it) >= "2.1",
    "upstream-2.2": lambda it: _said(it) >= "2.2",
    "upstream-2.3": lambda it: _said(it) >= "2.3",
    "anything": lambda _: True,
}
"""Conditions that a table's way to an IAL may name."""

_KEYS: Final = frozenset((Amr.SOFTWARE_KEY, Amr.HARDWARE_KEY))
_KNOWN: Final = frozenset((Amr.PASSWORD, Amr.PIN))

OF_AMR: Final[Mapping[str, Callable[[Set[str]], bool]]] = {
    "any-factor": bool,
    "knowledge": lambda amr: not amr.isdisjoint(_KNOWN),
    "otp": lambda amr: Amr.OTP in amr,
    "key": lambda amr: not amr.isdisjoint(_KEYS),
    "hardware-key": lambda amr: Amr.HARDWARE_KEY in amr,
    "user-verified": lambda amr: Amr.USER in amr,
    "federated": lambda amr: Amr.FEDERATED in amr,
    "multi-factor": lambda amr: Amr.MULTI_FACTOR in amr,
}
"""Conditions that a table's way to an AAL may name."""


def derive_ial(checks: Checks, by: Table) -> Derived:
    """The identity assurance level of what was checked."""
    return _derive(by, by.ial, {name for name, holds in OF_CHECKS.items() if holds(checks)})


def derive_aal(amr: Set[str], by: Table) -> Derived:
    """The authenticator assurance level of what was done to sign in. Says nothing of how long ago that was."""
    return _derive(by, by.aal, {name for name, holds in OF_AMR.items() if holds(amr)})


def _derive(by: Table, rows: Sequence[LevelRow], held: Set[str]) -> Derived:
    reached = [(row, way) for row in rows if row.offered and (way := _way(row, held))]
    row, way = reached[-1] if reached else (None, Way(()))
    higher = [above for above in rows if above.offered and (row is None or above.level > row.level)]
    lacking = [_lacking(way, held) for way in higher[0].ways if not way.elsewhere] if higher else []
    missing = min(lacking, key=len) if lacking else []
    return Derived(
        level=row.level if row else "",
        because=tuple(by.condition[name].words for name in way.needs),
        next_level=higher[0].level if higher else "",
        missing=tuple(by.condition[name].words for name in missing),
        is_confirmed=way.confirmed,
        table=by.name,
    )


def _said(checks: Checks) -> str:
    """What an upstream that is known here said; levels sort as texts."""
    return checks.upstream_ial if checks.upstream else ""


def _way(row: LevelRow, held: Set[str]) -> Way | None:
    return next((way for way in row.ways if held >= set(way.needs)), None)


def _lacking(way: Way, held: Set[str]) -> list[str]:
    return [name for name in way.needs if name not in held]
