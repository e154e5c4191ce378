"""What the room decides: which tokens hold, what a new list of units changes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from morprom.kernel import Hcode
from morprom.units.model import Account, UnitEntry

AUDIENCE: Final = "MOPH API"
UPLOAD_TOKEN_LIFE: Final = timedelta(days=365)
REMEMBERED_SECONDS: Final = 30  # a verified token is asked for again after this: disabling must act within 60 s


def still_holds(account: Account | None, generation: object) -> bool:
    """Whether a token that was issued in `generation` of its account is still good."""
    return account is not None and account.disabled_at is None and account.generation == generation


def changed_units(known: Mapping[Hcode, UnitEntry], given: list[UnitEntry]) -> tuple[list[UnitEntry], list[UnitEntry]]:
    """Of a list of units those that are new, and those that it changes. What the list leaves blank stays as it is."""
    added = [entry for entry in given if entry.hcode not in known]
    merged = [_stated_over(known[entry.hcode], entry) for entry in given if entry.hcode in known]
    return added, [entry for entry in merged if entry != known[entry.hcode]]


def claims(
    account: Account, hospital_name: str, *, issuer: str, now: datetime, minutes: int, jti: str
) -> dict[str, Any]:
    """The claims of an Account Center token (wire protocol, section 2.1). `gen` is ours: see `still_holds`."""
    issued = int(now.timestamp())
    return {
        "iss": issuer,
        "sub": str(account.account_id),
        "aud": AUDIENCE,
        "iat": issued,
        "exp": issued + 60 * minutes,
        "jti": jti,
        "gen": account.generation,
        "client": {
            "user_id": str(account.account_id),
            "login": account.login,
            "name": account.name,
            "hospital_code": account.hcode,
            "hospital_name": hospital_name,
            "scope": [{"code": f"{permission}:1"} for permission in sorted(account.permissions)],
            "role": [],
        },
    }


def _stated_over(known: UnitEntry, given: UnitEntry) -> UnitEntry:
    stated = {name: value for name in UnitEntry.__slots__ if (value := getattr(given, name)) not in (None, "")}
    return replace(known, **stated)
