"""Rules that keep a visit back, each by its reason."""

from datetime import datetime

import pytest

from morprom_agent.export import RefRule, opened
from morprom_agent.filters import REASONS, Filters
from morprom_agent.given import gather

NOW = datetime.fromisoformat("2026-02-01T12:00")


@pytest.fixture
def reasons(hospital, tmp_path):
    """Why each visit is not sent under these settings; visits that are sent are left out."""

    def read(now: datetime = NOW, **given: str) -> dict[str, str]:
        filters = Filters.of(gather({"hcode": "10670", **given}, {}, None))
        source = hospital.folder(tmp_path / "in")
        with opened(source, "10670", workspace=tmp_path, refs=RefRule()) as export:
            found = {v.ref: filters.why_not(v, now) for on, _ in export.days() for v in export.visits(on)}
        return {ref: why for ref, why in found.items() if why}

    return read


def test_a_visit_in_order_is_sent(reasons) -> None:
    assert reasons() == {}


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"CID": ""}, "cid_missing"),
        ({"CID": "0000000000000"}, "cid_missing"),
        ({"CID": "1990000000011"}, "cid_wrong"),
        ({"CID": "199000000001"}, "cid_wrong"),
        ({"CID": "0000012345674"}, "cid_made_up"),
        ({"CID": "1067000000005"}, "cid_made_up"),
        ({"NAME": "", "LNAME": ""}, "no_name"),
        ({"PID": "P77"}, "no_person"),
    ],
)
def test_what_is_wrong_with_the_person(hospital, reasons, cells, why) -> None:
    from morprom_wire.cid import check_digit

    if why == "cid_made_up":
        cells = {"CID": cells["CID"][:12] + str(check_digit(cells["CID"][:12]))}
    hospital.files["PERSON"][0].update(cells)
    assert reasons() == {"1001": why, "1003": why}
    if why == "cid_made_up":
        assert reasons(send_made_up_cid="true") == {}


def test_the_shared_test_person_is_sent(hospital, reasons) -> None:
    hospital.files["PERSON"][0]["CID"] = "0000000000001"
    assert reasons() == {}


def test_a_stay_without_discharge_waits(hospital, reasons) -> None:
    hospital.files["ADMISSION"][0]["DATETIME_DISCH"] = "00000000000000"
    assert reasons() == {"690000001": "still_admitted"}


@pytest.mark.parametrize(("typeout", "given", "why"), [("7", {}, True), ("8", {}, True), ("2", {}, False),
                                                       ("8", {"skip_typeout": ""}, False)])  # fmt: skip
def test_who_did_not_wait_is_not_sent(hospital, reasons, typeout, given, why) -> None:
    hospital.files["SERVICE"][0]["TYPEOUT"] = typeout
    assert reasons(**given) == ({"1001": "did_not_wait"} if why else {})


def test_a_visit_waits_until_its_notes_are_complete(reasons) -> None:
    just_after = datetime.fromisoformat("2026-01-06T09:00")
    assert reasons(just_after)["1003"] == "too_recent"
    assert "1003" not in reasons(just_after, delay_hours="0")
    assert "1003" not in reasons(datetime.fromisoformat("2026-01-06T10:15"))


@pytest.mark.parametrize(
    ("codes", "code", "hit"),
    [("B20-B24,Z21", "B23.1", True), ("B20-B24,Z21", "Z21", True), ("B20-B24", "B25", False), ("Z11.4", "Z114", True),
     ("Z11.4", "Z113", False), ("F", "F20", True)],
)  # fmt: skip
def test_diagnoses_on_the_do_not_send_list(hospital, reasons, codes, code, hit) -> None:
    hospital.files["DIAGNOSIS_OPD"][0]["DIAGCODE"] = code
    if codes == "F":
        codes = "F00-F99"
    assert reasons(skip_icd10=codes) == ({"1001": "diagnosis_listed"} if hit else {})


@pytest.mark.parametrize(("clinics", "hit"), [("01", True), ("00100", True), ("09", False)])
def test_clinics_on_the_do_not_send_list(reasons, clinics, hit) -> None:
    assert ("1001" in reasons(skip_clinics=clinics)) is hit


def test_visits_that_share_a_ref_are_kept_back(hospital, reasons) -> None:
    hospital.visit(2, "1001", "20260105")
    assert reasons() == {"1001": "ref_shared"}


def test_every_reason_has_words_and_a_way_to_mend_it() -> None:
    assert all(len(words) == 3 and all(words) for words in REASONS.values())
