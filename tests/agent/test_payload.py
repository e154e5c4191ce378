"""A visit's rows become a payload that the platform takes without a word."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morprom.synth import write_export
from morprom_agent.export import Officer, Person, RefRule, Row, Visit, opened
from morprom_agent.payload import Hospital, build
from morprom_wire.files43 import FILES

HOSPITAL = Hospital("10670", "โรงพยาบาลทดสอบ", {"D1": Officer("ว.12345", "สมหญิง รักษา")})


def payload_of(visit: Visit) -> dict[str, Any]:
    return json.loads(build(visit, HOSPITAL).body)


@pytest.fixture
def payloads(hospital, tmp_path):
    """Writes what the test has made of the hospital and builds every payload, by ref."""

    def write() -> dict[str, dict[str, Any]]:
        source = hospital.folder(tmp_path / "in")
        with opened(source, "10670", workspace=tmp_path, refs=RefRule()) as export:
            return {visit.ref: payload_of(visit) for on, _ in export.days() for visit in export.visits(on)}

    return write


def findings_of(payload: dict[str, Any]) -> list[tuple[str, str]]:
    """What the platform has to remark, as (code, path)."""
    from morprom.mophphr import Rejected, read_visits_upload

    body = json.dumps(payload).encode()
    read = read_visits_upload(body, encounter_limit=500, nesting_limit=64, test_person_allowed=True)
    return [(found.code, found.path) for found in (read.faults if isinstance(read, Rejected) else read.findings)]


def test_a_filled_in_visit_earns_no_remark(hospital, payloads) -> None:
    hospital.add(
        "ADDRESS", PID="P1", ADDRESSTYPE="1", HOUSENO="9/9", VILLAGE="01", TAMBON="04", AMPUR="99", CHANGWAT="40"
    )
    hospital.add("CARD", PID="P1", INSTYPE_NEW="0100", INSID="X1", STARTDATE="20200101", MAIN="10670")
    hospital.add("DRUGALLERGY", PID="P1", DATERECORD="20200101", DRUGALLERGY="0" * 24, DNAME="Penicillin", TYPEDX="1",
                 ALEVEL="1", INFORMANT="1", SYMPTOM_TEXT="ผื่น")  # fmt: skip
    hospital.add("EPI", PID="P1", SEQ="1001", VACCINETYPE="815", VACCINEPLACE="10670", LOT="L1", EXPIRY_DATE="20270101")
    hospital.add("APPOINTMENT", PID="P1", SEQ="1001", APDATE="20260201", APTIME="0830", APTYPE="001")
    hospital.add("PROCEDURE_OPD", PID="P1", SEQ="1001", PROCEDCODE="9904", SERVICEPRICE="100")
    hospital.add("CHARGE_OPD", PID="P1", SEQ="1001", CHARGEITEM="03", CHARGELIST="000000", QUANTITY="1", PRICE="10")
    for ref, payload in payloads().items():
        assert findings_of(payload) == [], ref


def test_the_outpatient_visit_of_the_example(payloads) -> None:
    payload = payloads()["1001"]
    encounter = payload["Encounter"][0]
    assert payload["managingOrganization"]["identifier"]["value"] == "10670"
    assert "scope" not in payload["managingOrganization"], "one visit is not the whole history"
    assert encounter["identifier"][0] == {
        "use": "official", "system": "https://bps.moph.go.th/vn", "type": "VN", "value": "1001",
    }  # fmt: skip
    assert encounter["period"] == {"start": "2026-01-05T08:15:00"}
    assert encounter["class"]["code"] == "AMB"
    assert encounter["division"] == {"system": "https://bps.moph.go.th/division", "code": "01", "display": "อายุรกรรม"}
    assert encounter["reason"] == [{"text": "ไข้ ไอ 2 วัน"}]
    assert encounter["vital_signs"]["bp_systolic"] == {
        "status": "final",
        "valueQuantity": {"value": 120, "unit": "mmHg"},
    }
    assert encounter["participant"][0]["individual"]["reference"] == "ว.12345"
    assert (encounter["financeTotalAmount"], encounter["financeReimbursementAmount"]) == (350, 300)
    [coverage] = encounter["Coverage"]
    assert [kind["value"] for kind in coverage["class"]] == ["UCS", "0100"]
    [condition] = encounter["Condition"]
    assert condition["code"]["coding"][0]["code"] == "J00"
    [medicine] = encounter["Medication"]
    assert medicine["finance"] == {"qty": 20, "unitPrice": 0.5, "totalPrice": 10.0}
    assert medicine["code"]["coding"][0]["code"] == "228416"
    assert medicine["statement"]["dosage"][0]["text"] == "ครั้งละ 1 เม็ด เวลามีไข้"


def test_a_stay_is_an_inpatient_encounter_under_its_admission_number(payloads) -> None:
    encounter = payloads()["690000001"]["Encounter"][0]
    assert encounter["identifier"][0]["type"] == "AN"
    assert encounter["class"]["code"] == "IMP"
    assert encounter["period"] == {"start": "2026-01-05T10:00:00", "end": "2026-01-08T11:00:00"}
    assert encounter["Coverage"][0]["class"][0]["value"] == "SSS"


@pytest.mark.parametrize(("code", "loinc"), [("05", "4548-4"), ("5", "4548-4"), ("0531601", "4548-4"), ("99", None)])
def test_a_laboratory_result_carries_loinc_where_there_is_one(hospital, payloads, code, loinc) -> None:
    hospital.files["LABFU"][0]["LABTEST"] = code
    [found] = payloads()["1002"]["Encounter"][0]["Observation"]
    codes = [coding["code"] for coding in found["code"]["coding"]]
    assert codes == ([loinc, code] if loinc else [code])
    assert found["valueQuantity"] == {"value": 6.5, "unit": "%" if loinc else ""}


def test_screening_feeds_vital_signs_glucose_waist_and_habits(hospital, payloads) -> None:
    hospital.add("NCDSCREEN", PID="P1", SEQ="1003", SMOKE="4", ALCOHOL="1", WEIGHT="70", HEIGHT="170", WAIST_CM="92",
                 SBP_1="140", BSLEVEL="126", BSTEST="1")  # fmt: skip
    hospital.files["SERVICE"][2]["SBP"] = ""
    encounter = payloads()["1003"]["Encounter"][0]
    signs = encounter["vital_signs"]
    assert signs["bp_systolic"]["valueQuantity"]["value"] == 140
    assert signs["body_mass_index"]["valueQuantity"]["value"] == 24.22
    assert {code["code"] for item in encounter["Observation"] for code in item["code"]["coding"]} >= {
        "8280-0",
        "1558-6",
    }
    assert (encounter["screen_smoking"]["code"], encounter["screen_drinking"]["code"]) == ("4", "1")


def test_a_chronic_disease_tells_since_when(hospital, payloads) -> None:
    hospital.files["DIAGNOSIS_OPD"][0]["DIAGCODE"] = "E11.9"
    hospital.add("CHRONIC", PID="P1", DATE_DIAG="20190301", CHRONIC="E119", TYPEDISCH="03")
    [condition] = payloads()["1001"]["Encounter"][0]["Condition"]
    assert condition["onsetDateTime"] == "2019-03-01"
    assert condition["code"]["coding"][0]["code"] == "E119"


def test_the_principal_diagnosis_comes_first(hospital, payloads) -> None:
    hospital.files["DIAGNOSIS_OPD"].insert(
        0, {"HOSPCODE": "10670", "PID": "P1", "SEQ": "1001", "DIAGTYPE": "4", "DIAGCODE": "R05", "CLINIC": "00200"}
    )
    encounter = payloads()["1001"]["Encounter"][0]
    assert [item["code"]["coding"][0]["code"] for item in encounter["Condition"]] == ["J00", "R05"]
    assert encounter["division"]["code"] == "01"


def test_the_hiv_result_of_an_antenatal_record_is_nowhere(hospital, tmp_path, payloads) -> None:
    folder = hospital.folder(tmp_path / "in")
    columns = "HOSPCODE|PID|GRAVIDA|LMP|EDC|VDRL_RESULT|HB_RESULT|HIV_RESULT"
    (folder / "prenatal.txt").write_text(f"{columns}\n10670|P2|1|20250801||1|1|POSITIVEHIV\n")
    assert "POSITIVEHIV" not in json.dumps(payloads())


def test_the_hash_changes_with_the_content_and_with_nothing_else(hospital, tmp_path) -> None:
    def hashes(place: str) -> dict[str, str]:
        with opened(hospital.folder(tmp_path / place), "10670", workspace=tmp_path, refs=RefRule()) as export:
            return {v.ref: build(v, HOSPITAL).hash for on, _ in export.days() for v in export.visits(on)}

    before = hashes("a")
    assert hashes("b") == before
    hospital.files["DIAGNOSIS_OPD"][0]["DIAGCODE"] = "J01"
    after = hashes("c")
    assert {ref for ref in before if before[ref] != after[ref]} == {"1001"}


CELLS = st.one_of(
    st.sampled_from(["", "0", "1", "-", "NULL", "20260105", "20260105081500", "00000000", "E119", "0100", "9.5", "๙"]),
    st.text(st.characters(blacklist_characters="|\r\n", blacklist_categories=["Cs"]), max_size=12),
)  # fmt: skip


def rows_of(entity: str) -> st.SearchStrategy[Row]:
    names = FILES[entity].all
    at = {name: index for index, name in enumerate(names)}
    return st.lists(CELLS, max_size=len(names)).map(lambda cells: Row(at, cells))


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    is_stay = draw(st.booleans())
    own = draw(rows_of("ADMISSION" if is_stay else "SERVICE"))
    children = ("DIAGNOSIS_IPD", "DRUG_IPD", "PROCEDURE_IPD", "CHARGE_IPD") if is_stay else (
        "DIAGNOSIS_OPD", "DRUG_OPD", "PROCEDURE_OPD", "CHARGE_OPD")  # fmt: skip
    children += ("LABFU", "CHRONICFU", "NCDSCREEN", "EPI", "APPOINTMENT")
    rows = {name: draw(st.lists(rows_of(name), max_size=2)) for name in children}
    persons = {
        name: draw(st.lists(rows_of(name), max_size=2)) for name in ("ADDRESS", "CARD", "DRUGALLERGY", "CHRONIC")
    }
    return Visit("1", date(2026, 1, 5), is_stay, own, rows, Person("P1", draw(rows_of("PERSON")), persons))


@given(visits())
@settings(max_examples=300, deadline=None)
def test_whatever_the_cells_hold_the_payload_is_well_formed(visit: Visit) -> None:
    payload = payload_of(visit)
    assert payload["Encounter"][0]["identifier"][0]["value"] == "1"
    assert len(payload["Encounter"]) == 1
    for key in ("Coverage", "Observation", "Condition", "Medication", "Claim", "Appointment", "Immunization"):
        assert isinstance(payload["Encounter"][0][key], list)


def test_a_clean_season_of_invented_people_earns_no_remark(tmp_path: Path) -> None:
    out = tmp_path / "f43.zip"
    end = date(2026, 6, 30)
    write_export(out, people=40, months=3, seed=3, hcode="10670", end=end, dirty=0, with_cast=False)
    remarks: set[tuple[str, str]] = set()
    with opened(out, "10670", workspace=tmp_path, refs=RefRule()) as export:
        hospital = Hospital("10670", "โรงพยาบาลทดสอบ", export.officers)
        for on, _ in export.days():
            for visit in export.visits(on):
                remarks.update(findings_of(json.loads(build(visit, hospital).body)))
    assert remarks == set()
