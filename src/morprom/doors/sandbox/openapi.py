"""`/openapi.json`: every call described (OpenAPI 3.1), in Thai, in English, or in both."""

from functools import cache

import msgspec
from litestar import Response, get

from morprom.doors.pages.guard import guarded, policy
from morprom.doors.sandbox.description import CALLS, Language, document
from morprom.doors.sandbox.examples import examples
from morprom.doors.wire import Call


@get("/openapi.json")
async def openapi(request: Call) -> Response[bytes]:
    """The document; `lang=th` or `lang=en` for one language alone."""
    language = Language.of(request.query_fields().get("lang", ""))
    headers = guarded(policy(), kept=True)
    return Response(_document(language), media_type="application/json", headers=headers)


@cache
def _document(language: Language) -> bytes:
    return msgspec.json.encode(document(language, CALLS, examples()))
