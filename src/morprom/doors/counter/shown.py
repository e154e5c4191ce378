"""How the counter's pages are shown: in their templates, and allowed to speak to the station that opened them."""

from typing import Any, Final

from litestar import Response
from litestar.datastructures import Cookie

from morprom.doors.counter import saying
from morprom.doors.counter.desk import Desk
from morprom.doors.pages import PageCall, Pages, put_cookie, take_cookie
from morprom.kernel import Secret

STATION: Final = "morprom-station"
STATION_LIFE: Final = 16 * 3600  # seconds: a working day; the station chooses another port each time it starts
LOWEST_PORT: Final = 1024
_pages: Final = Pages("morprom.doors.counter")


def shown(request: PageCall, desk: Desk, template: str, *, status: int = 200, **values: Any) -> Response[bytes]:
    """A page of one counter. It may connect to the loopback port of the station that opened it, and nowhere else."""
    return _pages.show(
        request, template, status=status, cookies=[desk.cookie], connect=station_origin(request), desk=desk,
        say=saying, now=request.services.clock(), port=_port(request) or 0, **values,
    )  # fmt: skip


def plain(request: PageCall, template: str, **values: Any) -> Response[bytes]:
    """A page before a counter is chosen."""
    return _pages.show(request, template, **values)


def station_origin(request: PageCall) -> list[str]:
    """The origin of the station's socket, as the content security policy names it."""
    port = _port(request)
    return [f"ws://127.0.0.1:{port}"] if port else []


def paired(request: PageCall, port: str) -> Cookie | None:
    """The cookie that remembers the station's port; None when that is none."""
    number = _number(port)
    return put_cookie(request, STATION, Secret(str(number)), max_age=STATION_LIFE) if number else None


def _port(request: PageCall) -> int | None:
    kept = take_cookie(request, STATION)
    return _number(kept.reveal()) if kept else None


def _number(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else 0
    return number if LOWEST_PORT <= number <= 65535 else None
