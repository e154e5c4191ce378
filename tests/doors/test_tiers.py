"""Tiers and ceilings through the doors: every action on every basis, and levels that fall while something still lives.

Which cell is open and which is not is tried whole in tests/access/test_tiers.py; here that every door asks.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from doors.calling import Caller
from doors.citizens import Town, town_on
from doors.owners import MALEE, House, house, refusal, visits_at_khon_kaen
from morprom.access import Actor, Ground, current_policy, issue_code
from morprom.accounts import freeze, open_account
from morprom.accounts.account import T4_WAITS, set_ial, thaw
from morprom.accounts.sessions import session_by_id
from morprom.assurance import Ial
from morprom.audit import Outcome
from morprom.doors.citizen.shown import PARTS
from morprom.identity import PHR_READ, health_id_token
from morprom.identity.sessions import follow_session
from morprom.kernel import Words, utc_now
from morprom.people import Inbox
from morprom.storage import Database, KeyRing
from units.cast import Time

WEB = "/api/WebApp"
TABLE = "etda-2564"
WHY = Words("แจ้งทุจริต", "fraud reported")

TIER_OF = {
    **dict.fromkeys(("Address", "Telecom", "Appointment", "ProfileImage"), 1),
    **dict.fromkeys(("Coverage", "Immunization", "Allergy"), 2),
    **dict.fromkeys(
        ("PatientSummary", "Encounter", "VitalSign", "Condition", "Observation", "Medication", "DiagnosticReport",
         "MedicationRequest", "DrugRelatedProblem", "NCD", "Referral", "SelfObservation", "Pregnancy", "CareGiver"), 3,
    ),
}  # fmt: skip
"""What each action reads, in the words of the order."""

BORDERS = [  # IAL, AAL; the highest tier that a session of them reads
    ("1.2", "3", 0), ("1.3", "1", 1), ("2.1", "1", 1), ("1.3", "2.1", 1), ("2.1", "2.1", 2), ("2.2", "2.2", 2),
    ("2.3", "1", 1), ("2.3", "2.1", 3), ("2.3", "2.2", 3),
]  # fmt: skip


@pytest.fixture
async def home(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[House]:
    async with house(database, database_url, ring) as opened:
        assert (await opened.send("1"))["MessageCode"] == 200
        yield opened


async def card_code(home: House, ground: Ground) -> str:
    """A code as a shown card has it."""
    async with home.database.transaction() as tx:
        account: UUID = await tx.fetchval("select account_id from account where hcode = '10670' and login = 'viewer'")
        actor = Actor(account, "10670", "viewer")
        person = await home.person()
        return await issue_code(tx, home.ring, current_policy(), person=person, actor=actor, ground=ground)


async def asked_code(home: House, viewer: Caller) -> str:
    """A code as the person was sent it."""
    assert (await viewer.post("/api/RequestTokenv1", {"cid": MALEE}))["MessageCode"] == 200
    person = await home.person()
    async with home.database.transaction() as tx:
        return (await Inbox().notices(tx, person))[-1].code


async def opens(caller: Caller, otp: str = "") -> dict[str, int]:
    """The status of every action, by a code or by the caller's Health ID."""
    body = {"cid": MALEE} | ({"otp": otp} if otp else {})
    found = {action: await caller.http.post(WEB, json=body, params={"Action": action}) for action in TIER_OF}
    return {action: reply.status_code for action, reply in found.items()}


def up_to(tier: int) -> dict[str, int]:
    return {action: 200 if needed <= tier else 403 for action, needed in TIER_OF.items()}


async def account(home: House, ial: str = "2.3", *, t4_closed: bool = False) -> None:
    """Malee opened an account some days ago, or just now, and can sign in with a passkey."""
    now = utc_now()
    async with home.database.transaction() as tx:
        person_id = (await home.person()).person_id
        opened_at = now if t4_closed else now - timedelta(days=3)
        await open_account(tx, home.ring, person_id, ial=Ial(ial), table=TABLE, now=opened_at)
        await tx.execute(
            "insert into authenticator (authenticator_id, person_id, created_at, kind, key_id, sealed)"
            " values (gen_random_uuid(), $1, now(), 1, 1, '')",
            person_id,
        )


async def falls_to(home: House, ial: str) -> None:
    async with home.database.transaction() as tx:
        await set_ial(tx, (await home.person()).person_id, ial=Ial(ial), table=TABLE, until=None)


async def frozen(home: House) -> None:
    async with home.database.transaction() as tx:
        await freeze(tx, home.ring, (await home.person()).person_id, why=WHY, now=utc_now())


# Every action, every basis


def test_the_table_here_names_every_action_and_no_other() -> None:
    assert set(TIER_OF) == set(current_policy().action)


