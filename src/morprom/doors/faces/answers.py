"""The replies of both faces: Health ID with `status` a word, Provider ID with `status` a number."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from litestar import Request, Response, Router
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from morprom.doors.wire import Call, headers_of, problem_of, status_of
from morprom.doors.wire.failures import routing_words
from morprom.identity.face_model import FaceRefused
from morprom.kernel import BANGKOK

NOT_KEPT: Final = {"cache-control": "no-store", "pragma": "no-cache"}
LOGGED_IN: Final = "You logged in successfully"

CREDENTIAL_TH: Final = "ต้องระบุข้อมูลของโปรแกรมที่ถูกต้อง"
OF_CODES_TH: Final[Mapping[str, str]] = {
    "Credential is required": CREDENTIAL_TH,
    "Access grant has denied": "ไม่อนุญาตให้เข้าใช้งาน โปรดให้ผู้ใช้เข้าสู่ระบบใหม่",
    "Code is invalid": "code ไม่ถูกต้องหรือถูกใช้ไปแล้ว",
    "Redirect uri is invalid": "redirect_uri ไม่ตรงกับที่ใช้ขอ code",
    "Code and Client ID not match.": "code ไม่ใช่ของโปรแกรมนี้",
    "Code has been expired": "code หมดอายุแล้ว",
}
"""In Thai, the texts that clients compare."""

Reply = Response[bytes]


def health_ok(data: Mapping[str, Any], message: str = LOGGED_IN) -> Reply:
    """200 of Health ID."""
    return _json({"status": "success", "data": data, "message": message, "status_code": 200}, 200)


def health_refused(status: int, message: str, message_th: str = "", headers: Mapping[str, str] | None = None) -> Reply:
    """A failure of Health ID."""
    told = {
        "status": "error", "data": None, "message": message, "message_th": message_th or OF_CODES_TH.get(message, ""),
        "status_code": status,
    }  # fmt: skip
    return _json(told, status, headers)


def code_refused(refused: FaceRefused) -> Reply:
    """A failure of Health ID, of a code."""
    return health_refused(refused.status, refused.words)


def provider_ok(data: Mapping[str, Any] | str) -> Reply:
    """200 of Provider ID."""
    return _json({"status": 200, "message": "OK", "data": data}, 200)


def success(data: Mapping[str, Any]) -> Reply:
    """200 of Provider ID's newer flow, where `status` is a word."""
    return _json({"status": "Success", "message": "OK", "data": data}, 200)


def provider_refused(status: int, message: str, message_th: str, headers: Mapping[str, str] | None = None) -> Reply:
    """A failure of Provider ID."""
    return _json({"status": status, "message": message, "message_th": message_th, "data": None}, status, headers)


def text(body: bytes) -> Reply:
    """A key as PEM."""
    return Response(body, media_type="text/plain", headers=NOT_KEPT)


def routed(*handlers: HTTPRouteHandler, told: Callable[..., Reply]) -> Sequence[Router]:
    """Calls of one face; whatever is raised leaves in its words."""

    def failed(request: Request[Any, Any, Any], error: Exception) -> Reply:
        if isinstance(error, HTTPException) and error.status_code < 500:
            words = routing_words(error)
            return told(error.status_code, words.en, words.th)
        problem = problem_of(error)
        return told(status_of(problem), problem.words.en, problem.words.th, headers_of(problem))

    return [Router(path="/", route_handlers=handlers, request_class=Call, exception_handlers={Exception: failed})]


def local_time(at: datetime) -> str:
    """As these clients read it: Bangkok's wall clock."""
    return at.astimezone(BANGKOK).strftime("%Y-%m-%d %H:%M:%S")


def _json(told: Mapping[str, Any], status: int, headers: Mapping[str, str] | None = None) -> Reply:
    sent = NOT_KEPT | dict(headers or {})
    return Response(msgspec.json.encode(told), status_code=status, media_type="application/json", headers=sent)
