"""The pages of this door in their frame, and JSON for the scripts that speak to passkeys."""

from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie

from morprom.doors.citizen.words import KINDS, day, device_name, moment
from morprom.doors.pages import PageCall, Pages
from morprom.doors.pages.guard import guarded, policy
from morprom.doors.pages.page import came_from
from morprom.doors.pages.seat import NotSeated
from morprom.doors.wire import Call, status_of
from morprom.kernel import Problem

_PAGES: Final = Pages("morprom.doors.citizen")


def show(request: Call, template: str, **values: Any) -> Response[bytes]:
    """A page of this door. `status` and `cookies` as `Pages.show` takes them; `fault` is said above the form."""
    said: dict[str, Any] = {"fault": None, "signed_in": False, "back": ""}
    return _PAGES.show(
        request, template, moment=moment, day=day, device_name=device_name, kinds=KINDS, **(said | values)
    )


def answer(value: Any, *cookies: Cookie | None, status: int = 200) -> Response[bytes]:
    """JSON for a script of ours."""
    sent = [cookie for cookie in cookies if cookie is not None]
    return Response(
        msgspec.json.encode(value), status_code=status, media_type="application/json", headers=guarded(policy()),
        cookies=sent,
    )  # fmt: skip


def refused(request: Request[Any, Any, Any], problem: Problem) -> Response[bytes]:
    """What a script is told when something stops; `go` is where to sign in first, and come back from."""
    said = {"th": problem.words.th, "en": problem.words.en, "code": problem.code}
    if isinstance(problem, NotSeated):
        said["go"] = problem.way(came_from(PageCall(request.scope)))
    return answer(said, status=status_of(problem))
