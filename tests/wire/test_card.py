"""What a chip's bytes say, and what a station signs, by table and by property."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morprom_wire.card import (
    FIELDS,
    PAGE_SAYS,
    PHOTO_BLOCKS,
    SELECT,
    STATION_SAYS,
    born,
    card_says,
    fingerprint,
    get_response,
    jpeg_of,
    parts,
    photo_offset,
    read_command,
    signed_bytes,
    text,
)
from morprom_wire.cid import check_digit

ROOT = Path(__file__).parents[2]
TO_WINDOWS = {"stations", "asked", "done", "press"}

STATION = UUID(int=7)
AT = datetime(2026, 4, 1, 9, 0, 0, 123_000, tzinfo=UTC)
CID = "199000000041" + str(check_digit("199000000041"))
RAW = {field.name: b" " * field.length for field in FIELDS} | {
    "cid": CID.encode(),
    "name_th": "นาย#มานะ##สมมติ".encode("tis-620").ljust(100),
    "birth_on": b"25430229",
}


def test_commands_are_the_ones_that_the_card_knows() -> None:
    assert SELECT.hex() == "00a4040008a000000054480001"
    assert [(field.name, read_command(field.offset, field.length).hex()) for field in FIELDS] == [
        ("cid", "80b0000402000d"), ("name_th", "80b00011020064"), ("name_en", "80b00075020064"),
        ("birth_on", "80b000d9020008"), ("gender", "80b000e1020001"), ("issuer", "80b000f6020064"),
        ("issued_on", "80b00167020008"), ("expires_on", "80b0016f020008"), ("address", "80b01579020064"),
    ]  # fmt: skip
    blocks = [read_command(photo_offset(block), 255).hex() for block in range(PHOTO_BLOCKS)]
    assert (blocks[0], blocks[1], blocks[19]) == ("80b0017b0200ff", "80b0027a0200ff", "80b014680200ff")
    assert get_response(13, bytes.fromhex("3b79")).hex() == "00c000000d"
    assert get_response(13, bytes.fromhex("3b67")).hex() == "00c000010d"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("25020409", (date(1959, 4, 9), "day")),
        ("25430229", (date(2000, 2, 29), "day")),
        ("24830000", (date(1940, 1, 1), "year")),
        ("24830500", (date(1940, 5, 1), "month")),
        ("24830012", (date(1940, 1, 1), "year")),
        ("25440229", None),
        ("25021301", None),
        ("99999999", None),
        ("00000000", None),
        ("2502040", None),
        ("", None),
        ("๒๕๐๒๐๔๐๙", None),
    ],
)
def test_dates_of_the_buddhist_era_may_lack_month_and_day(said: str, found: object) -> None:
    assert born(said) == found


def test_an_address_is_one_line() -> None:
    raw = "99/9#หมู่ที่ 1####ถนน  สมมติ#จังหวัดสมมติ".encode("tis-620") + b"\0 \0"
    assert parts(raw) == "99/9 หมู่ที่ 1 ถนน สมมติ จังหวัดสมมติ"
    assert text(b"A\xff\xdbB\x00 ") == "AB"


@pytest.mark.parametrize(
    "changed",
    [{"cid": b"1990000000000"}, {"cid": b" " * 13}, {"name_th": b"###".ljust(100)}, {"birth_on": b"00000000"}],
)
def test_a_chip_that_does_not_say_who_it_is_says_nothing(changed: dict[str, bytes]) -> None:
    assert card_says(RAW | changed) is None
    assert card_says(RAW)


@given(st.binary(max_size=120), st.sampled_from([field.name for field in FIELDS]))
def test_no_bytes_of_a_chip_break_anything(raw: bytes, name: str) -> None:
    said = card_says(RAW | {name: raw})
    assert said is None or said["cid"] == CID


@given(st.binary(max_size=5100))
def test_a_photo_is_a_jpeg_or_nothing(raw: bytes) -> None:
    photo = jpeg_of(raw)
    assert photo == b"" or (photo[:2] == b"\xff\xd8" and photo[-2:] == b"\xff\xd9")


def test_whatever_is_signed_changes_the_bytes() -> None:
    plain = signed_bytes(STATION, "n", AT, b"f", b"p")
    assert plain == signed_bytes(STATION, "n", AT.astimezone(timezone(timedelta(hours=7))), b"f", b"p")
    assert plain == signed_bytes(STATION, "n", AT + timedelta(microseconds=999), b"f", b"p")
    others = [
        signed_bytes(UUID(int=8), "n", AT, b"f", b"p"), signed_bytes(STATION, "m", AT, b"f", b"p"),
        signed_bytes(STATION, "n", AT + timedelta(milliseconds=1), b"f", b"p"),
        signed_bytes(STATION, "n", AT, b"fp", b""), signed_bytes(STATION, "n", AT, b"f", b"q"),
        signed_bytes(STATION, "n", AT, b"f", b"p", is_simulated=True),
    ]  # fmt: skip
    assert len({plain, *others}) == 7


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_time_survives_its_travel_as_text(at: datetime) -> None:
    """What a station signs and what the platform reads from the JSON are the same milliseconds."""
    sent = datetime.fromisoformat(at.isoformat(timespec="milliseconds"))
    assert signed_bytes(STATION, "n", at, b"", b"") == signed_bytes(STATION, "n", sent, b"", b"")


def test_a_fingerprint_is_sixteen_letters() -> None:
    assert re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", fingerprint(b"key"))
    assert fingerprint(b"key") != fingerprint(b"kez")


def _types(*files: str) -> set[str]:
    """Types of messages that programs make or tell apart, as they stand in their source."""
    texts = [(ROOT / file).read_text() for file in files]
    return {name for text in texts for name in re.findall(r"""["']?type["']?: ["'](\w+)["']""", text)}


def test_what_page_and_station_say_to_each_other_is_what_is_written_down() -> None:
    doors, station = "src/morprom/doors", "agent/src/morprom_agent/card"
    scripts = (f"{doors}/counter/assets/station.js", f"{doors}/pages/assets/card.js")
    assert _types(*scripts) == set(PAGE_SAYS)
    assert _types(f"{station}/server.py") == set(PAGE_SAYS) - {"hello"}  # which is asked for before all others
    assert _types(f"{station}/desk.py") - TO_WINDOWS == set(STATION_SAYS)
    for script in scripts:
        text = (ROOT / script).read_text()
        assert {kind for kind in STATION_SAYS if re.search(rf"\b{kind}(\(|:)", text)} == set(STATION_SAYS)
