"""Through ThaID and back: signing in, being raised, and everything that must not work."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import msgspec
import pytest

from accounts.virtual_key import VirtualKey
from doors.citizens import BORN, MOBILE, ORIGIN, UNIT, Browser, Town, cid_of, town_on
from morprom.accounts import freeze, session_of
from morprom.app.asgi import application
from morprom.assurance import Aal, Checks, Ial, Levels
from morprom.doors.pages import Seat
from morprom.kernel import Mode, Secret, Words, new_id
from morprom.outside.calls import Service
from morprom.outside.thaid import HttpThaId
from morprom.people import Inbox
from morprom.people import get as person_of
from morprom.proofing import count_redeemed, events_of, print_slip, seal_case
from morprom.proofing.model import CardFields, Case, Maker, OpenCase
from morprom.storage import Database, KeyRing
from morprom_wire.cid import check_digit
from outside.test_thaid import ISSUER, StandIn
from units.cast import Time

MALEE, SOMCHAI, NOBODY = cid_of(41), cid_of(42), cid_of(43)
LASER = Checks(evidence="id-card", appearance=True, dopa_status="valid", dopa_by="laser-code", contact="otp")


@pytest.fixture
async def town(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Town]:
    async with town_on(database_url, database, ring, Time()) as opened:
        yield opened


async def low_account(town: Town, browser: Browser, cid: str = MALEE) -> VirtualKey:
    """Somebody with a passkey who was proofed at IAL 1.3."""
    person_id = await town.person(cid)
    async with town.database.transaction() as tx:
        card = CardFields(cid=cid, name_th="นาง#มาลี##สมมติ", birth_on=BORN)
        case = Case(path="card", checks=LASER, card=card, contact=MOBILE)
        opened = OpenCase(new_id(), UNIT, new_id(), None, town.clock.now(), case)
        ring, now = town.services.ring, town.clock.now()
        sealed = await seal_case(tx, ring, opened, person_id=person_id, licence="ว.1", now=now)
        slip = await print_slip(tx, ring, sealed.event, Maker("", "", ""), now)
    assert (await browser.post("/id/redeem", qr=slip.qr.reveal())).status_code == 200
    await browser.post("/id/redeem/code", code=town.code())
    return await browser.bind_passkey()


async def sent_off(browser: Browser, **form: str) -> httpx.Response:
    """Off to ThaID: the redirect."""
    return await browser.post("/id/thaid", **form)


async def at_thaid(browser: Browser, sent: httpx.Response, cid: str, ial: str = "2.3", factors: str = "two") -> str:
    """What one chooses on the simulator's page; where it sends the browser."""
    address = sent.headers["location"].removeprefix(ORIGIN)
    page = await browser.get(address)
    assert page.status_code == 200 and "ThaID จำลอง" in page.text and "Simulated ThaID" in page.text
    done = await browser.post(address, cid=cid, ial=ial, factors=factors, answer="yes")
    assert done.status_code == 303, done.text
    return done.headers["location"]


async def returned(browser: Browser, address: str) -> httpx.Response:
    """Back from another site: strict cookies do not come along, those of this way do."""
    jar = browser.http.cookies.jar
    strict = [cookie for cookie in jar if cookie.name not in ("__Host-morprom", "__Host-morprom-thaid")]
    for cookie in strict:
        jar.clear(cookie.domain, cookie.path, cookie.name)
    reply = await browser.get(address)
    for cookie in strict:
        if all(cookie.name != one.name for one in jar):
            jar.set_cookie(cookie)
    return reply


async def through(browser: Browser, cid: str, ial: str = "2.3", factors: str = "two", **form: str) -> httpx.Response:
    return await returned(browser, await at_thaid(browser, await sent_off(browser, **form), cid, ial, factors))


async def levels(town: Town, browser: Browser) -> Levels:
    async with town.database.transaction() as tx:
        found = await session_of(tx, town.services.ring, Secret(browser.session_cookie), town.clock.now())
    assert found
    return found[0].levels(found[1])


async def told(town: Town, cid: str = MALEE) -> list[str]:
    async with town.database.transaction() as tx:
        person = await person_of(tx, town.services.ring, await town.person(cid))
        assert person
        return [notice.kind for notice in await Inbox().notices(tx, person)]


# Signing in


