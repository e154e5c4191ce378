"""`/oidc/logout`: a client asks to sign its person out (OpenID Connect RP-Initiated Logout 1.0).

With an ID token of the session that sits here the person has left that client already, and leaves at once; otherwise
they are asked. Nobody is sent to an address that no client registered.
"""

from urllib.parse import urlencode

from litestar import Response, post, route
from litestar.enums import HttpMethod

from morprom.accounts.sessions import end_session
from morprom.doors.openid.answer import PAGES
from morprom.doors.openid.reply import asked_of, form_of, query_of, tokens_of
from morprom.doors.pages import PageCall, Seat, seat_of, see_other
from morprom.doors.pages import form_of as own_form
from morprom.doors.pages.away import answered_at, onward, origin_of
from morprom.doors.pages.cookies import SESSION, drop_cookie
from morprom.federation import Refused, logout
from morprom.federation.logout import Leaving
from morprom.federation.read_request import Asked
from morprom.kernel import Category, Problem

PATH = "/oidc/logout"
SURE = "/oidc/logout/sure"
MEMBERS = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state")
LONGEST = 6_000


@route(PATH, http_method=[HttpMethod.GET, HttpMethod.POST], status_code=200)
async def leave_page(request: PageCall) -> Response[bytes]:
    """Sign out, ask, or say what is wrong."""
    if request.method == "POST":  # our cookies do not come with a POST from elsewhere; they come with a GET
        return see_other(f"{PATH}?{_kept(await form_of(request))}")
    asked = query_of(request)
    leaving = await _leaving(request, asked)
    seat = await seat_of(request)
    if seat is None or seat.session.session_id == leaving.session_id:
        return await _left(request, asked, leaving, seat)
    allowed = [origin_of(leaving.redirect_uri)] if leaving.redirect_uri else []
    return PAGES.show(request, "leave.html", form_action=allowed, action=SURE, kept=_kept(asked))


@post(SURE, status_code=200)
async def leave(request: PageCall) -> Response[bytes]:
    """The person says that they want to."""
    form = await own_form(request)
    asked = asked_of(form.text("kept", LONGEST))
    return await _left(request, asked, await _leaving(request, asked), await seat_of(request))


async def _leaving(request: PageCall, asked: Asked) -> Leaving:
    hint, client_id, redirect_uri = (asked.one(name) for name in MEMBERS[:3])
    async with request.services.identity.transaction() as tx:
        found = await logout.leaving(tx, tokens_of(request), hint=hint, client_id=client_id, redirect_uri=redirect_uri)
    if isinstance(found, Refused):
        raise Problem(Category.INCORRECT, "LOGOUT_REFUSED", found.words)
    return found


async def _left(request: PageCall, asked: Asked, leaving: Leaving, seat: Seat | None) -> Response[bytes]:
    services = request.services
    if seat is not None:
        async with services.identity.transaction() as tx:
            session = seat.session
            await end_session(tx, services.ring, session.person_id, session.session_id, services.clock())
    cookie = drop_cookie(request, SESSION)
    if not leaving.redirect_uri:
        return PAGES.show(request, "left.html", cookies=[cookie])
    answer = onward(request, answered_at(leaving.redirect_uri, asked.one("state") or None))
    answer.set_cookie(cookie)
    return answer


def _kept(asked: Asked) -> str:
    """The members that count, once each, as a query."""
    return urlencode({name: asked.one(name) for name in MEMBERS if asked.one(name)})[:LONGEST]
