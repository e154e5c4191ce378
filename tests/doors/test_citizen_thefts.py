"""What somebody tries with a part of what is another's: a slip, a paper of codes, a generator, a number."""

import os
import re
from collections.abc import AsyncIterator

import pytest

from accounts.virtual_key import VirtualKey
from doors.citizens import ORIGIN, Browser, Town, cid_of, secret_on, town_on
from morprom.accounts import freeze
from morprom.kernel import Words
from morprom.proofing.slips import SHOWN_MOST
from morprom.storage import Database, KeyRing
from units.cast import Time

MALEE = cid_of(41)
THIEF = "203.0.113.9"


@pytest.fixture
async def town(database_url: str, database: Database, ring: KeyRing) -> AsyncIterator[Town]:
    async with town_on(database_url, database, ring, Time()) as town:
        yield town


async def paper_of(phone: Browser) -> list[str]:
    """Recovery codes, as they are printed."""
    return re.findall(r"\b[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}\b", (await phone.post("/id/security/codes")).text)


async def binds(browser: Browser, path: str) -> bool:
    """Whether somebody may bind something there."""
    return (await browser.get(path)).status_code == 200


# Slips


async def test_a_slip_from_before_a_fraud_report_opens_nothing_again(town: Town) -> None:
    """Neither one that is shown afterwards nor one whose code came back already."""
    phone, thief, faster = town.browser(), town.browser(THIEF), town.browser(THIEF)
    await town.with_passkey(phone, MALEE)
    slip = await town.slip(MALEE)
    await faster.post("/id/redeem", qr=slip.qr.reveal())
    assert (await faster.post("/id/redeem/code", code=town.code())).headers["location"] == "/id/bind"
    assert await binds(faster, "/id/bind")
    town.clock.unix += 60
    assert (await phone.post("/id/report")).status_code == 200
    assert not await binds(faster, "/id/bind")
    assert (await thief.post("/id/redeem", qr=slip.qr.reveal())).status_code == 403


async def test_a_slip_from_before_a_death_opens_nothing_again(town: Town) -> None:
    """Death freezes an account and leaves what was proofed as it is (`proofing.death`)."""
    phone, late = town.browser(), town.browser(THIEF)
    await town.with_passkey(phone, MALEE)
    slip = await town.slip(MALEE)
    await late.post("/id/redeem", qr=slip.qr.reveal())
    await late.post("/id/redeem/code", code=town.code())
    town.clock.unix += 60
    async with town.database.transaction() as tx:
        person = await town.person(MALEE)
        await freeze(tx, town.services.ring, person, why=Words("เสียชีวิต", "died"), now=town.clock.now())
    options = (await late.speak("/id/bind/options", {}, "/id/bind")).json()
    bound = await late.speak("/id/bind/passkey", {"answer": VirtualKey(ORIGIN).make(options), "name": "x"}, "/id/bind")
    assert (bound.status_code, bound.json()["code"]) == (403, "SLIP_REFUSED")
    assert (await town.browser(THIEF).post("/id/redeem", qr=slip.qr.reveal())).status_code == 403


async def test_a_found_slip_sends_five_codes_an_hour(town: Town) -> None:
    """Each code may be guessed at five times, from networks without end: that stays hopeless, and phones quiet."""
    slip = await town.slip(MALEE)
    shown = [
        (await town.browser(f"203.0.113.{n}").post("/id/redeem", qr=slip.qr.reveal())) for n in range(SHOWN_MOST + 2)
    ]
    assert [one.status_code for one in shown] == [200] * SHOWN_MOST + [429] * 2
    assert shown[-1].headers["retry-after"] == "3600"
    assert len(town.sent) == SHOWN_MOST
    town.clock.unix += 3601
    assert (await town.browser().post("/id/redeem", qr=slip.qr.reveal())).status_code == 200


async def test_a_town_behind_one_address_redeems_without_waiting(town: Town) -> None:
    """What came to its end was no attempt at guessing: 110 people within an hour."""
    for number in range(110):
        await town.redeemed(town.browser(), cid_of(100 + number))


