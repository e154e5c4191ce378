"""Ways to break an upload: in its tree, in its text, in its bytes. Seeded, so that a failure can be had again."""

import copy
import gzip
import json
import zlib
from collections.abc import Callable
from random import Random
from typing import Any

RAW = {
    "@@1e308@@": "1e308",
    "@@1e400@@": "1e400",
    "@@-1e400@@": "-1e400",
    "@@400 digits@@": "9" * 400,
    "@@4000 digits@@": "9" * 4000,
    "@@5000 digits@@": "9" * 5000,
    "@@deep@@": "[" * 10_000 + "]" * 10_000,
    "@@deeper@@": '{"a":' * 10_000 + "1" + "}" * 10_000,
    "@@long@@": '"' + "ก" * 1_600_000 + '"',
    "@@nan@@": "NaN",
    "@@infinity@@": "-Infinity",
    "@@surrogate@@": r'"ก\ud800ข"',
    "@@low@@": r'"\udc00\udc00"',
    "@@nul@@": r'"ก\u0000ข"',
    "@@controls@@": r'"\u0001\u001f\u007f\u2028\ufeff\uffff"',
}
"""What Python's encoder would not write, by the text that stands for it in a tree."""

RARE = ("@@long@@", "@@deep@@", "@@deeper@@")
SCALARS: list[Any] = [
    None, True, False, 0, -1, 1, 13, 2**31, 2**63, 2**64, 10**30, 0.5, -0.0, [], {}, [[]], [{}], {"": ""},
    "", " ", "0", "null", "undefined", "-", "N/A", "ก", "1" * 13, "๑๒๓", "x" * 70_000, "00000", "99999", ":", "ALL",
    "0000-00-00", "2567-02-30T25:61:61", "9999-12-31T23:59:59", "0001-01-01", "2026-10-01T08:00:00+99:99", "-44-03-15",
    "'; drop table document; --", "../../etc/passwd", "%00", "{}", "[]", "\\", '"', "10670:10670:x", "\u200b",
    {"coding": None}, {"coding": [None, 1, "x", [], {}]}, [1, "a", None, {}, []],
]  # fmt: skip

Json = Any


def mutated(rng: Random, upload: Json) -> bytes:
    """An upload with one to six things wrong in its tree, now and then in its bytes too."""
    upload = copy.deepcopy(upload)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        upload = rng.choice(IN_TREE)(rng, upload)
    body = text_of(upload)
    return rng.choice(IN_BYTES)(rng, body) if rng.random() < 0.2 else body


def packed(rng: Random, body: bytes) -> bytes:
    """A body that says it is gzip: whole, cut, with something behind it, a bomb, or no gzip at all."""
    whole = gzip.compress(body, 1)
    return rng.choice(
        [
            lambda: whole,
            lambda: whole[: rng.randrange(len(whole))],
            lambda: whole + b"behind",
            lambda: whole + whole,
            lambda: BOMB,
            lambda: body,
            lambda: zlib.compress(body, 1),
            lambda: whole[:-8] + b"\0" * 8,
        ]
    )()


BOMB = gzip.compress(bytes(200_000_000), 9)


def text_of(upload: Json) -> bytes:
    """The tree as JSON, with what stands for something put in its place."""
    text = json.dumps(upload, ensure_ascii=False)
    for mark, raw in RAW.items():
        text = text.replace(f'"{mark}"', raw)
    return text.encode("utf-8", "surrogatepass")


def places(tree: Json) -> list[tuple[Any, Any]]:
    """Every (container, key or index) of a tree."""
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        here = waiting.pop()
        keys = list(here) if isinstance(here, dict) else range(len(here))
        found += [(here, key) for key in keys]
        waiting += [here[key] for key in keys if isinstance(here[key], dict | list)]
    return found


def _at_a_place(change: Callable[[Random, Any, Any], None]) -> Callable[[Random, Json], Json]:
    def changed(rng: Random, tree: Json) -> Json:
        if isinstance(tree, dict | list) and (all_places := places(tree)):
            change(rng, *rng.choice(all_places))
        return tree

    return changed


def _delete(_rng: Random, container: Any, key: Any) -> None:
    del container[key]


def _retype(rng: Random, container: Any, key: Any) -> None:
    value = container[key]
    container[key] = rng.choice([[value], {"value": value}, str(value), None, {"coding": value}, [[value]], True, 1])


def _replace(rng: Random, container: Any, key: Any) -> None:
    raw = rng.choice(list(RAW))
    if raw in RARE and rng.random() < 0.9:
        raw = "@@nul@@"
    container[key] = copy.deepcopy(rng.choice([raw, rng.choice(SCALARS), rng.choice(SCALARS)]))


def _rename(rng: Random, container: Any, key: Any) -> None:
    if isinstance(container, dict):
        container[rng.choice([key.upper(), f" {key}", f"{key}s", "", "ก", key[::-1], "__proto__"])] = container.pop(key)


def _repeat(rng: Random, container: Any, key: Any) -> None:
    if isinstance(container, list):
        container.extend(copy.deepcopy(container[key]) for _ in range(rng.choice((1, 2, 50))))


def _swap(rng: Random, tree: Json) -> Json:
    if isinstance(tree, dict | list) and len(all_places := places(tree)) > 1:
        (one, here), (other, there) = rng.sample(all_places, 2)
        one[here], other[there] = copy.deepcopy(other[there]), copy.deepcopy(one[here])
    return tree


def _not_an_object(rng: Random, tree: Json) -> Json:
    return rng.choice([[tree], tree, tree, tree, None, "text", 1, [], {}]) if rng.random() < 0.1 else tree


IN_TREE: list[Callable[[Random, Json], Json]] = [
    _at_a_place(_delete), _at_a_place(_retype), _at_a_place(_replace), _at_a_place(_replace), _at_a_place(_rename),
    _at_a_place(_repeat), _swap, _not_an_object,
]  # fmt: skip


def _doubled_key(rng: Random, body: bytes) -> bytes:
    """The same key again in an object, with another value: JSON allows it and readers differ."""
    at = body.find(b'": ', rng.randrange(max(1, len(body))))
    start = body.rfind(b'"', 0, at)
    key = body[start + 1 : at]
    return body[:start] + b'"' + key + b'": 1, ' + body[start:] if 0 <= start < at else body


def _cut(rng: Random, body: bytes) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def _flipped(rng: Random, body: bytes) -> bytes:
    flipped = bytearray(body)
    for _ in range(rng.choice((1, 3, 30))):
        if flipped:
            flipped[rng.randrange(len(flipped))] = rng.randrange(256)
    return bytes(flipped)


def _not_utf8(rng: Random, body: bytes) -> bytes:
    at = rng.randrange(len(body) + 1)
    return body[:at] + rng.choice([b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xe0\xb8", b"\xf4\x90\x80\x80"]) + body[at:]


def _cp874(_rng: Random, body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode("cp874", "replace")


def _utf16(rng: Random, body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode(rng.choice(["utf-16", "utf-16-le", "utf-32"]), "replace")


def _around(rng: Random, body: bytes) -> bytes:
    return rng.choice([b"\xef\xbb\xbf", b" \n", b"\0", b"//", b"[", b""]) + body + rng.choice([b"\0", b"}", b" ", body])


IN_BYTES: list[Callable[[Random, bytes], bytes]] = [_doubled_key, _cut, _flipped, _not_utf8, _cp874, _utf16, _around]
