"""Compares the parts of a payload with what is expected of them (the table is in expected.py).

Twice: the table is made into types, with which the decoder itself sees, at its own speed, that a part is just as
expected. Only a part that is not is decoded wide and walked to tell where.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Generic, NamedTuple, TypeVar, cast, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET, UnsetType

from morprom.mophphr.findings import Findings, Path
from morprom.mophphr.payload import Part, VitalSign

PartKind = TypeVar("PartKind", bound=Part)

EMPTY_TEXT = Annotated[str, msgspec.Meta(max_length=0)]
EMPTY_LIST = Annotated[list[Any], msgspec.Meta(max_length=0)]


class Expected(NamedTuple):
    """One key. `shape` is the type of its value: str, float, list, a Part; object when any will do.

    `within` is what the value, or each item of it, should have.
    """

    key: str
    attribute: str
    is_told: bool
    shape: type[Any]
    within: tuple["Expected", ...]


def must(key: str, shape: type[Any] = object, *within: Expected) -> Expected:
    """A key whose absence is told."""
    return Expected(key, "class_" if key == "class" else key, True, shape, within)


def may(key: str, shape: type[Any] = object, *within: Expected) -> Expected:
    """A key that may be absent."""
    return must(key, shape, *within)._replace(is_told=False)


class Rules(Generic[PartKind]):
    """What one kind of part should have."""

    def __init__(self, kind: type[PartKind], *expected: Expected) -> None:
        self.kind = kind
        self.expected = expected
        self._exact = msgspec.json.Decoder(cast("type[PartKind]", _exact(kind, expected)))

    def decode_exact(self, raw: bytes | msgspec.Raw) -> PartKind | None:
        """The part when it is just as expected, so that there is nothing to tell; else None."""
        try:
            return self._exact.decode(raw)
        except msgspec.ValidationError:
            return None


def _exact(kind: type[Part], expected: tuple[Expected, ...]) -> type[msgspec.Struct]:
    """A kind of `kind` that has every key which must be there, and no value of another shape."""
    hints = get_type_hints(kind)
    fields = [_exact_field(one, hints[one.attribute]) for one in expected]
    return msgspec.defstruct(f"Exact{kind.__name__}", fields, bases=(kind,), kw_only=True, gc=False)


def _exact_field(one: Expected, hint: Any) -> tuple[str, Any, Any]:
    value = _exact_value(one, hint)
    if one.is_told:
        return one.attribute, value, msgspec.field(name=one.key)
    return one.attribute, value | UnsetType, msgspec.field(name=one.key, default=UNSET)


def _exact_value(one: Expected, hint: Any) -> Any:
    if one.shape is object:
        return hint
    if one.shape is list:
        listed = next(member for member in get_args(hint) if get_origin(member) is list)
        return (list[_exact(_part_in(hint), one.within)] if one.within else listed) | None | EMPTY_TEXT
    if issubclass(one.shape, Part):
        return _exact(_part_in(hint), one.within) | None | EMPTY_TEXT | EMPTY_LIST
    return str | None if one.shape is str else float | None | EMPTY_TEXT


def _part_in(hint: Any) -> type[Part]:
    return next(member for member in _members(hint) if isinstance(member, type) and issubclass(member, Part))


def _members(hint: Any) -> Iterator[Any]:
    yield hint
    for member in get_args(hint):
        yield from _members(member)


def compare(part: Part, expected: tuple[Expected, ...], path: Path | None, findings: Findings) -> None:
    """Tell where `part`, found at `path`, is not as expected."""
    for key, attribute, is_told, shape, within in expected:
        value: Any = getattr(part, attribute)
        if value is UNSET:
            if is_told:
                findings.add("MISSING_KEY", (path, key))
            continue
        if value.__class__ is not shape and shape is not object and (code := _oddity(shape, value)):
            findings.add(code, (path, key))
        if within and isinstance(value, Part):
            compare(value, within, (path, key), findings)
        elif within and shape is list:
            _compare_items(value, within, (path, key), findings)


def _compare_items(value: object, within: tuple[Expected, ...], path: Path, findings: Findings) -> None:
    for index, item in enumerate(cast("list[object]", value) if isinstance(value, list) else ()):
        if findings.is_full:
            return
        if isinstance(item, Part):
            compare(item, within, (path, index), findings)
        elif isinstance(item, str) and item:
            findings.add("TEXT_FOR_OBJECT", (path, index))


_TEXT_FOR: dict[type[Any], str] = {list: "TEXT_FOR_LIST", float: "TEXT_FOR_NUMBER"}


def _oddity(wanted: type[Any], value: object) -> str:
    """The code for a value where a `wanted` belongs, "" when it will do, as empty ones do."""
    if value in (None, "", []):
        return ""
    if isinstance(value, str):
        return _TEXT_FOR.get(wanted, "TEXT_FOR_OBJECT")
    if isinstance(value, list):
        return "LIST_FOR_OBJECT" if issubclass(wanted, Part) else "WRONG_TYPE"
    if isinstance(value, Part):
        return "OBJECT_FOR_LIST" if wanted is list else ""
    if isinstance(value, bool):
        return "WRONG_TYPE"
    if wanted in (float, VitalSign):  # a bare number for a vital sign is the flat form, which has its own word
        return ""
    return "NUMBER_FOR_TEXT" if wanted is str else "WRONG_TYPE"
