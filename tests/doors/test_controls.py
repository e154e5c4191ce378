"""The owner's controls: the switch, masks, reports of wrong visits; and everybody else who tries them."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from doors.calling import Caller, Reply
from doors.owners import MALEE, NOBODY, SOMCHAI, House, alike, house, refusal, seen
from morprom.audit import Basis, Outcome
from morprom.storage import Database, KeyRing, Role
from units.cast import SIRIRAJ

ONE, TWO, THREE = "10670:690401080001", "10670:690401080002", "10670:690401080003"
SETTING, MASK, WEB = "/api/PHRSetting", "/api/MaskEncounter", "/api/WebApp"


@pytest.fixture
async def home(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[House]:
    """Malee has three visits at Khon Kaen, Somchai one at Siriraj."""
    async with house(database, database_url, ring) as opened:
        assert (await opened.send("690401080001", "690401080002", "690401080003"))["MessageCode"] == 200
        assert (await opened.send("55", cid=SOMCHAI, hcode=SIRIRAJ))["MessageCode"] == 200
        yield opened


async def mask(owner: Caller, ref: str = ONE, cid: str = MALEE, **more: object) -> Reply:
    return await owner.post(MASK, {"cid": cid, "encounter_ref_code": ref, **more}, mode="set")


async def disputed(home: House, login: str = "agent", **unit: Any) -> list[Reply]:
    caller = await home.unit(login, **unit)
    return (await caller.get("/api/OrganizationSummary", data="disputed"))["result"]


async def report(owner: Caller, mode: str, ref: str = "", reason: str = "", cid: str = MALEE) -> Reply:
    body = {"cid": cid, "encounter_ref_code": ref, "reason_text": reason}
    given = {name: value for name, value in body.items() if value}
    return await owner.post(WEB, given, Action="ReportEncounter", mode=mode)


# Sharing


async def test_sharing_is_on_until_the_owner_turns_it_off_and_on_again(home: House) -> None:
    owner = await home.owner()
    first = (await owner.post(SETTING, {"cid": MALEE}, mode="get"))["result"]
    assert first["share_phr"] is True
    for share in (False, True):
        reply = await owner.post(SETTING, {"cid": MALEE, "share_phr": share}, mode="SET")
        assert reply["result"] == {"cid": first["cid"], "share_phr": share}
        assert (await owner.post(SETTING, {"cid": MALEE}, mode="get"))["result"]["share_phr"] is share
    assert await home.told() == ["sharing", "sharing"]
    written = [line.entry for line in await home.history() if line.entry.outcome is Outcome.WRITTEN]
    settings = [entry.content for entry in written if entry.content.action == "PHRSetting"]
    assert [(content.reason, content.client) for content in settings] == [
        ("NOT_SHARED", "an-app"),
        ("SHARED", "an-app"),
    ]


async def test_the_cid_in_the_answer_is_no_cid_and_differs_for_each_person(home: House) -> None:
    opaque = set[str]()
    for cid in (MALEE, SOMCHAI):
        reply = await (await home.owner(cid)).post(SETTING, {"cid": cid}, mode="get")
        assert cid not in json.dumps(reply)
        opaque.add(reply["result"]["cid"])
    assert len(opaque) == 2


async def test_turning_the_switch_to_where_it_is_tells_nobody_anew(home: House, database: Database) -> None:
    owner = await home.owner()
    for _ in range(3):
        assert (await owner.post(SETTING, {"cid": MALEE, "share_phr": False}, mode="set"))["MessageCode"] == 200
    assert await home.told() == ["sharing"]
    async with database.transaction() as tx:
        assert await tx.fetchval("select count(*) from document where kind = 9") == 1


@pytest.mark.parametrize("value", [None, 7, "yes", [], {}, "", 2])
async def test_a_switch_is_true_or_false(home: House, value: object) -> None:
    owner = await home.owner()
    reply = await owner.post(SETTING, {"cid": MALEE, "share_phr": value}, mode="set")
    assert reply["MessageCode"] == 400


async def test_sharing_off_closes_every_way_in_but_the_owners_own_controls(home: House) -> None:
    owner, viewer = await home.owner(), await home.unit("viewer")
    assert (await viewer.post("/api/RequestTokenv1", {"cid": MALEE}))["MessageCode"] == 200
    made = (await viewer.post(WEB, {"idp_jwt": await home.health_id()}, Action="RequestOTP"))["result"]["otp"]
    await owner.post(SETTING, {"cid": MALEE, "share_phr": False}, mode="set")
    assert refusal(await owner.get(WEB, Action="Encounter", cid=MALEE)) == (403, "SHARING_OFF")
    assert refusal(await viewer.post(WEB, {"cid": MALEE, "otp": made}, Action="Encounter")) == (403, "SHARING_OFF")
    again = await viewer.post(WEB, {"idp_jwt": await home.health_id()}, Action="RequestOTP")
    assert refusal(again) == (403, "SHARING_OFF")
    assert refusal(await viewer.post(WEB, {"cid": MALEE}, Action="Referral")) == (403, "REFERRAL_REFUSED")
    assert (await mask(owner))["MessageCode"] == 200
    assert (await report(owner, "ADD", TWO, "ไม่ใช่ฉัน"))["result"] == 1
    assert (await owner.post(SETTING, {"cid": MALEE, "share_phr": True}, mode="set"))["MessageCode"] == 200
    assert await seen(owner) == [TWO, THREE]


# Masks


async def test_a_masked_visit_leaves_readers_and_stays_with_its_hospital(home: House) -> None:
    owner = await home.owner()
    assert (await mask(owner))["result"] == {"encounter_ref_code": ONE, "mask": True}
    assert await seen(owner) == [TWO, THREE]
    agent = await home.unit()
    day = await agent.get("/api/OrganizationSummary", data="encounter_ref_code", date="2026-04-01")
    assert day["result"] == [ONE, TWO, THREE]
    (listed,) = await disputed(home)
    assert (listed["encounter_ref_code"], listed["is_masked"], listed["is_reported"]) == (ONE, True, False)
    assert await disputed(home, hcode=SIRIRAJ) == []
    assert await home.told() == ["mask"]


async def test_a_reupload_keeps_the_mask(home: House) -> None:
    owner = await home.owner()
    await mask(owner)
    reply: Reply = {}
    for status in ("planned", "finished"):
        reply = await home.send("690401080001", status=status)
        assert reply["MessageCode"] == 200
    assert reply["result"]["changed"] == 1
    assert await seen(owner) == [TWO, THREE]
    assert [row["encounter_ref_code"] for row in await disputed(home)] == [ONE]


async def test_unmasking_shows_the_visit_again_and_takes_it_off_the_list(home: House) -> None:
    owner = await home.owner()
    await mask(owner)
    await mask(owner, mask=False)
    assert await seen(owner) == [ONE, TWO, THREE]
    assert await disputed(home) == []
    assert (await owner.post(MASK, {"cid": MALEE}, mode="get"))["result"] == []
    assert await home.told() == ["mask", "mask"]


async def test_masks_are_listed_and_asked_one_by_one(home: House) -> None:
    owner = await home.owner()
    for ref in (ONE, THREE, ONE):
        await mask(owner, ref)
    for ref, masked in ((ONE, True), (TWO, False), ("10670:0", False)):
        reply = await owner.post(MASK, {"cid": MALEE, "encounter_ref_code": ref}, mode="get")
        assert reply["result"] == {"encounter_ref_code": ref, "mask": masked}
    rows = (await owner.post(MASK, {"cid": MALEE}, mode="get"))["result"]
    assert [row["encounter_ref_code"] for row in rows] == [ONE, THREE]


@pytest.mark.parametrize("ref", ["10670:no-such", "13814:55", "13814:690401080001", "10670:690401080001 x"])
async def test_only_the_owners_own_visits_are_masked_and_another_persons_is_as_none(home: House, ref: str) -> None:
    owner = await home.owner()
    wrong, none = await mask(owner, ref), await mask(owner, "10670:nothing")
    assert wrong["MessageCode"] == 404 and alike(wrong, none)
    assert await home.last() == ("MaskEncounter", Basis.HEALTH_ID, Outcome.FAILED, "VISIT_UNKNOWN")
    assert (await report(owner, "ADD", ref, "x"))["MessageCode"] == 404
    assert await disputed(home, hcode=SIRIRAJ) == await disputed(home) == []


@pytest.mark.parametrize("ref", ["", "690401080001", "x:y", "10670:", ":5", 7, None, [], "10670: "])
async def test_a_visit_is_named_with_its_hospital(home: House, ref: object) -> None:
    owner = await home.owner()
    reply = await owner.post(MASK, {"cid": MALEE, "encounter_ref_code": ref}, mode="set")
    assert reply["MessageCode"] == 400


async def test_a_visit_of_an_unknown_hospital_is_not_found(home: House) -> None:
    assert (await mask(await home.owner(), "00999:1"))["MessageCode"] == 404


async def test_two_phones_at_once_lose_nothing(home: House, database: Database) -> None:
    owner = await home.owner()
    replies = await asyncio.gather(
        *(mask(owner, ref) for ref in (ONE, TWO, THREE)),
        owner.post(SETTING, {"cid": MALEE, "share_phr": False}, mode="set"),
        report(owner, "ADD", ONE, "x"),
        report(owner, "ADD", TWO, "y"),
    )
    assert {reply["MessageCode"] for reply in replies} == {200}
    rows = (await owner.post(MASK, {"cid": MALEE}, mode="get"))["result"]
    assert {row["encounter_ref_code"] for row in rows} == {ONE, TWO, THREE}
    assert (await owner.post(SETTING, {"cid": MALEE}, mode="get"))["result"]["share_phr"] is False
    assert len((await report(owner, "LIST"))["result"]) == 2
    assert len(await disputed(home)) == 3
    async with database.transaction() as tx:
        rows = await tx.fetch("select version, held_until from document where kind = 9 order by version")
    assert [row["version"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row["held_until"] is None for row in rows] == [False] * 5 + [True]


# Reports


async def test_a_wrong_visit_is_reported_to_its_hospital_and_the_report_is_withdrawn(home: House) -> None:
    owner = await home.owner()
    assert (await report(owner, "ADD", ONE, "วันนั้นไม่ได้ไป"))["result"] == 1
    assert (await report(owner, "add", TWO, "ไม่ใช่ฉัน"))["result"] == 2
    assert (await report(owner, "ADD", ONE, "วันนั้นอยู่บ้าน"))["result"] == 2
    rows = (await report(owner, "LIST"))["result"]
    assert {(row["encounter_ref_code"], row["reason_text"]) for row in rows} == {
        (ONE, "วันนั้นอยู่บ้าน"), (TWO, "ไม่ใช่ฉัน")
    }  # fmt: skip
    listed = {row["encounter_ref_code"]: row for row in await disputed(home)}
    assert listed[ONE]["reason_text"] == "วันนั้นอยู่บ้าน" and listed[ONE]["is_masked"] is False
    assert await seen(owner) == [ONE, TWO, THREE]
    assert (await report(owner, "DELETE", ONE))["result"] == 1
    assert [row["encounter_ref_code"] for row in await disputed(home)] == [TWO]
    assert (await report(owner, "DELETE", ONE))["result"] == 1


async def test_withdrawing_a_report_keeps_the_mask(home: House) -> None:
    owner = await home.owner()
    await mask(owner)
    await report(owner, "ADD", ONE, "ผิดคน")
    await report(owner, "DELETE", ONE)
    (listed,) = await disputed(home)
    assert (listed["is_masked"], listed["is_reported"], listed["reason_text"]) == (True, False, "")


async def test_the_owners_words_are_sealed_for_their_hospital(home: House, database: Database) -> None:
    owner = await home.owner()
    await report(owner, "ADD", ONE, "ความลับของฉัน")
    async with database.transaction() as tx:
        stored = str(await tx.fetch("select * from disputed_visit")) + str(await tx.fetch("select * from document"))
    for private in ("ความลับของฉัน", "ความลับของฉัน".encode().hex(), "690401080001", MALEE):
        assert private not in stored


async def test_the_owner_learns_when_the_hospital_first_saw_it(home: House) -> None:
    owner = await home.owner()
    await mask(owner)
    for _ in range(3):
        await disputed(home)
    views = [line.entry for line in await home.history() if line.entry.content.action.endswith("disputed")]
    assert len(views) == 1 and (views[0].basis, views[0].unit, len(views[0].content.refs)) == (Basis.UNIT, "10670", 1)


async def test_a_visit_that_was_corrected_to_another_person_leaves_the_list_and_the_report_can_be_withdrawn(
    home: House,
) -> None:
    owner = await home.owner()
    await report(owner, "ADD", ONE, "ไม่ใช่ฉัน")
    assert (await home.send("690401080001", cid=SOMCHAI))["result"]["moved"] == 1
    assert await disputed(home) == []
    assert (await report(owner, "DELETE", ONE))["result"] == 0
    assert (await report(owner, "ADD", ONE, "x"))["MessageCode"] == 404


async def test_only_post_reports_and_get_lists(home: House) -> None:
    owner = await home.owner()
    await report(owner, "ADD", ONE, "x")
    for mode in ("ADD", "DELETE"):
        reply = await owner.get(WEB, Action="ReportEncounter", mode=mode, cid=MALEE, encounter_ref_code=TWO)
        assert reply["MessageCode"] == 400
    listed = await owner.get(WEB, Action="reportencounter", mode="list", cid=MALEE)
    assert [row["encounter_ref_code"] for row in listed["result"]] == [ONE]


# Who may not


CALLS: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "sharing": (SETTING, {"mode": "set"}, {"share_phr": False}),
    "sharing asked": (SETTING, {"mode": "get"}, {}),
    "mask": (MASK, {"mode": "set"}, {"encounter_ref_code": ONE}),
    "unmask": (MASK, {"mode": "set"}, {"encounter_ref_code": ONE, "mask": False}),
    "masks asked": (MASK, {"mode": "get"}, {}),
    "report": (WEB, {"Action": "ReportEncounter", "mode": "ADD"}, {"encounter_ref_code": ONE, "reason_text": "x"}),
    "withdraw": (WEB, {"Action": "ReportEncounter", "mode": "DELETE"}, {"encounter_ref_code": ONE}),
    "reports asked": (WEB, {"Action": "ReportEncounter", "mode": "LIST"}, {}),
}
EVERY = pytest.mark.parametrize("call", CALLS)


async def made(caller: Caller, call: str, cid: str = MALEE) -> Reply:
    path, query, body = CALLS[call]
    return await caller.post(path, {"cid": cid} | body, **query)


@EVERY
async def test_nobody_sets_anything_of_another_person_and_all_others_are_alike(home: House, call: str) -> None:
    thief = await home.owner(SOMCHAI)
    known, unknown = await made(thief, call), await made(thief, call, NOBODY)
    assert refusal(known) == (403, "OTHER_PERSON") and alike(known, unknown)
    assert (await home.last())[1:] == (Basis.HEALTH_ID, Outcome.REFUSED, "OTHER_PERSON")
    assert await seen(await home.owner()) == [ONE, TWO, THREE]


@EVERY
async def test_units_set_nothing(home: House, call: str, database: Database) -> None:
    for caller in (await home.unit(), await home.unit("viewer")):
        assert (await made(caller, call))["MessageCode"] == 401
    nobody = Caller(home.services)
    nobody.http.headers["authorization"] = "Bearer 10670:" + "x" * 43
    assert (await made(nobody, call))["MessageCode"] == 401
    del nobody.http.headers["authorization"]
    assert (await made(nobody, call))["MessageCode"] == 401
    async with database.transaction() as tx:
        assert await tx.fetchval("select count(*) from document where kind = 9") == 0


@EVERY
async def test_a_session_that_was_ended_sets_nothing_from_that_moment(home: House, call: str) -> None:
    owner = await home.owner()
    assert await seen(owner) == [ONE, TWO, THREE]
    await home.end_sessions()
    assert (await made(owner, call))["MessageCode"] == 401


LEVELS = {  # of a session: what a setting lacks, what a report lacks
    ("2.3", "2.1", 0): ("aal2.2", ""),
    ("2.3", "2.2", 301): ("aal2.2", ""),
    ("2.2", "2.2", 0): ("ial2.3", "ial2.3"),
    ("2.2", "1", 0): ("ial2.3 aal2.2", "ial2.3 aal2.1"),
    ("2.3", "1", 0): ("aal2.2", "aal2.1"),
}


@EVERY
async def test_a_session_that_is_too_low_or_too_old_is_told_what_is_missing(home: House, call: str) -> None:
    path, query, body = CALLS[call]
    is_report = "Action" in query
    for (ial, aal, age), lacks in LEVELS.items():
        owner = await home.owner(ial=ial, aal=aal, age=age)
        reply = await owner.http.post(path, json={"cid": MALEE} | body, params=query)
        lacking = lacks[is_report]
        if not lacking:
            assert reply.status_code == 200
            continue
        assert reply.status_code == 403 and reply.json()["refusal"]["code"] == "LEVELS_TOO_LOW"
        challenge = reply.headers["www-authenticate"]
        assert 'error="insufficient_user_authentication"' in challenge and f'acr_values="{lacking}"' in challenge
        assert challenge.endswith('max_age="300"') is (not is_report and lacking != "ial2.3")
        assert (await home.last())[1:] == (Basis.HEALTH_ID, Outcome.REFUSED, "LEVELS_TOO_LOW")


@EVERY
async def test_a_client_without_the_owners_grant_sets_nothing(home: House, call: str) -> None:
    assert (await made(await home.owner(scopes=("openid",)), call))["MessageCode"] == 403


@EVERY
async def test_the_call_names_a_person(home: House, call: str) -> None:
    path, query, body = CALLS[call]
    owner = await home.owner()
    wrong: list[Any] = [None, "", "123", 7, [], "x" * 5000]
    for cid in wrong:
        assert (await owner.post(path, {**body, "cid": cid}, **query))["MessageCode"] == 400


async def test_there_are_two_modes(home: House) -> None:
    owner = await home.owner()
    for path in (SETTING, MASK):
        for mode in ("", "delete", "x" * 3000):
            assert (await owner.post(path, {"cid": MALEE}, mode=mode))["MessageCode"] == 400


async def test_an_account_that_only_sees_counts_is_not_told_what_owners_say(home: House, database: Database) -> None:
    from morprom.units import Permission
    from units.cast import KHON_KAEN, agent_of

    await agent_of(database, KHON_KAEN, Permission.REPORT, login="counter")
    caller = await home.unit("counter")
    assert (await caller.get("/api/OrganizationSummary", data="disputed"))["MessageCode"] == 403
    other = await caller.get("/api/OrganizationSummary", data="disputed", hospital_code="13814")
    assert other["MessageCode"] == 403


async def test_the_readers_role_writes_settings_by_one_function_and_no_other_document(
    home: House, database_url: str, database: Database
) -> None:
    await mask(await home.owner())
    person = await home.person()
    reader = await Database.connect(database_url, Role.READER, most=1)
    arguments = "'90 days', $1, {}, 1::smallint, '\\x00', '\\x00'"
    async with reader.transaction() as tx:
        for version in (-1, 0, 1, 3, 9):  # only the one that follows the version that counts
            assert not await tx.fetchval(f"select controls_write({arguments.format(version)})", person.person_id)
        unknown = "select controls_write('90 days', gen_random_uuid(), 1, 1::smallint, '', '')"
        assert not await tx.fetchval(unknown)
        assert await tx.fetchval(f"select controls_write({arguments.format(2)})", person.person_id)
    for statement in (
        "insert into document (person_id, version, kind, key_id, unit, ref, content_hash, sealed)"
        " values (gen_random_uuid(), 1, 9, 1, '', '', '', '')",
        "update document set held_until = now()",
        "delete from document where kind = 9",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with reader.transaction() as tx:
                await tx.execute(statement)
    reader.terminate()
    async with database.transaction() as tx:
        kinds = await tx.fetch("select distinct kind from document where version > 1")
    assert [row["kind"] for row in kinds] == [9]
