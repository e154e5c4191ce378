"""Typed decoding that never fails on well-formed JSON: what does not fit its type is named and read as null.

The fast path is msgspec's own. Only when that refuses a value is the whole decoded to plain objects, held against
the types and pruned. What was sent is stored untouched either way.
"""

import json
from math import inf, isfinite
from typing import Any, TypeVar, cast

import msgspec
from msgspec import inspect

from morprom.mophphr.payload import Encounter, Organization, Patient

Kind = TypeVar("Kind", bound=msgspec.Struct)
Misfit = tuple[str | int, ...]
"""Where a value did not fit: the steps from the decoded object to it."""

_LONGEST_INTEGER = 300
_MOST_MISFITS = 2_000
"""Of one part; what comes after them is read as null without a look, so that hostile bodies cost little."""
_SCALARS: dict[type, type[inspect.Type]] = {
    str: inspect.StrType,
    int: inspect.IntType,
    float: inspect.FloatType,
    bool: inspect.BoolType,
    type(None): inspect.NoneType,
}
_decoders: dict[type, msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(kind) for kind in (Organization, Patient, Encounter)
}


def decode_leniently(raw: bytes | msgspec.Raw, kind: type[Kind]) -> tuple[Kind, list[Misfit]]:
    """`raw`, well-formed JSON, as a `kind` whose fields all have defaults, and what of it did not fit."""
    decoder = _decoders.get(kind) or _decoders.setdefault(kind, msgspec.json.Decoder(kind))
    try:
        return decoder.decode(raw), []
    except msgspec.ValidationError:
        misfits: list[Misfit] = []
        fitting = _fitting(decode_plain(raw), inspect.type_info(kind), (), misfits)
        return msgspec.convert({} if fitting is None else fitting, kind), misfits


def decode_plain(raw: bytes | msgspec.Raw) -> Any:
    """Well-formed JSON as plain objects; a number beyond a float's range becomes infinity."""
    try:
        return msgspec.json.decode(raw)
    except msgspec.ValidationError:
        return json.loads(bytes(raw), parse_int=_integer)


def _integer(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else inf


def _fitting(value: object, info: inspect.Type, at: Misfit, misfits: list[Misfit]) -> object:
    """`value` without what `info` does not allow; that becomes None and is noted."""
    if len(misfits) >= _MOST_MISFITS:
        return None
    allowed = info.types if isinstance(info, inspect.UnionType) else (info,)
    for kind in allowed:
        if isinstance(value, dict) and isinstance(kind, inspect.StructType):
            return _fitting_object(cast("dict[str, object]", value), kind, at, misfits)
        if isinstance(value, list) and isinstance(kind, inspect.ListType):
            items = enumerate(cast("list[object]", value))
            return [_fitting(item, kind.item_type, (*at, index), misfits) for index, item in items]
        if _is_scalar_of(kind, cast("object", value)):
            return cast("object", value)
    if value != []:  # PHP's word for nothing fits everywhere
        misfits.append(at)
    return None


def _is_scalar_of(kind: inspect.Type, value: object) -> bool:
    return isinstance(kind, _SCALARS.get(type(value), ())) and not (isinstance(value, float) and not isfinite(value))


def _fitting_object(value: dict[str, object], kind: inspect.StructType, at: Misfit, misfits: list[Misfit]) -> object:
    fields = {field.encode_name: field.type for field in kind.fields}
    return {key: _fitting(item, fields[key], (*at, key), misfits) for key, item in value.items() if key in fields}
