"""What a payload should have, as one table: which keys, of which shape; and the walk that compares.

The keys whose absence is told are those the ministry's service warned about; an empty array or text silences it.
A shape other than the specification's is accepted, and told.
"""

from typing import Any, NamedTuple

from msgspec import UNSET

from morprom.mophphr import payload
from morprom.mophphr.findings import Findings, Path
from morprom.mophphr.payload import Concept, Part, Quantity, Thing, VitalSign, VitalSigns


class Expected(NamedTuple):
    """One key. `shape` is the type of its value: str, float, list, a Part; object when any will do.

    `within` is what the value, or each item of it, should have.
    """

    key: str
    attribute: str
    is_told: bool
    shape: type
    within: tuple["Expected", ...]


def must(key: str, shape: type = object, *within: Expected) -> Expected:
    """A key whose absence is told."""
    return Expected(key, f"{key}_" if key == "class" else key, True, shape, within)


def may(key: str, shape: type = object, *within: Expected) -> Expected:
    """A key that may be absent."""
    return must(key, shape, *within)._replace(is_told=False)


CODED = (may("coding", list),)
TEXT_AND_CODING = (must("text"), must("coding", list))
AMOUNT = may("valueQuantity", Quantity, may("value", float))
VITALS = tuple(may(key, VitalSign, AMOUNT) for key in VitalSigns.__struct_fields__[:8])
FLAT_VITALS = tuple(may(key, float) for key in VitalSigns.__struct_fields__[8:13])

ORGANIZATION = (may("identifier", payload.Identifier),)

PATIENT = (
    may("identifier", list),
    must("active"),
    may("name", list, may("given", list), must("suffix")),
    must("deceasedBoolean"),
    must("maritalStatus", Concept, *TEXT_AND_CODING),
    must("nationality", Concept, *TEXT_AND_CODING),
    must(
        "address",
        list,
        must("use"),
        must("type"),
        must("text"),
        must("line", list),
        must("postalCode", str),
        must("country"),
        must("period"),
        must("address_code", str),
    ),
    must("telecom", list),
    must("contact"),
)

ALLERGY = (must("managingOrganization"), must("recordOfficer"))

IMMUNIZATION = (
    must("managingOrganization"),
    must("status"),
    must("primarySource"),
    must("location"),
    must("manufacturer"),
    must("expirationDate"),
    must("doseQuantity"),
    must("note"),
    must("reasonCode"),
    must("performer"),
)

OBSERVATION = (
    must("status"),
    must("issued"),
    may("category", Concept, *CODED),
    must("code", Concept, must("text"), *CODED),
    AMOUNT,
)

ENCOUNTER = (
    must("managingOrganization"),
    may("identifier", list),
    must("type", Concept, must("text"), *CODED),
    must("priority", Concept),
    must("subject", Thing),
    must("participant", list),
    must("reason", list, may("text")),
    may("financeTotalAmount", float),
    may("financeReimbursementAmount", float),
    may("financePaidAmount", float),
    may("Coverage", list, may("class", list, may("type", Concept, *CODED))),
    may("vital_signs", VitalSigns, *VITALS, *FLAT_VITALS),
    may("Observation", list, *OBSERVATION),
    may("Observations", list, *OBSERVATION),
    may(
        "Condition", list, may("code", Concept, *CODED), must("verificationStatus"), must("category"), must("severity")
    ),
    may("Medication", list, may("code", Concept, *CODED), must("statement", Thing)),
    may("Immunization", list, *IMMUNIZATION),
)


_TEXT_FOR: dict[type, str] = {list: "TEXT_FOR_LIST", float: "TEXT_FOR_NUMBER"}


def compare(part: Part, expected: tuple[Expected, ...], path: Path, findings: Findings) -> None:
    """Tell where `part`, found at `path`, is not as expected. The usual shape is tried first: this is the hot path."""
    for key, attribute, is_told, shape, within in expected:
        value: Any = getattr(part, attribute)
        kind = value.__class__
        if kind is shape:
            if kind is list:
                _compare_items(value, within, (path, key), findings)
            elif within:
                compare(value, within, (path, key), findings)
        elif value is UNSET:
            if is_told:
                findings.add("MISSING_KEY", (path, key))
        elif value and shape is not object and (kind is not int or shape is not float):
            _tell_shape(value, shape, within, (path, key), findings)


def _compare_items(items: list[object], within: tuple[Expected, ...], path: Path, findings: Findings) -> None:
    if not within:
        return
    for index, item in enumerate(items):
        if isinstance(item, Part):
            compare(item, within, (path, index), findings)
        elif isinstance(item, str) and item:
            findings.add("TEXT_FOR_OBJECT", (path, index))


def _tell_shape(value: object, shape: type, within: tuple[Expected, ...], path: Path, findings: Findings) -> None:
    if isinstance(value, Part):
        if shape is list:
            findings.add("OBJECT_FOR_LIST", path)
            compare(value, within, path, findings)
    elif isinstance(value, list):
        if issubclass(shape, Part):
            findings.add("LIST_FOR_OBJECT", path)
    elif isinstance(value, str):
        findings.add(_TEXT_FOR.get(shape, "TEXT_FOR_OBJECT"), path)
    elif shape is not VitalSign:  # a bare number there is the flat form, which has its own word
        findings.add("NUMBER_FOR_TEXT" if shape is str else "WRONG_TYPE", path)
