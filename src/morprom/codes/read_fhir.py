"""Concepts of a FHIR CodeSystem as JSON (R4 and R5, section 4.8), nested ones with the code of their parent."""

from collections.abc import Iterator
from typing import Any, Final, cast

import msgspec

from morprom.codes.model import CodeRow
from morprom.kernel import Category, Problem, Words

SAID: Final = ("version", "date", "title", "name", "url", "publisher", "copyright")
NOT_FHIR: Final = Words("ไม่ใช่ CodeSystem ของ FHIR", "it is no FHIR CodeSystem")


def fhir_concepts(text: str, says: dict[str, str]) -> Iterator[tuple[str, CodeRow]]:
    """(JSON pointer, row) of every concept, parents before their children; `says` takes what the resource is.

    Raises Problem CODES_UNREADABLE when it is no CodeSystem, or one without its concepts.
    """
    resource = _resource(text)
    says.update({name: resource[name] for name in SAID if isinstance(resource.get(name), str)})
    waiting: list[tuple[str, str, Any]] = _children("", "", resource.get("concept"))
    while waiting:
        place, parent, concept = waiting.pop()
        row = _row(concept, parent)
        yield place, row
        if isinstance(concept, dict):
            waiting.extend(_children(place, row["code"], cast(dict[str, Any], concept).get("concept")))


def _resource(text: str) -> dict[str, Any]:
    try:
        resource = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        raise _refused(Words("ไม่ใช่ JSON หรือซ้อนลึกเกินไป", "it is not JSON, or nested too deeply")) from None
    if not isinstance(resource, dict) or cast(dict[str, Any], resource).get("resourceType") != "CodeSystem":
        raise _refused(NOT_FHIR)
    found = cast(dict[str, Any], resource)
    if not isinstance(found.get("concept"), list):
        raise _refused(Words("CodeSystem นี้ไม่มี concept ในแฟ้ม", "this CodeSystem does not carry its concepts"))
    return found


def _children(place: str, parent: str, concepts: object) -> list[tuple[str, str, Any]]:
    """In reverse, because the last one is taken first."""
    if not isinstance(concepts, list):
        return []
    listed = cast(list[Any], concepts)
    return [(f"{place}/concept/{at}", parent, listed[at]) for at in reversed(range(len(listed)))]


def _row(given: object, parent: str) -> CodeRow:
    """One concept; `display` is Thai where a designation gives Thai. What is no text is left out."""
    concept = cast(dict[str, Any], given) if isinstance(given, dict) else {}
    said = _text(concept.get("display"))
    in_language = _designations(concept.get("designation"))
    row: CodeRow = {
        "code": _text(concept.get("code")),
        "display": in_language.get("th") or said or in_language.get("en", ""),
        "display_en": in_language.get("en") or (said if said.isascii() else ""),
    }
    row |= {name: text for name, text in _properties(concept.get("property")).items() if name not in row}
    if definition := _text(concept.get("definition")):
        row["definition"] = definition
    if parent:
        row["parent"] = parent
    return row


def _designations(given: object) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in cast(list[Any], given) if isinstance(given, list) else []:
        if isinstance(each, dict):
            one = cast(dict[str, Any], each)
            found.setdefault(_text(one.get("language")).lower().partition("-")[0], _text(one.get("value")))
    return found


def _properties(given: object) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in cast(list[Any], given) if isinstance(given, list) else []:
        if isinstance(each, dict):
            one = cast(dict[str, Any], each)
            value = next((_text(one[name]) for name in one if name.startswith("value")), "")
            if value and (name := _text(one.get("code"))):
                found.setdefault(name, value)
    return found


def _text(value: object) -> str:
    """Text, a number or a truth as text; of a coding its code; "" of everything else."""
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return clean(str(value))
        case dict():
            return _text(cast(dict[str, Any], value).get("code"))
        case _:
            return ""


def clean(text: str) -> str:
    """One line, single spaces, nothing that shows nothing."""
    return " ".join(text.translate(_INVISIBLE).split())


_INVISIBLE: Final[dict[int, int | None]] = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))


def _refused(words: Words) -> Problem:
    return Problem(Category.INCORRECT, "CODES_UNREADABLE", words)
