"""`/api/CodingSystem`: the code systems, and the codes of one (wire protocol, section 9). Public: no sign-in, T0.

The one reply of the wire that may be cached: codes are the same for everybody.
"""

import hashlib
from typing import Final

import msgspec
from litestar import Response, route

from morprom.codes import digest_of, find, listing
from morprom.doors.wire import Call
from morprom.kernel import Category, Problem, Words

FRESH_SECONDS: Final = 300
UNKNOWN: Final = Words(
    "ไม่มีระบบรหัสชื่อนี้ ดูรายชื่อที่ /api/CodingSystem", "no code system has that name; /api/CodingSystem lists them"
)


@route("/api/CodingSystem", http_method=["GET", "HEAD"], status_code=200)
async def coding_system(request: Call) -> Response[bytes]:
    """Every system without its codes; with `System`, the codes of that one."""
    wanted = request.query_fields().get("system", "")
    return await (_codes(request, wanted) if wanted else _systems(request))


async def _systems(request: Call) -> Response[bytes]:
    async with request.services.reader.transaction() as tx:
        systems = await listing(tx)
    encoded = msgspec.json.encode(systems)
    return _answer(request, msgspec.Raw(encoded), hashlib.sha256(encoded).digest())


async def _codes(request: Call, wanted: str) -> Response[bytes]:
    async with request.services.reader.transaction() as tx:
        digest = await digest_of(tx, wanted)
        if digest is not None and _is_known(request, digest):
            return _answer(request, None, digest)
        found = await find(tx, wanted)
    if found is None:
        raise Problem(Category.NOT_FOUND, "SYSTEM_UNKNOWN", UNKNOWN)
    return _answer(request, msgspec.Raw(found.rows), found.digest)


def _answer(request: Call, result: msgspec.Raw | None, digest: bytes) -> Response[bytes]:
    """200, or 304 when the caller has it already. The tag is weak: the envelope around the codes has the time in it."""
    headers = {"cache-control": f"public, max-age={FRESH_SECONDS}", "etag": _tag(digest)}
    if _is_known(request, digest):
        return Response(b"", status_code=304, headers=headers)
    return request.answer(result, headers=headers)


def _is_known(request: Call, digest: bytes) -> bool:
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or _tag(digest).removeprefix("W/") in known


def _tag(digest: bytes) -> str:
    return f'W/"{digest.hex()[:32]}"'
