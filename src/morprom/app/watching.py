"""The layer around the doors that notes what test hospitals try, for their checklist.

A call is looked at when its reply has left. Production watches the ministry's test hospitals only, and for any other
hospital costs one look into memory.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final
from urllib.parse import parse_qsl

import asyncpg
import structlog

from morprom.doors.services import Services
from morprom.doors.wire.noted import SCOPE_KEY, Noted
from morprom.kernel import Mode, Problem
from morprom.oversight import Trait, Tried, exercise

AGAIN_SECONDS: Final = 10.0
"""The same thing tried again within this long is not written again."""
REMEMBERED: Final = 20_000
LONGEST_QUERY: Final = 2_000
LONGEST_WORD: Final = 40
WORDS: Final = ("action", "mode", "data")

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

log = structlog.get_logger(__name__)


class Watching:
    """An application with the layer around it."""

    def __init__(self, application: Application, services: Services) -> None:
        self._application = application
        self._services = services
        self._lately: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._refused: set[tuple[str, str]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        noted = scope[SCOPE_KEY] = Noted()
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await self._application(scope, receive, watched)
        await self._look(scope, noted, status)

    async def _look(self, scope: Scope, noted: Noted, status: int) -> None:
        services = self._services
        try:
            hcode = noted.hcode or await self._hcode_of(_header(scope, b"authorization"), status)
            if not hcode:
                return
            unit = await services.directory.unit(hcode)
            if unit is None or (services.settings.mode is Mode.PRODUCTION and not unit.is_test):
                return
            tried = _tried(scope, noted, status)
            now = services.clock()
            if self._is_news(hcode, tried, now.timestamp()):
                async with services.oversight.transaction() as tx:
                    await exercise.note_tried(tx, hcode, tried, now)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("exercise_not_noted", error=type(error).__name__)

    async def _hcode_of(self, authorization: bytes | None, status: int) -> str | None:
        """The hospital of a token. Most doors have asked already; where they need not, production does not either."""
        gate = self._services.gate
        known = gate.known_unit(authorization)
        if known or authorization is None or status != 200 or self._services.settings.mode is Mode.PRODUCTION:
            return known
        try:
            return (await gate.account(authorization)).hcode
        except Problem:
            return None

    def _is_news(self, hcode: str, tried: Tried, now: float) -> bool:
        """Whether a call does anything that was not written lately, or succeeds after it was refused."""
        call = (hcode, tried.path)
        if tried.status == 200 and call in self._refused:
            self._refused.discard(call)
            return True
        news = [key for item in exercise.items_of(tried) if self._is_stale(key := (hcode, item), now)]
        if news and tried.status != 200:
            self._refused.add(call)
        return bool(news)

    def _is_stale(self, key: tuple[str, str], now: float) -> bool:
        if self._lately.get(key, -AGAIN_SECONDS) > now - AGAIN_SECONDS:
            return False
        self._lately[key] = now
        self._lately.move_to_end(key)
        if len(self._lately) > REMEMBERED:
            self._lately.popitem(last=False)
        return True


def _tried(scope: Scope, noted: Noted, status: int) -> Tried:
    said = dict(parse_qsl(scope["query_string"][:LONGEST_QUERY].decode("latin-1")))
    words = {name.lower(): word[:LONGEST_WORD].lower() for name, word in said.items() if name.lower() in WORDS}
    path = scope["path"].rstrip("/")
    return Tried(scope["method"], path, words, status, frozenset((*noted.traits(), *_traits_of_request(scope))))


def _traits_of_request(scope: Scope) -> Iterable[Trait]:
    if _header(scope, b"content-length") not in (None, b"0") or _header(scope, b"transfer-encoding"):
        yield Trait.BODY
    if _header(scope, b"content-encoding") in (b"gzip", b"x-gzip"):
        yield Trait.GZIP
    if b":" in (_header(scope, b"authorization") or b""):
        yield Trait.UPLOAD_TOKEN


def _header(scope: Scope, wanted: bytes) -> bytes | None:
    return next((value for name, value in scope["headers"] if name == wanted), None)
