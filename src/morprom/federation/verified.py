"""`verified_claims`: how a person was proofed, as much of it as was asked.

OpenID Connect for Identity Assurance 1.0; OpenID Identity Assurance Schema Definition 1.0.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from morprom.assurance import Checks, Ial
from morprom.federation.claims import CONDITIONS, as_list, claims_in, meets, untagged
from morprom.federation.facts import Facts
from morprom.federation.offers import OF_PROOFING

FRAMEWORK: Final = "th_etda"
LOWEST: Final = Ial.CARD_CHECKED  # below that nobody checked anything with its issuer
REQUIRED: Final = frozenset({"trust_framework", "type", "check_method"})
"""Members without which their parents would not be what the schema says; told whether or not they were asked for."""
METHODS: Final = ("vpip", "vcrypt", "data", "pvp", "bvp")
"""Ways of checking that events can have: looked at, chip authenticated, asked of DOPA, face by officer, by service."""


class _Unmet(Exception):  # noqa: N818 (an answer of the walk below, not an error)
    """A condition of `verification` does not hold: nothing at all is told."""


def verified_claims(asked: Any, facts: Facts, may_have: Iterable[str], ial: Ial, now: datetime) -> Any:
    """The member `verified_claims` for a request; None when there is nothing to tell. `ial` is the level of the session
    that asks: a proofing of more is not vouched for to whoever sits there with less.
    """
    if asked is None or not _counts(facts, ial):
        return None
    allowed = set(may_have) & set(OF_PROOFING)
    found = [told for one in as_list(asked) if (told := _one(one, facts, allowed, now))]
    if isinstance(asked, list):
        return found or None
    return found[0] if found else None


def _counts(facts: Facts, ial: Ial) -> bool:
    return facts.card is not None and facts.level != "" and LOWEST <= Ial(facts.level) <= ial


def _one(asked: Mapping[str, Any], facts: Facts, allowed: set[str], now: datetime) -> dict[str, Any] | None:
    values = facts.claims()
    claims = {
        name: values[name]
        for name, condition in claims_in(asked).items()
        if untagged(name) in allowed and name in values and meets(condition, values[name])
    }
    try:
        verification = _walk(asked["verification"], _verification(facts), now)
    except _Unmet:
        return None
    return {"verification": verification, "claims": claims} if claims else None


def _walk(asked: Any, actual: Any, now: datetime) -> Any:
    """As much of `actual` as `asked` names. Raises _Unmet for a condition that does not hold."""
    if isinstance(actual, list):
        return _walk_list(asked, actual, now)  # pyright: ignore[reportUnknownArgumentType]
    if not isinstance(asked, dict):
        return actual
    if not isinstance(actual, dict):
        _demand(asked, actual, now)  # pyright: ignore[reportUnknownArgumentType]
        return actual
    found: dict[str, Any] = {}
    for name, condition in asked.items():  # pyright: ignore[reportUnknownVariableType]
        if name in actual:
            found[name] = _walk(condition, actual[name], now)
        elif _demands(condition):
            raise _Unmet
    always: dict[str, Any] = {name: actual[name] for name in REQUIRED if name in actual}
    return always | found


def _walk_list(asked: Any, actual: list[Any], now: datetime) -> list[Any]:
    if asked is None:
        return actual
    found: list[Any] = []
    for one in as_list(asked):
        for thing in actual:
            try:
                found.append(_walk(one, thing, now))
            except _Unmet:
                continue
    if not found:
        raise _Unmet
    return found


def _demands(asked: Any) -> bool:
    """Whether there is a condition somewhere within."""
    if isinstance(asked, list):
        return any(map(_demands, asked))  # pyright: ignore[reportUnknownArgumentType]
    if not isinstance(asked, dict):
        return False
    return not CONDITIONS.isdisjoint(asked) or any(map(_demands, asked.values()))  # pyright: ignore[reportUnknownArgumentType]


def _demand(condition: Mapping[str, Any], actual: Any, now: datetime) -> None:
    if not meets(condition, actual):
        raise _Unmet
    if "max_age" in condition and _age(actual, now) > condition["max_age"]:
        raise _Unmet


def _age(actual: Any, now: datetime) -> float:
    """Seconds since an instant or the beginning of a day; without end for what is neither."""
    try:
        at = datetime.fromisoformat(actual)
    except (TypeError, ValueError):
        return float("inf")
    return (now - (at if at.tzinfo else at.replace(tzinfo=UTC))).total_seconds()


def _verification(facts: Facts) -> dict[str, Any]:
    """All that could be told of the proofing. Who the officer was, and where, is not a client's business."""
    at = _instant(facts.proofed_at)
    told: dict[str, Any] = {
        "trust_framework": FRAMEWORK,
        "assurance_level": f"ial{facts.level}",
        "time": at,
        "assurance_process": {"policy": facts.table, "procedure": facts.path},
    }
    return told | ({"evidence": [_document(facts, at)]} if facts.checks.evidence == "id-card" else {})


def _document(facts: Facts, at: str) -> dict[str, Any]:
    card = facts.card
    details: dict[str, Any] = {"type": "idcard", "issuer": {"country_code": "THA"}}
    if card and card.issuer:
        details["issuer"]["name"] = card.issuer
    if card and card.issued_on:
        details["date_of_issuance"] = card.issued_on.isoformat()
    if card and card.expires_on:
        details["date_of_expiry"] = card.expires_on.isoformat()
    checks = [{"check_method": method, "time": at} for method in _methods(facts.checks)]
    told: dict[str, Any] = {"type": "document", "time": at, "document_details": details}
    return told | ({"check_details": checks} if checks else {})


def _methods(checks: Checks) -> list[str]:
    done = {
        "vpip": checks.appearance,
        "vcrypt": checks.chip_authenticated,
        "data": checks.dopa_status == "valid",
        "pvp": checks.face_matches and checks.face == "officer",
        "bvp": checks.face_matches and checks.face == "service",
    }
    return [method for method in METHODS if done[method]]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
