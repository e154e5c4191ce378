"""Reading with the owner's Health ID, the code that a unit's system has for it, and referrals without any code."""

import base64
import json
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from doors.calling import Caller, Reply
from doors.owners import MALEE, NOBODY, SOMCHAI, House, alike, house, refusal, seen
from morprom.access import current_policy
from morprom.audit import Basis, Outcome, Purpose
from morprom.kernel import utc_now
from morprom.storage import Database, KeyRing
from units.cast import KHON_KAEN, SIRIRAJ

WEB = "/api/WebApp"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
HIV: dict[str, Any] = {"Condition": [{"code": {"coding": [{"system": ICD10, "code": "B20", "display": "x"}]}}]}


@pytest.fixture
async def home(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[House]:
    """Malee has a visit and Somchai has one; both at Khon Kaen."""
    async with house(database, database_url, ring) as opened:
        assert (await opened.send("1", reason=[{"text": "ปวดศีรษะ"}]))["MessageCode"] == 200
        assert (await opened.send("2", cid=SOMCHAI))["MessageCode"] == 200
        yield opened


# The owner's own token


async def test_the_owner_reads_by_get_and_by_post_with_the_cid_in_query_or_body(home: House) -> None:
    owner = await home.owner()
    replies = [
        await owner.get(WEB, Action="Encounter", cid=MALEE),
        await owner.get(WEB, action="ENCOUNTER", CID=f"{MALEE[:1]}-{MALEE[1:5]}-{MALEE[5:]}"),
        await owner.post(WEB, {"cid": MALEE}, Action="Encounter"),
        await owner.post(WEB, {"CID": MALEE, "otp": "AB123456"}, Action="Encounter"),
        await owner.post(WEB, {}, Action="Encounter", cid=MALEE),
    ]
    for reply in replies:
        assert [row["encounter_ref_code"] for row in reply["result"]] == ["10670:1"]
    line = (await home.history())[-1].entry
    assert (line.content.action, line.basis, line.outcome) == ("Encounter", Basis.HEALTH_ID, Outcome.PERMITTED)
    assert (line.content.client, line.content.purpose, line.actor) == ("an-app", Purpose.OWN_ACCESS, None)


async def test_every_action_answers_the_owner(home: House) -> None:
    owner = await home.owner()
    for action in current_policy().action:
        assert (await owner.get(WEB, Action=action, cid=MALEE))["MessageCode"] == 200
        assert (await home.last())[:3] == (action, Basis.HEALTH_ID, Outcome.PERMITTED)


async def test_sensitive_visits_stay_closed_to_every_health_id(home: House) -> None:
    await home.send("3", **HIV)
    assert await seen(await home.owner()) == ["10670:1"]


async def test_another_persons_cid_is_refused_alike_for_everyone_and_in_their_history(home: House) -> None:
    thief = await home.owner(SOMCHAI)
    known = await thief.get(WEB, Action="Encounter", cid=MALEE)
    unknown = await thief.get(WEB, Action="Encounter", cid=NOBODY)
    assert refusal(known) == (403, "OTHER_PERSON") and alike(known, unknown)
    assert await home.last() == ("Encounter", Basis.HEALTH_ID, Outcome.REFUSED, "OTHER_PERSON")
    async with home.database.transaction() as tx:
        assert await tx.fetchval("select count(*) from history where person_id is null") == 1


@pytest.mark.parametrize("cid", ["", "123", "1990000000010", "กขค", "x" * 5000])
async def test_without_a_cid_nothing_is_read(home: House, cid: str) -> None:
    owner = await home.owner()
    assert (await owner.get(WEB, Action="Encounter", cid=cid))["MessageCode"] == 400
    assert (await owner.get(WEB, Action="Encounter"))["MessageCode"] == 400


LEVELS = [  # of a session; the highest tier that it reads
    ("1.2", "2.2", 0), ("1.3", "1", 1), ("2.1", "1", 1), ("2.1", "2.1", 2), ("2.2", "3", 2), ("2.3", "2.1", 3),
    ("3", "3", 3),
]  # fmt: skip


@pytest.mark.parametrize(("ial", "aal", "tier"), LEVELS)
async def test_the_levels_of_the_session_decide_what_is_read(home: House, ial: str, aal: str, tier: int) -> None:
    owner = await home.owner(ial=ial, aal=aal, age=4000)
    for action, needed in (("Address", 1), ("Allergy", 2), ("Encounter", 3)):
        reply = await owner.http.get(WEB, params={"Action": action, "cid": MALEE})
        assert reply.status_code == (200 if needed <= tier else 403)
        if needed > tier:
            assert (
                reply.json()["refusal"]["code"] == "LEVELS_TOO_LOW"
                and "acr_values" in reply.headers["www-authenticate"]
            )
            assert (await home.last())[1:] == (Basis.HEALTH_ID, Outcome.REFUSED, "LEVELS_TOO_LOW")


async def test_an_ended_session_reads_nothing_from_now(home: House) -> None:
    owner = await home.owner()
    assert await seen(owner) == ["10670:1"]
    await home.end_sessions()
    assert (await owner.get(WEB, Action="Encounter", cid=MALEE))["MessageCode"] == 401


async def test_without_the_owners_grant_a_client_reads_nothing(home: House) -> None:
    assert (await (await home.owner(scopes=("openid",))).get(WEB, Action="Encounter", cid=MALEE))["MessageCode"] == 403


def bent(token: str, **claims: Any) -> str:
    """A token whose payload says something else than what was signed."""
    head, payload, signature = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))) | claims
    changed = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
    return f"{head}.{changed}.{signature}"


