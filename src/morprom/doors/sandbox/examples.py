"""Real requests and the answers that the platform gave to them, kept beside this door; a test asks them all again.

One file a call, `examples/<operation>.json`: `{"call": operation, "examples": [{name, th, en, query, body, status,
answer}]}`. The people in them are invented (district 9900).
"""

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from litestar import Response, get

from morprom.doors.sandbox.guard import PAGE_POLICY, guarded
from morprom.doors.wire import Call
from morprom.kernel import Category, Problem, Words


class Example(msgspec.Struct, frozen=True):
    """One request and what came back. `body` and `answer` are JSON as they travel; None where there is none."""

    name: str
    th: str
    en: str
    query: dict[str, str]
    body: Any
    status: int
    answer: Any
    method: str = "POST"


class ExampleFile(msgspec.Struct, frozen=True):
    """What is kept of one call."""

    call: str
    examples: list[Example]


@cache
def examples() -> dict[str, list[Example]]:
    """Every example by the name of its call."""
    found = (entry for entry in (files("morprom.doors.sandbox") / "examples").iterdir() if entry.name.endswith(".json"))
    decode = msgspec.json.Decoder(ExampleFile).decode
    return {one.call: one.examples for one in sorted(map(decode, (e.read_bytes() for e in found)), key=lambda o: o.call)}


@get("/sandbox/examples")
async def example_list(request: Call) -> Response[bytes]:
    """The calls that have examples, with the names of these."""
    listed = {call: [{"name": one.name, "th": one.th, "en": one.en} for one in kept] for call, kept in examples().items()}
    return _json(listed)


@get("/sandbox/examples/{call:str}")
async def example(request: Call, call: str) -> Response[bytes]:
    """The examples of one call."""
    kept = examples().get(call)
    if kept is None:
        raise Problem(Category.NOT_FOUND, "EXAMPLE_UNKNOWN", Words("ไม่มีตัวอย่างนี้", "there is no such example"))
    return _json(kept)


def _json(value: object) -> Response[bytes]:
    return Response(msgspec.json.encode(value), media_type="application/json", headers=guarded(PAGE_POLICY))
