"""Lists of units as ministries and hospitals really write them, and their accounts."""

from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from morprom.kernel import Hcode, Problem, Secret
from morprom.storage import Database, KeyKind, KeyRing, Tx
from morprom.units import Directory, Permission, ref_key
from morprom.units.administration import (
    UnitEntry,
    accounts,
    province_code,
    read_roster,
    rewrap_keys,
    roster,
    upload_tokens,
)
from units.cast import KHON_KAEN, MORNING, PASSWORD, Time, two_hospitals

DIRTY = (
    "รายชื่อหน่วยบริการ,,,,,,\r\n"
    ",,,,,,\r\n"
    "รหัส 5 หลัก,ชื่อ,ประเภทหน่วยบริการสุขภาพ,จังหวัด,อำเภอ/เขต,เขตบริการ,เตียงที่ใช้จริง\r\n"
    '10670,  โรงพยาบาล  ขอนแก่น ,โรงพยาบาลศูนย์,จังหวัดขอนแก่น,เมืองขอนแก่น,7,"1,008"\r\n'
    "1234,รพ.สต.บ้านทดสอบ,รพ.สต.,40,ชุมแพ,,\r\n"
    ",ไม่มีรหัส,,,,,\r\n"
    "10671,,โรงพยาบาลศูนย์,อุดรธานี,เมือง,8,900\r\n"
    "10672,โรงพยาบาลอะไร,,เมืองที่ไม่มี,,,\r\n"
    "10670,โรงพยาบาลขอนแก่นอีกครั้ง,,,,,\r\n"
    "\r\n"
    "13814,โรงพยาบาลศิริราช,,กทม.,บางกอกน้อย,4,\r\n"
    "AA0001234,สำนักงาน,,,,เขตสุขภาพที่ 9,-\r\n"
    "10673,เขตเกิน,,,,14,\r\n"
)
GOOD = [
    UnitEntry(Hcode("10670"), "โรงพยาบาล ขอนแก่น", "โรงพยาบาลศูนย์", "40", "เมืองขอนแก่น", 7, 1008),
    UnitEntry(Hcode("01234"), "รพ.สต.บ้านทดสอบ", "รพ.สต.", "40", "ชุมแพ", 7, None),
    UnitEntry(Hcode("13814"), "โรงพยาบาลศิริราช", "", "10", "บางกอกน้อย", 13, None),
    UnitEntry(Hcode("AA0001234"), "สำนักงาน", "", None, "", 9, None),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_dirty_thai_csv_gives_its_good_rows_and_names_the_faulty_ones(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    file = tmp_path / "units.csv"
    file.write_bytes(DIRTY.replace('"1,008"', "1008").replace(",", delimiter).encode(encoding))
    read = read_roster(file)
    assert read.entries == GOOD
    assert [(row.number, row.why.en) for row in read.faulty] == [
        (6, "the hospital code is not 5 digits or 9 characters"),
        (7, "the name is empty"),
        (8, "there is no such province"),
        (9, "the code is already in row 4"),
        (13, "the health region is 1 to 13"),
    ]


def test_an_excel_list_reads_like_a_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in (
        ["hcode", "name", "type", "province", "district", "region", "beds"],
        [10670.0, "โรงพยาบาล ขอนแก่น", "โรงพยาบาลศูนย์", 40, "เมืองขอนแก่น", 7, 1008],
        [1234, "รพ.สต.บ้านทดสอบ", "รพ.สต.", "ขอนแก่น", "ชุมแพ", None, None],
        [None, None, None],
        ["99", None],
    ):
        sheet.append(cells)
    book.save(tmp_path / "units.xlsx")
    read = read_roster(tmp_path / "units.xlsx")
    assert read.entries == GOOD[:2]
    assert [row.number for row in read.faulty] == [5]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "ROSTER_HEADER"),
        (b"a,b\n1,2\n", "ROSTER_HEADER"),
        (b"PK\x03\x04 not really", "ROSTER_UNREADABLE"),
        (b"\xd0\xcf\x11\xe0", "ROSTER_UNREADABLE"),
        (b'hcode,name\n10670,"' + b"x" * 200_000, "ROSTER_UNREADABLE"),
    ],
)
def test_a_file_that_is_no_list_says_so(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "list").write_bytes(content)
    with pytest.raises(Problem, match=code):
        read_roster(tmp_path / "list")


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="ROSTER_UNREADABLE"):
        read_roster(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("40", "40"),
        ("ขอนแก่น", "40"),
        ("จ.ขอนแก่น", "40"),
        ("กทม.", "10"),
        ("กรุงเทพมหานคร", "10"),
        ("", None),
        ("99", None),
    ],
)
def test_provinces_by_code_and_by_name(text: str, code: str | None) -> None:
    assert province_code(text) == code


