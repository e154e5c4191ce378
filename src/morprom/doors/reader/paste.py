"""`/api/PasteJSON`: leave any JSON, and take it once with the code that came back (wire protocol, section 9)."""

import json
from typing import Final
from uuid import UUID

import msgspec
from litestar import Response, route

from morprom.doors.wire import Call, incorrect, read_body
from morprom.kernel import Category, Problem, Words
from morprom.pasteboard import LARGEST, leave, take
from morprom.units import Account

GONE: Final = Words(
    "ไม่มีข้อความของรหัสนี้ อาจถูกอ่านไปแล้วหรือหมดเวลา", "no note has that code: it was read already, or its hour is over"
)


@route("/api/PasteJSON", http_method=["GET", "POST"], status_code=200)
async def paste_json(request: Call) -> Response[bytes]:
    """POST with `Action=POST` leaves the body, GET with `Action=GET&code=` takes it."""
    account = await request.account()
    fields = request.query_fields()
    if fields.get("action", "").upper() != request.method:
        raise incorrect(
            "ACTION_UNKNOWN", "Action ต้องเป็น POST หรือ GET ตาม method", "Action is POST or GET, as the method"
        )
    if request.method == "POST":
        return await _leave(request, account)
    return await _take(request, account, fields.get("code", ""))


async def _leave(request: Call, account: Account) -> Response[bytes]:
    note = await _json_as_sent(request)
    async with request.services.reader.transaction() as tx:
        code = await leave(tx, request.services.ring, note, hcode=account.hcode, account_id=account.account_id)
    return request.answer(str(code))


async def _take(request: Call, account: Account, code: str) -> Response[bytes]:
    async with request.services.reader.transaction() as tx:
        note = await take(
            tx, request.services.ring, _uuid(code), hcode=account.hcode, account_id=account.account_id
        )  # fmt: skip
    if note is None:
        raise Problem(Category.NOT_FOUND, "PASTE_GONE", GONE)
    return request.answer(msgspec.Raw(note))


async def _json_as_sent(request: Call) -> bytes:
    """The body, which is JSON, byte for byte: numbers of any size, repeated members. Raises Problem NOT_JSON."""
    limits = {"body_limit_bytes": LARGEST, "inflated_limit_bytes": LARGEST}
    body = await read_body(request.scope, request.receive, msgspec.structs.replace(request.services.settings, **limits))
    try:
        json.loads(body.decode(), parse_int=str, parse_float=str, parse_constant=_not_json)
    except (ValueError, RecursionError):
        raise incorrect("NOT_JSON", "ข้อมูลไม่ใช่ JSON ใน UTF-8", "the body is not JSON in UTF-8") from None
    return body.strip()


def _not_json(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity, which Python takes


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
