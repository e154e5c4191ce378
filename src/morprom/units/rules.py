"""What the room decides: how long failed sign-ins wait, which tokens hold, what a new list of units changes."""

import hashlib
import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from morprom.kernel import Hcode
from morprom.units.model import Account, UnitEntry

FREE_TRIES: Final = 5
HOUR: Final = 3600
NEVER: Final = 3650 * 24 * HOUR

# Seconds until the next attempt after the 1st, 2nd, … attempt without a success in between: growing waits of 30 s to
# 1 h, and the password is closed after the 100th (identity.md of the Thai rules, ขมธอ. 20-2564; NIST SP 800-63B 5.2.2).
ACCOUNT_WAITS: Final = [
    *[0] * (FREE_TRIES - 1), *[min(HOUR, 30 * 2**step) for step in range(100 - FREE_TRIES)], NEVER
]  # fmt: skip
KNOWN_WAITS: Final = ACCOUNT_WAITS[:-1]  # a computer that has signed in before is slowed, never shut out
# An address may be a whole province behind one router, so it has more tries, and an hour's rest forgives it.
ADDRESS_WAITS: Final = [*[0] * 99, *[min(HOUR, 30 * 2**step) for step in range(8)]]
ADDRESS_MEMORY: Final = timedelta(hours=1)
ATTEMPT_MEMORY: Final = timedelta(days=30)

AUDIENCE: Final = "MOPH API"
UPLOAD_TOKEN_LIFE: Final = timedelta(days=365)
REMEMBERED_SECONDS: Final = 30  # a verified token is asked for again after this: disabling must act within 60 s


def account_subject(hcode: str, login: str) -> bytes:
    """What is throttled for an account, whether it exists or not."""
    return _subject("account", hcode, login)


def known_subject(hcode: str, login: str, address: str) -> bytes:
    """What is throttled for an account at an address where it has signed in before.

    Strangers' failures elsewhere then do not shut a hospital's own computer out.
    """
    return _subject("known", hcode, login, _network(address))


def address_subject(address: str) -> bytes:
    """What is throttled for an address."""
    return _subject("address", _network(address))


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


def _network(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 address: one customer has at least as many as that."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))


def _subject(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()