async def test_somebody_with_an_account_signs_in_through_thaid(town: Town) -> None:
    browser = town.browser()
    await town.with_passkey(browser, MALEE)
    await browser.post("/id/sign-out")
    page = await browser.get("/id/sign-in?next=/id/record")
    assert "/id/thaid?" in page.text
    done = await through(browser, MALEE, next="/id/record")
    assert (done.status_code, done.headers["location"]) == (303, "/id/record")
    found = await levels(town, browser)
    assert (found.ial, found.aal) == ("2.3", "2.1")
    assert "ครั้งนี้เข้าด้วย ThaID" in (await browser.get("/id/security")).text  # not by PIN and code
    events = (await browser.get("/id/security/events")).text
    assert "เข้าสู่ระบบผ่าน ThaID (IAL 2.3)" in events
    assert "__Host-morprom-thaid" not in browser.http.cookies


async def test_a_sign_in_is_worth_what_thaid_says_and_no_more(town: Town) -> None:
    browser = town.browser()
    await town.with_passkey(browser, MALEE)
    for ial, factors, expected in (
        ("2.3", "one", ("2.3", "1")), ("2.1", "two", ("2.1", "2.1")), ("1.1", "two", ("1.1", "2.1")),
        ("3", "two", ("2.3", "2.1")),
    ):  # fmt: skip
        await browser.post("/id/sign-out")
        await through(browser, MALEE, ial, factors)
        found = await levels(town, browser)
        assert (found.ial, found.aal) == expected
        async with town.database.transaction() as tx:
            amr = await tx.fetchval("select amr from person_session where ended_at is null")
            session = await session_of(tx, town.services.ring, Secret(browser.session_cookie), town.clock.now())
        assert session and set(amr) <= {"fed", "mfa"}
        for page in ("/id/bind", "/id/security/contacts/add", "/id/thaid?for=proof"):
            sent_on = await browser.get(page)
            assert sent_on.status_code == 303 and sent_on.headers["location"].startswith("/id/sign-in?"), page
        is_two = Seat(*session).is_at(Aal.TWO_FACTORS, None, town.clock.now())
        assert is_two == (expected == ("2.3", "2.1"))


async def test_the_owners_passkey_lifts_what_thaid_held_down(town: Town) -> None:
    browser = town.browser()
    key = await town.with_passkey(browser, MALEE)
    await browser.post("/id/sign-out")
    await through(browser, MALEE, "1.3")
    assert (await levels(town, browser)).ial == "1.3"
    await browser.sign_in(key)
    found = await levels(town, browser)
    assert (found.ial, found.aal) == ("2.3", "2.2")
    await through(browser, MALEE, "1.3")
    assert (await levels(town, browser)).ial == "1.3"


async def test_a_known_browser_is_known_when_it_comes_back(town: Town) -> None:
    browser = town.browser()
    await town.with_passkey(browser, MALEE)
    device = browser.http.cookies["__Host-morprom-device"]
    await browser.post("/id/sign-out")
    before = await told(town)
    await through(browser, MALEE)
    assert browser.http.cookies["__Host-morprom-device"] == device and await told(town) == before
    stranger = town.browser("192.0.2.77")
    await through(stranger, MALEE)
    assert "new-device" in (await told(town))[len(before) :]


async def test_nobody_gets_an_account_by_thaid(town: Town) -> None:
    browser = town.browser()
    await town.person(SOMCHAI)
    for cid in (SOMCHAI, NOBODY):
        refused = await through(browser, cid)
        assert refused.status_code == 403 and cid not in refused.text and not browser.session_cookie
    async with town.database.transaction() as tx:
        assert await tx.fetchval("select count(*) from person_account") == 0


async def test_a_frozen_account_stays_shut(town: Town) -> None:
    browser = town.browser()
    await town.with_passkey(browser, MALEE)
    async with town.database.transaction() as tx:
        await freeze(tx, town.services.ring, await town.person(MALEE), why=Words("x", "x"), now=town.clock.now())
    assert (await through(browser, MALEE)).status_code == 403


# Being raised


async def test_an_account_is_raised_by_what_thaid_says_of_the_same_person(town: Town) -> None:
    browser, other = town.browser(), town.browser("192.0.2.5")
    key = await low_account(town, browser)
    await other.sign_in(key)
    town.clock.unix += timedelta(days=2).total_seconds()
    await browser.sign_in(key)
    await other.sign_in(key)
    assert "/id/thaid?for=proof" in (await browser.get("/id/security/proofing")).text
    sms = len(town.sent)
    done = await through(browser, MALEE, "2.3", **{"for": "proof"})
    assert done.status_code == 200 and "IAL 2.3" in done.text and "ตัวจำลอง" in done.text
    found = await levels(town, browser)
    assert (found.ial, found.aal) == ("2.3", "2.2")
    person_id = await town.person(MALEE)
    async with town.database.transaction() as tx:
        newest = (await events_of(tx, town.services.ring, person_id))[0]
        account = await tx.fetchrow("select ial, t4_opens_at from person_account")
        assert await count_redeemed(tx, person_id) == 1
    assert newest.event.inside.checks == Checks(upstream="thaid", upstream_ial="2.3", channel="app")
    assert newest.event.inside.is_simulated and newest.derived.level == "2.3" and not newest.derived.is_confirmed
    assert account and account["t4_opens_at"] == town.clock.now() + timedelta(hours=24)
    assert "redeemed" in (await told(town)) and len(town.sent) == sms + 1 and town.sent[-1][0] == MOBILE
    page = (await browser.get("/id/security/proofing")).text
    assert "ThaID แจ้งว่าพิสูจน์ตัวตนแล้วที่ IAL 2.3" in page and "การพิสูจน์ตัวตนจำลอง" in page
    assert (await other.get("/id/security")).status_code == 303


