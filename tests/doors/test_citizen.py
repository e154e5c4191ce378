"""A person takes a proofing to their own phone, signs in, looks after the account and reads their own record."""

from collections.abc import AsyncIterator

import pytest

from doors.citizens import BORN, MOBILE, Town, cid_of, secret_on, town_on
from morprom.storage import Database, KeyRing
from units.cast import Time

MALEE = cid_of(41)
HOUR = 3600


@pytest.fixture
async def town(database_url: str, database: Database, ring: KeyRing) -> AsyncIterator[Town]:
    async with town_on(database_url, database, ring, Time()) as town:
        yield town


async def test_a_scanned_slip_a_code_and_a_passkey_open_an_account_and_sign_in(town: Town) -> None:
    phone = town.browser()
    slip = await town.slip(MALEE)
    shown = await phone.post("/id/redeem", qr=slip.qr.reveal())
    assert "•••0041" in shown.text and MOBILE not in shown.text
    assert town.code() in shown.text  # the simulator says on the page what it would have sent
    assert town.sent[-1][0] == MOBILE
    assert town.sent[-1][1].endswith(f"\n@phr.example.go.th #{town.code()}")  # phones fill it in at this site alone
    assert (await phone.post("/id/redeem/code", code=town.code())).headers["location"] == "/id/bind"
    await phone.bind_passkey()
    welcome = await phone.get("/id/welcome")
    assert "IAL 2.3" in welcome.text
    for opens in ("2 เมษายน 2569 08:00 น.", "2 Apr 2026 08:00"):  # tier 4, a day later
        assert opens in welcome.text
    assert "ครั้งนี้เข้าด้วย พาสคีย์" in (await phone.get("/id/security")).text


async def test_number_birth_date_and_digits_do_the_same(town: Town) -> None:
    phone = town.browser()
    slip = await town.slip(MALEE)
    digits = slip.digits.reveal()
    typed = {"cid": f"{MALEE[0]}-{MALEE[1:5]}-{MALEE[5:]}", "day": str(BORN.day), "month": str(BORN.month)}
    shown = await phone.post("/id/redeem", **typed, year=str(BORN.year + 543), digits=f"{digits[:4]} {digits[4:]}")
    assert shown.status_code == 200
    wrong = "000000" if town.code() != "000000" else "111111"
    again = await phone.post("/id/redeem/code", code=wrong, contact="•••0041", simulated="the message")
    assert again.status_code == 403
    assert "the message" in again.text
    assert (await phone.post("/id/redeem/code", code=town.code())).headers["location"] == "/id/bind"


async def test_a_pin_and_a_code_generator_do_where_there_are_no_passkeys(town: Town) -> None:
    phone, other = town.browser(), town.browser("198.51.100.20")
    secret = await town.with_pin(phone, MALEE)
    assert "ครั้งนี้เข้าด้วย PIN กับรหัสจากแอป" in (await phone.get("/id/security")).text
    town.clock.unix += 60
    signed_in = await other.post(
        "/id/sign-in/pin", cid=MALEE, pin="482913", code=town.shown_by(secret), next="/id/security/events"
    )
    assert signed_in.headers["location"] == "/id/security/events"
    events = (await other.get("/id/security/events")).text
    assert "เข้าสู่ระบบด้วย PIN กับรหัสจากแอป" in events
    assert "Chrome · Android" in events


async def test_pins_are_weak_or_unlike_and_generators_wrong_in_words(town: Town) -> None:
    phone = town.browser()
    await town.redeemed(phone, MALEE)
    assert "เดาง่าย" in (await phone.post("/id/bind/pin", pin="123456", again="123456")).text
    assert "ไม่ตรงกัน" in (await phone.post("/id/bind/pin", pin="482913", again="482914")).text
    await phone.post("/id/bind/pin", pin="482913", again="482913")
    first = await phone.get("/id/bind/generator")
    wrong = await phone.post("/id/bind/generator", code="000000")
    assert wrong.status_code == 400
    assert "data:image/svg+xml;base64," in wrong.text
    assert secret_on(first.text) == secret_on(wrong.text)


