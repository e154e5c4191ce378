"""The card station that this browser is paired with: the port of its socket on this computer, kept in a cookie, so that
the policy of a page names that port and no other.
"""

from typing import Final

from litestar.datastructures import Cookie

from morprom.doors.pages.cookies import put_cookie, take_cookie
from morprom.doors.wire import Call
from morprom.kernel import Secret

STATION: Final = "morprom-station"
LIFE: Final = 16 * 3600  # seconds: a working day; the station chooses another port each time it starts
LOWEST_PORT: Final = 1024


def paired(request: Call, port: str) -> Cookie | None:
    """The cookie that remembers the station's port; None when that is none."""
    number = _number(port)
    return put_cookie(request, STATION, Secret(str(number)), max_age=LIFE) if number else None


def station_port(request: Call) -> int:
    """The port of the station; 0 when none is known."""
    kept = take_cookie(request, STATION)
    return _number(kept.reveal()) if kept else 0


def station_origin(request: Call) -> list[str]:
    """The origin of the station's socket, as a content security policy names it; none when none is known."""
    port = station_port(request)
    return [f"ws://127.0.0.1:{port}"] if port else []


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else 0
    return number if LOWEST_PORT <= number <= 65535 else 0
