"""What was done comes to a level, and the table says why."""

from itertools import product
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from morprom.assurance import Amr, Checks, Table, derive_aal, derive_ial, table, tables
from morprom.assurance.rules import OF_AMR, OF_CHECKS

THAI = table()
CARD = Checks(evidence="id-card", appearance=True)
CHIP = msgspec.structs.replace(CARD, chip_read=True, station_signed=True)
VALID: dict[str, Any] = {"dopa_status": "valid", "dopa_by": "chip"}
OFFICER: dict[str, Any] = {"face": "officer", "face_matches": True, "channel": "counter"}


@pytest.mark.parametrize(
    ("checks", "level"),
    [
        (Checks(), "1.1"),
        (CARD, "1.2"),
        (msgspec.structs.replace(CARD, dopa_status="valid", dopa_by="laser-code"), "1.3"),
        (CHIP, "1.3"),
        (msgspec.structs.replace(CHIP, dopa_status="not-valid"), "1.2"),
        (msgspec.structs.replace(CHIP, dopa_status="unreachable"), "1.3"),
        (msgspec.structs.replace(CHIP, **OFFICER, face_with="printed-photo"), "2.1"),
        (msgspec.structs.replace(CHIP, **OFFICER, face_with="chip-photo", **VALID), "2.3"),
        (msgspec.structs.replace(CHIP, **OFFICER | {"channel": "remote"}, face_with="chip-photo", **VALID), "1.3"),
        (msgspec.structs.replace(CARD, face="service", face_matches=True, liveness=True, **VALID), "2.2"),
        (msgspec.structs.replace(CHIP, face="service", face_matches=True, liveness=True, **VALID), "2.3"),
        (msgspec.structs.replace(CHIP, face="service", face_matches=True, liveness=False, **VALID), "1.3"),
        (msgspec.structs.replace(CHIP, **OFFICER | {"face_matches": False}, face_with="chip-photo", **VALID), "1.3"),
        (
            Checks(
                evidence="birth-certificate", appearance=True, guardian=True, second_officer=True, channel="counter"
            ),
            "2.1",
        ),
        (Checks(evidence="birth-certificate", appearance=True, guardian=True, channel="counter"), "1.1"),
        (Checks(upstream="thaid", upstream_ial="1.2"), "1.1"),
        (Checks(upstream="thaid", upstream_ial="1.3"), "1.3"),
        (Checks(upstream="thaid", upstream_ial="2.1"), "2.1"),
        (Checks(upstream="thaid", upstream_ial="2.3"), "2.3"),
        (Checks(upstream="thaid", upstream_ial="3"), "2.3"),
        (Checks(upstream_ial="2.3"), "1.1"),
    ],
)
def test_checks_come_to_the_level_of_the_thai_table(checks: Checks, level: str) -> None:
    assert derive_ial(checks, THAI).level == level


def test_a_chip_read_elsewhere_than_at_an_enrolled_station_is_no_chip() -> None:
    unsigned = msgspec.structs.replace(CHIP, station_signed=False, **OFFICER, face_with="chip-photo", **VALID)
    assert derive_ial(unsigned, THAI).level == "2.1"


@pytest.mark.parametrize(
    ("amr", "level"),
    [
        (set[Amr](), ""),
        ({Amr.OTP}, "1"),
        ({Amr.RECOVERY}, "1"),
        ({Amr.PIN, Amr.OTP}, "2.1"),
        ({Amr.PASSWORD, Amr.OTP, Amr.SMS}, "2.1"),
        ({Amr.SOFTWARE_KEY}, "1"),
        ({Amr.SOFTWARE_KEY, Amr.USER}, "2.2"),
        ({Amr.PIN, Amr.SOFTWARE_KEY}, "2.2"),
        ({Amr.HARDWARE_KEY, Amr.USER}, "3"),
        ({Amr.HARDWARE_KEY}, "1"),
        ({Amr.FEDERATED}, "1"),
        ({Amr.FEDERATED, Amr.MULTI_FACTOR}, "2.1"),
    ],
)
def test_what_was_done_to_sign_in_comes_to_a_level(amr: set[Amr], level: str) -> None:
    assert derive_aal(amr, THAI).level == level


