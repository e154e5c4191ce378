"""How long failed attempts wait, and what it is that waits."""

import hashlib
import ipaddress
from datetime import timedelta
from typing import Final

FREE_TRIES: Final = 5
HOUR: Final = 3600
NEVER: Final = 3650 * 24 * HOUR

# Seconds until the next attempt after the 1st, 2nd, … attempt without a success in between: growing waits of 30 s to
# 1 h, and the secret is closed after the 100th (ETDA 20-2564; NIST SP 800-63B 5.2.2).
MOST: Final = 100
SECRET_WAITS: Final = [
    *[0] * (FREE_TRIES - 1), *[min(HOUR, 30 * 2**step) for step in range(MOST - FREE_TRIES)], NEVER
]  # fmt: skip
KNOWN_WAITS: Final = SECRET_WAITS[:-1]  # a network from where somebody signed in before is slowed, never shut out
# An address may be a whole province behind one router, so it has more tries, and an hour's rest forgives it.
ADDRESS_WAITS: Final = [*[0] * 99, *[min(HOUR, 30 * 2**step) for step in range(8)]]
ADDRESS_MEMORY: Final = timedelta(hours=1)
ATTEMPT_MEMORY: Final = timedelta(days=30)


def waits_of(most: int) -> list[int]:
    """The waits of a secret that is closed after `most` failures: 100, and 10 for a PIN."""
    return [*SECRET_WAITS[: most - 1], NEVER]


def subject(*parts: str) -> bytes:
    """What is throttled, as the database may know it."""
    return hashlib.sha256("\0".join(parts).encode()).digest()


def network(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 address: one customer has at least as many as that."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))
