"""Administrators of units look after relying parties: who may, how freshly signed in, and what each change leaves."""

import html
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from joserfc import jwk

from doors.relying import ISSUER, PIN_AND_CODE, Browser, House, relying
from morprom.accounts import open_account
from morprom.assurance import Ial
from morprom.federation import find_party
from morprom.identity import clients
from morprom.kernel import Mode
from morprom.people import Identifier, Inbox, Scheme, ensure, get
from morprom.staff import Names, Work, add_position, list_provider
from morprom.staff.listed import end_position, name_administrator
from morprom.staff.model import Administers
from morprom.storage import Database, KeyRing
from morprom_wire.cid import check_digit
from units.cast import KHON_KAEN, SIRIRAJ

HERE = "/admin/clients"
BACK = "https://rp.example/back"
OWN_PAGE = {"origin": ISSUER, "sec-fetch-site": "same-origin"}


@pytest.fixture
async def house(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[House]:
    async with relying(database, database_url, ring) as opened:
        yield opened


@dataclass
class Administrator:
    """Somebody at a browser, in a position."""

    house: House
    person_id: UUID
    position_id: UUID
    browser: Browser

    async def get(self, path: str = HERE) -> httpx.Response:
        return await self.browser.http.get(path)

    async def post(self, path: str, **fields: str) -> httpx.Response:
        form = self.browser.http.cookies.get("morprom-form") or ""
        return await self.browser.http.post(path, data={"form": form, **fields}, headers=OWN_PAGE)

    async def told(self) -> list[str]:
        async with self.house.database.transaction() as tx:
            person = await get(tx, self.house.ring, self.person_id)
            assert person is not None
            return [one.text_th for one in await Inbox().notices(tx, person)]


async def administrator(
    house: House, number: int, unit: str = KHON_KAEN, of: Administers = Administers.UNIT, **work: Any
) -> Administrator:
    """Somebody who was named, at their first page."""
    digits = f"19900{number:07d}"
    cid = digits + str(check_digit(digits))
    now = house.time.now()
    async with house.database.transaction() as tx:
        person = await ensure(tx, house.ring, Identifier(Scheme.CID, cid))
        await list_provider(tx, house.ring, person.person_id, Names(first_th=f"ผู้ดูแล{number}", last_th="สมมติ"), now)
        given = Work(title="เจ้าหน้าที่", **work)
        position = await add_position(tx, house.ring, person.person_id, unit, given, now)
        await name_administrator(tx, position, of)
        await open_account(tx, house.ring, person.person_id, ial=Ial("2.3"), table="etda-2564", now=now)
    browser = house.browser()
    await house.sign_in(browser, person=person.person_id)
    made = Administrator(house, person.person_id, position, browser)
    await made.get()
    return made


def typed(**changed: str) -> dict[str, str]:
    """A form as somebody fills it in; "" leaves a field out."""
    fields = {
        "unit": KHON_KAEN, "name": "แอปนัดหมาย", "name_en": "Appointments", "purpose": "จองคิว", "purpose_en": "to book",
        "redirect_uris": f"{BACK}\r\n{BACK}2", "logout_uris": "https://rp.example/left", "profile": "old", "tier": "1",
        "backchannel_uri": "https://rp.example/told", "auth": "client_secret_basic", "scope-openid": "yes",
        "scope-profile": "yes",
    } | changed  # fmt: skip
    return {name: value for name, value in fields.items() if value}


async def registered(who: Administrator, **changed: str) -> tuple[str, str]:
    """client_id and secret, as the page shows them this once."""
    page = (await who.post(f"{HERE}/new", **typed(**changed))).text
    shown = re.findall(r'<dd class="code">([^<]+)</dd>', page)
    assert shown, re.findall(r'class="fault"[^>]*>([^<]+)', page)
    return shown[0], shown[1] if len(shown) > 1 else ""


async def test_an_administrator_registers_a_client_of_their_unit_and_looks_after_it(house: House) -> None:
    who = await administrator(house, 501)
    client_id, secret = await registered(who)
    path = f"{HERE}/{client_id}"
    async with house.database.transaction() as tx:
        party = await find_party(tx, client_id)
    assert party is not None and party.client.redirect_uris == (BACK, f"{BACK}2")
    assert (party.terms.name_en, party.terms.purpose, party.terms.tier) == ("Appointments", "จองคิว", 1)
    assert party.terms.scopes == ("openid", "profile") and party.terms.id_token_alg == "RS256"
    page = (await who.get(path)).text
    assert "แอปนัดหมาย" in page and secret not in page and "แอปนัดหมาย" in (await who.get()).text
    form = (await who.get(f"{path}/change")).text
    assert f"{BACK}\n{BACK}2</textarea>" in form and 'value="Appointments"' in form
    changed = await who.post(f"{path}/change", **typed(name="ชื่อใหม่", redirect_uris=BACK))
    assert changed.status_code == 303 and "ชื่อใหม่" in (await who.get(path)).text
    for act, state in (("disable", "ปิดใช้อยู่"), ("enable", "ใช้งานอยู่")):
        assert (await who.post(f"{path}/{act}")).status_code == 303
        assert state in (await who.get(path)).text
    assert (await who.post(f"{path}/secret")).status_code == 400  # not sure
    again = re.findall(r'<dd class="code">([^<]+)</dd>', (await who.post(f"{path}/secret", sure="yes")).text)
    assert again[0] == client_id and again[1] != secret
    assert (await who.post(f"{path}/remove")).status_code == 400
    assert (await who.post(f"{path}/remove", sure="yes")).status_code == 303
    page = (await who.get(path)).text
    assert "ยกเลิกแล้ว" in page and f"{path}/change" not in page
    for act in ("change", "enable", "secret"):
        assert (await who.post(f"{path}/{act}", **typed(), sure="yes")).status_code == 404


async def test_every_change_is_kept_with_who_did_it_and_told_to_who_answers_for_the_unit(house: House) -> None:
    who, other = await administrator(house, 501), await administrator(house, 502, of=Administers.NOTHING)
    director = await administrator(house, 503, of=Administers.NOTHING, is_director=True)
    elsewhere = await administrator(house, 504, SIRIRAJ, is_director=True)
    client_id, _ = await registered(who)
    await who.post(f"{HERE}/{client_id}/disable")
    async with house.database.transaction() as tx:
        changes = await clients.changes(tx, client_id)
        lines = await tx.fetchval("select count(*) from history where unit = $1 and basis = 10", KHON_KAEN)
    assert [(one.what, one.position_id) for one in changes] == [
        ("disabled", who.position_id),
        ("added", who.position_id),
    ]
    assert json.loads(changes[1].after)["redirect_uris"] == [BACK, f"{BACK}2"] and lines == 2
    assert "ผู้ดูแล501 สมมติ" in (await who.get(f"{HERE}/{client_id}")).text
    for told in (await who.told(), await director.told()):
        assert len(told) == 2 and "ผู้ดูแล501 สมมติ" in told[0] and "แอปนัดหมาย" in told[0]
    assert await other.told() == await elsewhere.told() == []


async def test_a_units_clients_are_for_its_administrators_alone(house: House) -> None:
    mine, theirs = await administrator(house, 501), await administrator(house, 502, SIRIRAJ)
    nobody = await administrator(house, 503, of=Administers.NOTHING, is_director=True, is_hr_admin=True)
    all_units = await administrator(house, 504, SIRIRAJ, Administers.PLATFORM)
    client_id, _ = await registered(mine)
    assert (await nobody.get()).status_code == 403 and (await nobody.get(f"{HERE}/{client_id}")).status_code == 403
    assert client_id not in (await theirs.get()).text and client_id in (await all_units.get()).text
    for path in ("", "/change"):
        assert (await theirs.get(f"{HERE}/{client_id}{path}")).status_code == 404
    for act in ("change", "disable", "enable", "secret", "remove"):
        assert (await theirs.post(f"{HERE}/{client_id}/{act}", **typed(), sure="yes")).status_code == 404, act
    assert (await theirs.post(f"{HERE}/new", **typed())).status_code == 400
    assert (await all_units.post(f"{HERE}/{client_id}/disable")).status_code == 303
    party = await house.party()  # a card client or a face is none of these pages' business
    async with house.database.transaction() as tx:
        await tx.execute("update client set kind = 'card' where client_id = $1", party.client_id)
    assert (await all_units.get(f"{HERE}/{party.client_id}")).status_code == 404


async def test_the_first_page_leads_to_the_work_that_somebody_has(house: House) -> None:
    who, nobody = (
        await administrator(house, 501, may_proof=True),
        await administrator(house, 502, of=Administers.NOTHING),
    )
    mine, others = (await who.get("/id")).text, (await nobody.get("/id")).text
    assert f'href="{HERE}"' in mine and 'href="/counter"' in mine
    assert HERE not in others and 'href="/counter"' not in others


async def test_a_position_that_ended_or_lost_its_name_ends_at_once(house: House) -> None:
    who, other = await administrator(house, 501), await administrator(house, 502)
    async with house.database.transaction() as tx:
        await name_administrator(tx, who.position_id, Administers.NOTHING)
        await end_position(tx, unit=KHON_KAEN, position_id=other.position_id, now=house.time.now())
    assert (await who.get()).status_code == (await other.get()).status_code == 403


@pytest.mark.parametrize(
    "beyond",
    [
        {"tier": "2"},
        {"scope-pid": "yes"},
        {"scope-phr.read": "yes"},
        {"sector": "another hospital's"},
        {"resource_server": "yes"},
    ],
)
async def test_an_administrator_of_a_unit_gives_no_more_than_the_operator_did(
    house: House, beyond: dict[str, str]
) -> None:
    who, operator = await administrator(house, 501), await administrator(house, 502, of=Administers.PLATFORM)
    refused = await who.post(f"{HERE}/new", **typed(**beyond))
    assert refused.status_code == 400 and "ผู้ดูแลแพลตฟอร์มเท่านั้น" in refused.text
    client_id, _ = await registered(operator, **beyond)
    kept = await who.post(f"{HERE}/{client_id}/change", **typed(name="ชื่อใหม่", **beyond))
    assert kept.status_code == 303  # what the operator gave stays theirs
    form = html.unescape((await who.get(f"{HERE}/{client_id}/change")).text)
    assert all(f'name="{name}"' in form for name in beyond)


async def test_what_the_platform_disabled_a_unit_does_not_enable(house: House) -> None:
    unit, platform = await administrator(house, 501), await administrator(house, 502, of=Administers.PLATFORM)
    client_id, _ = await registered(unit)
    path = f"{HERE}/{client_id}"
    async with house.database.transaction() as tx:
        assert await clients.disable(tx, client_id)
    for _ in range(2):
        await unit.post(f"{path}/disable")  # which makes it no less the platform's
        refused = await unit.post(f"{path}/enable")
        assert refused.status_code == 403 and "ผู้ดูแลแพลตฟอร์มเป็นผู้ปิดใช้" in refused.text
        assert (await platform.post(f"{path}/enable")).status_code == 303
        await platform.post(f"{path}/disable")
    await platform.post(f"{path}/enable")
    await unit.post(f"{path}/disable")
    assert (await unit.post(f"{path}/enable")).status_code == 303


async def test_who_signed_in_too_long_ago_or_too_low_confirms_first_and_loses_nothing(house: House) -> None:
    who = await administrator(house, 501)
    house.later(minutes=5, seconds=1)
    sent = await who.get()
    assert sent.status_code == 303 and sent.headers["location"].startswith(
        "/id/sign-in?aal=2.2&next=%2Fadmin%2Fclients"
    )
    page = await who.post(f"{HERE}/new", **typed(name="พิมพ์ไว้นานแล้ว"))
    assert page.status_code == 400 and 'value="พิมพ์ไว้นานแล้ว"' in page.text and 'target="_blank"' in page.text
    assert f"{BACK}2</textarea>" in page.text
    async with house.database.transaction() as tx:
        assert await clients.listed(tx) == []
    await house.sign_in(who.browser, PIN_AND_CODE, who.person_id)
    assert "aal=2.2" in (await who.get()).headers["location"]
    await house.sign_in(who.browser, person=who.person_id)
    assert (await who.get("/admin/confirmed")).status_code == 200
    client_id, _ = await registered(who, name="พิมพ์ไว้นานแล้ว")
    house.later(minutes=6)
    sent = await who.post(f"{HERE}/{client_id}/disable")
    assert sent.status_code == 303 and sent.headers["location"].startswith("/id/sign-in?")
    assert (await house.browser().get(HERE)).reply.headers["location"].startswith("/id/sign-in?")


async def test_what_is_wrong_is_said_above_the_form_with_all_that_was_typed(house: House) -> None:
    who = await administrator(house, 501)
    private = json.dumps({"keys": [jwk.ECKey.generate_key("P-256").as_dict(private=True)]})
    for changed, said in (
        ({"redirect_uris": "javascript:alert(1)"}, "redirect URI"),
        ({"redirect_uris": ""}, "redirect URI"),
        ({"name": ""}, "1 to 100 characters"),
        ({"scope-openid": "", "scope-profile": ""}, "scopes are"),
        ({"profile": "fapi2", "keys": "{"}, "JSON Web Key Set"),
        ({"profile": "fapi2", "keys": "[" * 5000}, "JSON Web Key Set"),
        ({"profile": "fapi2", "keys": private}, "every key is public"),
        ({"profile": "new"}, "none of those offered"),
        ({"auth": "none"}, "none of those offered"),
        ({"tier": "9" * 400}, "tier"),
        ({"tier": "²"}, ""),
        ({"unit": "00001"}, "not named"),
        ({"unit": "?"}, "no unit"),
        ({"name": "<script>alert(1)</script>", "redirect_uris": "x"}, "redirect URI"),
    ):
        page = await who.post(f"{HERE}/new", **typed(**changed))
        assert page.status_code == (400 if said else 200), (changed, page.status_code)
        assert said in html.unescape(page.text), changed
        assert "<script>alert" not in page.text


async def test_forms_from_elsewhere_do_nothing(house: House) -> None:
    who = await administrator(house, 501)
    client_id, _ = await registered(who)
    for path in ("new", f"{client_id}/change", f"{client_id}/disable", f"{client_id}/secret", f"{client_id}/remove"):
        for form, headers in (
            (
                who.browser.http.cookies.get("morprom-form"),
                {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
            ),
            ("another", OWN_PAGE),
        ):
            fields = {"form": form or "", "sure": "yes", **typed()}
            reply = await who.browser.http.post(f"{HERE}/{path}", data=fields, headers=headers)
            assert reply.status_code == 403, path
    async with house.database.transaction() as tx:
        assert [one.works for one in await clients.listed(tx)] == [True]


async def test_a_client_with_a_key_of_its_own_has_no_secret(house: House) -> None:
    who = await administrator(house, 501)
    keys = json.dumps({"keys": [jwk.ECKey.generate_key("P-256").as_dict(private=False)]})
    client_id, secret = await registered(who, profile="fapi2", keys=keys)
    assert secret == "" and f"{client_id}/secret" not in (await who.get(f"{HERE}/{client_id}")).text
    assert (await who.post(f"{HERE}/{client_id}/secret", sure="yes")).status_code == 404
    async with house.database.transaction() as tx:
        party = await find_party(tx, client_id)
    assert party is not None and party.is_fapi and party.terms.id_token_alg == "ES256"


async def test_the_database_itself_holds_positions_to_their_unit_and_to_openid(house: House) -> None:
    who, theirs = await administrator(house, 501), await administrator(house, 502, SIRIRAJ)
    nobody = await administrator(house, 503, of=Administers.NOTHING)
    client_id, _ = await registered(theirs, unit=SIRIRAJ)
    async with house.database.transaction() as tx:
        card = await clients.register(tx, "หน้าอ่านบัตร", KHON_KAEN, (BACK,), Mode.DEMO)
    for position, client in (
        (who.position_id, client_id),
        (nobody.position_id, client_id),
        (None, client_id),
        (who.position_id, card.client.client_id),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with house.services.identity.transaction() as tx:
                await clients.revoke(tx, client, position)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with house.services.identity.transaction() as tx:
            await clients.register(tx, "อื่น", SIRIRAJ, (BACK,), Mode.DEMO, kind="openid", by=who.position_id)
    async with house.database.transaction() as tx:
        assert sorted((one.hcode, one.works) for one in await clients.listed(tx)) == [
            (KHON_KAEN, True),
            (SIRIRAJ, True),
        ]
