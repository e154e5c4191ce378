"""A call of the wire protocol: its parameters in whatever case and place they come, its token, its answer."""

import time
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from morprom.doors.services import Services
from morprom.doors.wire.body import read_body
from morprom.doors.wire.failures import headers_of, problem_of, routing_words, status_of
from morprom.kernel import Category, Problem, Words
from morprom.kernel.thai_text import day_said
from morprom.mophphr import Rejected, envelope
from morprom.units import Account

LONGEST_TEXT: Final = 1000
TOLD_FAULTS: Final = 20  # in the message; the list beside it has all of them


class Call(Request[Any, Any, State]):
    """A request as the doors of the wire protocol read it."""

    @property
    def services(self) -> Services:
        """What the doors of this process share; `app` puts it into the application's state."""
        return self.app.state["services"]

    @property
    def started(self) -> float:
        """When it was first looked at, by the monotonic clock."""
        return self.scope.setdefault("morprom.started", time.monotonic())  # type: ignore[typeddict-item]

    @property
    def address(self) -> str:
        """The client's network address."""
        return self.client.host if self.client else ""

    @property
    def authorization(self) -> bytes | None:
        """The Authorization header as it came."""
        return next((value for name, value in self.scope["headers"] if name == b"authorization"), None)

    def query_fields(self) -> dict[str, str]:
        """Query parameters by lower-case name; the first of a name counts."""
        fields: dict[str, str] = {}
        for name, value in self.query_params.multi_items():
            fields.setdefault(name.lower(), text_of(value))
        return fields

    async def fields(self) -> dict[str, str]:
        """Query parameters and, over them, the texts of the JSON object in the body, by lower-case name."""
        fields = self.query_fields()
        if self.method in ("POST", "DELETE"):
            fields |= {name.lower(): text_of(value) for name, value in (await self.json_object()).items()}
        return fields

    async def json_object(self) -> dict[str, Any]:
        """The JSON object in the body; an empty body is an empty object. Raises Problem NOT_JSON."""
        body = await read_body(self.scope, self.receive, self.services.settings)
        if not body.strip():
            return {}
        try:
            value = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise incorrect("NOT_JSON", "ข้อมูลไม่ใช่ JSON object", "the body is not a JSON object")
        return value  # pyright: ignore[reportUnknownVariableType]

    async def account(self) -> Account:
        """Whose Account Center token it carries. Raises Problem (unauthenticated)."""
        return await self.services.gate.account(self.authorization)

    def answer(
        self,
        result: object,
        *,
        status: int = 200,
        message: str = "OK",
        extra: dict[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response[bytes]:
        """The reply in its envelope; `extra` are members beside `result`."""
        settings = self.services.settings
        body = envelope(
            result, status=status, message=message, started=self.started,
            label=settings.endpoint_label, port=settings.port, extra=extra,
        )  # fmt: skip
        sent = {"cache-control": "no-store", **(headers or {})}
        return Response(body, status_code=status, media_type="application/json", headers=sent)

    def rejected(self, upload: Rejected) -> Response[bytes]:
        """The reply to a body of which nothing can be stored: every fault with its path."""
        told = [f"{fault.path or '/'}: {fault.th} / {fault.en}" for fault in upload.faults[:TOLD_FAULTS]]
        extra = {"processing_issue": upload.faults}
        return self.answer(None, status=upload.status, message=" · ".join(told), extra=extra)


def failed(call: Call, error: Exception) -> Response[bytes]:
    """The reply to whatever was raised."""
    if isinstance(error, HTTPException) and error.status_code < 500:
        words = routing_words(error)
        return call.answer(None, status=error.status_code, message=str(words), headers=error.headers)
    problem = problem_of(error)
    return call.answer(None, status=status_of(problem), message=str(problem.words), headers=headers_of(problem))


def text_of(value: object) -> str:
    """A parameter as text: numbers as digits, null and what is no text as ""; nothing that PostgreSQL would refuse."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value).replace("\0", "").encode("utf-8", "replace").decode()
    return text.strip()[:LONGEST_TEXT]


def day_of(text: str) -> date | None:
    """The day written `yyyy-mm-dd` or `yyyy-mm` (its first), in either era; None when it is none."""
    parts = text.split("-")
    if len(parts) not in (2, 3) or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    year, month, day = *map(int, parts), *[1] * (3 - len(parts))
    return day_said(year, month, day)


def incorrect(code: str, th: str, en: str) -> Problem:
    """A Problem for a parameter that is missing or cannot be read."""
    return Problem(Category.INCORRECT, code, Words(th, en))
