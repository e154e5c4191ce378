"""What strangers, thieves, officers and other sites try at people's pages, and what comes of it."""

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode

import pytest

from accounts.virtual_key import VirtualKey
from doors.citizens import BORN, ORIGIN, Browser, Town, cid_of, town_on
from morprom.accounts import pins
from morprom.app.asgi import application
from morprom.doors.pages.seat import ANYBODYS, is_anybodys
from morprom.kernel import Mode, Secret
from morprom.proofing.model import Maker
from morprom.storage import Database, KeyRing, Tx
from units.cast import Time

MALEE, NOBODY, NO_ACCOUNT = cid_of(41), cid_of(42), cid_of(43)
DAY = {"day": str(BORN.day), "month": str(BORN.month), "year": str(BORN.year + 543)}


@pytest.fixture
async def town(database_url: str, database: Database, ring: KeyRing) -> AsyncIterator[Town]:
    async with town_on(database_url, database, ring, Time()) as town:
        yield town


class _CountedTx:
    """A transaction whose statements are counted."""

    def __init__(self, tx: Tx, said: "Counter[str]") -> None:
        self._tx, self._said = tx, said

    def __getattr__(self, name: str) -> Any:
        async def counted(query: str, *args: object) -> Any:
            self._said[query] += 1
            return await getattr(self._tx, name)(query, *args)

        return counted


class _CountedDatabase:
    def __init__(self, database: Database, said: "Counter[str]") -> None:
        self._database, self._said = database, said

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Tx]:
        async with self._database.transaction() as tx:
            yield cast(Tx, _CountedTx(tx, self._said))


async def work_of(town: Town, path: str, monkeypatch: pytest.MonkeyPatch, **fields: str) -> tuple[str, Any]:
    """What a page says to a form, and all that was done for it: statements, and PINs that were hashed."""
    said: Counter[str] = Counter()
    services = replace(town.services, identity=cast(Database, _CountedDatabase(town.services.identity, said)))
    stranger = Browser(application(services, ["citizen"]), "203.0.113.99")
    await stranger.get("/id")
    verify = pins._verify  # type: ignore[attr-defined]
    hashed: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(pins, "_verify", lambda kept, pin: hashed.append("argon2") or verify(kept, pin))
        token = await stranger.token()
        said.clear()
        reply = await stranger.http.post(path, data={"form": token, **fields}, headers={"origin": ORIGIN})
    page = reply.text.replace(token, "").replace(fields.get("cid", token), "")
    return f"{reply.status_code} {page}", (said, hashed)


# Who is known here


