"""`/oidc/authorize`: a browser comes with a client's request (RFC 6749, 4.1.1; OpenID Connect Core, 3.1.2; RFC 9126).

Errors before client and address are known are a page: nobody is sent anywhere.
"""

from litestar import Response, route
from litestar.enums import HttpMethod

from morprom.doors.openid.answer import answered
from morprom.doors.openid.ask import ask_path, go_on
from morprom.doors.openid.reply import form_of, query_of
from morprom.doors.pages import PageCall, see_other
from morprom.federation import Party, Refused, Request, find_party, waiting
from morprom.federation.model import Waiting
from morprom.federation.read_request import Asked, Way, invalid, request_of
from morprom.federation.read_request import way_of as way_asked
from morprom.kernel import Category, Problem, Secret, Words
from morprom.storage import Tx

PATH = "/oidc/authorize"


@route(PATH, http_method=[HttpMethod.GET, HttpMethod.POST], status_code=200)
async def authorize(request: PageCall) -> Response[bytes]:
    """On to signing in, to the question, or back to the client.

    After a POST from the client's page the browser keeps our cookies to itself, so it comes again by GET.
    """
    asked = await form_of(request) if request.method == "POST" else query_of(request)
    async with request.services.identity.transaction() as tx:
        found = await _kept(tx, request, asked)
    if not isinstance(found, Secret):
        return answered(request, *found)
    return see_other(ask_path(found)) if request.method == "POST" else await go_on(request, found)


async def _kept(tx: Tx, request: PageCall, asked: Asked) -> Secret[str] | tuple[Way, Refused]:
    """The reference of the request while its person is asked, or what the client is told at once."""
    party = await find_party(tx, asked.one("client_id"))
    if party is None:
        raise _unknown("CLIENT_UNKNOWN", "ไม่รู้จักโปรแกรมที่ส่งคุณมา", "the program that sent you is not known here")
    now = request.services.clock()
    behind = await _pushed(tx, party, asked, request)
    if behind is not None:
        return await waiting.ask(tx, party, behind.request, behind, now)
    way = way_asked(asked, party)
    if way is None:
        raise _unknown("REDIRECT_URI_UNKNOWN", "ที่อยู่ส่งกลับไม่ได้ลงทะเบียนไว้", "redirect_uri is missing or not registered")
    found = request_of(asked, party, way)
    if party.is_fapi and isinstance(found, Request):
        found = invalid("this client pushes its requests (RFC 9126)")
    return (way, found) if isinstance(found, Refused) else await waiting.ask(tx, party, found, None, now)


async def _pushed(tx: Tx, party: Party, asked: Asked, request: PageCall) -> Waiting | None:
    """The pushed request that is meant; whatever else stands in the query counts for nothing (RFC 9126, section 4)."""
    request_uri = asked.one("request_uri")
    if not request_uri.startswith(waiting.URN):
        return None
    found = await waiting.pushed(tx, party, request_uri, request.services.clock())
    if found is None:
        raise _unknown(
            "REQUEST_URI_UNKNOWN", "คำขอนี้หมดเวลาหรือใช้ไปแล้ว", "request_uri is not known, too old, or was used"
        )
    return found


def _unknown(code: str, th: str, en: str) -> Problem:
    return Problem(Category.INCORRECT, code, Words(th, en))
