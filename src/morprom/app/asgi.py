"""The application of a worker: the upload route bare, every other call through Litestar."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from litestar import Litestar
from litestar.datastructures import State

from morprom.app import metrics
from morprom.doors import reader, units, wire
from morprom.doors.services import Services
from morprom.doors.units.upload import UploadRoute
from morprom_wire import paths

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

DOORS = {"units": units.handlers, "reader": reader.handlers}
"""Doors that a process can serve, by the name that `--doors` takes."""


def application(services: Services, doors: Iterable[str]) -> Application:
    """The ASGI application that serves `doors`.

    Uploads are most of the traffic and their route is measured, so it stands in front of the framework; it is the
    one route that does.
    """
    chosen = list(doors)
    framework = Litestar(
        route_handlers=[*metrics.handlers(), *(handler for door in chosen for handler in DOORS[door]())],
        state=State({"services": services}),
        exception_handlers=wire.exception_handlers(),
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
    upload = UploadRoute(services) if "units" in chosen else None

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        if upload is not None and scope["type"] == "http" and scope["path"] == paths.UPDATE_PHR:
            await upload(scope, receive, send)
        else:
            await framework(scope, receive, send)  # type: ignore[arg-type]

    return route