async def test_every_action_by_every_kind_of_code(home: House) -> None:
    viewer = await home.unit("viewer")
    assert await opens(viewer, await asked_code(home, viewer)) == up_to(3)
    assert await opens(viewer, await card_code(home, Ground.CARD)) == up_to(3)
    assert await opens(viewer, await card_code(home, Ground.CARD_REPORTED)) == up_to(2)
    assert set((await opens(viewer, "AB123456")).values()) == {403}


async def test_every_action_by_a_health_id_at_the_border_of_every_tier(home: House) -> None:
    for ial, aal, tier in BORDERS:
        owner = await home.owner(ial=ial, aal=aal, age=4000)
        assert await opens(owner) == up_to(tier), (ial, aal)


async def test_every_action_by_a_code_for_a_health_id_at_the_border_of_every_tier(home: House) -> None:
    viewer = await home.unit("viewer")
    for ial, aal, tier in (("1.3", "1", 1), ("2.1", "2.1", 2), ("2.3", "2.1", 3)):
        token = await home.health_id(ial=ial, aal=aal)
        otp = (await viewer.post(WEB, {"idp_jwt": token}, Action="RequestOTP"))["result"]["otp"]
        assert await opens(viewer, otp) == up_to(tier), (ial, aal)


async def test_without_code_or_health_id_a_unit_reads_nothing_but_its_referrals(home: House) -> None:
    viewer = await home.unit("viewer")
    found = await opens(viewer)
    assert found.pop("Referral") == 403  # there is none to it
    assert set(found.values()) == {401}


# What was higher once


async def test_a_health_id_is_worth_no_more_than_the_account_is_now(home: House) -> None:
    await account(home)
    owner = await home.owner()
    assert await opens(owner) == up_to(3)
    await falls_to(home, "2.1")
    assert await opens(owner) == up_to(2)
    await falls_to(home, "1.1")
    assert await opens(owner) == up_to(0)
    assert (await home.last())[2:] == (Outcome.REFUSED, "LEVELS_TOO_LOW")


async def test_reported_fraud_shuts_every_program_out_at_the_next_read(home: House) -> None:
    await account(home)
    owner, viewer = await home.owner(), await home.unit("viewer")
    token = await home.health_id()
    assert await opens(owner) == up_to(3)
    await frozen(home)
    assert refusal(await owner.get(WEB, Action="Address", cid=MALEE)) == (403, "ACCOUNT_FROZEN")
    calls: tuple[tuple[str, dict[str, str]], ...] = (
        ("/api/PHRSetting", {"mode": "get"}),
        ("/api/MaskEncounter", {"mode": "get"}),
        (WEB, {"Action": "ReportEncounter", "mode": "LIST"}),
    )
    for call, query in calls:
        assert refusal(await owner.post(call, {"cid": MALEE}, **query)) == (403, "ACCOUNT_FROZEN")
    assert refusal(await viewer.post(WEB, {"idp_jwt": token}, Action="RequestOTP")) == (403, "ACCOUNT_FROZEN")


async def test_a_code_opens_no_more_than_its_owner_is_proofed_for_now(home: House) -> None:
    await account(home)
    viewer = await home.unit("viewer")
    sent = await asked_code(home, viewer)
    token = await home.health_id()
    made = (await viewer.post(WEB, {"idp_jwt": token}, Action="RequestOTP"))["result"]["otp"]
    shown = await card_code(home, Ground.CARD)
    for otp in (sent, made, shown):
        assert await opens(viewer, otp) == up_to(3)
    await falls_to(home, "2.2")
    assert await opens(viewer, sent) == await opens(viewer, made) == up_to(2)
    assert await opens(viewer, shown) == up_to(3)  # their card proved them, not their account


async def test_freezing_ends_every_code_and_thawing_brings_none_back(home: House) -> None:
    await account(home)
    viewer = await home.unit("viewer")
    token = await home.health_id()
    codes = [
        await asked_code(home, viewer),
        (await viewer.post(WEB, {"idp_jwt": token}, Action="RequestOTP"))["result"]["otp"],
        await card_code(home, Ground.CARD),
        await card_code(home, Ground.CARD_REPORTED),
    ]
    await frozen(home)
    for code in codes:
        reply = await viewer.post(WEB, {"cid": MALEE, "otp": code}, Action="Address")
        assert refusal(reply) == (403, "OTP_REFUSED")
    new = await asked_code(home, viewer)  # which a demo sends to who is frozen as well
    assert refusal(await viewer.post(WEB, {"cid": MALEE, "otp": new}, Action="Address")) == (403, "OTP_REFUSED")
    assert (await home.last())[2:] == (Outcome.REFUSED, "ACCOUNT_FROZEN")
    assert await opens(viewer, await card_code(home, Ground.CARD)) == up_to(3)  # a patient all the same
    async with home.database.transaction() as tx:
        await thaw(tx, home.ring, (await home.person()).person_id)
    for code in codes:
        reply = await viewer.post(WEB, {"cid": MALEE, "otp": code}, Action="Address")
        assert refusal(reply) == (403, "OTP_REFUSED")


