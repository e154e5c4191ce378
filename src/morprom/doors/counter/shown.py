"""How the counter's pages are shown: in their templates, and allowed to speak to the station that opened them."""

from typing import Any, Final

from litestar import Response

from morprom.doors.counter import saying
from morprom.doors.counter.desk import Desk
from morprom.doors.pages import PageCall, Pages
from morprom.doors.pages.station import station_origin, station_port

_pages: Final = Pages("morprom.doors.counter")


def shown(request: PageCall, desk: Desk, template: str, *, status: int = 200, **values: Any) -> Response[bytes]:
    """A page of one counter. It may connect to the loopback port of the station that opened it, and nowhere else."""
    return _pages.show(
        request, template, status=status, cookies=[desk.cookie], connect=station_origin(request), desk=desk,
        say=saying, now=request.services.clock(), port=station_port(request),
        is_asked=request.method == "GET", **values,
    )  # fmt: skip


def plain(request: PageCall, template: str, **values: Any) -> Response[bytes]:
    """A page before a counter is chosen."""
    return _pages.show(request, template, **values)