async def test_saying_to_be_another_issuers_token_opens_neither_gate(home: House) -> None:
    health_id = await home.health_id()
    viewer = await home.unit("viewer")
    account = str(viewer.http.headers["authorization"]).partition(" ")[2]
    issuer = home.services.settings.public_url
    for token in (
        bent(health_id, iss=f"{issuer}/token"),
        bent(account, iss=f"{issuer}/health-id"),
        bent(health_id, sub="x"),
        bent(health_id, aud="another"),
    ):
        caller = Caller(home.services)
        caller.http.headers["authorization"] = f"Bearer {token}"
        for body in ({"cid": MALEE}, {"cid": MALEE, "otp": "AB123456"}):
            for action in ("Encounter", "Referral", "ValidateOTP", "ReportEncounter"):
                assert (await caller.post(WEB, body, Action=action, mode="LIST"))["MessageCode"] == 401
        assert (await caller.get(WEB, Action="Encounter", cid=MALEE))["MessageCode"] == 401


async def test_a_health_id_is_of_no_use_where_a_units_account_is_asked_for(home: House) -> None:
    owner = await home.owner()
    body = {"cid": MALEE, "otp": "AB123456", "idp_jwt": await home.health_id()}
    for path, query in (
        ("/api/RequestTokenv1", {}),
        (WEB, {"Action": "ValidateOTP"}),
        (WEB, {"Action": "RequestOTP"}),
        ("/api/UpdatePHRv1", {}),
        ("/api/OrgEncounterSummary", {}),
    ):
        assert (await owner.post(path, body, **query))["MessageCode"] == 401
    assert (await owner.get("/api/OrganizationSummary", data="disputed"))["MessageCode"] == 401