async def test_settings_wait_a_day_after_a_proofing_and_reports_do_not(home: House) -> None:
    await account(home, t4_closed=True)
    owner = await home.owner()
    body: dict[str, Any] = {"cid": MALEE, "encounter_ref_code": "10670:1", "reason_text": "ไม่ใช่ของฉัน"}
    for call, query in (("/api/PHRSetting", {"mode": "set"}), ("/api/MaskEncounter", {"mode": "set"})):
        assert refusal(await owner.post(call, body | {"share_phr": False}, **query)) == (403, "T4_WAITS")
    assert (await owner.post(WEB, body, Action="ReportEncounter", mode="ADD"))["result"] == 1
    async with home.database.transaction() as tx:
        await tx.execute("update person_account set t4_opens_at = now() - $1::interval", timedelta(seconds=1))
    assert (await owner.post("/api/PHRSetting", {"cid": MALEE, "share_phr": False}, mode="set"))["MessageCode"] == 200


async def test_a_refusal_is_told_so_that_a_program_can_step_up(home: House) -> None:
    owner = await home.owner(aal="1")
    reply = await owner.http.get(WEB, params={"Action": "Encounter", "cid": MALEE})
    said = reply.json()
    assert said["refusal"] == {"code": "LEVELS_TOO_LOW", "ial": "2.3", "aal": "2.1", "max_age": None, "lacks": ["aal"]}
    assert "สองปัจจัย" in said["Message"] and "two factors" in said["Message"]
    assert reply.headers["www-authenticate"] == (
        'Bearer error="insufficient_user_authentication",'
        ' error_description="sign in with two factors (AAL 2.1)", acr_values="aal2.1"'
    )


# A Health ID by a sign-in here


async def program_of(town: Town) -> Caller:
    """A program with the Health ID of whoever signed in last, as the face of Health ID makes one."""
    async with town.database.transaction() as tx:
        session_id = await tx.fetchval("select session_id from person_session order by started_at desc limit 1")
        found = await session_by_id(tx, town.services.ring, session_id, town.clock.now())
        assert found
        session = await follow_session(tx, *found, client_id="an-app", scopes=[PHR_READ], now=town.clock.now())
    program = Caller(town.services, town.app)
    token = health_id_token(town.services.ring, town.services.settings, session, town.clock.now())
    program.http.headers["authorization"] = f"Bearer {token.reveal()}"
    return program


async def status(program: Caller, action: str) -> int:
    return (await program.http.get(WEB, params={"Action": action, "cid": MALEE})).status_code


async def test_a_health_id_is_worth_what_the_sign_in_behind_it_is_at_the_moment(town: Town) -> None:
    phone = town.browser()
    key = await town.with_passkey(phone, MALEE)
    program = await program_of(town)
    assert await status(program, "Encounter") == 200
    async with town.database.transaction() as tx:
        await tx.execute("update person_session set aal = '1'")
    assert [await status(program, action) for action in ("Address", "Allergy")] == [200, 403]
    await phone.sign_in(key)
    assert await status(program, "Encounter") == 200


async def test_a_health_id_ends_with_the_idle_sign_in_the_sign_out_and_the_account(town: Town) -> None:
    phone = town.browser()
    key = await town.with_passkey(phone, MALEE)
    idle = await program_of(town)
    assert await status(idle, "Address") == 200
    town.clock.unix += 31 * 60
    assert await status(idle, "Address") == 401
    await phone.sign_in(key)
    out = await program_of(town)
    assert await status(out, "Address") == 200
    await phone.post("/id/sign-out")
    assert await status(out, "Address") == 401
    town.clock.unix += 1
    await phone.sign_in(key)
    reported = await program_of(town)
    assert await status(reported, "Address") == 200
    await phone.post("/id/report")
    assert await status(reported, "Address") == 401


# The owner's own pages


@pytest.fixture
async def town(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Town]:
    async with town_on(database_url, database, ring, Time()) as opened:
        yield opened


