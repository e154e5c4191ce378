"""Forms: read with limits, and only when this site gave them to this browser (OWASP: double submit, Fetch metadata)."""

import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from litestar.datastructures import Cookie

from morprom.doors.pages.cookies import FORM, put_cookie, take_cookie
from morprom.doors.wire import Call, read_body
from morprom.kernel import Category, Problem, Secret, Words

MOST_FIELDS: Final = 200
TOKEN_FIELD: Final = "form"
TOKEN_HEADER: Final = "x-form"
TOKEN_LENGTH: Final = 43


@dataclass(frozen=True, slots=True, repr=False)
class Form:
    """What was sent with a form. The first of a name counts."""

    fields: dict[str, str] = field(repr=False)

    def text(self, name: str, longest: int = 500) -> str:
        """A field without white space around it, "" when it is not there."""
        return self.fields.get(name, "").strip()[:longest]

    def secret(self, name: str, longest: int = 500) -> Secret[str]:
        """A field that must not be shown."""
        return Secret(self.text(name, longest))

    def __repr__(self) -> str:
        return "Form(…)"


def form_token(request: Call) -> tuple[str, Cookie]:
    """What a page puts into its forms, and the cookie that has to come back with it."""
    kept = take_cookie(request, FORM)
    token = kept if kept and len(kept.reveal()) == TOKEN_LENGTH else Secret(secrets.token_urlsafe(32))
    return token.reveal(), put_cookie(request, FORM, token)


async def form_of(request: Call) -> Form:
    """The form of a POST that this site gave this browser. Raises Problem FORM_REFUSED or FORM_INVALID."""
    body = await read_body(request.scope, request.receive, request.services.settings)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        words = Words("อ่านแบบฟอร์มไม่ได้", "the form cannot be read")
        raise Problem(Category.INCORRECT, "FORM_INVALID", words) from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name, value.replace("\0", ""))
    demand_own(request, fields.get(TOKEN_FIELD, ""))
    return Form(fields)


def demand_own(request: Call, token: str = "") -> None:
    """Raise Problem FORM_REFUSED unless our page in this browser sends this. Scripts send the token as a header."""
    given = token or request.headers.get(TOKEN_HEADER, "")
    kept = take_cookie(request, FORM)
    is_here = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
    origin = request.headers.get("origin")
    is_ours = origin is None or origin == request.services.settings.public_url
    fits = kept is not None and hmac.compare_digest(kept.reveal().encode(), given.encode("utf-8", "replace"))
    if not (is_here and is_ours and fits):
        words = Words(
            "แบบฟอร์มนี้เปิดทิ้งไว้นานหรือไม่ได้มาจากเว็บนี้ โปรดลองใหม่", "this form is too old or not from here; try again"
        )
        raise Problem(Category.FORBIDDEN, "FORM_REFUSED", words)
