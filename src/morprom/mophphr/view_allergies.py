"""The Allergy view: the allergies that each visible hospital reports."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from morprom.mophphr import normal
from morprom.mophphr.lenient import decode_plain
from morprom.mophphr.view_record import Reading, Row, Source, may_show, visible_sources, visible_visits
from morprom.mophphr.view_shapes import PlainVisit
from morprom.mophphr.view_values import Sent, day_text, first_code, first_object, objects, prose
from morprom.record import Facts, Kind

_VISIT = msgspec.json.Decoder(PlainVisit)


def allergy_rows(reading: Reading) -> list[Row]:
    """One row for each reported allergy, the hospital that sent last first."""
    sources = visible_sources(reading, visible_visits(reading, _VISIT))
    return [_row(reading, source, sent) for source, sent in _visible(reading, sources)]


def allergy_names(reading: Reading, sources: Sequence[Source]) -> list[str]:
    """What the person is allergic to, each once."""
    names = (normal.concept_text(sent.get("code")) for _, sent in _visible(reading, sources))
    return list(dict.fromkeys(filter(None, names)))


def _visible(reading: Reading, sources: Iterable[Source]) -> Iterable[tuple[Source, Sent]]:
    by_hcode = {document.hcode: document for document in reading.of_kind(Kind.ALLERGY)}
    for source in sources:
        if source.hcode in by_hcode:
            sent: Any = decode_plain(by_hcode[source.hcode].content)
            yield from ((source, allergy) for allergy in objects(sent) if may_show(reading, _facts(allergy)))


def _facts(sent: Sent) -> Facts:
    """Every word that could name a sensitive medicine."""
    codes = [term for coding in normal.codings(sent.get("code")) for term in (coding.code, coding.display)]
    return Facts(medicines=[*codes, normal.concept_text(sent.get("code")), prose(sent.get("note"))])


def _row(reading: Reading, source: Source, sent: Sent) -> Row:
    officer = first_object(sent.get("recordOfficer"))
    coded: Row = {}
    for name, member in _CODED.items():
        coded |= {f"{name}_code": first_code(sent.get(member)), f"{name}_text": normal.concept_text(sent.get(member))}
    return (
        coded
        | source.origin(reading)
        | {
            "encounter_ref_code": "",
            "organization_name": reading.organization_name(source.hcode),
            "type": normal.concept_text(sent.get("type")),
            "category": prose(sent.get("category")).replace("\n", ", "),
            "criticality": normal.concept_text(sent.get("criticality")),
            "preventable": normal.text(sent.get("preventable")).lower() in {"true", "1"},
            "preventable_score": normal.text(sent.get("preventableScore")),
            "recorded_date": day_text(sent.get("recordedDate")),
            "record_officer_reference": normal.text(officer.get("reference")),
            "record_officer_display": normal.text(officer.get("display")),
            "reaction_text": _manifestations(sent),
            "note": prose(sent.get("note")) if reading.seeing.free_text else "",
        }
    )


_CODED = {
    "clinical_status": "clinicalStatus",
    "verification_status": "verificationStatus",
    "substance": "code",
    "seriousness": "seriousness",
    "allergy_group": "allergyGroup",
    "allergy_information_source": "allergyInformationSource",
    "allergy_result": "allergyResult",
    "naranjo_result": "naranjoResult",
}
"""What rows and uploads call the members that are codes. `code` is the substance's: the rows give code and text."""


def _manifestations(sent: Sent) -> str:
    """What the reactions looked like."""
    shown = (prose(reaction.get("manifestation")) for reaction in objects(sent.get("reaction")))
    return ", ".join(filter(None, shown))
