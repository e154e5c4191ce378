"""Who the person is: PatientSummary, Address, Telecom (wire protocol, section 6).

Every hospital sends its own patient document. The summary shows the one of the hospital that sent last; names,
addresses and telecoms of all are listed with the hospital they come from, the newest marked.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from morprom.kernel import thai_text
from morprom.mophphr import normal
from morprom.mophphr.view_allergies import allergy_names
from morprom.mophphr.view_coverage import COVERED, CoveredVisit, coverage_text
from morprom.mophphr.view_record import Reading, Row, Seen, Source, visible_sources, visible_visits
from morprom.mophphr.view_shapes import PlainVisit, Shape, decode
from morprom.mophphr.view_values import Sent, day_text, epoch_ms, first_code, first_object, objects, words
from morprom.record import Kind
from morprom.record.tables import GENDER_NAMES, NATIONALITY_NAMES, marital_status, nationality_code


class Patient(Shape):
    """The members of `Patient` that are shown; all vary, so all are read through `normal`."""

    identifier: object = None
    name: object = None
    telecom: object = None
    address: object = None
    gender: object = None
    birth_date: object = None
    deceased_boolean: object = None
    deceased_date_time: object = None
    nationality: object = None
    marital_status: object = None


class PatientDocument(Shape):
    """An upload without its visits."""

    patient: Patient = msgspec.field(name="Patient", default_factory=Patient)


_PATIENT = msgspec.json.Decoder(PatientDocument)
_VISIT = msgspec.json.Decoder(PlainVisit)


def patient_summary(reading: Reading) -> Row:
    """`{patient, patient_names_th, patient_names_en}`; `patient` is null when nothing of the record is visible."""
    visits = visible_visits(reading, COVERED)
    patients = patients_of(reading, visible_sources(reading, visits))
    names = [row for source, patient in patients for row in _names(reading, source, patient)]
    return {
        "patient": _patient(reading, visits, patients, names) if patients else None,
        "patient_names_th": [name for name in names if name["language_code"] == "TH"],
        "patient_names_en": [name for name in names if name["language_code"] != "TH"],
    }


def addresses(reading: Reading) -> list[Row]:
    """One row for each address of each hospital."""
    return [
        _address(sent) | source.origin(reading)
        for source, patient in _visible_patients(reading)
        for sent in objects(patient.address)
    ]


def telecoms(reading: Reading) -> list[Row]:
    """One row for each telephone number or address of each hospital; empty ones are left out."""
    return [
        _telecom(sent) | source.origin(reading)
        for source, patient in _visible_patients(reading)
        for sent in objects(patient.telecom)
        if normal.text(sent.get("value"))
    ]


def patients_of(reading: Reading, sources: Sequence[Source]) -> list[tuple[Source, Patient]]:
    """The patient document of each visible hospital, the one that sent last first."""
    by_hcode = {document.hcode: document for document in reading.of_kind(Kind.PATIENT)}
    return [
        (source, decode(_PATIENT, by_hcode[source.hcode].content).patient)
        for source in sources
        if source.hcode in by_hcode
    ]


def _visible_patients(reading: Reading) -> list[tuple[Source, Patient]]:
    return patients_of(reading, visible_sources(reading, visible_visits(reading, _VISIT)))


def _patient(
    reading: Reading, visits: Sequence[Seen[CoveredVisit]], patients: list[tuple[Source, Patient]], names: list[Row]
) -> Row:
    source, patient = patients[0]
    sources = [source for source, _ in patients]
    name = next((name for name in names if name["language_code"] == "TH"), names[0] if names else {})
    received = epoch_ms(source.received_at)
    return {
        "RowID": reading.row_key(b"patient"),
        "cid": reading.cid,
        **_demographics(reading, patient),
        "create_datetime": min(epoch_ms(source.created_at) for source in sources),
        "update_datetime": received,
        "last_organization_code": source.hcode,
        "encounter_count": len(visits),
        "organization_count": len(sources),
        "cd_count": 0,  # the chronic registry is another upload
        "cd_text": "",
        "patient_name_text": name.get("display_name", ""),
        "full_name_th": name.get("display_name", "") if name.get("language_code") == "TH" else "",
        "allergy_intolerance_text": ", ".join(allergy_names(reading, sources)),
        "coverage_text": next(filter(None, (coverage_text(seen.visit.coverages) for seen in reversed(visits))), ""),
        "observation_count": sum(len(seen.visit.all_observations) for seen in visits),
        "region_id": reading.region_id(source.hcode),
        "blood_group": "",
        "blood_group_display": "",
        "pregnancy": False,
        "last_rcv_data": received,
        "last_gen_data": received,
    }


def _demographics(reading: Reading, patient: Patient) -> Row:
    gender = normal.gender(patient.gender)
    marital = marital_status(first_code(patient.marital_status))
    nationality = nationality_code(first_code(patient.nationality))
    return _birth(reading, patient.birth_date) | {
        "gender": gender,
        "gender_text": GENDER_NAMES.get(gender, ""),
        "marital_status": marital.code,
        "marital_status_name": marital.name or normal.concept_text(patient.marital_status),
        "deceased_boolean": normal.text(patient.deceased_boolean).lower() in {"true", "1"},
        "deceased_date": day_text(patient.deceased_date_time),
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


def _names(reading: Reading, source: Source, patient: Patient) -> Iterable[Row]:
    for place, sent in enumerate(objects(patient.name)):
        name = name_of(sent)
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


class Name(NamedTuple):
    """A name as rows show it, wherever the sender put its parts (payload variants, Patient.name)."""

    prefix: str
    first: str
    middle: str
    last: str
    display: str
    language: str


def name_of(sent: Sent) -> Name:
    """The name in one item of `Patient.name`."""
    given, family = words(sent.get("given")), normal.text(sent.get("family"))
    if not family:  # some put the surname into suffix
        family = " ".join(words(sent.get("suffix")))
    first, _, rest = family.partition(" ")
    if rest and given[:1] in ([], [first]):  # and some the whole name into family
        given, family = [first], rest.strip()
    prefix, first, middle = " ".join(words(sent.get("prefix"))), " ".join(given[:1]), " ".join(given[1:])
    display = " ".join(filter(None, (f"{prefix}{first}", middle, family))) or normal.text(sent.get("text"))
    language = normal.text(sent.get("languageCode")).upper() or ("TH" if _is_thai(display) else "EN")
    return Name(prefix, first, middle, family, display, language)


def _is_thai(words: str) -> bool:
    return any("\u0e00" <= letter <= "\u0e7f" for letter in words)


def _address(sent: Sent) -> Row:
    lines = [*words(sent.get("line")), "", "", ""]
    return {
        "address_use": normal.text(sent.get("use")),
        "text": normal.text(sent.get("text")),
        **{f"line{place + 1}": lines[place] for place in range(3)},
        "city": normal.text(sent.get("city")),
        "district": normal.text(sent.get("district")),
        "state": normal.text(sent.get("state")),
        "postal_code": normal.text(sent.get("postalCode")),
        "country_code": normal.text(sent.get("country")),
        "address_code": normal.text(sent.get("address_code")),
        **_dates(sent),
    }


def _telecom(sent: Sent) -> Row:
    return {
        "telecom_system": normal.text(sent.get("system")),
        "telecom_use": normal.text(sent.get("use")),
        "value": normal.text(sent.get("value")),
        **_dates(sent),
    }


def _dates(sent: Sent) -> Row:
    period = first_object(sent.get("period"))
    return {"date_start": day_text(period.get("start")), "date_end": day_text(period.get("end"))}