async def test_a_passkey_signs_in_and_back_to_where_one_was_sent_from(town: Town) -> None:
    phone = town.browser()
    key = await town.with_passkey(phone, MALEE)
    await phone.post("/id/sign-out")
    assert phone.session_cookie == ""
    led = await phone.get("/id/security/contacts")
    assert led.headers["location"].startswith("/id/sign-in?aal=1&next=%2Fid%2Fsecurity%2Fcontacts")
    done = await phone.sign_in(key, "/id/security/contacts")
    assert done.json() == {"go": "/id/security/contacts"}
    assert "•••0041" in (await phone.get("/id/security/contacts")).text


async def test_changing_anything_takes_a_fresh_sign_in_in_place_and_leads_back(town: Town) -> None:
    phone = town.browser()
    key = await town.with_passkey(phone, MALEE)
    before = phone.session_cookie
    town.clock.unix += 301
    led = await phone.post("/id/security/codes")
    assert led.headers["location"] == "/id/sign-in?aal=2.2&next=%2Fid%2Fsecurity%2Fcodes&max_age=300"
    asked = await phone.get(led.headers["location"])
    assert "ยืนยันอีกครั้ง" in asked.text
    assert "/id/sign-in/pin" not in asked.text  # a PIN would not do
    await phone.sign_in(key, "/id/security/codes")
    assert phone.session_cookie not in (before, "")
    codes = await phone.post("/id/security/codes")
    assert codes.text.count('<li><code aria-hidden="true">') == 10
    assert "ยืนยันอีกครั้งด้วย พาสคีย์" in (await phone.get("/id/security/events")).text


async def test_authenticators_are_added_named_and_taken_away_but_never_the_last(town: Town) -> None:
    phone = town.browser()
    await town.with_passkey(phone, MALEE)
    only = key_links((await phone.get("/id/security/keys")).text)[0]
    refused = await phone.post(f"{only}/remove")
    assert refused.status_code == 409
    assert "วิธีเข้าสู่ระบบสุดท้าย" in refused.text
    await phone.post(f"{only}/name", name="<b>เครื่องเก่า</b>")
    await phone.bind_passkey()
    page = (await phone.get("/id/security/keys")).text
    assert "&lt;b&gt;เครื่องเก่า" in page
    assert len(key_links(page)) == 2
    assert (await phone.post(f"{only}/remove")).headers["location"] == "/id/security/keys"
    assert len(key_links((await phone.get("/id/security/keys")).text)) == 1
    assert (await phone.get(only)).status_code == 404
    assert (await phone.get("/id/security/keys/none")).status_code == 404


def key_links(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('href="')[1:] if part.startswith("/id/security/keys/")]


async def test_one_sees_where_one_is_signed_in_and_signs_out_there(town: Town) -> None:
    phone, tablet = town.browser(), town.browser("198.51.100.20")
    key = await town.with_passkey(phone, MALEE)
    await tablet.sign_in(key)
    page = (await phone.get("/id/security/sessions")).text
    assert page.count("Chrome · Android") == 2
    assert page.count('/end"') == 1
    await phone.post("/id/security/sessions/end-others")
    assert (await tablet.get("/id/security")).status_code == 303
    assert (await phone.get("/id/security")).status_code == 200


async def test_a_sign_in_from_a_new_browser_is_told_and_from_a_known_one_is_not(town: Town) -> None:
    phone, tablet = town.browser(), town.browser("198.51.100.20")
    key = await town.with_passkey(phone, MALEE)
    told = len(town.sent)
    await phone.sign_in(key)
    assert len(town.sent) == told
    await tablet.sign_in(key)
    assert len(town.sent) == told + 1
    assert "โปรดเปิดหมอพร้อม" in town.sent[-1][1]


async def test_the_proofing_is_shown_with_its_level_and_why(town: Town) -> None:
    phone = town.browser()
    await town.with_passkey(phone, MALEE)
    page = (await phone.get("/id/security/proofing")).text
    assert "IAL 2.3" in page and "1 มกราคม 2574" in page
    assert "เทียบใบหน้ากับรูปในชิป" in page
    assert "จำลอง" in page


