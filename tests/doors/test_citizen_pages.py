"""What people's pages say: faults at their field, waits with the hour, messages with codes, help when all is lost."""

import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from doors.citizens import BORN, Town, cid_of, town_on
from morprom import access
from morprom.access import Actor, current_policy
from morprom.access.ask import ask_for_code
from morprom.doors.citizen.history_words import ACTIONS, REASONS
from morprom.doors.citizen.redeem import birth_date
from morprom.doors.pages import Form
from morprom.kernel import new_id
from morprom.people import Identifier, Inbox, Scheme, find
from morprom.storage import Database, KeyRing
from units.cast import Time

MALEE, OTHER = cid_of(51), cid_of(52)
DAY = {"day": str(BORN.day), "month": str(BORN.month), "year": str(BORN.year + 543)}


@pytest.fixture
async def town(database_url: str, database: Database, ring: KeyRing) -> AsyncIterator[Town]:
    async with town_on(database_url, database, ring, Time()) as town:
        yield town


# Forms


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"cid": "1990000000510"}, "cid"), ({"day": "31", "month": "2"}, "day"), ({"digits": "1234567"}, "digits")],
)
async def test_what_cannot_be_right_is_told_at_its_field_and_is_no_attempt(
    town: Town, wrong: dict[str, str], field: str
) -> None:
    phone = town.browser()
    slip = await town.slip(MALEE)
    right = {"cid": MALEE, "digits": slip.digits.reveal(), **DAY}
    told = [await phone.post("/id/redeem", **(right | wrong)) for _ in range(12)][-1]
    assert told.status_code == 400
    assert f'id="{field}-fault"' in told.text
    assert f'aria-invalid="true" aria-describedby="{field}-fault' in told.text
    assert "<title>ผิดพลาด: " in told.text
    assert f'value="{BORN.year + 543}"' in told.text  # nobody types all of it again
    assert (await phone.post("/id/redeem", **right)).status_code == 200


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        (("9", "4", "2502"), date(1959, 4, 9)), (("9", "4", "1959"), date(1959, 4, 9)), (("31", "2", "2502"), None),
        (("", "4", "2502"), date(1959, 4, 1)), (("", "", "2502"), date(1959, 1, 1)), (("9", "4", ""), None),
    ],
)  # fmt: skip
def test_birth_dates_are_of_either_era_and_may_lack_day_and_month(
    typed: tuple[str, str, str], born: date | None
) -> None:
    assert birth_date(Form(dict(zip(("day", "month", "year"), typed, strict=True)))) == born


async def test_too_many_attempts_are_told_how_long_to_wait_and_until_when(town: Town) -> None:
    stranger = town.browser("203.0.113.99")
    typed = {"cid": MALEE, "pin": "770000", "code": "000000"}
    told = [await stranger.post("/id/sign-in/pin", **typed) for _ in range(6)][-1]
    assert told.status_code == 429
    assert "โปรดรอ 1 นาที ลองใหม่ได้ตั้งแต่เวลา 08:0" in told.text
    assert 0 < int(told.headers["retry-after"]) <= 60


async def test_a_pin_is_not_the_day_of_birth(town: Town) -> None:
    phone = town.browser()
    await town.redeemed(phone, MALEE)
    for pin in ("090402", "590409", "19590409", "25020409"):
        assert "ห้ามใช้วันเกิดของคุณ" in (await phone.post("/id/bind/pin", pin=pin, again=pin)).text, pin
    assert (await phone.post("/id/bind/pin", pin="090403", again="090403")).status_code == 303


async def test_addresses_that_are_not_there_are_told_as_a_page(town: Town) -> None:
    for path in ("/id/nothing", "/id/security/nothing/at/all"):
        told = await town.browser().get(path)
        assert told.status_code == 404
        assert 'lang="th"' in told.text and "ไม่พบหน้านี้" in told.text


async def test_help_and_the_way_to_report_are_open_to_everybody(town: Town) -> None:
    phone = town.browser()
    for path in ("/id/help", "/id/report", "/id/lost"):
        assert (await phone.get(path)).status_code == 200
    await town.with_passkey(phone, MALEE)
    for path in ("/id/help", "/id/report", "/id/notices", "/id/history?all=1"):
        assert (await phone.get(path)).status_code == 200


