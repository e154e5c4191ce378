"""Facts of the wire that platform and agent agree on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morprom_wire.cid import TEST_CID, check_digit, is_cid, is_made_up
from morprom_wire.coverage import GROUP_NAMES, group_of
from morprom_wire.files43 import FILES
from morprom_wire.labs import BY_43_FILE_CODE, BY_LOINC, LABS
from morprom_wire.sign_in import password_hash

TWELVE = st.from_regex(r"[0-9]{12}", fullmatch=True)


@given(TWELVE)
def test_twelve_digits_and_their_check_digit_are_a_citizen_number(twelve: str) -> None:
    assert is_cid(f"{twelve}{check_digit(twelve)}")


@given(TWELVE, st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_noticed_or_stays_a_number_of_the_same_check(twelve: str, at: int, shift: int) -> None:
    cid = f"{twelve}{check_digit(twelve)}"
    wrong = cid[:at] + str((int(cid[at]) + shift) % 10) + cid[at + 1 :]
    assert is_cid(wrong) == (check_digit(wrong[:12]) == int(wrong[12]))


@pytest.mark.parametrize(
    "text", ["", "199000000001", "19900000000011", "๑๙๙๐๐๐๐๐๐๐๐๐๑", "1990000000O01", " 990000000001"]
)
def test_what_is_not_thirteen_ascii_digits_is_no_citizen_number(text: str) -> None:
    assert not is_cid(text)


def test_a_hospitals_own_numbers_are_told_from_those_of_the_registry() -> None:
    assert is_made_up("1067000000123", "10670")
    assert is_made_up("0000012345678", "10670")
    assert not is_made_up("1990000000014", "10670")
    assert not is_made_up("0100000000012", "10670"), "class 0 is the registry's"
    assert not is_made_up(TEST_CID, "10670")


@pytest.mark.parametrize(
    ("instype", "group"),
    [("0100", "UCS"), ("1100", "OFC"), ("2101", "LGO"), ("3100", "SEN"), ("4200", "SSS"), ("9100", "SP"),
     ("8100", "OTHER"), ("", "OTHER"), ("42", "OTHER")],
)  # fmt: skip
def test_rights_fall_into_groups(instype: str, group: str) -> None:
    assert group_of(instype) == group
    assert group in GROUP_NAMES


def test_every_laboratory_code_leads_back_to_its_test() -> None:
    for lab in LABS:
        for code in filter(None, (lab.old, lab.new)):
            assert BY_43_FILE_CODE[code] is lab
        for loinc in lab.loinc:
            assert loinc in BY_LOINC


def test_the_password_hash_is_that_of_the_published_manuals() -> None:
    assert password_hash("secret") == password_hash("secret").lower()
    assert len(password_hash("secret")) == 64
    assert password_hash("secret") != password_hash("secret", "another key")


def test_files_name_no_column_twice_and_begin_with_the_hospital() -> None:
    for name, columns in FILES.items():
        assert columns.all[0] == "HOSPCODE", name
        assert len(set(columns.all)) == len(columns.all), name