async def test_what_is_no_more_changes_nothing(town: Town) -> None:
    browser = town.browser()
    await low_account(town, browser)
    for said in ("1.1", "1.3"):
        done = await through(browser, MALEE, said, **{"for": "proof"})
        assert done.status_code == 200 and "ไม่มีอะไรเปลี่ยน" in done.text
    async with town.database.transaction() as tx:
        assert await tx.fetchval("select count(*) from proofing_event") == 1
        assert await tx.fetchval("select ial from person_account") == Ial.CARD_CHECKED


async def test_another_persons_thaid_raises_nobody(town: Town) -> None:
    browser = town.browser()
    await town.with_passkey(town.browser("192.0.2.9"), SOMCHAI)
    await low_account(town, browser)
    for cid in (SOMCHAI, NOBODY):
        refused = await through(browser, cid, **{"for": "proof"})
        assert refused.status_code == 403 and "ไม่ใช่เจ้าของบัญชีนี้" in refused.text
    assert (await levels(town, browser)).ial == "1.3"


async def test_being_raised_takes_a_fresh_sign_in_with_an_authenticator_of_ours(town: Town) -> None:
    browser = town.browser()
    key = await low_account(town, browser)
    town.clock.unix += 301
    for reply in (await browser.get("/id/thaid?for=proof"), await sent_off(browser, **{"for": "proof"})):
        assert reply.status_code == 303 and reply.headers["location"].startswith("/id/sign-in?")
    await browser.sign_in(key)
    address = await at_thaid(browser, await sent_off(browser, **{"for": "proof"}), MALEE)
    town.clock.unix += 301
    late = await returned(browser, address)
    assert late.status_code == 303 and late.headers["location"].startswith("/id/sign-in?")
    await browser.sign_in(key)
    address = await at_thaid(browser, await sent_off(browser, **{"for": "proof"}), MALEE)
    await browser.post("/id/sign-out")
    await browser.sign_in(key)
    assert (await returned(browser, address)).status_code == 403


# What must not work


async def test_a_way_back_works_once_in_the_browser_that_went_within_a_quarter_of_an_hour(town: Town) -> None:
    browser, victim = town.browser(), town.browser("192.0.2.8")
    await town.with_passkey(town.browser("192.0.2.7"), MALEE)
    address = await at_thaid(browser, await sent_off(browser), MALEE)
    assert (await victim.get(address)).status_code == 403
    await sent_off(victim)
    assert (await returned(victim, address)).status_code == 403 and not victim.session_cookie
    assert (await returned(browser, address)).status_code == 303
    assert (await browser.get(address)).status_code == 403
    late = await at_thaid(browser, await sent_off(browser), MALEE)
    town.clock.unix += 901
    assert (await returned(browser, late)).status_code == 403


async def test_a_code_of_another_request_is_not_believed(town: Town) -> None:
    browser = town.browser()
    await town.with_passkey(browser, MALEE)
    await browser.post("/id/sign-out")
    first = await at_thaid(browser, await sent_off(browser), MALEE)
    second = (await sent_off(browser)).headers["location"]
    code = parse_qs(urlsplit(first).query)["code"][0]
    state = parse_qs(urlsplit(second).query)["state"][0]
    mixed = await returned(browser, f"/id/thaid/back?{urlencode({'code': code, 'state': state})}")
    assert mixed.status_code == 403 and not browser.session_cookie


async def test_junk_that_comes_back_is_a_page(town: Town) -> None:
    browser = town.browser()
    for query in ("", "?code=x", "?state=x", "?code=x&state=%00", "?error=access_denied&state=ก"):
        reply = await browser.get(f"/id/thaid/back{query}")
        assert reply.status_code == 403 and "<html" in reply.text, query
        await sent_off(browser)


async def test_saying_no_at_thaid_is_a_page(town: Town) -> None:
    browser = town.browser()
    address = (await sent_off(browser)).headers["location"].removeprefix(ORIGIN)
    back = await browser.post(address, answer="no")
    assert (await returned(browser, back.headers["location"])).status_code == 403


