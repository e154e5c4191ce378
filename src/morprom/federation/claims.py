"""The `claims` parameter (OpenID Connect Core, section 5.5), and which of a person's claims it chooses."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

import msgspec

from morprom.federation.offers import CLAIM_WORDS, claims_of

Place = Literal["id_token", "userinfo"]
VERIFIED: Final = "verified_claims"
CONDITIONS: Final = frozenset({"value", "values", "max_age"})
LONGEST: Final = 8_000
DEEPEST: Final = 20  # the schema of verified claims has less


class UnreadableError(Exception):
    """The parameter is not what the specification says."""


def read_claims(text: str) -> dict[str, Any]:
    """The parameter. Raises UnreadableError."""
    try:
        said = msgspec.json.decode(text)
        msgspec.msgpack.encode(said)  # as it will be kept, which no number beyond 64 bits can be
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError, OverflowError):
        raise UnreadableError from None
    if not isinstance(said, dict) or len(text) > LONGEST:
        raise UnreadableError
    kept: dict[str, Any] = {place: said[place] for place in ("id_token", "userinfo") if said.get(place) is not None}  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    for members in kept.values():
        if not isinstance(members, dict) or not all(map(_is_claim, _singles(members))):  # pyright: ignore[reportUnknownArgumentType]
            raise UnreadableError
        wanted = as_list(members.get(VERIFIED, []))  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        if VERIFIED in members and not (wanted and all(map(_is_verified, wanted))):
            raise UnreadableError
    return kept


def asked_in(claims: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """What is asked for in one place: name to its conditions, None for none."""
    return claims.get(place) or {}


def names_asked(claims: Mapping[str, Any], may_have: Iterable[str]) -> tuple[str, ...]:
    """The claims that the parameter asks for of those that the client may have; what a person is asked about."""
    found: set[str] = set()
    for place in ("id_token", "userinfo"):
        members = asked_in(claims, place)
        found |= {untagged(name) for name in members}
        for one in as_list(members.get(VERIFIED, [])):
            found |= {untagged(name) for name in claims_in(one)}
    return tuple(sorted(name for name in found if name == VERIFIED or (name in CLAIM_WORDS and name in set(may_have))))


def chosen(
    values: Mapping[str, Any], scopes: Iterable[str], asked: Mapping[str, Any], may_have: Iterable[str]
) -> dict[str, Any]:
    """The claims by scope and by name, without what is not known or not as a condition demands (section 5.5.1)."""
    found = {name: values[name] for name in claims_of(scopes) if name in values}
    allowed = set(may_have)
    for name, condition in asked.items():
        if untagged(name) not in allowed or name == VERIFIED or name not in values:
            continue
        if meets(condition, values[name]):
            found[name] = values[name]
        else:
            found.pop(name, None)
    return found


def claims_in(one: Mapping[str, Any]) -> dict[str, Any]:
    """The claims that one request for verified claims names."""
    return one.get("claims") or {}


def meets(condition: Any, value: object) -> bool:
    """Whether a value is as `value` or `values` demand."""
    if not isinstance(condition, dict):
        return True
    if "value" in condition and condition["value"] != value:
        return False
    return "values" not in condition or value in as_list(condition["values"])  # pyright: ignore[reportUnknownArgumentType]


def untagged(name: str) -> str:
    """A claim without its language (section 5.2)."""
    return name.partition("#")[0]


def as_list(value: Any) -> list[Any]:
    """A list, or the only member of one."""
    return value if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType]


def _singles(members: Mapping[str, Any]) -> list[Any]:
    return [condition for name, condition in members.items() if name != VERIFIED]


def _is_claim(condition: Any) -> bool:
    if condition is None:
        return True
    said = _object(condition)
    return (
        said is not None and isinstance(said.get("essential", False), bool) and isinstance(said.get("values", []), list)
    )


def _is_verified(one: Any) -> bool:
    """A request for verified claims: `verification` with a trust framework, and `claims` (OpenID Connect for Identity
    Assurance 1.0).
    """
    said = _object(one) or {}
    verification, claims = _object(said.get("verification")), _object(said.get("claims") or {})
    if verification is None or claims is None or "trust_framework" not in verification:
        return False
    return all(map(_is_claim, claims.values())) and _is_asked(verification)


def _is_asked(asked: Any, depth: int = 0) -> bool:
    """What is asked of a verification: null, conditions, or members and lists of such."""
    if depth > DEEPEST:
        return False
    if isinstance(asked, list):
        return bool(asked) and all(_is_asked(one, depth + 1) for one in as_list(asked))  # pyright: ignore[reportUnknownArgumentType]
    said = _object(asked)
    if said is None:
        return asked is None
    oldest = said.get("max_age", 0)
    members = [value for name, value in said.items() if name not in CONDITIONS | {"essential"}]
    return type(oldest) is int and oldest >= 0 and _is_claim(said) and all(_is_asked(one, depth + 1) for one in members)


def _object(value: Any) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None  # pyright: ignore[reportUnknownVariableType]
