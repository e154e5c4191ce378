"""How often somebody was proofed: who may ask, what is counted, and that it is written down."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from doors.calling import Caller
from doors.face_clients import MALEE, MAY_READ, SOMCHAI, WIPA, Street, street_on
from morprom.audit import Basis, Outcome, read_history
from morprom.doors.units import ekyc
from morprom.doors.units.turnstile import Turnstile
from morprom.people import Identifier, Scheme, ensure, get
from morprom.proofing import withdraw
from morprom.staff import Rights
from morprom.storage import Database, KeyRing
from morprom.units import Permission
from units.cast import KHON_KAEN, agent_of

PATH = "/idp/api/check_ekyc"
OFFICE = Rights(frozenset({Permission.IDP}))


@pytest.fixture
async def street(
    database: Database, database_url: str, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Street]:
    monkeypatch.setattr(ekyc, "_turnstile", Turnstile(lambda: 0.0, ekyc.AT_ONCE, ekyc.A_SECOND))
    async with street_on(database, database_url, ring) as opened:
        await agent_of(database, KHON_KAEN, Permission.IDP, login="office", may_send=False)
        yield opened


async def office(street: Street, login: str = "office") -> Caller:
    caller = Caller(street.services, street.app)
    await caller.sign_in(login)
    return caller


async def test_redeemed_proofings_are_counted_and_nothing_else(street: Street) -> None:
    caller = await office(street)
    assert (await caller.post(PATH, {"cid": MALEE}))["result"] == 1
    assert (await caller.post(PATH, {"CID": f"{MALEE[0]}-{MALEE[1:5]}-{MALEE[5:]}"}))["result"] == 1
    assert (await caller.post(PATH, {"cid": SOMCHAI}))["result"] == 0
    async with street.database.transaction() as tx:
        await ensure(tx, street.ring, Identifier(Scheme.CID, SOMCHAI))
        await tx.execute("update proofing_event set redeemed_at = null where person_id = $1", street.people[WIPA])
        await withdraw(tx, street.ring, street.people[MALEE], street.time.now())
    for cid in (SOMCHAI, WIPA, MALEE):
        assert (await caller.post(PATH, {"cid": cid}))["result"] == 0
    async with street.database.transaction() as tx:
        await tx.execute(
            "update proofing_event set redeemed_at = now(), officer = person_id where person_id = $1",
            street.people[WIPA],
        )
    assert (await caller.post(PATH, {"cid": WIPA}))["result"] == 0


async def test_who_asked_is_a_line_of_the_persons_history(street: Street) -> None:
    caller = await office(street)
    await caller.post(PATH, {"cid": MALEE})
    async with street.database.transaction() as tx:
        person = await get(tx, street.ring, street.people[MALEE])
        assert person
        line = (await read_history(tx, person.person_id, person.data_key))[-1].entry
        unknown = await tx.fetchval("select count(*) from history where person_id is null")
    assert (line.content.action, line.basis, line.outcome, line.unit) == (
        "check_ekyc", Basis.UNIT, Outcome.PERMITTED, KHON_KAEN,
    )  # fmt: skip
    assert line.content.is_shared_account and line.actor
    await caller.post(PATH, {"cid": SOMCHAI})
    async with street.database.transaction() as tx:
        assert await tx.fetchval("select count(*) from history where person_id is null") == unknown + 1


async def test_the_permission_of_the_service_is_needed(street: Street) -> None:
    assert (await (await office(street, "agent")).post(PATH, {"cid": MALEE}))["MessageCode"] == 403
    for token in ("x.y.z", await street.token(await street.client())):
        assert (await street.holder(token).post(PATH, {"cid": MALEE}))["MessageCode"] == 401
    assert (await Caller(street.services, street.app).post(PATH, {"cid": MALEE}))["MessageCode"] == 401
    await street.hire(rights=OFFICE)
    await street.hire(MALEE, rights=MAY_READ)
    health, provider = await street.client(), await street.client("provider-id", has_staff_token=True)
    for cid, status in ((WIPA, 200), (MALEE, 403)):
        profile = await provider.profile(await street.provider(health, provider, cid), moph_idp_permission="1")
        token = profile.json()["data"]["organization"][0]["moph_access_token_idp"]
        assert (await street.holder(token).post(PATH, {"cid": MALEE}))["MessageCode"] == status


async def test_bad_input_is_told_what_is_wrong(street: Street) -> None:
    caller = await office(street)
    bodies: list[Any] = [{}, {"cid": ""}, {"cid": "123"}, {"cid": 5}, {"cid": None}, {"cid": "1" * 13}, [], "x"]
    for body in bodies:
        reply = await caller.http.post(PATH, json=body)
        assert reply.status_code == 400 and reply.json()["Message"], body


async def test_nobody_runs_through_the_numbers(street: Street) -> None:
    caller = await office(street)
    replies = [await caller.http.post(PATH, json={"cid": SOMCHAI}) for _ in range(ekyc.AT_ONCE + 1)]
    assert [reply.status_code for reply in replies] == [200] * ekyc.AT_ONCE + [429]
    assert int(replies[-1].headers["retry-after"]) == 5
    assert replies[-1].json()["result"] is None
