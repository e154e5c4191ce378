"""A page: rendered in its frame, guarded, with a token for its forms; and what is raised, said as a page."""

from collections.abc import Sequence
from string import punctuation
from typing import Any, Final
from urllib.parse import quote, urlsplit

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from litestar import Request, Response, Router
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from morprom.doors.pages.forms import form_token
from morprom.doors.pages.guard import guarded, policy
from morprom.doors.pages.seat import NotSeated, own_path
from morprom.doors.wire import Call, headers_of, problem_of, status_of
from morprom.doors.wire import exception_handlers as wire_handlers
from morprom.doors.wire.routing import Handlers
from morprom.kernel import Category, Mode, Problem, Words

FRAME: Final = "morprom.doors.pages"
COUNTER: Final = "/counter"  # who works there goes back there, not to people's own pages


class PageCall(Call):
    """A request for a page."""

    @property
    def here(self) -> str:
        """The path and query that were asked for."""
        query = self.scope["query_string"].decode("latin-1")
        return self.scope["path"] + (f"?{query}" if query else "")


class Pages:
    """The templates of one door, in the common frame. Values are escaped; an unknown one is an error."""

    def __init__(self, package: str) -> None:
        self._templates = Environment(
            loader=ChoiceLoader([PackageLoader(package), PackageLoader(FRAME)]), autoescape=True,
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip

    def show(
        self,
        request: Call,
        template: str,
        *,
        status: int = 200,
        cookies: Sequence[Cookie | None] = (),
        connect: Sequence[str] = (),
        form_action: Sequence[str] = (),
        **values: Any,
    ) -> Response[bytes]:
        """The page. `connect` and `form_action` are origins that it may speak to beside our own."""
        token, cookie = form_token(request)
        settings = request.services.settings
        text = self._templates.get_template(template).render(
            form=token, mode=str(settings.mode), is_demo=settings.mode is not Mode.PRODUCTION, **values
        )
        headers = guarded(policy(connect=connect, form_action=form_action))
        sent = [cookie, *(one for one in cookies if one is not None)]
        return Response(text.encode(), status_code=status, media_type="text/html", headers=headers, cookies=sent)


def paged(*handlers: HTTPRouteHandler) -> Sequence[Router]:
    """One door's pages; whatever is raised leaves as a page, or leads to signing in."""
    return [
        Router(
            path="/", route_handlers=handlers, request_class=PageCall, exception_handlers={Exception: _failed},
            before_request=_by_its_name,
        )
    ]  # fmt: skip


def exception_handlers() -> Handlers:
    """What turns an address that is not there into its reply: a page for people, an envelope for programs."""
    wired = wire_handlers()[Exception]

    def reply(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        is_read = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        return (_failed if is_read and isinstance(error, HTTPException) else wired)(request, error)

    return {Exception: reply}


def see_other(path: str, *cookies: Cookie | None) -> Response[bytes]:
    """303: the way on after a form. A header has no Thai letters (RFC 9110, 10.2.2)."""
    headers = guarded(policy()) | {"location": quote(path, safe=punctuation, errors="replace")}
    sent = [cookie for cookie in cookies if cookie is not None]
    return Response(b"", status_code=303, media_type="text/html", headers=headers, cookies=sent)


def _failed(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    call = PageCall(request.scope)
    if isinstance(error, NotSeated):
        return see_other(error.way(call.here if call.method == "GET" else error.back or came_from(call)))
    if isinstance(error, HTTPException) and error.status_code < 500:
        words = Words("ไม่พบหน้านี้", "there is no such page")
        return told(call, Problem(Category.NOT_FOUND, "NOT_FOUND", words), status=error.status_code)
    return told(call, problem_of(error))


def came_from(request: Call) -> str:
    """The page of ours from which a form or a script speaks; the first page when the browser does not say."""
    origin = request.services.settings.public_url
    referer = request.headers.get("referer", "")
    return own_path(referer.removeprefix(origin)) if referer.startswith(f"{origin}/") else "/id"


async def _by_its_name(request: Request[Any, Any, Any]) -> Response[bytes] | None:
    """On one's own machine: to `localhost`, where it is served by that name. Passkeys know no addresses."""
    call = PageCall(request.scope)
    public = urlsplit(call.services.settings.public_url)
    is_by_number = call.headers.get("host", "") in (f"127.0.0.1:{public.port}", f"[::1]:{public.port}")
    if call.method == "GET" and is_by_number and public.hostname == "localhost":
        return see_other(f"{public.geturl()}{call.here}")
    return None


def told(request: Call, problem: Problem, *, status: int = 0) -> Response[bytes]:
    """A page that says what is wrong."""
    home = COUNTER if request.url.path.startswith(f"{COUNTER}/") else "/id"
    page = _OWN.show(
        request, "told.html", status=status or status_of(problem), words=problem.words, code=problem.code, home=home
    )
    for name, value in headers_of(problem).items():
        if name != "www-authenticate":  # a browser would ask for a password
            page.headers[name] = value
    return page


_OWN: Final = Pages(FRAME)
