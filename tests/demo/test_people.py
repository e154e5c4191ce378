"""The demo knows its own people, so that a slip for one of them takes nothing but their number."""

from datetime import date

import pytest

from morprom.cli.person import slip
from morprom.demo import known_person
from morprom.demo.people import how_to_begin
from morprom.kernel import Problem, Settings
from morprom.synth import CAST
from morprom_wire.cid import check_digit

TODAY = date(2026, 11, 23)
NOBODY = "199009999999"


def test_the_cast_are_known_by_their_numbers_as_the_demo_sends_them() -> None:
    somsri = known_person(CAST[0].cid, TODAY)
    assert somsri
    assert somsri.name.split("#") == ["นาง", CAST[0].given, "", CAST[0].surname]
    assert somsri.born == date(2026 - CAST[0].turns, *CAST[0].birthday)
    assert known_person(NOBODY + str(check_digit(NOBODY)), TODAY) is None


def test_a_slip_for_somebody_else_takes_their_date_of_birth() -> None:
    with pytest.raises(Problem) as refused:
        slip(NOBODY + str(check_digit(NOBODY)), born=None)
    assert refused.value.code == "BORN_MISSING"


def test_the_lines_to_begin_with_name_the_place_that_passkeys_know() -> None:
    said = how_to_begin(Settings(public_url="http://localhost:8123", data="somewhere")).plain
    assert "http://localhost:8123/id" in said
    assert f"person slip {CAST[0].cid} --data somewhere" in said
