"""`verified_claims`: how a person was proofed, as much of it as was asked (OpenID Identity Assurance 1.0)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from morprom.assurance import Checks
from morprom.federation.claims import as_list, claims_in, meets, untagged
from morprom.federation.facts import Facts

FRAMEWORK: Final = "th_etda"
METHODS: Final = ("vpip", "vcrypt", "data", "pvp", "bvp")
"""Ways of checking that events can have: looked at, chip authenticated, asked of DOPA, face by officer, by service."""


class _Unmet(Exception):  # noqa: N818 (an answer of the walk below, not an error)
    """A condition of `verification` does not hold: nothing at all is told (IDA, section 6.2)."""


def verified_claims(asked: Any, facts: Facts, may_have: Iterable[str], now: datetime) -> Any:
    """The member `verified_claims` for a request; None when there is nothing to tell."""
    if asked is None or facts.card is None:
        return None
    allowed = set(may_have)
    found = [told for one in as_list(asked) if (told := _one(one, facts, allowed, now))]
    if isinstance(asked, list):
        return found or None
    return found[0] if found else None


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
        elif isinstance(condition, dict) and ("value" in condition or "values" in condition):
            raise _Unmet
    return found


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


def _demand(condition: Mapping[str, Any], actual: Any, now: datetime) -> None:
    if not meets(condition, actual):
        raise _Unmet
    oldest = condition.get("max_age")
    if isinstance(oldest, int) and isinstance(actual, str):
        age = now - datetime.fromisoformat(actual)
        if age.total_seconds() > oldest:
            raise _Unmet


def _verification(facts: Facts) -> dict[str, Any]:
    """All that could be told of the proofing. Who the officer was, and where, is not a client's business."""
    at = _instant(facts.proofed_at)
    return {
        "trust_framework": FRAMEWORK,
        "assurance_level": f"ial{facts.level}",
        "time": at,
        "assurance_process": {"policy": facts.table, "procedure": facts.path},
        "evidence": [_document(facts, at)] if facts.checks.evidence == "id-card" else [],
    }


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
    return {"type": "document", "time": at, "check_details": checks, "document_details": details}


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
