"""Where two documents differ: JSON pointers, never values."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, cast

from morprom.mophphr.findings import pointer
from morprom.mophphr.lenient import decode_plain

MOST_PATHS: Final = 200
WHOLE: Final = ""


def differing_paths(stored: bytes, given: bytes) -> tuple[str, ...]:
    """JSON pointers (RFC 6901) of what was added, taken away or changed, at most 200; both are well-formed JSON.

    Documents that differ in writing only (order of keys, 1.10 and 1.1) differ at "", the whole.
    """
    if stored == given:
        return ()
    paths = _differing(decode_plain(stored), decode_plain(given), [])
    return tuple(islice((pointer(steps) for steps in paths), MOST_PATHS)) or (WHOLE,)


def _differing(one: object, other: object, at: list[str]) -> Iterator[list[str]]:
    within, other_within = _members(one), _members(other)
    if type(one) is not type(other) or within is None or other_within is None:
        if type(one) is not type(other) or one != other:
            yield at
    else:
        yield from _of_members(within, other_within, at)


def _of_members(one: dict[str, Any], other: dict[str, Any], at: list[str]) -> Iterator[list[str]]:
    for key in {**one, **other}:
        if key in one and key in other:
            yield from _differing(one[key], other[key], [*at, key])
        else:
            yield [*at, key]


def _members(value: object) -> dict[str, Any] | None:
    """What is in an object or an array, by step; None for a scalar."""
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    if isinstance(value, list):
        return {str(index): item for index, item in enumerate(cast("list[Any]", value))}
    return None
