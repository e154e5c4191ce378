"""Scalars of the wire, by table and by property."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morprom.mophphr import normal

MORNING = datetime(2017, 11, 14, 8, 15, 17)  # noqa: DTZ001 (a wall clock)


@pytest.mark.parametrize(
    "sent",
    [
        "2017-11-14T08:15:17",
        "2017-11-14T08:15:17Z",
        "2017-11-14T08:15:17z",
        "2017-11-14 08:15:17",
        "2017-11-14T08:15:17+07:00",
        "2017-11-14T08:15:17+0700",
        "2017-11-14T01:15:17+00:00",
        "2560-11-14T08:15:17Z",
        "2560-11-14T01:15:17+00:00",
        "2560-11-14 8:15:17",
        "20171114081517",
        "25601114081517",
        " 2017-11-14T08:15:17  ",
    ],
)
def test_every_way_to_write_a_wall_clock_means_the_same(sent: str) -> None:
    assert normal.local_time(sent) == MORNING


def test_milliseconds_survive_or_are_dropped_but_never_move_the_second() -> None:
    for sent in ("2017-11-14T08:15:17.000Z", "2560-11-14T08:15:17.000Z", "2017-11-14T08:15:17.123+07:00"):
        found = normal.local_time(sent)
        assert found is not None
        assert found.replace(microsecond=0) == MORNING


@pytest.mark.parametrize(
    "sent",
    [
        "0000-00-00", "0000-00-00T00:00:00.000Z", "0000-00-00 00:00:00", "", "null", "-", None, 0, [], {}, "1990",
        "2017-13-01", "2017-02-30", "วันนี้", "2017-11-14T25:00:00", "0001-01-01T00:00:00+14:00", "๒๕๖๐-๑๑-๑๔",
        "0543-01-01T00:00:00+99:99",
    ],
)  # fmt: skip
def test_what_is_no_time_is_none(sent: object) -> None:
    assert normal.local_time(sent) is None


@pytest.mark.parametrize(
    ("sent", "born"),
    [
        ("1990-01-01", date(1990, 1, 1)),
        ("1990-01-01T00:00:00.000Z", date(1990, 1, 1)),
        ("2533-01-01", date(1990, 1, 1)),
        ("2567-02-29", date(2024, 2, 29)),
        ("19900101", date(1990, 1, 1)),
        ("0000-00-00", None),
        ("1990-00-00", None),
    ],
)
def test_birth_dates(sent: str, born: date | None) -> None:
    assert normal.birth_date(sent) == born


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        (1, 1), (1.5, 1.5), ("36.5", 36.5), (" 120 ", 120), ("1,250.50", 1250.5), ("-3", -3), (".5", 0.5), ("5.", 5.0),
        ("1e3", 1000.0), ("", None), ("null", None), ("-", None), (None, None), (True, None), ("1e999", None),
        (float("nan"), None), (float("inf"), None), ("NaN", None), ("1_000", None), ("120/80", None), ("๑๒", None),
        ([1], None), ({"value": 1}, None), ("9" * 5000, None),
    ],
)  # fmt: skip
def test_numbers(sent: object, value: float | None) -> None:
    found = normal.number(sent)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("ไข้  ", "ไข้"), (None, ""), ("null", ""), ("NULL", ""), ("-", ""), (" - ", ""), ("", ""), (120102, "120102"),
        (1.5, "1.5"), (True, "true"), ([], ""), ({}, ""),     ],
)  # fmt: skip
def test_text(sent: object, words: str) -> None:
    assert normal.text(sent) == words


def test_an_absurdly_long_integer_has_no_text() -> None:
    assert normal.text(10**5000) == ""


E119 = ("icd", "E119", "เบาหวาน")
E119_OBJECT = {"system": "icd", "code": "E119", "display": "เบาหวาน"}


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (E119_OBJECT, [E119]),
        ([E119_OBJECT], [E119]),
        ({"coding": [E119_OBJECT]}, [E119]),
        ({"coding": E119_OBJECT, "text": "x"}, [E119]),
        ([{"coding": [E119_OBJECT]}, {"coding": [E119_OBJECT]}], [E119, E119]),
        ({"coding": [], "text": "ปวดหัว"}, [("", "", "ปวดหัว")]),
        ("ปวดหัว", [("", "", "ปวดหัว")]),
        ({"code": 99}, [("", "99", "")]),
        (None, []),
        ("", []),
        ({"coding": [{"system": None, "code": ""}]}, []),
        ([[[[[[[E119_OBJECT]]]]]]], []),
    ],
)
def test_codings_in_every_shape(sent: object, found: list[tuple[str, str, str]]) -> None:
    assert normal.codings(sent) == found


def test_what_a_person_reads_of_a_concept() -> None:
    assert normal.concept_text({"coding": [E119_OBJECT], "text": "DM"}) == "DM"
    assert normal.concept_text({"coding": [E119_OBJECT]}) == "เบาหวาน"
    assert normal.concept_text([{"coding": [{"code": "E119"}]}]) == "E119"
    assert normal.concept_text([]) == ""


@pytest.mark.parametrize(
    ("sent", "ref"),
    [("VN1", "10670:VN1"), ("10670:VN1", "10670:VN1"), (" VN1 ", "10670:VN1"), ("99999:VN1", "10670:99999:VN1")],
)
def test_a_reference_is_prefixed_once(sent: str, ref: str) -> None:
    assert normal.prefixed_ref("10670", sent) == ref
    assert normal.prefixed_ref("10670", ref) == ref


@pytest.mark.parametrize(
    ("sent", "sex"),
    [("male", "M"), ("F", "F"), (1, "M"), ("2", "F"), ("Female", "F"), ("", ""), ("unknown", ""), (None, ""), ([], "")],
)
def test_gender(sent: object, sex: str) -> None:
    assert normal.gender(sent) == sex


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["coding", "text", "system", "code", "display", "x"]), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(JSON)
def test_no_value_makes_a_reader_of_scalars_raise(value: object) -> None:
    normal.local_time(value)
    normal.birth_date(value)
    normal.number(value)
    normal.text(value)
    normal.codings(value)
    normal.concept_text(value)
    normal.gender(value)


@given(st.text(alphabet="0123456789-/:TZ+. ", max_size=30))
def test_nothing_like_a_date_makes_the_clock_raise(text: str) -> None:
    found = normal.local_time(text)
    assert found is None or found.tzinfo is None


@given(st.datetimes(datetime(1858, 1, 1), datetime(2399, 12, 31)))  # noqa: DTZ001
def test_a_wall_clock_survives_the_false_z_and_the_buddhist_era(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert normal.local_time(f"{whole:%Y-%m-%dT%H:%M:%S}.000Z") == whole
    assert normal.local_time(f"{whole.year + 543}-{whole:%m-%d %H:%M:%S}") == whole
