"""Who may speak to the station: pages of enrolled sites and its own window, on this computer, with this run's secrets.

Against a web page: its Origin is no enrolled site's. Against DNS rebinding: its Host is not 127.0.0.1. Against another
user of this computer, who can claim any Origin: the secrets stand in a file that they may not open. Against the
network: the socket is bound to 127.0.0.1. Against a server of another user that waits on the port of a run that ended:
secrets end with their run.
"""

import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Way = Literal["counter", "station"]
BYTES: Final = 32


def _new() -> str:
    return secrets.token_urlsafe(BYTES)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Of one run. A counter page's opens no window with the button, and the window's no counter page."""

    counter: str = field(default_factory=_new, repr=False)
    station: str = field(default_factory=_new, repr=False)

    def fits(self, way: Way, said: object) -> bool:
        """Whether it is the one for that way in."""
        wanted = self.counter if way == "counter" else self.station
        return isinstance(said, str) and hmac.compare_digest(said.encode(errors="replace"), wanted.encode())


def is_here(hosts: Sequence[str], port: int) -> bool:
    """Whether the browser was sent to this address and no name: `localhost` may be somebody else's on ::1."""
    return list(hosts) == [f"127.0.0.1:{port}"]


def may_open(way: Way, origins: Sequence[str], port: int, sites: Collection[str]) -> bool:
    """Whether a WebSocket from there may be opened at all."""
    if len(origins) != 1:
        return False
    return origins[0] == f"http://127.0.0.1:{port}" if way == "station" else origins[0] in sites
