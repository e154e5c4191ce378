"""What has to happen before a request is answered: sign in, sign in higher or again, ask. Pure.

`acr` is "aal" or "ial" and a level, as this platform's refusals name it (RFC 9470).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from morprom.accounts import Authenticator, AuthenticatorKind
from morprom.assurance import Aal, Ial, Levels
from morprom.federation.claims import as_list, asked_in
from morprom.federation.model import Refused, Request
from morprom.federation.offers import least_aal
from morprom.kernel import Words

FRESH: Final = frozenset({"login", "select_account"})
ACR_VALUES: Final = tuple(f"aal{aal}" for aal in Aal)


@dataclass(frozen=True, slots=True)
class SignInFirst:
    """The person has to sign in at `aal`, no longer ago than `max_age` seconds."""

    aal: Aal
    max_age: int | None


@dataclass(frozen=True, slots=True)
class Seated:
    """Who sits there, and the highest level that they have authenticators for."""

    levels: Levels
    reachable: Aal


def sign_in_step(request: Request, asked_at: datetime, seated: Seated | None) -> SignInFirst | Refused | None:
    """What is missing of a sign-in; None when nothing is."""
    aal = least_aal(request.scopes)
    # identity assurance is no matter of signing in: of what a client would like, only `aal` leads to a step
    liked = [acr for acr in voluntary_acr(request) if _aal(acr)]
    for wanted, is_essential in ((essential_acr(request), True), (liked, False)):
        needed = _level_for(wanted, seated)
        if needed is None and is_essential:
            return unmet()
        aal = max(aal, needed or aal)
    if seated is None:
        return SignInFirst(aal, _most_seconds(request))
    if seated.levels.aal >= aal and _is_fresh(request, asked_at, seated.levels.authenticated_at):
        return None
    if aal > seated.reachable:
        return unmet()
    return SignInFirst(aal, _most_seconds(request))


def acr_of(request: Request, levels: Levels) -> str:
    """The context class that is told: what was asked for and is held, else the level of the sign-in."""
    wanted = [*essential_acr(request), *voluntary_acr(request)]
    return next((acr for acr in wanted if is_held(acr, levels)), f"aal{levels.aal}")


def is_held(acr: str, levels: Levels) -> bool:
    """Whether a sign-in is of that class, or higher."""
    aal, ial = _aal(acr), _ial(acr)
    return (aal is not None and levels.aal >= aal) or (ial is not None and levels.ial >= ial)


def essential_acr(request: Request) -> tuple[str, ...]:
    """Classes of which one must be reached (OpenID Connect Core, section 5.5.1.1)."""
    condition = _acr_condition(request)
    return _values(condition) if condition.get("essential") is True else ()


def voluntary_acr(request: Request) -> tuple[str, ...]:
    """Classes that the client would like, best first."""
    condition = _acr_condition(request)
    more = () if condition.get("essential") is True else _values(condition)
    return tuple(dict.fromkeys((*more, *request.acr_values)))


def reachable(authenticators: Iterable[Authenticator]) -> Aal:
    """The highest level that somebody can sign in at."""
    found = list(authenticators)
    kinds = {one.kind for one in found}
    if AuthenticatorKind.PASSKEY in kinds:
        has_hardware = any(one.inside.is_hardware for one in found)
        return Aal.HARDWARE if has_hardware else Aal.CRYPTOGRAPHIC
    if {AuthenticatorKind.CODE_GENERATOR, AuthenticatorKind.PIN} <= kinds:
        return Aal.TWO_FACTORS
    return Aal.ONE_FACTOR


def unmet() -> Refused:
    """OpenID Connect Core Error Code unmet_authentication_requirements 1.0."""
    words = Words("ระดับการยืนยันตัวตนที่ขอไม่มีให้", "the level that was asked for cannot be reached")
    return Refused("unmet_authentication_requirements", words)


def _level_for(wanted: Sequence[str], seated: Seated | None) -> Aal | None:
    """The level at which one of these classes would be held; the lowest when none is asked for; None for no such."""
    if not wanted or (seated and any(is_held(acr, seated.levels) for acr in wanted)):
        return Aal.ONE_FACTOR
    levels = [aal for acr in wanted if (aal := _aal(acr))]
    if seated is None:
        return levels[0] if levels else (Aal.ONE_FACTOR if any(map(_ial, wanted)) else None)
    return next((aal for aal in levels if aal <= seated.reachable), None)


def _is_fresh(request: Request, asked_at: datetime, authenticated_at: datetime) -> bool:
    """Whether the sign-in is young enough; one that was made for this request always is."""
    if FRESH.intersection(request.prompt):
        return authenticated_at >= asked_at
    return request.max_age is None or authenticated_at >= asked_at - timedelta(seconds=request.max_age)


def _most_seconds(request: Request) -> int | None:
    return 0 if FRESH.intersection(request.prompt) else request.max_age


def _acr_condition(request: Request) -> Mapping[str, Any]:
    return asked_in(request.claims, "id_token").get("acr") or {}


def _values(condition: Mapping[str, Any]) -> tuple[str, ...]:
    given = [*as_list(condition.get("value", [])), *as_list(condition.get("values", []))]
    flat = [one for value in given for one in as_list(value)]
    return tuple(value for value in flat if isinstance(value, str))


def _aal(acr: str) -> Aal | None:
    return Aal(acr[3:]) if acr.startswith("aal") and acr[3:] in list(Aal) else None


def _ial(acr: str) -> Ial | None:
    return Ial(acr[3:]) if acr.startswith("ial") and acr[3:] in list(Ial) else None
