"""The application of a worker: the upload route bare, every other call through Litestar."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from litestar import Litestar
from litestar.datastructures import State

from morprom.app import metrics
from morprom.app.watching import Watching
from morprom.doors import admin, citizen, counter, faces, openid, reader, sandbox, units, wire
from morprom.doors.pages import asset_routes
from morprom.doors.pages.page import exception_handlers
from morprom.doors.services import Services
from morprom.doors.units.upload import UploadRoute
from morprom.kernel import Category, Mode, Problem, Settings, Words
from morprom_wire import paths

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

DOORS = {
    "units": units.handlers,
    "reader": reader.handlers,
    "sandbox": sandbox.handlers,
    "citizen": citizen.handlers,
    "counter": counter.handlers,
    "openid": openid.handlers,
    "admin": admin.handlers,
    "faces": faces.handlers,
}
"""Doors that a process can serve, by the name that `--doors` takes."""

UPLOAD_PATHS = (paths.UPDATE_PHR, f"{paths.UPDATE_PHR}/")
"""The framework looks past a slash at the end; so does the route in front of it."""


def doors_of(settings: Settings, asked: str = "") -> list[str]:
    """The doors to serve: those that were asked for, by name with commas, or all that the mode has.

    Raises Problem DOOR_UNKNOWN, or SANDBOX_REFUSED in production, where nothing is tried out.
    """
    chosen = [door.strip() for door in asked.split(",") if door.strip()]
    if not chosen:
        return [door for door in DOORS if door != "sandbox" or settings.mode is not Mode.PRODUCTION]
    if unknown := [door for door in chosen if door not in DOORS]:
        words = Words(
            f"ไม่มีประตูชื่อ {', '.join(unknown)} เลือกได้จาก {', '.join(DOORS)}",
            f"there is no door {', '.join(unknown)}; there are {', '.join(DOORS)}",
        )
        raise Problem(Category.INCORRECT, "DOOR_UNKNOWN", words)
    if "sandbox" in chosen and settings.mode is Mode.PRODUCTION:
        words = Words("ระบบจริงไม่เปิดประตู sandbox", "production does not serve the sandbox")
        raise Problem(Category.INCORRECT, "SANDBOX_REFUSED", words)
    return chosen


def routes_of(services: Services, chosen: Iterable[str]) -> Litestar:
    """Every route of the doors but the upload's, as the framework knows them."""
    return Litestar(
        route_handlers=[
            *metrics.handlers(),
            asset_routes("/pages", "morprom.doors.pages"),
            *(handler for door in chosen for handler in DOORS[door]()),
        ],
        state=State({"services": services}),
        exception_handlers=exception_handlers(),
        openapi_config=None,
        logging_config=None,
        debug=False,
    )


def application(services: Services, doors: Iterable[str]) -> Application:
    """The ASGI application that serves `doors`.

    Uploads are most of the traffic and their route is measured, so it stands in front of the framework; it is the
    one route that does.
    """
    chosen = doors_of(services.settings, ",".join(doors))
    framework = routes_of(services, chosen)
    upload = UploadRoute(services) if "units" in chosen else None

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        if upload is not None and scope["type"] == "http" and scope["path"] in UPLOAD_PATHS:
            await upload(scope, receive, send)
        else:
            await framework(scope, receive, send)  # type: ignore[arg-type]

    settings = services.settings
    return wire.edge(
        Watching(route, services), open_to_pages=settings.mode is not Mode.PRODUCTION,
        is_https=settings.public_url.startswith("https://"),
    )  # fmt: skip
