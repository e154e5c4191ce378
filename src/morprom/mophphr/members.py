"""The members of the top-level object as they were sent: nothing parsed, nothing lost, repeated keys seen."""

import json
from typing import NamedTuple

import msgspec

_raw_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_raw_items = msgspec.json.Decoder(list[msgspec.Raw])
_skip = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode


class Member(NamedTuple):
    """One key of an object and the bytes of its value."""

    key: str
    raw: bytes | msgspec.Raw


def members_of(minified: bytes) -> list[Member]:
    """Every member of a minified object, in the order sent, repeated ones too."""
    members = _raw_members.decode(minified)
    # '{"key":raw,"key":raw}': a repeated key (msgspec keeps the last) leaves the sum short, an escaped one as well
    if 1 + sum([len(key) + 4 + len(raw) for key, raw in members.items()]) == len(minified):
        return [Member(*member) for member in members.items()]
    return _scanned(minified.decode())


def _scanned(text: str) -> list[Member]:
    found: list[Member] = []
    index = 1
    while text[index] != "}":
        key, colon = _skip(text, text.index('"', index))
        _, index = _skip(text, colon + 1)
        found.append(Member(key, text[colon + 1 : index].encode()))
    return found


def items_of(raw: bytes | msgspec.Raw) -> list[msgspec.Raw]:
    """The items of an array."""
    return _raw_items.decode(raw)


def is_array(raw: bytes | msgspec.Raw) -> bool:
    """Whether a minified value is an array."""
    return memoryview(raw)[0] == 0x5B


def is_object(raw: bytes | msgspec.Raw) -> bool:
    """Whether a minified value is an object."""
    return memoryview(raw)[0] == 0x7B


def object_of(members: list[Member]) -> bytes:
    """The object with these members: the way back."""
    return b"{%b}" % b",".join([b"%b:%b" % (msgspec.json.encode(key), raw) for key, raw in members])
