"""Reading a request's body: within limits, unpacked, without a byte order mark, whatever content type it claims."""

import asyncio
import zlib
from typing import Final

from litestar.types import Receive, ReceiveMessage, Scope

from morprom.doors.wire.failures import TOO_LARGE
from morprom.kernel import Category, Problem, Settings, Words

BODY_SECONDS: Final = 120
"""A sender slower than this for one body (6 MB at 400 kbit/s) is cut off: it holds a connection for nothing."""

THREAD_ABOVE: Final = 65_536
BOM: Final = b"\xef\xbb\xbf"


async def read_body(scope: Scope, receive: Receive, settings: Settings) -> bytes:
    """The body as its sender wrote it, unpacked.

    Raises Problem BODY_TOO_LARGE, BODY_CUT_OFF, ENCODING_UNKNOWN or GZIP_INVALID.
    """
    encoding, length = _headers(scope)
    if length > settings.body_limit_bytes:
        raise too_large(settings.body_limit_bytes)
    body = await _received(receive, settings.body_limit_bytes)
    if encoding in (b"gzip", b"x-gzip"):
        limit = settings.inflated_limit_bytes
        body = await asyncio.to_thread(_inflated, body, limit) if len(body) > THREAD_ABOVE else _inflated(body, limit)
    elif encoding not in (b"", b"identity"):
        raise _incorrect("ENCODING_UNKNOWN", "รองรับเฉพาะ gzip", "the only Content-Encoding read here is gzip")
    return body.removeprefix(BOM)


def too_large(limit: int) -> Problem:
    """What is said of a body of more than `limit` bytes."""
    return Problem(
        Category.INCORRECT, TOO_LARGE, Words(f"ข้อมูลใหญ่เกิน {limit} ไบต์", f"the body is larger than {limit} bytes")
    )


async def _received(receive: Receive, limit: int) -> bytes:
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body = message.get("body", b"")  # nearly every body comes in one piece; the server watches over that one
        return body if len(body) <= limit else _refuse(limit)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _received_in_pieces(message, receive, limit)
    except TimeoutError:
        raise _incorrect("BODY_CUT_OFF", "ส่งข้อมูลช้าเกินไป", "the body took too long to arrive") from None


async def _received_in_pieces(message: ReceiveMessage, receive: Receive, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        if message["type"] != "http.request":
            raise _incorrect("BODY_CUT_OFF", "การเชื่อมต่อถูกตัด", "the connection was cut")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limit:
            _refuse(limit)
        if not message.get("more_body"):
            return b"".join(chunks)
        message = await receive()


def _refuse(limit: int) -> bytes:
    raise too_large(limit)


def _inflated(packed: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        body = unpacker.decompress(packed, limit + 1)
    except zlib.error:
        raise _incorrect("GZIP_INVALID", "คลาย gzip ไม่ได้", "the body is not gzip") from None
    if len(body) > limit:
        raise too_large(limit)
    if not unpacker.eof or unpacker.unused_data:
        raise _incorrect("GZIP_INVALID", "ข้อมูล gzip ไม่ครบหรือมีส่วนเกิน", "the gzip body is cut off or too long")
    return body


def _headers(scope: Scope) -> tuple[bytes, int]:
    encoding, length = b"", 0
    for name, value in scope["headers"]:
        if name == b"content-encoding":
            encoding = value.strip().lower()
        elif name == b"content-length" and value.isdigit():
            length = int(value[:20])
    return encoding, length


def _incorrect(code: str, th: str, en: str) -> Problem:
    return Problem(Category.INCORRECT, code, Words(th, en))