async def test_two_phones_with_one_slip_see_nothing_of_each_other_and_the_slower_changes_nothing(town: Town) -> None:
    phone, second = town.browser(), town.browser(THIEF)
    slip = await town.slip(MALEE)
    for browser in (phone, second):
        await browser.post("/id/redeem", qr=slip.qr.reveal())
        await browser.post("/id/redeem/code", code=town.code())
    await phone.post("/id/bind/pin", pin="482913", again="482913")
    await second.post("/id/bind/pin", pin="739204", again="739204")
    secret = secret_on((await phone.get("/id/bind/generator")).text)
    assert secret != secret_on((await second.get("/id/bind/generator")).text)
    assert (await phone.post("/id/bind/generator", code=town.shown_by(secret))).headers["location"] == "/id/welcome"
    assert not await binds(second, "/id/bind/pin")
    town.clock.unix += 60
    typed = {"cid": MALEE, "code": town.shown_by(secret), "next": "/id"}
    assert (await second.post("/id/sign-in/pin", pin="739204", **typed)).status_code == 401
    assert (await phone.post("/id/sign-in/pin", pin="482913", **typed)).headers["location"] == "/id"


# PINs and recovery codes


@pytest.mark.parametrize("way", ["slip", "recovery"])
async def test_a_generator_without_a_pin_opens_nothing(town: Town, way: str) -> None:
    """A session says that a PIN was typed (`amr`), and next time it will be asked for."""
    phone = town.browser()
    if way == "recovery":
        await town.with_passkey(phone, MALEE)
        await phone.post("/id/recover", cid=MALEE, code=(await paper_of(phone))[0])
        await phone.post("/id/recover/code", code=town.code())
    else:
        await town.redeemed(phone, MALEE)
    secret = secret_on((await phone.get("/id/bind/generator")).text)
    done = await phone.post("/id/bind/generator", code=town.shown_by(secret))
    assert done.headers["location"] == "/id/bind/pin"


async def test_a_recovery_that_is_left_half_way_changes_no_pin(town: Town) -> None:
    """Who stole paper and generator would sign in with a PIN of their own: untold, T4 open, the owner signed in on."""
    phone, thief = town.browser(), town.browser(THIEF)
    secret = await town.with_pin(phone, MALEE)
    code = (await paper_of(phone))[0]
    town.clock.unix += 60
    await thief.post("/id/recover", cid=MALEE, code=code)
    assert (await thief.post("/id/recover/code", code=town.shown_by(secret))).headers["location"] == "/id/bind"
    assert (await thief.post("/id/bind/pin", pin="739204", again="739204")).status_code == 303
    town.clock.unix += 60
    typed = {"cid": MALEE, "code": town.shown_by(secret), "next": "/id"}
    assert (await thief.post("/id/sign-in/pin", pin="739204", **typed)).status_code == 401
    assert (await phone.post("/id/sign-in/pin", pin="482913", **typed)).headers["location"] == "/id"


async def test_a_recovery_binds_nothing_to_a_frozen_account(town: Town) -> None:
    """It would outlast the proofing that opens the account again: only what was bound before is taken away then."""
    phone, thief = town.browser(), town.browser(THIEF)
    await town.with_passkey(phone, MALEE)
    code = (await paper_of(phone))[0]
    assert (await phone.post("/id/report")).status_code == 200
    await thief.post("/id/recover", cid=MALEE, code=code)
    assert (await thief.post("/id/recover/code", code=town.code())).status_code == 303
    assert (await thief.post("/id/bind/pin", pin="739204", again="739204")).status_code == 403


async def test_another_pin_counts_with_its_generator_and_is_told(town: Town) -> None:
    phone = town.browser()
    secret = await town.with_pin(phone, MALEE)
    assert (await phone.post("/id/bind/pin", pin="739204", again="739204")).headers["location"] == "/id/bind/generator"
    town.clock.unix += 60
    typed = {"cid": MALEE, "next": "/id"}
    done = await phone.post("/id/sign-in/pin", pin="482913", code=town.shown_by(secret), **typed)
    assert done.headers["location"] == "/id"
    new, told = secret_on((await phone.get("/id/bind/generator")).text), len(town.sent)
    assert (await phone.post("/id/bind/generator", code=town.shown_by(new))).status_code == 303
    assert len(town.sent) == told + 1
    town.clock.unix += 60
    old = await phone.post("/id/sign-in/pin", pin="482913", code=town.shown_by(new), **typed)
    right = await phone.post("/id/sign-in/pin", pin="739204", code=town.shown_by(new), **typed)
    assert (old.status_code, right.headers["location"]) == (401, "/id")