async def test_a_contact_counts_once_its_code_came_back(town: Town) -> None:
    phone = town.browser()
    await town.with_passkey(phone, MALEE)
    assert "10 หลัก" in (await phone.post("/id/security/contacts/add", mobile="12345")).text
    assert (await phone.post("/id/security/contacts/add", mobile="081-000-0099")).status_code == 200
    assert town.sent[-1][0] == "0810000099"
    code = town.code()
    wrong = "000000" if code != "000000" else "111111"
    assert (await phone.post("/id/security/contacts/code", code=wrong)).status_code == 403
    assert (await phone.post("/id/security/contacts/code", code=code)).headers["location"] == "/id/security/contacts"
    page = (await phone.get("/id/security/contacts")).text
    assert "•••0099" in page and "•••0041" in page
    assert town.sent[-1][0] == MOBILE  # who counted before is told
    ending = [
        part.partition('"')[0] for part in page.split('action="')[1:] if part.startswith("/id/security/contacts/")
    ]
    assert (await phone.post(ending[0])).status_code == 303
    assert (await phone.post(ending[1])).status_code == 409  # the last one stays


async def test_a_recovery_code_with_a_code_to_the_contact_binds_something_new_and_nothing_else(town: Town) -> None:
    phone, new_phone = town.browser(), town.browser("198.51.100.30")
    await town.with_passkey(phone, MALEE)
    codes = (await phone.post("/id/security/codes")).text.split('<li><code aria-hidden="true">')[1:]
    typed = codes[0].partition("<")[0]
    town.clock.unix += 30 * HOUR
    shown = await new_phone.post("/id/recover", cid=MALEE, code=typed.lower())
    assert shown.status_code == 200
    assert (await new_phone.get("/id/security")).status_code == 303
    assert (await new_phone.get("/id/bind")).status_code == 303  # the second code is missing
    assert (await new_phone.post("/id/recover/code", code=town.code())).headers["location"] == "/id/bind"
    assert (await new_phone.get("/id/security")).status_code == 303
    await new_phone.bind_passkey()
    welcome = (await new_phone.get("/id/welcome")).text
    assert "3 เมษายน 2569 14:00" in welcome  # tier 4 waits a day again
    assert "กู้บัญชี" in (await new_phone.get("/id/security/events")).text
    assert (await new_phone.post("/id/recover", cid=MALEE, code=typed)).status_code == 401


async def test_reporting_fraud_stops_everything_and_a_new_proofing_opens_it_without_what_was_bound(town: Town) -> None:
    phone, thief = town.browser(), town.browser("198.51.100.66")
    key = await town.with_passkey(phone, MALEE)
    await thief.sign_in(key)
    stolen = await thief.bind_passkey()
    reported = await phone.post("/id/report")
    assert "ระงับบัญชีแล้ว" in reported.text
    for browser in (phone, thief):
        assert (await browser.get("/id/security")).status_code == 303
    refused = await thief.sign_in(stolen)
    assert (refused.status_code, refused.json()["code"]) == (403, "ACCOUNT_CLOSED")
    town.clock.unix += HOUR
    await town.with_passkey(phone, MALEE)
    assert "IAL 2.3" in (await phone.get("/id/security")).text
    assert (await thief.sign_in(stolen)).json()["code"] == "PASSKEY_REFUSED"


async def test_a_second_slip_signs_every_other_device_out_and_tells_them(town: Town) -> None:
    phone, thief = town.browser(), town.browser("198.51.100.66")
    await town.with_passkey(phone, MALEE)
    town.sent.clear()
    await town.with_passkey(thief, MALEE)
    assert (await phone.get("/id/security")).status_code == 303
    assert (MOBILE, town.sent[-1][1]) == town.sent[-1]
    assert "โปรดเปิดหมอพร้อม" in town.sent[-1][1]


async def test_every_page_of_the_account_and_record_opens(town: Town) -> None:
    phone = town.browser()
    await town.with_passkey(phone, MALEE)
    town.clock.unix += 25 * HOUR
    key = await town.with_passkey(phone, MALEE)
    await phone.sign_in(key)
    for path in (
        "", "/security", "/security/keys", "/security/sessions", "/security/proofing", "/security/events",
        "/security/contacts", "/security/contacts/add", "/security/codes", "/lost", "/report", "/record", "/history",
        "/bind", "/bind/pin", "/bind/generator", "/welcome", "/sign-in", "/sign-in/pin", "/redeem", "/recover",
    ):  # fmt: skip
        page = await phone.get(f"/id{path}")
        assert page.status_code == 200, path
        assert 'lang="th"' in page.text and 'lang="en"' in page.text
        assert "style=" not in page.text and "<script>" not in page.text and "onclick" not in page.text
        assert MALEE not in page.text