async def test_a_list_read_again_adds_nothing_and_a_changed_row_updates(tx: Tx, ring: KeyRing) -> None:
    assert await roster.enrol(tx, ring, GOOD) == roster.Enrolment(4, 0, 0)
    assert await roster.enrol(tx, ring, GOOD) == roster.Enrolment(0, 0, 4)
    renamed = [UnitEntry(KHON_KAEN, "โรงพยาบาลขอนแก่น"), *GOOD[1:]]
    assert await roster.enrol(tx, ring, renamed) == roster.Enrolment(0, 1, 3)
    units = {unit.hcode: unit for unit in await roster.listed(tx)}
    assert units[KHON_KAEN].entry == UnitEntry(
        KHON_KAEN, "โรงพยาบาลขอนแก่น", "โรงพยาบาลศูนย์", "40", "เมืองขอนแก่น", 7, 1008
    )


async def test_a_unit_keeps_its_ref_key_through_updates_and_rewraps(tx: Tx, ring: KeyRing) -> None:
    await roster.enrol(tx, ring, GOOD)
    key = await ref_key(tx, ring, KHON_KAEN)
    assert len(key.reveal()) == 32
    assert await ref_key(tx, ring, "13814") != key
    await roster.enrol(tx, ring, [UnitEntry(KHON_KAEN, "ชื่อใหม่")])
    ring.make_current(KeyKind.UNIT_WRAP, ring.accept_new(KeyKind.UNIT_WRAP))
    assert await rewrap_keys(tx, ring) == 4
    assert await rewrap_keys(tx, ring) == 0
    ring.retire(KeyKind.UNIT_WRAP, 1)
    assert await ref_key(tx, ring, KHON_KAEN) == key


async def test_a_unit_that_nobody_added_has_no_ref_key(tx: Tx, ring: KeyRing) -> None:
    with pytest.raises(Problem, match="UNIT_UNKNOWN"):
        await ref_key(tx, ring, "10671")


async def test_a_directory_meets_new_units_at_once_and_new_names_within_half_a_minute(
    database: Database, ring: KeyRing
) -> None:
    clock = Time()
    directory = Directory(database.transaction, ring, clock.seconds)
    assert await directory.unit(KHON_KAEN) is None
    await two_hospitals(database, ring)
    found = await directory.unit(KHON_KAEN)
    assert found is not None
    assert (found.region, found.is_test) == (7, False)
    async with database.transaction() as tx:
        await roster.enrol(tx, ring, [UnitEntry(KHON_KAEN, "ชื่อใหม่")])
        key = await ref_key(tx, ring, KHON_KAEN)
    clock.unix += 31
    assert (await directory.organizations())[KHON_KAEN].name == "ชื่อใหม่"
    assert await directory.ref_key(KHON_KAEN) == key


async def test_an_account_is_one_of_its_unit(tx: Tx, ring: KeyRing) -> None:
    await roster.enrol(tx, ring, GOOD)

    async def add(hcode: str, login: str = "agent") -> None:
        wanted = accounts.NewAccount(Hcode(hcode), login, [Permission.HIE])
        await accounts.add(tx, wanted, PASSWORD, "key")

    await add("10670")
    await add("13814")
    for hcode, login, code in (
        ("10670", "agent", "ACCOUNT_EXISTS"),
        ("10671", "agent", "UNIT_UNKNOWN"),
        ("10670", "a b", "LOGIN_INVALID"),
    ):
        with pytest.raises(Problem, match=code):
            await add(hcode, login)
    with pytest.raises(Problem, match="ACCOUNT_AMBIGUOUS"):
        await accounts.disable(tx, "agent", None, MORNING)
    with pytest.raises(Problem, match="ACCOUNT_UNKNOWN"):
        await accounts.disable(tx, "nobody", None, MORNING)
    disabled = await accounts.disable(tx, "agent", "13814", MORNING)
    await accounts.disable(tx, "agent", "13814", MORNING + timedelta(days=1))
    assert [account.disabled_at for account in await accounts.listed(tx)] == [None, MORNING]
    assert [account.account_id for account in await accounts.listed(tx, "13814")] == [disabled.account_id]


async def test_a_password_has_eight_characters_at_least_and_is_stored_as_argon2id(tx: Tx, ring: KeyRing) -> None:
    await roster.enrol(tx, ring, GOOD)
    wanted = accounts.NewAccount(KHON_KAEN, "agent", [Permission.HIE])
    with pytest.raises(Problem, match="PASSWORD_SHORT"):
        await accounts.add(tx, wanted, Secret("1234567"), "key")
    await accounts.add(tx, wanted, accounts.make_password(), "key")
    assert (await tx.fetchval("select verifier from account")).startswith("$argon2id$")


async def test_an_upload_token_is_stored_as_its_hash(tx: Tx, ring: KeyRing) -> None:
    await roster.enrol(tx, ring, GOOD)
    made = await upload_tokens.make(tx, KHON_KAEN, MORNING)
    hcode, _, secret = made.reveal().partition(":")
    assert hcode == KHON_KAEN
    assert len(secret) == 43
    assert secret.encode() not in await tx.fetchval("select token_hash from upload_token")
    with pytest.raises(Problem, match="UNIT_UNKNOWN"):
        await upload_tokens.make(tx, Hcode("10671"), MORNING)