async def test_nothing_logs_the_number_in_an_address(
    home: House, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = await home.owner()
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the test's own client
    for cid in (MALEE, SOMCHAI, NOBODY, MALEE + "0"):
        await owner.get(WEB, Action="Encounter", cid=cid)
        await owner.get(WEB, Action="ReportEncounter", mode="LIST", cid=cid)
        await owner.get(WEB, Action="NoSuchAction", cid=cid)
        await owner.get("/api/NoSuchPath", cid=cid)
    written = caplog.text + "".join(capsys.readouterr())
    assert not any(cid in written for cid in (MALEE, SOMCHAI, NOBODY))


# A code for it


async def code_for(home: House, unit: Caller, cid: str = MALEE, **session: Any) -> Reply:
    return await unit.post(WEB, {"idp_jwt": await home.health_id(cid, **session)}, Action="RequestOTP")


async def test_a_units_system_turns_a_health_id_into_a_code_of_its_own(home: House) -> None:
    viewer = await home.unit("viewer")
    result = (await code_for(home, viewer))["result"]
    rows = (await viewer.post(WEB, {"cid": MALEE, "otp": result["otp"]}, Action="Encounter"))["result"]
    assert [row["encounter_ref_code"] for row in rows] == ["10670:1"]
    assert "ปวดศีรษะ" not in json.dumps(rows, ensure_ascii=False)
    made, read = [line.entry for line in (await home.history())[-2:]]
    assert (made.content.action, made.basis, made.unit, made.content.client) == (
        "RequestOTP", Basis.HEALTH_ID, "10670", "an-app"
    )  # fmt: skip
    assert (read.content.action, read.basis, read.unit) == ("Encounter", Basis.HEALTH_ID, "10670")
    assert made.content.grant_id == read.content.grant_id
    assert await home.told() == ["code-made"]
    valid = (await viewer.post(WEB, {"cid": MALEE, "otp": result["otp"]}, Action="ValidateOTP"))["result"]
    assert valid["valid"] and valid["expire_datetime"][:15] == result["expire_datetime"][:15]


async def test_the_code_opens_what_the_levels_at_issue_did(home: House) -> None:
    viewer = await home.unit("viewer")
    otp = (await code_for(home, viewer, ial="2.1", aal="2.1"))["result"]["otp"]
    await home.end_sessions()
    for action, status in (("Address", 200), ("Allergy", 200), ("Encounter", 403)):
        assert (await viewer.post(WEB, {"cid": MALEE, "otp": otp}, Action=action))["MessageCode"] == status
    assert refusal(await code_for(home, viewer, ial="1.2")) == (403, "LEVELS_TOO_LOW")


async def test_the_code_is_of_no_use_to_another_account_nor_for_another_person(home: House) -> None:
    viewer, elsewhere = await home.unit("viewer"), await home.unit("viewer", SIRIRAJ)
    otp = (await code_for(home, viewer))["result"]["otp"]
    assert refusal(await elsewhere.post(WEB, {"cid": MALEE, "otp": otp}, Action="Address")) == (403, "OTP_REFUSED")
    assert refusal(await viewer.post(WEB, {"cid": SOMCHAI, "otp": otp}, Action="Address")) == (403, "OTP_REFUSED")
    assert (await viewer.post(WEB, {"cid": MALEE, "otp": otp}, Action="Address"))["MessageCode"] == 200


@pytest.mark.parametrize("token", ["", "a.b.c", None, 7, [], "กขค", "x" * 9000])
async def test_what_is_no_health_id_is_turned_into_nothing(home: House, token: object) -> None:
    reply = await (await home.unit("viewer")).post(WEB, {"idp_jwt": token}, Action="RequestOTP")
    assert reply["MessageCode"] == 401 and "idp_jwt" in reply["Message"]


async def test_an_ended_session_an_account_token_and_an_ungranted_client_are_turned_into_nothing(home: House) -> None:
    viewer, ended = await home.unit("viewer"), await home.health_id()
    assert (await viewer.post(WEB, {"idp_jwt": ended}, Action="RequestOTP"))["MessageCode"] == 200
    await home.end_sessions()
    assert (await viewer.post(WEB, {"idp_jwt": ended}, Action="RequestOTP"))["MessageCode"] == 401
    own = str(viewer.http.headers["authorization"]).partition(" ")[2]
    assert (await viewer.post(WEB, {"idp_jwt": own}, Action="RequestOTP"))["MessageCode"] == 401
    assert (await code_for(home, viewer, scopes=("openid",)))["MessageCode"] == 403
    assert (await code_for(home, await home.unit("agent")))["MessageCode"] == 403


async def test_codes_for_health_ids_are_limited_apart_from_codes_that_are_asked_for(home: House) -> None:
    viewer = await home.unit("viewer")
    assert [(await code_for(home, viewer))["MessageCode"] for _ in range(4)] == [200, 200, 200, 429]
    assert (await viewer.post("/api/RequestTokenv1", {"cid": MALEE}))["MessageCode"] == 200


# Referrals


def referral(to: str = SIRIRAJ, *, by: str = KHON_KAEN, ref: str = "R1", **more: Any) -> dict[str, Any]:
    """An upload of one referral of Malee."""
    code = "https://bps.moph.go.th/hcode/5"
    return {
        "managingOrganization": {"identifier": {"use": "official", "system": code, "value": by}},
        "Patient": {"identifier": [{"system": "https://www.dopa.go.th", "type": "CID", "value": MALEE}]},
        "ReferralRequest": [
            {
                "referralRefCode": ref,
                "status": "active",
                "authoredOn": "2026-04-01T09:00:00",
                "recipientOrganization": {"identifier": {"system": code, "value": to}},
                "description": "เจ็บหน้าอก",
            }
            | more
        ],
    }


async def refer(home: House, upload: dict[str, Any], hcode: Any = KHON_KAEN) -> None:
    reply = await (await home.unit(hcode=hcode)).post("/api/ReferralRequest", upload)
    assert reply["MessageCode"] == 200, reply


async def read_as(home: House, hcode: Any, cid: str = MALEE) -> Reply:
    return await (await home.unit("viewer", hcode)).post(WEB, {"cid": cid}, Action="referral")


async def test_the_recipient_reads_its_referral_without_a_code_and_nothing_else(home: House) -> None:
    await refer(home, referral())
    await refer(home, referral("11111", ref="R2"))
    (row,) = (await read_as(home, SIRIRAJ))["result"]
    assert row["referral_ref_code"].endswith("R1") and row["recipient_organization_code"] == SIRIRAJ
    action, basis, outcome, _ = await home.last()
    assert (action, basis, outcome) == ("Referral", Basis.REFERRAL, Outcome.PERMITTED)
    viewer = await home.unit("viewer", SIRIRAJ)
    for other in current_policy().action:
        if other != "Referral":
            assert (await viewer.post(WEB, {"cid": MALEE}, Action=other))["MessageCode"] == 401
    assert (await viewer.get(WEB, Action="Referral", cid=MALEE))["MessageCode"] == 401


def closed(days: int) -> dict[str, Any]:
    ended = (utc_now() - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S")
    return {"status": "completed", "occurrencePeriod": {"start": "2026-04-01T09:00:00", "end": ended}}


@pytest.mark.parametrize(
    "case",
    ["nobody", "never heard of", "none at all", "to another", "from oneself", "closed long ago", "sharing off",
     "of a masked visit", "of a sensitive visit"],
)  # fmt: skip
async def test_every_other_unit_has_one_and_the_same_refusal(home: House, case: str) -> None:
    cid = MALEE
    match case:
        case "nobody":
            cid = NOBODY
        case "never heard of":
            cid = SOMCHAI
        case "to another":
            await refer(home, referral("11111"))
        case "from oneself":
            await refer(home, referral(by=SIRIRAJ), SIRIRAJ)
        case "closed long ago":
            await refer(home, referral(**closed(40)))
        case "sharing off":
            await refer(home, referral())
            await (await home.owner()).post("/api/PHRSetting", {"cid": MALEE, "share_phr": False}, mode="set")
        case "of a masked visit":
            await refer(home, referral(encounterRefCode="10670:1"))
            body = {"cid": MALEE, "encounter_ref_code": "10670:1"}
            await (await home.owner()).post("/api/MaskEncounter", body, mode="set")
        case "of a sensitive visit":
            await home.send("3", **HIV)
            await refer(home, referral(encounterRefCode="10670:3"))
        case _:
            pass
    refused = await read_as(home, SIRIRAJ, cid)
    assert refusal(refused) == (403, "REFERRAL_REFUSED")
    assert alike(refused, await read_as(home, SIRIRAJ, NOBODY))
    if cid != NOBODY:
        assert (await home.last(cid))[:3] == ("Referral", Basis.REFERRAL, Outcome.REFUSED)


async def test_a_referral_that_was_closed_lately_is_still_read(home: House) -> None:
    await refer(home, referral(**closed(20)))
    assert len((await read_as(home, SIRIRAJ))["result"]) == 1


async def test_who_may_not_read_asks_for_no_referral(home: House) -> None:
    await refer(home, referral())
    agent = await home.unit("agent", SIRIRAJ)
    assert (await agent.post(WEB, {"cid": MALEE}, Action="Referral"))["MessageCode"] == 403
    assert (await agent.post(WEB, {"cid": "12"}, Action="Referral"))["MessageCode"] == 403