async def test_a_sign_in_says_and_does_the_same_for_known_and_unknown_people(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.with_pin(town.browser(), MALEE)
    await town.slip(NO_ACCOUNT)
    town.clock.unix += 300
    answers = [
        await work_of(town, "/id/sign-in/pin", monkeypatch, cid=cid, pin="999999", code="123456", next="/id")
        for cid in (MALEE, NO_ACCOUNT, NOBODY)
    ]
    assert len({said for said, _ in answers}) == 1
    assert answers[0][0].startswith("401 ")
    for _, work in answers[1:]:
        assert work == answers[0][1]
    assert answers[0][1][1] == ["argon2"]


async def test_a_wait_says_and_does_the_same_for_known_and_unknown_people(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.with_pin(town.browser(), MALEE)
    typed = {"pin": "999999", "code": "123456", "next": "/id"}
    answers = [
        [await work_of(town, "/id/sign-in/pin", monkeypatch, cid=cid, **typed) for _ in range(6)][-1]
        for cid in (MALEE, NOBODY)
    ]
    assert answers[0][0].startswith("429 ")
    assert answers[0] == answers[1]


async def test_a_slip_and_a_recovery_say_and_do_the_same_for_known_and_unknown_people(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = town.browser()
    await town.with_passkey(phone, MALEE)
    await phone.post("/id/security/codes")
    await town.slip(MALEE)
    for path, fields in (
        ("/id/redeem", {"digits": "00000000", **DAY}),
        ("/id/recover", {"code": "2345-2345-2345-2345"}),
    ):
        answers = [await work_of(town, path, monkeypatch, cid=cid, **fields) for cid in (MALEE, NOBODY)]
        assert len({said for said, _ in answers}) == 1, path
        assert answers[0][1] == answers[1][1], path


async def test_asking_for_a_passkey_and_confirming_a_code_say_nothing_of_anybody(town: Town) -> None:
    await town.with_passkey(town.browser(), MALEE)
    stranger = town.browser("203.0.113.99")
    asked = [(await stranger.speak("/id/sign-in/options", {"cid": cid})).json() for cid in (MALEE, NOBODY)]
    assert [one.pop("challenge") for one in asked] and asked[0] == asked[1]
    assert not asked[0].get("allowCredentials")
    for path in ("/id/redeem/code", "/id/recover/code"):
        pages = []
        for cid in (MALEE, NO_ACCOUNT, NOBODY):
            stranger = town.browser("203.0.113.99")
            token = await stranger.token()
            form = {"form": token, "cid": cid, "code": "123456"}
            reply = await stranger.http.post(path, data=form, headers={"origin": ORIGIN})
            pages.append((reply.status_code, reply.text.replace(token, "")))
        assert pages[0] == pages[1] == pages[2] and pages[0][0] in (401, 403), path


async def test_a_passkey_that_nobody_knows_is_answered_as_a_wrong_one(town: Town) -> None:
    phone = town.browser()
    key = await town.with_passkey(phone, MALEE)
    stranger = VirtualKey(ORIGIN)
    answers = [await phone.sign_in(stranger)]
    key.private = stranger.private
    answers.append(await phone.sign_in(key))
    assert {(one.status_code, one.text) for one in answers} == {(401, answers[0].text)}


# Guessing


async def test_guesses_at_a_pin_wait_and_cannot_shut_its_owner_out(town: Town) -> None:
    phone, stranger = town.browser(), town.browser("203.0.113.99")
    secret = await town.with_pin(phone, MALEE)
    town.clock.unix += 60
    await phone.post("/id/sign-in/pin", cid=MALEE, pin="482913", code=town.shown_by(secret), next="/id")
    statuses = [
        (await stranger.post("/id/sign-in/pin", cid=MALEE, pin=f"77{n:04}", code="000000", next="/id")).status_code
        for n in range(8)
    ]
    assert statuses == [401] * 5 + [429] * 3
    town.clock.unix += 60
    right = {"cid": MALEE, "pin": "482913", "code": town.shown_by(secret), "next": "/id"}
    elsewhere = town.browser("203.0.113.98")
    for _ in range(20):
        await elsewhere.post("/id/sign-in/pin", cid=MALEE, pin="770000", code="000000", next="/id")
        town.clock.unix += 3600
    right["code"] = town.shown_by(secret)
    assert (await elsewhere.post("/id/sign-in/pin", **right)).status_code == 429  # closed to strangers after ten
    assert (await phone.post("/id/sign-in/pin", **right)).headers["location"] == "/id"


async def test_a_hundred_failures_of_strangers_never_touch_the_passkeys(town: Town) -> None:
    phone, stranger = town.browser(), town.browser("203.0.113.99")
    key = await town.with_passkey(phone, MALEE)
    pin, recovery = {"pin": "770000", "code": "000000", "next": "/id"}, {"code": "2345-2345-2345-2345"}
    for _ in range(50):
        await stranger.post("/id/sign-in/pin", cid=MALEE, **pin)
        await stranger.post("/id/recover", cid=MALEE, **recovery)
        town.clock.unix += 3600
    assert (await phone.sign_in(key)).status_code == 200
    assert (await town.browser("203.0.113.99").sign_in(key)).status_code == 200


async def test_a_pin_that_strangers_closed_is_opened_by_setting_another(town: Town) -> None:
    """Who has lost the phone that was known here could else not come back with a PIN at all."""
    stranger, phone = town.browser("203.0.113.99"), town.browser()
    for _ in range(12):
        await stranger.post("/id/sign-in/pin", cid=MALEE, pin="770000", code="000000", next="/id")
        town.clock.unix += 3600
    secret = await town.with_pin(phone, MALEE)
    town.clock.unix += 60
    right = {"cid": MALEE, "pin": "482913", "code": town.shown_by(secret), "next": "/id"}
    assert (await phone.post("/id/sign-in/pin", **right)).headers["location"] == "/id"
    assert (await stranger.post("/id/sign-in/pin", **(right | {"pin": "770000"}))).status_code == 401


async def test_guesses_at_a_slip_wait_by_network_and_destroy_its_digits_but_not_its_qr_code(town: Town) -> None:
    stranger, phone = town.browser("203.0.113.99"), town.browser()
    slip = await town.slip(MALEE)
    for _ in range(10):
        stranger.http.cookies.clear()  # another browser each time
        guess = await stranger.post("/id/redeem", cid=MALEE, digits="00000000", **DAY)
        assert guess.status_code == 403
    typed = await phone.post("/id/redeem", cid=MALEE, digits=slip.digits.reveal(), **DAY)
    assert typed.status_code == 403
    assert (await phone.post("/id/redeem", qr=slip.qr.reveal())).status_code == 200
    statuses: list[int] = []
    for _ in range(100):
        stranger.http.cookies.clear()
        statuses.append((await stranger.post("/id/redeem", cid=NOBODY, digits="00000000", **DAY)).status_code)
    assert statuses[-1] == 429
    assert (await phone.post("/id/redeem", qr=slip.qr.reveal())).status_code == 200


async def test_five_wrong_codes_from_the_sms_end_it(town: Town) -> None:
    phone = town.browser()
    slip = await town.slip(MALEE)
    await phone.post("/id/redeem", qr=slip.qr.reveal())
    wrong = "000000" if town.code() != "000000" else "111111"
    for _ in range(5):
        assert (await phone.post("/id/redeem/code", code=wrong)).status_code == 403
    assert (await phone.post("/id/redeem/code", code=town.code())).status_code == 403
    assert (await phone.get("/id/bind")).status_code == 303


async def test_a_code_from_the_sms_is_dead_after_ten_minutes(town: Town) -> None:
    phone = town.browser()
    for passed, status in ((601, 403), (599, 303)):
        slip = await town.slip(MALEE)
        await phone.post("/id/redeem", qr=slip.qr.reveal())
        town.clock.unix += passed
        assert (await phone.post("/id/redeem/code", code=town.code())).status_code == status


async def test_recovery_codes_are_guessed_at_no_faster(town: Town) -> None:
    stranger = town.browser("203.0.113.99")
    statuses = [
        (await stranger.post("/id/recover", cid=MALEE, code=f"2345-2345-2345-{n:04}")).status_code for n in range(7)
    ]
    assert statuses == [401] * 5 + [429] * 2


# Replays


async def test_what_signed_somebody_in_does_so_once(town: Town) -> None:
    phone, thief = town.browser(), town.browser("203.0.113.99")
    key = await town.with_passkey(phone, MALEE)
    options = (await phone.speak("/id/sign-in/options", {})).json()
    seen = {"answer": key.use(options), "next": "/id"}
    assert (await phone.speak("/id/sign-in/passkey", seen)).status_code == 200
    assert (await thief.speak("/id/sign-in/passkey", seen)).status_code == 401


async def test_a_code_of_the_generator_counts_once_and_a_mistyped_pin_does_not_spend_it(town: Town) -> None:
    phone, thief = town.browser(), town.browser("203.0.113.99")
    secret = await town.with_pin(phone, MALEE)
    typed = {"cid": MALEE, "pin": "482913", "next": "/id"}
    assert (await phone.post("/id/sign-in/pin", code=town.shown_by(secret), **typed)).status_code == 401  # from binding
    town.clock.unix += 60
    code = town.shown_by(secret)
    assert (await phone.post("/id/sign-in/pin", code=code, **(typed | {"pin": "482914"}))).status_code == 401
    assert (await phone.post("/id/sign-in/pin", code=code, **typed)).status_code == 303
    assert (await thief.post("/id/sign-in/pin", code=code, **typed)).status_code == 401


# Sessions


async def test_a_cookie_that_was_there_before_a_sign_in_is_worth_nothing_after(town: Town) -> None:
    phone, thief = town.browser(), town.browser("203.0.113.99")
    key = await town.with_passkey(phone, MALEE)
    planted = phone.session_cookie
    await phone.sign_in(key)
    assert phone.session_cookie != planted
    thief.http.cookies.set("__Host-morprom", planted, domain="phr.example.go.th", path="/")
    assert (await thief.get("/id/security")).status_code == 303
    thief.http.cookies.set("__Host-morprom", "chosen by an attacker", domain="phr.example.go.th", path="/")
    await thief.sign_in(key)
    assert thief.session_cookie not in ("", "chosen by an attacker")


async def test_who_signs_in_as_somebody_else_is_not_led_to_the_others_page(town: Town) -> None:
    phone = town.browser()
    await town.with_passkey(phone, MALEE)
    other = town.browser("203.0.113.98")
    key = await town.with_passkey(other, NOBODY)
    assert (await phone.sign_in(key, "/id/record/Encounter")).json() == {"go": "/id"}


async def test_who_signs_in_as_somebody_else_for_a_program_goes_on_to_it(town: Town) -> None:
    phone, other = town.browser(), town.browser("203.0.113.98")
    keys = [await town.with_passkey(phone, MALEE), await town.with_passkey(other, NOBODY)]
    for number, path in enumerate(ANYBODYS):
        page = f"{path}?r=x"
        assert "Somebody else may sign in here" in (await phone.get(f"/id/sign-in?{urlencode({'next': page})}")).text
        assert (await phone.sign_in(keys[1 - number % 2], page)).json() == {"go": page}
    for near in ("/oidc/asked", "/oidc/ask/../../id/record", "/id/record?/oidc/ask"):
        assert not is_anybodys(near)


async def test_a_half_redeemed_slip_opens_no_page_of_the_account(town: Town) -> None:
    phone = town.browser()
    await town.redeemed(phone, MALEE)
    for path in ("/id/security", "/id/record", "/id/history", "/id/welcome"):
        assert (await phone.get(path)).status_code == 303


# Slips where they were made


async def test_a_slip_is_not_redeemed_from_where_it_was_made_and_its_person_is_told(
    database_url: str, database: Database, ring: KeyRing
) -> None:
    async with town_on(database_url, database, ring, Time()) as town:
        officer, phone = town.browser("203.0.113.5"), town.browser()
        await officer.post("/id/redeem", cid=NOBODY)
        device = officer.http.cookies["__Host-morprom-device"]
        slip = await town.slip(MALEE, Maker("", device, "203.0.113.5"))
        refused = await officer.post("/id/redeem", qr=slip.qr.reveal())
        assert refused.status_code == 403
        assert "ไม่ได้" in refused.text and "printed" in refused.text
        assert (await phone.post("/id/redeem", qr=slip.qr.reveal())).status_code == 403  # it is destroyed
        async with database.transaction() as tx:
            assert await tx.fetchval("select count(*) from inbox_notice") == 1


# Other sites


ELSEWHERE: Sequence[str] = (
    "https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)",
    "\t//evil",
)  # fmt: skip


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
async def test_a_sign_in_leads_nowhere_else(town: Town, elsewhere: str) -> None:
    phone = town.browser()
    key = await town.with_passkey(phone, MALEE)
    assert (await phone.sign_in(key, elsewhere)).json()["go"] == "/id"
    page = await phone.http.get("/id/sign-in", params={"next": elsewhere})
    assert 'name="next" value="/id"' in page.text
    refused = await phone.http.post(
        "/id/security/codes", data={"form": await phone.token()}, headers={"referer": "https://evil.example/id"}
    )
    assert refused.status_code in (200, 303)


async def test_a_form_that_needs_a_sign_in_leads_back_to_a_page_of_ours_alone(town: Town) -> None:
    phone = town.browser()
    for referer, back in (
        (f"{ORIGIN}/id/security/contacts", "%2Fid%2Fsecurity%2Fcontacts"),
        ("https://evil.example/id/x", "%2Fid"),
        (f"{ORIGIN}.evil.example/x", "%2Fid"),
        (f"{ORIGIN}//evil.example", "%2Fid"),
    ):
        data = {"form": await phone.token()}
        led = await phone.http.post("/id/security/codes", data=data, headers={"referer": referer, "origin": ORIGIN})
        assert led.headers["location"].split("next=")[1].split("&")[0] == back


async def test_cookies_are_for_this_host_over_https_and_unseen_by_scripts(town: Town) -> None:
    phone = town.browser()
    key = await town.with_passkey(phone, MALEE)
    signed_in = await town.browser("198.51.100.21").sign_in(key)
    sent = {line.partition("=")[0]: {part.strip().lower() for part in line.split(";")[1:]}
            for line in signed_in.headers.get_list("set-cookie")}  # fmt: skip
    assert set(sent) == {"__Host-morprom", "__Host-morprom-device"}
    for flags in sent.values():
        assert {"secure", "httponly", "path=/"} <= flags
        assert not [flag for flag in flags if flag.startswith("domain")]
    assert "samesite=lax" in sent["__Host-morprom"]
    assert "samesite=strict" in sent["__Host-morprom-device"]


# What somebody else's page may be asked


async def test_ids_of_others_are_unknown(town: Town) -> None:
    phone, other = town.browser(), town.browser("203.0.113.98")
    await town.with_passkey(phone, MALEE)
    await town.with_passkey(other, NOBODY)
    page = (await phone.get("/id/security/keys")).text
    link = next(part.partition('"')[0] for part in page.split('href="') if part.startswith("/id/security/keys/"))
    assert (await other.get(link)).status_code == 404
    assert (await other.post(f"{link}/name", name="x")).status_code == 404
    assert (await other.post(f"{link}/remove")).status_code == 404
    assert (await phone.get(link)).status_code == 200


async def test_odd_forms_are_answered_and_never_fail(town: Town) -> None:
    phone = town.browser()
    odd = "\0ก" * 400
    for path in ("/id/redeem", "/id/redeem/code", "/id/recover", "/id/recover/code", "/id/sign-in/pin"):
        for fields in (
            {"cid": odd, "digits": odd, "code": odd, "pin": odd, "day": odd, "month": "13", "year": "-1", "next": odd},
            {"cid": "๑๙๙๐๐", "day": "31", "month": "2", "year": "2400", "qr": odd},
            {},
        ):
            assert (await phone.post(path, **fields)).status_code in (200, 400, 401, 403, 429), path
    for path in ("/id/sign-in?aal=9", "/id/sign-in?aal=2.2&max_age=x&next=%00", "/id/record/No", "/id/record/..%2f"):
        assert (await phone.get(path)).status_code in (200, 303, 400, 404)
    for body in ({}, {"answer": []}, {"answer": {"rawId": "====", "response": 1}}, {"answer": odd, "next": 7}):
        assert (await phone.speak("/id/sign-in/passkey", body)).status_code == 401


async def test_no_simulated_message_is_shown_where_nothing_is_simulated(
    database_url: str, database: Database, ring: KeyRing
) -> None:
    async with town_on(database_url, database, ring, Time()) as town:
        slip = await town.slip(MALEE)
        town.services.outside.sms.is_simulated = False  # type: ignore[union-attr]
        phone = town.browser()
        shown = await phone.post("/id/redeem", qr=slip.qr.reveal())
        assert town.code() not in shown.text
        wrong = await phone.post("/id/redeem/code", code="x", simulated="<b>your code is 1</b>")
        assert "your code" not in wrong.text
        assert Secret(town.code()).reveal() not in wrong.text


async def test_a_simulated_slip_is_refused_outside_demo(database_url: str, database: Database, ring: KeyRing) -> None:
    from morprom.kernel import Problem

    for mode in (Mode.SANDBOX, Mode.PRODUCTION):
        async with town_on(database_url, database, ring, Time(), mode) as town:
            with pytest.raises(Problem) as refused:
                await town.slip(MALEE)
            assert refused.value.code == "SIMULATOR_REFUSED"
