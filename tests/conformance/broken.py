"""Ways to break a request: its tree, leaf by leaf, and its bytes. Nothing is by chance, so a failure comes again."""

import copy
import gzip
import json
from collections.abc import Iterator
from random import Random
from typing import Any, Final

from survives.mutations import RAW, text_of

Json = Any
Place = tuple[str | int, ...]

GONE: Final = object()
REPLACEMENTS: Final[dict[str, Json]] = {
    "missing": GONE, "null": None, "empty text": "", "zero": 0, "negative": -1, "1e308": "@@1e308@@",
    "1e400": "@@1e400@@", "many digits": "@@4000 digits@@", "more digits": "@@5000 digits@@", "true": True,
    "empty list": [], "empty object": {}, "list of lists": [[[]]], "object of nothing": {"": None}, "number": 7.5,
    "text": "ก", "long text": "ก" * 70_000, "NUL": "@@nul@@", "lone surrogate": "@@surrogate@@",
    "controls": "@@controls@@", "mixed list": [1, "a", None, {}, []], "far year": "9999-12-31T23:59:59",
    "no date": "2567-02-30T25:61:61", "hospital": "13814", "foreign ref": "13814:1",
}  # fmt: skip
"""What stands at a place instead. Texts with @@ become what Python's encoder would not write."""


MANY_KEYS: Final = b"".join(b',"k%d":1' % number for number in range(100_000))


def places(tree: Json, at: Place = ()) -> Iterator[Place]:
    """Every place in a tree, the leaves and what holds them, from the top."""
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield (*at, key)
        if isinstance(value, dict | list):
            yield from places(value, (*at, key))


def changed(tree: Json, place: Place, value: Json) -> Json:
    """A copy of the tree with something else at that place, or nothing."""
    whole = here = copy.deepcopy(tree)
    for key in place[:-1]:
        here = here[key]
    if value is GONE:
        del here[place[-1]]
    else:
        here[place[-1]] = copy.deepcopy(value)
    return whole


def replaced(tree: Json, most: int, seed: str) -> Iterator[tuple[str, bytes]]:
    """Bodies with one replacement each, named: all there are, or `most` of them that are always the same."""
    pairs = [(place, name) for place in places(tree) for name in REPLACEMENTS]
    for place, name in pairs if len(pairs) <= most else Random(seed).sample(pairs, most):
        yield f"{name} at {'/'.join(map(str, place))}", text_of(changed(tree, place, REPLACEMENTS[name]))


def broken(tree: Json) -> Iterator[tuple[str, bytes, str]]:
    """Bodies that are no good as bytes or as a whole, named, with their Content-Encoding."""
    text = json.dumps(tree, ensure_ascii=False)
    whole = text.encode()
    half = len(whole) // 2
    for at in sorted({*range(1, len(whole), max(1, len(whole) // 40)), len(whole) - 1}):
        yield f"cut at {at}", whole[:at], ""
    for junk in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xe0\xb8", b"\xf4\x90\x80\x80", b"\0"):
        yield f"{junk.hex()} within", whole[:half] + junk + whole[half:], ""
        yield f"{junk.hex()} behind", whole + junk, ""
    if not text.isascii():
        yield "cp874", text.encode("cp874", "replace"), ""
    for encoding in ("utf-16", "utf-16-le", "utf-32"):
        yield encoding, text.encode(encoding), ""
    yield "keys repeated", (text[:-1] + "," + text[1:]).encode(), ""
    yield "keys repeated with other values", (text[:-1] + "," + text[1:].partition(":")[0] + ": 1}").encode(), ""
    yield "ten thousand lists", b"[" * 10_000 + b"]" * 10_000, ""
    yield "ten thousand objects", b'{"a":' * 10_000 + b"1" + b"}" * 10_000, ""
    yield "ten thousand lists within", f'{text[:-1]},"x":{RAW["@@deep@@"]}}}'.encode(), ""
    yield "five megabytes of text", f'{text[:-1]},"x":{RAW["@@long@@"]}}}'.encode(), ""
    yield "a name of a megabyte", f'{text[:-1]},"{"x" * 1_000_000}":1}}'.encode(), ""
    yield "a hundred thousand keys", text[:-1].encode() + MANY_KEYS + b"}", ""
    yield "1e308 within", f'{text[:-1]},"x":1e308,"y":-1e400}}'.encode(), ""
    yield "twice", whole + whole, ""
    yield "in a list", b"[" + whole + b"]", ""
    yield "in a text", json.dumps(text).encode(), ""
    yield "a form", b"payload=" + whole, ""
    yield "not gzip", whole, "gzip"
    packed = gzip.compress(whole)
    yield "cut gzip", packed[: len(packed) // 2], "gzip"
    yield "gzip with more behind", packed + b"x", "gzip"
    yield "gzip twice", packed + packed, "gzip"
    yield "gzip that says another length", packed[:-4] + b"\0\0\0\0", "gzip"
    yield "gzip in gzip", gzip.compress(packed), "gzip"
    yield "another encoding", whole, "deflate"