# Sessions


async def test_a_session_says_how_long_it_holds_and_goes_on_while_somebody_types(town: Town) -> None:
    phone = town.browser()
    await town.with_passkey(phone, MALEE)
    assert 'data-left="1800"' in (await phone.get("/id")).text
    town.clock.unix += 1700
    assert (await phone.speak("/id/stay", {})).json() == {"left": 1800}
    town.clock.unix += 1700
    assert (await phone.get("/id/security")).status_code == 200
    assert (await phone.http.post("/id/stay")).status_code == 403
    town.clock.unix += 1801
    over = await phone.speak("/id/stay", {}, came_from="/id/security/contacts/add")
    assert over.status_code == 401
    assert over.json()["go"].endswith("next=%2Fid%2Fsecurity%2Fcontacts%2Fadd")


async def test_who_redeems_on_a_familys_phone_signs_the_other_out_of_it(town: Town) -> None:
    phone, elsewhere = town.browser(), town.browser("203.0.113.98")
    key = await town.with_passkey(phone, OTHER)
    await elsewhere.sign_in(key)
    await town.with_passkey(phone, MALEE)
    assert (await elsewhere.get("/id/security/sessions")).text.count('/end"') == 0


@pytest.mark.parametrize(
    ("path", "before"),
    [
        ("/id/redeem/code", "/id/redeem"), ("/id/recover/code", "/id/recover"), ("/id/report/code", "/id/report"),
        ("/id/security/contacts/code", "/id/security/contacts"),
    ],
)  # fmt: skip
async def test_a_forms_address_loaded_again_is_the_page_before_it(town: Town, path: str, before: str) -> None:
    assert (await town.browser().get(path)).headers["location"] == before


async def test_who_waits_too_long_before_a_code_comes_back_to_their_contacts(town: Town) -> None:
    phone = town.browser()
    key = await town.with_passkey(phone, MALEE)
    await phone.post("/id/security/contacts/add", mobile="0812223333")
    assert (await phone.post("/id/security/contacts/code", code="0")).status_code == 403
    town.clock.unix += 301
    late = (await phone.post("/id/security/contacts/code", code=town.code())).headers["location"]
    assert late.startswith("/id/sign-in?")
    way = str((await phone.sign_in(key, parse_qs(urlsplit(late).query)["next"][0])).json()["go"])
    assert (await phone.get((await phone.get(way)).headers["location"])).status_code == 200


async def test_an_address_that_is_not_there_is_a_page_for_people_and_an_envelope_for_programs(town: Town) -> None:
    http = town.browser().http
    for path, status in (("/nothing", 404), ("/id/sign-out", 405)):
        page = await http.get(path, headers={"accept": "text/html,*/*;q=0.8"})
        assert (page.status_code, page.headers["content-type"].partition(";")[0]) == (status, "text/html")
        assert 'href="/id"' in page.text and "default-src 'none'" in page.headers["content-security-policy"]
        assert (await http.get(path)).json()["MessageCode"] == status


# Messages


async def asked(town: Town) -> str:
    """A hospital asks for a code; what the message says."""
    async with town.database.transaction() as tx:
        person = await find(tx, town.services.ring, Identifier(Scheme.CID, MALEE))
        assert person
        await ask_for_code(
            tx, town.services.ring, current_policy(), town.services.settings.mode, Inbox(), person=person,
            actor=Actor(new_id(), "10670", "viewer"), unit_name="โรงพยาบาลขอนแก่น",
        )  # fmt: skip
        return (await Inbox().notices(tx, person))[-1].code


async def clock_of_the_database(town: Town) -> None:
    """Codes end by the database's clock."""
    async with town.database.transaction() as tx:
        town.clock.unix = (await tx.fetchval("select extract(epoch from now())::float8")) + 1


