"""PatientSummary: who the person is and what there is to know first (wire protocol, section 6).

Every hospital says itself who the person is. The summary shows the words of the hospital that sent last, and what it
leaves out in those of the one before; names of all are listed, and `patient_sources` says who said what, when.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from morprom.kernel import BANGKOK, thai_text
from morprom.mophphr import normal
from morprom.mophphr.view_allergies import allergy_names, merged_allergies
from morprom.mophphr.view_blood import blood_group
from morprom.mophphr.view_coverage import CoverageShape, coverage_text
from morprom.mophphr.view_items import Item, visible_items
from morprom.mophphr.view_names import full_name, names_in
from morprom.mophphr.view_observations import InterpretedShape
from morprom.mophphr.view_pregnancy import is_pregnant
from morprom.mophphr.view_record import Reading, Row, Seen, visible_visits
from morprom.mophphr.view_registers import active_diseases
from morprom.mophphr.view_shapes import Coded, Named, Visit
from morprom.mophphr.view_sources import Patient, Source, completed, visible_sources
from morprom.mophphr.view_values import day_text, epoch_ms, first_code
from morprom.record.tables import GENDER_NAMES, NATIONALITY_NAMES, marital_status, nationality_code


class SummedVisit(Visit[Coded, InterpretedShape, Named]):
    """A visit with what the summary counts."""

    coverages: list[CoverageShape] = msgspec.field(name="Coverage", default_factory=list[CoverageShape])


_VISIT = msgspec.json.Decoder(SummedVisit)


def patient_summary(reading: Reading) -> Row:
    """`{patient, patient_names_th, patient_names_en, patient_sources}`.

    `patient` is null when nothing of the record is visible. `patient_sources` is ours.
    """
    visits, items = visible_visits(reading, _VISIT), visible_items(reading)
    sources = visible_sources(reading, visits, items)
    names = [row for source in sources for row in _names(reading, source)]
    return {
        "patient": _patient(reading, visits, items, sources) if sources else None,
        "patient_names_th": [name for name in names if name["language_code"] == "TH"],
        "patient_names_en": [name for name in names if name["language_code"] != "TH"],
        "patient_sources": [_said(reading, source) for source in sources],
    }


def _patient(
    reading: Reading, visits: Sequence[Seen[SummedVisit]], items: Sequence[Item], sources: Sequence[Source]
) -> Row:
    newest, patient = sources[0], _together(sources)
    shown = _demographics(reading, patient) | _death(visits, sources)
    names = names_in(patient.name)
    diseases = active_diseases(items)
    blood = blood_group(visits)
    received = epoch_ms(newest.received_at)
    return {
        "RowID": reading.row_key(b"patient"),
        "cid": reading.cid,
        **shown,
        "create_datetime": min(epoch_ms(source.created_at) for source in sources),
        "update_datetime": received,
        "last_organization_code": newest.hcode,
        "encounter_count": len(visits),
        "organization_count": len(sources),
        "cd_count": len(diseases),
        "cd_text": ", ".join(diseases),
        "patient_name_text": full_name(patient.name),
        "full_name_th": next((name.display for name in names if name.language == "TH"), ""),
        "allergy_intolerance_text": ", ".join(allergy_names(merged_allergies(reading, sources, items))),
        "coverage_text": next(filter(None, (coverage_text(seen.visit.coverages) for seen in reversed(visits))), ""),
        "observation_count": sum(len(seen.visit.all_observations) for seen in visits),
        "region_id": reading.region_id(newest.hcode),
        "blood_group": blood.abo,
        "blood_group_display": blood.display,
        "pregnancy": shown["gender"] != "M" and is_pregnant(visits, reading.today),
        "last_rcv_data": received,
        "last_gen_data": received,
    }


def _together(sources: Iterable[Source]) -> Patient:
    """The newest hospital's words, and those of the next where it is silent."""
    patient = Patient()
    for source in sources:
        patient = completed(patient, source.patient)
    return patient


def _said(reading: Reading, source: Source) -> Row:
    """What one hospital says of the person, and when it last sent anything."""
    patient = source.patient
    return (
        source.origin(reading)
        | _demographics(reading, patient)
        | {
            "organization_name": reading.organization_name(source.hcode),
            "patient_name_text": full_name(patient.name),
            "deceased_boolean": _is_said_dead(patient),
            "deceased_date": day_text(patient.deceased_date_time),
        }
    )


def _demographics(reading: Reading, patient: Patient) -> Row:
    gender = normal.gender(patient.gender)
    marital = marital_status(first_code(patient.marital_status))
    nationality = nationality_code(first_code(patient.nationality))
    return _birth(reading, patient.birth_date) | {
        "gender": gender,
        "gender_text": GENDER_NAMES.get(gender, ""),
        "marital_status": marital.code,
        "marital_status_name": marital.name or normal.concept_text(patient.marital_status),
        "nationality_code": nationality,
        "nationality_name": NATIONALITY_NAMES.get(nationality) or normal.concept_text(patient.nationality),
    }


def _birth(reading: Reading, sent: object) -> Row:
    born = normal.birth_date(sent)
    return {
        "birth_date": born.isoformat() if born else "",
        "birth_date_long_text": thai_text.long_date(born) if born else "",
        "birth_date_short_text": thai_text.short_date(born) if born else "",
        "full_age_text": thai_text.full_age(born, reading.today) if born else "",
    }


def _death(visits: Sequence[Seen[Any]], sources: Iterable[Source]) -> Row:
    """Dead when any hospital says so, the newest first, and no visit began after that day."""
    last = max((seen.start.date() for seen in visits), default=date.min)
    for source in sources:
        if _is_said_dead(source.patient) and last <= _day_of_death(source):
            return {"deceased_boolean": True, "deceased_date": day_text(source.patient.deceased_date_time)}
    return {"deceased_boolean": False, "deceased_date": ""}


def _day_of_death(source: Source) -> date:
    """The day that is claimed; without one, the day on which the hospital sent last."""
    said = normal.local_time(source.patient.deceased_date_time)
    return said.date() if said else source.received_at.astimezone(BANGKOK).date()


def _is_said_dead(patient: Patient) -> bool:
    is_said = normal.text(patient.deceased_boolean).lower()
    return is_said in {"true", "1"} or (is_said == "" and normal.local_time(patient.deceased_date_time) is not None)


def _names(reading: Reading, source: Source) -> Iterable[Row]:
    for place, name in enumerate(names_in(source.patient.name)):
        yield {
            "RowID": reading.row_key(f"name|{source.hcode}|{place}".encode()),
            "prefix": name.prefix,
            "first_name": name.first,
            "middle_name": name.middle,
            "last_name": name.last,
            "display_name": name.display,
            "language_code": name.language,
            **source.origin(reading),
        }
