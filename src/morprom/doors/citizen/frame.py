"""The pages of this door in their frame, and JSON for the scripts that speak to passkeys."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie

from morprom.accounts.sessions import seconds_left
from morprom.accounts.words import AALS, way_of
from morprom.doors.citizen.words import IALS, KINDS, device_name
from morprom.doors.pages import PageCall, Pages, Seat
from morprom.doors.pages.guard import guarded, policy
from morprom.doors.pages.moments import day, moment
from morprom.doors.pages.page import came_from
from morprom.doors.pages.seat import NotSeated
from morprom.doors.wire import Call, status_of
from morprom.kernel import BANGKOK, Problem, Words

_PAGES: Final = Pages("morprom.doors.citizen")


def show(
    request: Call,
    template: str,
    *,
    seat: Seat | None = None,
    fault: Words | None = None,
    at: Sequence[str] = (),
    back: str = "",
    **values: Any,
) -> Response[bytes]:
    """A page of this door. `status` and `cookies` as `Pages.show` takes them.

    `fault` is said above the form, or at the first of the fields named in `at`. `seat`: who is signed in, if anybody.
    """
    return _PAGES.show(
        request, template, seat=seat, fault=fault, fault_at=list(at), back=back, moment=moment, day=day,
        device_name=device_name, kinds=KINDS, aals=AALS, ials=IALS, way_of=way_of,
        thaid=request.services.outside.thaid is not None,
        seconds_left=seconds_left(seat.session, request.services.clock()) if seat else 0, **values,
    )  # fmt: skip


def slowed(request: Call, template: str, seconds: int, **values: Any) -> Response[bytes]:
    """The same page after too many attempts: how long to wait, and until when."""
    until = (request.services.clock() + timedelta(seconds=seconds)).astimezone(BANGKOK)
    minutes = -(-seconds // 60)
    fault = Words(
        f"ลองหลายครั้งเกินไป โปรดรอ {minutes} นาที ลองใหม่ได้ตั้งแต่เวลา {until:%H:%M} น.",
        f"Too many attempts. Wait {minutes} min; try again from {until:%H:%M}.",
    )
    page = show(request, template, status=429, fault=fault, **values)
    page.headers["retry-after"] = str(seconds)
    return page


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
