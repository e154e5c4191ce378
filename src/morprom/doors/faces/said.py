"""How these clients speak: bodies as form, multipart or JSON, names with hyphen or underscore, switches as words."""

from collections.abc import Iterable
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from morprom.doors.wire import Call, incorrect, read_body
from morprom.identity.face_model import FACES
from morprom.kernel import Category, Problem, Secret, Words

MOST_FIELDS: Final = 50
LONGEST: Final = 8_000  # a token is the longest that comes
YES: Final = ("1", "yes", "true", "y", "on")

Said = dict[str, str]


def demand_face(request: Call, face: str) -> None:
    """Raise Problem FACE_CLOSED unless the deployment serves it."""
    if not has_face(request, face):
        words = Words("ไม่ได้เปิดให้บริการส่วนนี้", "this service is not offered here")
        raise Problem(Category.NOT_FOUND, "FACE_CLOSED", words)


def has_face(request: Call, face: str) -> bool:
    """Whether the setting `faces` names it."""
    named = {name.strip() for name in request.services.settings.faces.split(",")}
    return face in FACES and face in named


async def members_of(request: Call) -> Said:
    """What the body says, by lower-case name with underscores. Raises Problem BODY_INVALID."""
    body = await read_body(request.scope, request.receive, request.services.settings)
    content_type = request.headers.get("content-type", "")
    if content_type.lower().startswith("multipart/form-data"):
        return _named(_parts(content_type, body))
    if body.lstrip().startswith(b"{"):
        return _named(list(_json(body).items()))
    try:
        return _named(list(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)))
    except ValueError:
        raise _unreadable() from None


def query_of(request: Call) -> Said:
    """What the query says."""
    return _named(request.query_params.multi_items())


def header_of(request: Call, name: str) -> str:
    """A header, written with hyphens or underscores."""
    return request.headers.get(name, "") or request.headers.get(name.replace("-", "_"), "")


def is_yes(said: Said, name: str) -> bool:
    """A switch, in one of the words for yes."""
    return said.get(name, "").lower() in YES


def credentials_of(request: Call) -> tuple[str, Secret[str]]:
    """Client and secret of the headers `client-id` and `secret-key`."""
    return header_of(request, "client-id"), Secret(header_of(request, "secret-key"))


def _named(pairs: Iterable[tuple[str, Any]]) -> Said:
    """The first of a name counts."""
    said: Said = {}
    for name, value in pairs:
        said.setdefault(name.lower().replace("-", "_"), _text(value))
    return said


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).replace("\0", "").encode("utf-8", "replace").decode().strip()[:LONGEST]


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _unreadable() from None
    return value  # a body that begins with { is an object or nothing


def _parts(content_type: str, body: bytes) -> list[tuple[str, Any]]:
    """The fields of a multipart form (RFC 7578): what PHP's curl sends for an array."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message: Message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise _unreadable()
    found: list[tuple[str, Any]] = []
    for part in list(message.walk())[1 : MOST_FIELDS + 1]:
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found.append((name, content.decode("utf-8", "replace")))
    return found


def _unreadable() -> Problem:
    return incorrect("BODY_INVALID", "อ่านข้อมูลที่ส่งมาไม่ได้", "the body is neither a form nor a JSON object")
