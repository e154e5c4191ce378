"""What pays for care: the Coverage view, and its text in other views."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from morprom.mophphr import normal
from morprom.mophphr.view_record import Reading, Row, Seen, visible_visits
from morprom.mophphr.view_shapes import PlainVisit, Shape
from morprom.mophphr.view_values import first_code, first_object, objects, wall_text
from morprom_wire.coverage import GROUP_NAMES


class CoverageShape(Shape):
    """One coverage of a visit, in FHIR's form or the short one."""

    payor: object = None
    classes: object = msgspec.field(name="class", default=None)
    class_group: object = msgspec.field(name="class_group", default=None)
    class_subgroup: object = msgspec.field(name="class_subgroup", default=None)
    contract: object = None
    reimbursement_amount: object = None
    paid_amount: object = None


class CoveredVisit(PlainVisit):
    """A visit with what paid for it."""

    coverages: list[CoverageShape] = msgspec.field(name="Coverage", default_factory=list[CoverageShape])


COVERED = msgspec.json.Decoder(CoveredVisit)


def coverage_totals(reading: Reading) -> list[Row]:
    """How many coverages of each group the visits had, by falling total."""
    names = Counter(
        group_name(coverage) for seen in visible_visits(reading, COVERED) for coverage in seen.visit.coverages
    )
    ordered = sorted(names.items(), key=lambda item: (-item[1], item[0]))
    return [{"class_group_name": name, "total": total} for name, total in ordered]


def coverage_rows(reading: Reading) -> list[Row]:
    """One row for each coverage of each visit, oldest visit first."""
    return [
        _row(reading, seen, place, coverage)
        for seen in visible_visits(reading, COVERED)
        for place, coverage in enumerate(seen.visit.coverages)
    ]


def group_name(coverage: CoverageShape) -> str:
    """The name of the group, from our own table when only its code was sent."""
    value, name = _group(coverage)
    return name or GROUP_NAMES.get(value, value)


def coverage_text(coverages: Iterable[CoverageShape]) -> str:
    """The groups' names, each once."""
    names = [group_name(coverage) for coverage in coverages]
    return ", ".join(dict.fromkeys(name for name in names if name))


def _group(coverage: CoverageShape) -> tuple[str, str]:
    return _class_of(coverage, "group", coverage.class_group)


def _class_of(coverage: CoverageShape, kind: str, short: object) -> tuple[str, str]:
    """Value and name: from the short form, else from the FHIR class of that kind."""
    full = [sent for sent in objects(coverage.classes) if first_code(sent.get("type")) == kind]
    found = first_object(short) or first_object(full)
    return normal.text(found.get("value")) or normal.text(short), normal.text(found.get("name"))


def _row(reading: Reading, seen: Seen[CoveredVisit], place: int, coverage: CoverageShape) -> Row:
    group = _group(coverage)
    subgroup = _class_of(coverage, "subgroup", coverage.class_subgroup)
    main, sub = _contract(coverage, "MainHospital"), _contract(coverage, "SubHospital")
    payor = first_object(coverage.payor)
    return {
        "_id": reading.row_key(f"coverage|{seen.ref}|{place}".encode()),
        "period_start": wall_text(seen.visit.period.start),
        "payer": normal.text(payor.get("display")) or normal.text(payor.get("reference")),
        "class_group_value": group[0],
        "class_group_name": group_name(coverage),
        "class_subgroup_value": subgroup[0],
        "class_subgroup_name": subgroup[1],
        "contract_main_identifier": main[0],
        "contract_main_display": main[1],
        "contract_sub_identifier": sub[0],
        "contract_sub_display": sub[1],
        "encounter_ref_code": seen.ref,
        "reimbursement_amount": normal.number(coverage.reimbursement_amount),
        "paid_amount": normal.number(coverage.paid_amount),
    }


def _contract(coverage: CoverageShape, reference: str) -> tuple[str, str]:
    """Identifier and name of the hospital of that role."""
    for sent in objects(coverage.contract):
        if normal.text(sent.get("reference")).endswith(reference):
            identifier = sent.get("identifier")
            value = normal.text(identifier) or normal.text(first_object(identifier).get("value"))
            return value, normal.text(sent.get("display"))
    return "", ""
