"""The table of `mophphr/withholding.py` through the real doors: uploaded, hidden by its owner, read by others."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from doors.calling import Caller
from doors.owners import MALEE, House, house
from mophphr.view_documents import CID, NAN
from mophphr.view_uploads import Sending, ordinary, vaccine
from mophphr.withholding import CASES, READS
from morprom.kernel import Hcode
from morprom.people import Inbox
from morprom.storage import Database, KeyRing
from morprom.units.administration import UnitEntry, roster
from units.cast import KHON_KAEN, agent_of

Json = dict[str, Any]

UNKNOWN = Hcode("11111")


@pytest.fixture
async def home(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[House]:
    assert CID == MALEE
    async with house(database, database_url, ring) as opened:
        for hcode in (Hcode(NAN), UNKNOWN):
            async with database.transaction() as tx:
                await roster.enrol(tx, ring, [UnitEntry(hcode, f"โรงพยาบาล {hcode}", province="40", region=7)])
            await agent_of(database, hcode)
        yield opened


def sender_of(payload: Json) -> Hcode:
    return Hcode(payload["managingOrganization"]["identifier"]["value"])


def as_whole_lists(sendings: list[Sending]) -> list[Sending]:
    """Vaccine registers replace each other over the wire: a hospital's are one, the ordinary one goes along."""
    call, payload = vaccine()
    lists: dict[Hcode, Json] = {KHON_KAEN: payload}
    for name, sent in sendings:
        if name == call:
            whole = lists.setdefault(sender_of(sent), sent | {"Immunization": []})
            whole["Immunization"] = whole["Immunization"] + sent["Immunization"]
    return [one for one in sendings if one[0] != call] + [(call, whole) for whole in lists.values()]


async def send(agents: dict[Hcode, Caller], sendings: list[Sending]) -> None:
    for call, payload in sendings:
        reply = await agents[sender_of(payload)].post(f"/api/{call}", payload)
        assert reply["MessageCode"] == 200, reply


async def answers(owner: Caller, reader: Caller, otp: str) -> dict[tuple[str, str, str], str]:
    """Every action and mode, with the owner's Health ID and with their code."""
    found: dict[tuple[str, str, str], str] = {}
    for action, mode in READS:
        by_token = await owner.get("/api/WebApp", Action=action, mode=mode, cid=CID)
        by_code = await reader.post("/api/WebApp", {"cid": CID, "otp": otp}, Action=action, mode=mode)
        assert by_token["MessageCode"] == by_code["MessageCode"] == 200, (action, by_token, by_code)
        found["token", action, mode] = json.dumps(by_token["result"])
        found["code", action, mode] = json.dumps(by_code["result"])
    return found


async def code_for(home: House, reader: Caller) -> str:

    assert (await reader.post("/api/RequestTokenv1", {"cid": CID}))["MessageCode"] == 200
    person = await home.person(CID)
    async with home.database.transaction() as tx:
        return (await Inbox().notices(tx, person))[-1].code


async def test_no_call_tells_of_what_is_withheld(home: House) -> None:
    agents = {hcode: await home.unit(hcode=hcode) for hcode in (KHON_KAEN, Hcode(NAN), UNKNOWN)}
    owner, reader = await home.owner(CID), await home.unit("viewer")
    await send(agents, ordinary())
    otp = await code_for(home, reader)
    before = await answers(owner, reader, otp)
    assert json.loads(before["code", "referral", ""]) and json.loads(before["token", "ncd", ""])

    stored = [case for case in CASES if case.secret]
    await send(agents, as_whole_lists([sending for case in stored for sending in case.secret]))
    for ref in {ref for case in stored for ref in case.masked}:
        hidden = await owner.post("/api/MaskEncounter", {"cid": CID, "encounter_ref_code": ref}, mode="set")
        assert hidden["MessageCode"] == 200, hidden
    after = await answers(owner, reader, otp)
    assert [place for place, answer in before.items() if after[place] != answer] == []