async def test_strangers_cannot_keep_somebody_from_coming_back_or_reporting(town: Town) -> None:
    """Who knows a citizen number tries wrong recovery codes for days; the owner has a new phone and the paper."""
    phone, stranger, new_phone = town.browser(), town.browser(THIEF), town.browser("198.51.100.77")
    await town.with_passkey(phone, MALEE)
    codes = await paper_of(phone)
    tried = set[int]()
    for _ in range(105):
        tried.add((await stranger.post("/id/recover", cid=MALEE, code="2345-2345-2345-2345")).status_code)
        town.clock.unix += 3601
    assert tried == {401, 429}
    assert (await new_phone.post("/id/recover", cid=MALEE, code=codes[0])).status_code == 200
    assert (await new_phone.post("/id/report/code", cid=MALEE, code=codes[1])).status_code == 200


async def test_what_was_phished_opens_no_tier_4_by_a_passkey_of_its_own(town: Town) -> None:
    """T4 asks for a passkey because PINs and codes can be phished; with them one may bind a passkey."""
    phone, thief = town.browser(), town.browser(THIEF)
    secret = await town.with_pin(phone, MALEE)
    town.clock.unix += 2 * 24 * 3600
    typed = {"cid": MALEE, "pin": "482913", "code": town.shown_by(secret), "next": "/id"}
    assert (await thief.post("/id/sign-in/pin", **typed)).headers["location"] == "/id"
    key = await thief.bind_passkey()
    assert (await thief.sign_in(key)).status_code == 200
    assert (await thief.get("/id/sharing")).status_code == 403
    town.clock.unix += 24 * 3600
    assert (await phone.sign_in(key)).status_code == 200
    assert (await phone.get("/id/sharing")).status_code == 200


async def test_a_pin_is_not_taken_from_a_generator_that_is_the_last_way_in(town: Town) -> None:
    phone = town.browser()
    await town.with_pin(phone, MALEE)
    keys = sorted(set(re.findall(r"/id/security/keys/([0-9a-f-]{36})", (await phone.get("/id/security/keys")).text)))
    taken = [(await phone.post(f"/id/security/keys/{key}/remove")).status_code for key in keys]
    assert taken == [409, 409]
    await phone.bind_passkey()
    assert (await phone.post(f"/id/security/keys/{keys[0]}/remove")).status_code == 303


# Odd input


async def test_a_passkey_with_a_name_that_is_too_long_is_refused(town: Town) -> None:
    """WebAuthn level 3, 7.1: 1023 bytes at most; longer ones would not fit into an index either."""
    phone = town.browser()
    await town.redeemed(phone, MALEE)
    for size, status in ((1024, 401), (60_000, 401), (1023, 200)):
        options = (await phone.speak("/id/bind/options", {}, "/id/bind")).json()
        answer = VirtualKey(ORIGIN, credential_id=os.urandom(size)).make(options)
        done = await phone.speak("/id/bind/passkey", {"answer": answer, "name": "x"}, "/id/bind")
        assert done.status_code == status


async def test_a_way_back_in_thai_letters_is_followed(town: Town) -> None:
    """RFC 9110, 10.2.2: a header has none, so the address says them in percent."""
    phone = town.browser()
    secret = await town.with_pin(phone, MALEE)
    town.clock.unix += 60
    typed = {"cid": MALEE, "pin": "482913", "code": town.shown_by(secret), "next": "/id/record/ยา?x=ü"}
    assert (await phone.post("/id/sign-in/pin", **typed)).headers[
        "location"
    ] == "/id/record/%E0%B8%A2%E0%B8%B2?x=%C3%BC"
