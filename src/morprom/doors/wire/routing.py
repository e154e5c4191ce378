"""Handlers of the wire protocol as Litestar takes them; whatever is raised leaves in an envelope."""

from collections.abc import Callable, Sequence
from typing import Any

from litestar import Request, Response, Router
from litestar.handlers import HTTPRouteHandler

from morprom.doors.wire.call import Call, failed

Handlers = dict[int | type[Exception], Callable[[Request[Any, Any, Any], Any], Response[bytes]]]


def routed(*handlers: HTTPRouteHandler) -> Sequence[Router]:
    """One door's handlers, whose requests are a `Call`."""
    return [Router(path="/", route_handlers=handlers, request_class=Call)]


def exception_handlers() -> Handlers:
    """What turns any exception of a call, and a path or method that is not there, into its reply."""

    def reply(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        return failed(Call(request.scope), error)

    return {Exception: reply}