async def test_a_code_for_a_hospital_is_shown_to_its_person_and_they_may_end_it(town: Town) -> None:
    phone = town.browser()
    await clock_of_the_database(town)
    await town.with_passkey(phone, MALEE)
    code = await asked(town)
    page = (await phone.get("/id/notices")).text
    assert code in page and "โรงพยาบาลขอนแก่น" in page
    grant = page.split('name="grant" value="')[1].partition('"')[0]
    assert (await phone.post("/id/notices/end", grant="no")).headers["location"] == "/id/notices"
    assert (await phone.post("/id/notices/end", grant=grant)).headers["location"] == "/id/notices"
    async with town.database.transaction() as tx:
        assert await tx.fetchval("select count(*) from otp_grant where ended_at is null") == 0
    page = (await phone.get("/id/notices")).text
    assert code not in page and 'name="grant"' not in page and "รหัสนั้นใช้ไม่ได้แล้ว" in page  # they see that it is done
    assert "ยกเลิกสิทธิที่ให้ไว้" in (await phone.get("/id/history")).text
    town.clock.unix += 7200
    await phone.sign_in(await town.with_passkey(phone, MALEE))
    assert code not in (await phone.get("/id/notices")).text


async def test_a_code_waits_for_whoever_is_not_proofed_for_it_and_says_so(town: Town) -> None:
    phone = town.browser()
    await clock_of_the_database(town)
    await town.with_passkey(phone, MALEE)
    code = await asked(town)
    async with town.database.transaction() as tx:
        await tx.execute("update person_account set ial = '2.1'")
    page = (await phone.get("/id/notices")).text
    assert code not in page
    assert "มีรหัสรออยู่" in page and "นำบัตรประชาชนไปพิสูจน์ตัวตน" in page


async def test_ones_own_reading_is_left_out_of_the_history_until_asked_for(town: Town) -> None:
    phone = town.browser()
    await town.with_passkey(phone, MALEE)
    await phone.get("/id/record/Appointment")
    assert "นัดหมาย" not in (await phone.get("/id/history")).text
    assert "นัดหมาย" in (await phone.get("/id/history?all=1")).text


async def test_guesses_stand_once_a_day_among_what_happened_and_make_no_device_known(town: Town) -> None:
    phone, stranger = town.browser(), town.browser("203.0.113.99")
    key = await town.with_passkey(phone, MALEE)
    for _ in range(9):
        await stranger.post("/id/sign-in/pin", cid=MALEE, pin="770000", code="000000")
    page = (await phone.get("/id/security/events")).text
    assert page.count("มีผู้ใส่รหัสผิดหลายครั้ง") == 1
    assert "203.0.113.99" in page
    told = len(town.sent)
    await stranger.sign_in(key)
    assert len(town.sent) == told + 1  # a new device, to its owner


# Fraud


async def test_who_is_not_signed_in_freezes_an_account_by_a_recovery_code_and_by_nothing_less(town: Town) -> None:
    phone, elsewhere = town.browser(), town.browser("203.0.113.98")
    key = await town.with_passkey(phone, MALEE)
    made = (await phone.post("/id/security/codes")).text.split('<li><code aria-hidden="true">')[1:]
    code = made[0].partition("<")[0]
    for typed in ({"cid": MALEE, "code": "2345-2345-2345-2345"}, {"cid": OTHER, "code": code}, {"cid": MALEE}):
        assert (await elsewhere.post("/id/report/code", **typed)).status_code == 401
    assert (await elsewhere.post("/id/report", cid=MALEE, code=code)).status_code == 303
    assert (await elsewhere.post("/id/report/code", cid="12", code=code)).status_code == 400
    assert (await phone.get("/id/security")).status_code == 200
    frozen = await elsewhere.post("/id/report/code", cid=MALEE, code=code)
    assert "ระงับบัญชีแล้ว" in frozen.text
    assert (await phone.get("/id/security")).status_code == 303
    assert (await phone.sign_in(key)).json()["code"] == "ACCOUNT_CLOSED"


def test_whatever_is_read_has_its_words_in_the_history() -> None:
    assert set(current_policy().action) <= set(ACTIONS)
    sources = "".join(file.read_text("utf-8") for file in Path(access.__file__).parent.glob("*.py"))
    codes = re.findall(r'(?:refused|_wrong|reason=|_written)\(?[^)]*?"([A-Z_]{4,})"', sources)
    assert len(set(codes)) > 10 and set(codes) <= set(REASONS)