def test_the_explanation_says_what_was_held_and_what_the_next_level_lacks() -> None:
    derived = derive_ial(msgspec.structs.replace(CHIP, **OFFICER, face_with="chip-photo"), THAI)
    assert (derived.level, derived.next_level, derived.table) == ("2.1", "2.2", "etda-2564")
    assert "an officer compares" not in str(derived.because)
    assert [words.en for words in derived.because][:2] == [
        "there is a Thai ID card",
        THAI.condition["status-or-chip"].en,
    ]
    assert all(words.th and words.en for words in (*derived.because, *derived.missing))
    assert not derived.is_confirmed


def test_nobody_is_told_to_be_proofed_elsewhere() -> None:
    for checks in (Checks(), CARD, CHIP, Checks(upstream="thaid", upstream_ial="2.1")):
        assert "ThaID" not in str(derive_ial(checks, THAI).missing)
    assert "ThaID" in str(derive_ial(Checks(upstream="thaid", upstream_ial="2.1"), THAI).because)


def test_no_level_that_is_not_offered_is_ever_reached() -> None:
    everything = msgspec.structs.replace(
        CHIP, **OFFICER | {"face": "service"}, liveness=True, contact="otp", chip_authenticated=True, guardian=True,
        second_officer=True, **VALID,
    )  # fmt: skip
    assert derive_ial(everything, THAI).level == "2.3"
    assert derive_ial(everything, THAI).next_level == ""


@pytest.mark.parametrize("name", tables())
def test_every_condition_that_a_table_names_exists_and_has_words(name: str) -> None:
    by = table(name)
    assert by.name == name
    for rows, conditions in ((by.ial, OF_CHECKS), (by.aal, OF_AMR)):
        named = {need for row in rows for way in row.ways for need in way.needs}
        assert named <= set(conditions)
        assert named <= set(by.condition)
        assert [row.level for row in rows] == sorted(row.level for row in rows)
        assert all(row.ways for row in rows if row.offered)
    assert all(row.absolute > 0 for row in by.aal)


@pytest.mark.parametrize(
    ("level", "absolute", "idle"), [("1", 2_592_000, None), ("2.1", 43_200, 1_800), ("3", 43_200, 900)]
)
def test_sessions_last_as_the_standard_says(level: str, absolute: int, idle: int | None) -> None:
    limits = THAI.limits(level)
    assert (limits.absolute, limits.idle) == (absolute, idle)


@pytest.mark.parametrize("name", ["", "../etda-2564", "etda-2599", "policies/etda-2564"])
def test_a_table_that_does_not_exist_is_not_found(name: str) -> None:
    with pytest.raises(KeyError):
        table(name)


BOOLEANS = ("appearance", "chip_read", "station_signed", "face_matches", "liveness", "guardian", "second_officer")


@given(st.builds(Checks), st.sampled_from(BOOLEANS), st.sampled_from(sorted(tables())))
def test_one_more_check_never_lowers_a_level(checks: Checks, more: str, name: str) -> None:
    by: Table = table(name)
    before, after = (derive_ial(it, by).level for it in (checks, msgspec.structs.replace(checks, **{more: True})))
    assert before <= after


def test_a_refusal_by_dopa_never_raises_a_level() -> None:
    for evidence, chip in product(("none", "id-card"), (False, True)):
        checks = Checks(evidence=evidence, chip_read=chip, station_signed=chip)  # type: ignore[arg-type]
        refused = msgspec.structs.replace(checks, dopa_status="not-valid")
        assert derive_ial(refused, THAI).level <= derive_ial(checks, THAI).level
