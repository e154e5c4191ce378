"""The whole platform in the test's own process, asked with raw HTTP: what no client library would send goes in too.

It has its own event loop and a database of its own, so that a whole file of tests can stand in one house.
"""

import asyncio
import itertools
import json
import re
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import unquote, urlencode

import asyncpg

from conformance.calls import WireCall
from conformance.tokens import Tokens, made
from doors.calling import services_on
from morprom.app.asgi import application, doors_of
from morprom.doors.services import Services
from morprom.kernel import Settings, utc_now
from morprom.people import Identifier, Inbox, Scheme, find
from morprom.storage import Database, EmbeddedPostgres, KeyRing, Role
from units.cast import Time

Answer = TypeVar("Answer")
Headers = Iterable[tuple[str, str]]
Message = dict[str, Any]

ENVELOPE: Final = {
    "result", "MessageCode", "Message", "RequestTime", "EndpointIP", "EndpointPort", "processing_time_ms"
}  # fmt: skip
ADDRESS: Final = ("203.0.113.7", 50000)

BESIDES: Final = {"exercise"}
"""What a test hospital's software has tried is noted whatever came of it, for the checklist."""

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Heard:
    """A reply as it came, before anybody makes sense of it."""

    status: int
    raw_headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in self.raw_headers}

    @property
    def json(self) -> Any:
        return json.loads(self.body, parse_int=lambda text: int(text) if len(text) < 4000 else text)

    def told(self, call: WireCall) -> dict[str, Any]:
        """The envelope; {} of a good reply that has none, and of a page."""
        if call.is_page and self.status != 503:
            assert self.headers["content-type"] == "text/html; charset=utf-8"
            return {}
        return {} if call.bare and self.status == 200 else self.enveloped()

    def enveloped(self) -> dict[str, Any]:
        """The envelope, checked member by member: section 1."""
        reply = self.json
        assert set(reply) >= ENVELOPE, sorted(reply)
        assert reply["MessageCode"] == self.status and type(reply["MessageCode"]) is int
        assert type(reply["Message"]) is str and reply["Message"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", reply["RequestTime"])
        assert reply["EndpointIP"] == Settings().endpoint_label
        assert type(reply["EndpointPort"]) is int and type(reply["processing_time_ms"]) is int
        assert self.headers["content-type"].partition(";")[0] == "application/json"
        assert self.headers["cache-control"] in ("no-store", "public, max-age=300")  # the latter of code systems
        if self.status >= 400:
            assert reply["result"] is None and reply["Message"] != "OK"
        return reply


class House:
    """Services on a database of their own, the application on them, and tokens of every kind."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, services: Services, owner: Database, tokens: Tokens, clock: Time
    ) -> None:
        self._loop = loop
        self._codes: dict[str, str] = {}
        self.services = services
        self.clock = clock
        self.owner = owner
        self.tokens = tokens
        self.app: Any = application(services, doors_of(services.settings))

    def run(self, coroutine: Coroutine[Any, Any, Answer]) -> Answer:
        """What the coroutine answers, in the house's own loop."""
        return self._loop.run_until_complete(coroutine)

    def ask(self, method: str, target: str, body: bytes = b"", token: str = "", headers: Headers = ()) -> Heard:
        """One request. `target` is path and query as they stand in the first line; `token` is a kind of token."""
        sent = list(headers)
        if token and (bearer := self.tokens.of(token)):
            sent.append(("authorization", f"Bearer {bearer}"))
        return self.run(asked(self.app, method, target.encode("latin-1"), body, sent))

    def ask_in_pieces(self, method: str, target: str, messages: list[Message], token: str) -> Heard:
        """A request whose body comes in these messages; after them the connection is cut."""
        sent = [("authorization", f"Bearer {self.tokens.of(token)}")]
        return self.run(asked(self.app, method, target.encode("latin-1"), b"", sent, messages=messages))

    def ask_json(self, method: str, target: str, body: object = None, token: str = "") -> dict[str, Any]:
        """The envelope of the reply to a request that a usual client sends."""
        sent = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        return self.ask(method, target, sent, token).enveloped()

    def good(self, call: WireCall, method: str, **changed: Any) -> Heard:
        """The call's good request, with what `ask` takes changed."""
        given = {"target": call.target, "body": call.encoded(method), "token": call.token, **changed}
        return self.ask(method, **given)

    def serves(self, path: str) -> bool:
        """Whether something answers at that path."""
        return self.ask("PATCH", path).status == 405

    def code_for(self, cid: str) -> str:
        """The code that the person gave to the reader, who asked for it."""
        if cid not in self._codes:
            self.ask_json("POST", "/api/RequestTokenv1", {"cid": cid}, "reader")
            self._codes[cid] = self.run(self._notice(cid))
        return self._codes[cid]

    async def _notice(self, cid: str) -> str:
        async with self.owner.transaction() as tx:
            person = await find(tx, self.services.ring, Identifier(Scheme.CID, cid))
            assert person
            return (await Inbox().notices(tx, person))[-1].code

    def read(self, action: str, cid: str, **query: str) -> Any:
        """The result of an Action that the reader takes with the person's code."""
        target = f"/api/WebApp?{urlencode({'Action': action, **query})}"
        reply = self.ask_json("POST", target, {"cid": cid, "otp": self.code_for(cid)}, "reader")
        assert reply["MessageCode"] == 200, reply["Message"]
        return reply["result"]

    def rows(self) -> dict[str, int]:
        """How many rows every table has."""
        return {table: rows for table, rows in self.run(self._rows()).items() if table not in BESIDES}

    async def _rows(self) -> dict[str, int]:
        async with self.owner.transaction() as tx:
            tables = await tx.fetch(
                "select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'public'::regnamespace"
                " and c.relkind in ('r', 'p') and not c.relispartition order by 1"
            )
            counts = " union all ".join(
                f"select '{row['name']}', (select count(*) from {row['name']})" for row in tables
            )
            return {str(row[0]): int(row[1]) for row in await tx.fetch(counts)}


@contextmanager
def house_on(postgres: EmbeddedPostgres, ring: KeyRing, settings: Settings | None = None) -> Iterator[House]:
    """A house on a database of its own, with two hospitals and accounts in it."""
    name = f"house{next(_numbers)}"
    loop = asyncio.new_event_loop()
    stack = AsyncExitStack()

    async def build() -> House:
        admin = await asyncpg.connect(postgres.url(database="postgres"))
        await admin.execute(f"create database {name} template morprom")
        await admin.close()
        url = postgres.url(database=name)
        owner = await Database.connect(url, Role.OWNER, most=2)
        stack.callback(owner.terminate)
        clock = Time(utc_now())  # the database's clock is the real one, and levels are compared with it
        services = await stack.enter_async_context(services_on(url, ring, clock, settings))
        return House(loop, services, owner, await made(services, owner), clock)

    try:
        yield loop.run_until_complete(build())
    finally:
        loop.run_until_complete(stack.aclose())
        loop.close()


async def asked(
    app: Any, method: str, target: bytes, body: bytes, headers: Headers,
    client: tuple[str, int] = ADDRESS, messages: list[Message] | None = None,
) -> Heard:  # fmt: skip
    """The application's answer to one request, given to it as the server gives it."""
    path, _, query = target.partition(b"?")
    sent = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": unquote(path.decode("latin-1")), "raw_path": path, "query_string": query,
        "root_path": "", "headers": [(b"host", b"phr.example"), *sent], "client": client,
        "server": ("phr.example", 80), "state": {},
    }  # fmt: skip
    said: list[dict[str, Any]] = []
    whole = [{"type": "http.request", "body": body, "more_body": False}]
    waiting = iter(whole if messages is None else messages)

    async def receive() -> dict[str, Any]:
        return next(waiting, {"type": "http.disconnect"})

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await app(scope, receive, send)
    start = said[0]
    assert [message["type"] for message in said] == ["http.response.start"] + ["http.response.body"] * (len(said) - 1)
    heard = [(name.lower(), value) for name, value in start["headers"]]
    return Heard(start["status"], heard, b"".join(message.get("body", b"") for message in said[1:]))