async def test_nobody_is_sent_on_to_another_site(town: Town) -> None:
    browser = town.browser()
    await town.with_passkey(browser, MALEE)
    await browser.post("/id/sign-out")
    for onward in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"):
        assert (await through(browser, MALEE, next=onward)).headers["location"] == "/id", onward


async def test_a_form_of_another_site_sends_nobody_off(town: Town) -> None:
    browser = town.browser()
    token = await browser.token()
    reply = await browser.http.post("/id/thaid", data={"form": token}, headers={"origin": "https://evil.example"})
    assert reply.status_code == 403
    async with town.database.transaction() as tx:
        assert await tx.fetchval("select count(*) from thaid_request") == 0


async def test_a_real_number_is_not_taken_by_the_simulator(town: Town) -> None:
    browser = town.browser()
    address = (await sent_off(browser)).headers["location"].removeprefix(ORIGIN)
    for cid in ("110170020345" + str(check_digit("110170020345")), "123", ""):
        assert (await browser.post(address, cid=cid, ial="2.3", answer="yes")).status_code == 400


async def test_without_thaid_there_is_no_way_to_it(database: Database, database_url: str, ring: KeyRing) -> None:
    async with town_on(database_url, database, ring, Time(), Mode.SANDBOX) as town:
        browser = town.browser()
        for path in ("/id/thaid", "/id/thaid/back?state=x&code=y", "/id/thaid/simulated"):
            assert (await browser.get(path)).status_code == 404
        assert (await sent_off(browser)).status_code == 404
        assert "/id/thaid" not in (await browser.get("/id/sign-in")).text


async def test_the_real_client_goes_all_the_way_with_a_stand_in(town: Town) -> None:
    stand_in = StandIn()
    stand_in.claims |= {"pid": MALEE, "ial": "2.3", "iat": town.clock.seconds(), "exp": town.clock.seconds() + 600}
    stand_in.beside |= {"pid": MALEE, "expire_in": int(town.clock.seconds()) + 600}
    service = Service("stand-in", transport=httpx.MockTransport(stand_in), repeats=False)
    thaid = HttpThaId(ISSUER, ("morprom", Secret("a secret")), service, service, town.clock.seconds)
    services = replace(
        town.services, outside=replace(town.services.outside, thaid=thaid),
        settings=msgspec.structs.replace(town.services.settings, thaid_url=ISSUER),
    )  # fmt: skip
    real = replace(town, services=services, app=application(services, ["citizen"]))
    browser = real.browser()
    await real.with_passkey(browser, MALEE)
    await browser.post("/id/sign-out")
    page = await browser.get("/id/thaid")
    assert f"form-action 'self' {ISSUER}" in page.headers["content-security-policy"] and "จำลอง" not in page.text
    sent = (await sent_off(browser, next="/id/history")).headers["location"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(sent).query).items()}
    assert sent.startswith(f"{ISSUER}/api/v2/oauth2/auth/?") and query["redirect_uri"] == f"{ORIGIN}/id/thaid/back"
    stand_in.claims["nonce"] = query["nonce"]
    done = await returned(browser, f"/id/thaid/back?{urlencode({'code': 'a code', 'state': query['state']})}")
    assert (done.status_code, done.headers["location"]) == (303, "/id/history")
    assert await levels(real, browser) == Levels(Ial.CHIP_AND_FACE, Aal.TWO_FACTORS, town.clock.now())
    assert (await browser.get("/id/thaid/simulated")).status_code == 404
    stand_in.claims["nonce"] = "another"
    query = parse_qs(urlsplit((await sent_off(browser)).headers["location"]).query)
    back = f"/id/thaid/back?{urlencode({'code': 'a code', 'state': query['state'][0]})}"
    assert (await returned(browser, back)).status_code == 403
    stand_in.discovery = {}
    thaid._known = None  # pyright: ignore[reportPrivateUsage]
    assert (await sent_off(browser)).status_code == 503


async def test_a_passkey_lifts_a_long_session_of_one_factor(town: Town) -> None:
    """One factor holds 30 days, two hold 12 hours from the same start: what was lifted would be over at once."""
    browser = town.browser()
    key = await town.with_passkey(browser, MALEE)
    await browser.post("/id/sign-out")
    await through(browser, MALEE, factors="one")
    assert (await levels(town, browser)).aal == "1"
    town.clock.unix += 13 * 3600
    assert (await browser.sign_in(key)).status_code == 200
    assert (await browser.get("/id/security")).status_code == 200
    assert (await levels(town, browser)).aal == "2.2"