async def test_the_pages_of_the_record_open_by_the_levels_of_the_moment(town: Town) -> None:
    phone = town.browser()
    await town.with_passkey(phone, MALEE)
    for ial, aal, tier in BORDERS:
        async with town.database.transaction() as tx:
            await tx.execute("update person_account set ial = $1", ial)
            await tx.execute("update person_session set aal = $1", aal)
        assert (await phone.get("/id/history")).status_code == (200 if tier >= 1 else 403)
        pages = {part.action: await phone.get(f"/id/record/{part.action}") for part in PARTS}
        for action, page in pages.items():
            assert page.status_code == (200 if TIER_OF[action] <= tier else 403), (action, ial, aal)
            lacks_ial = float(ial) < {1: 1.3, 2: 2.1, 3: 2.3}[TIER_OF[action]]
            if page.status_code == 403:  # a counter, or a step-up that comes back to this page
                assert ("จุดยืนยันตัวตน" in page.text) is lacks_ial
                assert (f"next=%2Fid%2Frecord%2F{action}" in page.text) is not lacks_ial


async def test_what_the_owner_hid_opens_within_five_minutes_of_a_passkey_and_a_day_after_the_slip(town: Town) -> None:
    phone = town.browser()
    key = await town.with_passkey(phone, MALEE)
    hidden = "neither shown nor counted"

    async def is_all_shown(after: float) -> bool:
        town.clock.unix += after
        page = await phone.get("/id/record/Encounter")
        assert page.status_code == 200
        return hidden not in page.text

    assert not await is_all_shown(0)
    town.clock.unix += T4_WAITS.total_seconds() - 200
    await phone.sign_in(key)
    assert not await is_all_shown(199)
    assert await is_all_shown(1)
    assert await is_all_shown(100)
    assert not await is_all_shown(1)
    await phone.sign_in(key)
    assert await is_all_shown(0)


async def test_a_frozen_owner_and_one_who_was_idle_too_long_see_nothing(town: Town) -> None:
    phone = town.browser()
    key = await town.with_passkey(phone, MALEE)
    assert (await phone.get("/id/record/Address")).status_code == 200
    town.clock.unix += 31 * 60
    assert (await phone.get("/id/record/Address")).status_code == 303
    await phone.sign_in(key)
    assert (await phone.get("/id/record/Address")).status_code == 200
    async with town.database.transaction() as tx:
        await tx.execute("update person_account set frozen_at = now()")
    assert (await phone.get("/id/record/Address")).status_code == 303


# What owners set at their own pages


async def test_the_owner_turns_sharing_off_and_hides_a_visit_within_five_minutes_of_a_passkey(town: Town) -> None:
    phone = town.browser()
    key = await town.with_passkey(phone, MALEE)
    await visits_at_khon_kaen(town.database, town.services, town.app)
    assert "24" in (await phone.get("/id/sharing")).text and (await phone.get("/id/sharing")).status_code == 403
    town.clock.unix += T4_WAITS.total_seconds() + 1
    await phone.sign_in(key)
    page = await phone.get("/id/sharing")
    assert page.status_code == 200 and page.text.count('value="10670:') == 2
    for fields in ({"share": "no"}, {"share": "yes"}):
        assert (await phone.post("/id/sharing", **fields)).headers["location"] == "/id/sharing"
    assert (await phone.post("/id/sharing/visit", visit="10670:1", hide="yes")).headers["location"] == "/id/sharing"
    assert "Show it again" in (await phone.get("/id/sharing")).text
    assert "10670:9" not in page.text and (await phone.post("/id/sharing/visit", visit="10670:9")).status_code == 404
    assert (await phone.post("/id/sharing/visit", visit="x")).status_code == 404
    assert (await phone.post("/id/sharing", share="maybe")).status_code == 400
    program = await program_of(town)
    rows = (await program.get(WEB, Action="Encounter", cid=MALEE))["result"]
    assert [row["encounter_ref_code"] for row in rows] == ["10670:2"]


async def test_the_settings_page_leads_to_a_step_up_and_back_and_changes_nothing_before(town: Town) -> None:
    phone = town.browser()
    key = await town.with_passkey(phone, MALEE)
    await visits_at_khon_kaen(town.database, town.services, town.app)
    town.clock.unix += T4_WAITS.total_seconds() + 1
    await phone.sign_in(key)
    town.clock.unix += 301
    page = await phone.get("/id/sharing")
    assert page.status_code == 403 and "next=%2Fid%2Fsharing" in page.text
    for path, fields in (("/id/sharing", {"share": "no"}), ("/id/sharing/visit", {"visit": "10670:1", "hide": "yes"})):
        sent = await phone.post(path, **fields)
        assert sent.status_code == 303 and "next=%2Fid%2Fsharing" in sent.headers["location"]
    await phone.sign_in(key)
    assert "Stop sharing" in (await phone.get("/id/sharing")).text
    assert "Show it again" not in (await phone.get("/id/sharing")).text
