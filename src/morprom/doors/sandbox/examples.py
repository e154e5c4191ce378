"""Real requests and the answers that the platform gave to them, kept beside this door; a test asks them all again.

One file a call, `examples/<operation>.json`: `{"call": operation, "examples": [{name, th, en, query, body, status,
answer}]}`. The people in them are invented (district 9900).
"""

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from morprom.doors.pages.guard import guarded, policy
from morprom.doors.sandbox.description import CALLS, CallEntry
from morprom.doors.wire import Call
from morprom.kernel import Category, Problem, Words


class Example(msgspec.Struct, frozen=True):
    """One request and what came back. `body` and `answer` are JSON as they travel; None where there is none.

    `warnings` are the codes that it is meant to earn. What is secret or passes stands in braces: `{access token}`.
    """

    name: str
    th: str
    en: str
    query: dict[str, str]
    body: Any
    status: int
    answer: Any
    method: str = "POST"
    warnings: list[str] = []


class ExampleFile(msgspec.Struct, frozen=True):
    """What is kept of one call."""

    call: str
    examples: list[Example]


@cache
def examples() -> dict[str, list[Example]]:
    """Every example by the name of its call."""
    folder = files("morprom.doors.sandbox") / "examples"
    decode = msgspec.json.Decoder(ExampleFile).decode
    kept = [decode(entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".json")]
    return {one.call: one.examples for one in kept}


@get("/sandbox/examples")
async def example_list(request: Call) -> Response[bytes]:
    """The calls that have examples, in the order of the protocol, with the names of these."""
    kept = examples()
    return _json([_listed(call, kept[call.operation]) for call in CALLS if call.operation in kept])


def _listed(call: CallEntry, kept: list[Example]) -> dict[str, Any]:
    return {
        "operation": call.operation,
        "title": call.title,
        "path": call.path,
        "group_th": call.group.value.th,
        "group_en": call.group.value.en,
        "th": call.words.th,
        "en": call.words.en,
        "signed": call.signed,
        "upload": call.upload,
        "examples": [{"name": one.name, "th": one.th, "en": one.en} for one in kept],
    }


@get("/sandbox/examples/{call:str}")
async def example(request: Call, call: FromPath[str]) -> Response[bytes]:
    """The examples of one call."""
    kept = examples().get(call)
    if kept is None:
        raise Problem(Category.NOT_FOUND, "EXAMPLE_UNKNOWN", Words("ไม่มีตัวอย่างนี้", "there is no such example"))
    return _json(kept)


def _json(value: object) -> Response[bytes]:
    return Response(msgspec.json.encode(value), media_type="application/json", headers=guarded(policy(), kept=True))
