"""Provider ID as its clients speak it: staff by both flows, their profile, and acting at the Account Center as them."""

import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from joserfc import jwk

from conformance.uploads import upload
from doors.calling import Caller
from doors.face_clients import (
    BACK,
    MALEE,
    MAY_READ,
    NURSE,
    WIPA,
    Client,
    Street,
    checked,
    claims_of,
    street_on,
)
from doors.relying import PIN_AND_CODE
from morprom.audit import Outcome
from morprom.identity.clients import disable, enable, revoke
from morprom.identity.face_model import PROVIDER_ID
from morprom.identity.faces import end_at_client
from morprom.kernel import utc_now
from morprom.staff import Licence, Rights, add_position, end_position
from morprom.staff.listed import grant_rights
from morprom.storage import Database, KeyRing
from morprom.units import Permission
from units.cast import KHON_KAEN, SIRIRAJ

WIPA_NAMES = {
    "title_th": "นาง", "special_title_th": "ดร.", "name_th": "นางวิภา ทดลอง", "name_eng": "Mrs. Wipa Thotlong",
    "firstname_th": "วิภา", "lastname_th": "ทดลอง", "firstname_en": "Wipa", "lastname_en": "Thotlong",
    "email": "wipa@example.go.th", "date_of_birth": "1985-05-06",
}  # fmt: skip
ORGANIZATION = {
    "business_id": "B1", "position": "พยาบาลวิชาชีพ", "position_id": "203", "affiliation": "กระทรวงสาธารณสุข",
    "license_id": "6500000001", "hcode": "10670", "code9": "", "hcode9": "", "level": "ชำนาญการ",
    "hname_th": "โรงพยาบาลขอนแก่น", "hname_eng": "", "tax_id": "0994", "license_expired_date": "2031-12-31",
    "license_id_verify": True, "expertise": "ห้องฉุกเฉิน", "expertise_id": "07", "moph_station_ref_code": "S1",
    "is_private_provider": False, "is_hr_admin": True, "is_director": True, "position_type": "01",
    "address": {"province": "40", "district": ""},
}  # fmt: skip


@pytest.fixture
async def street(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Street]:
    async with street_on(database, database_url, ring) as opened:
        yield opened


def refused(reply: Any) -> tuple[int, str]:
    told = reply.json()
    assert told["status"] == reply.status_code and told["data"] is None and told["message_th"]
    return reply.status_code, told["message"]


async def _pair(street: Street, **terms: Any) -> tuple[Client, Client]:
    """The Health ID client and the Provider ID client of one hospital."""
    return await street.client(), await street.client(PROVIDER_ID, **terms)


# By a Health ID token


async def test_staff_show_who_they_are_with_a_health_id(street: Street) -> None:
    await street.hire()
    health, provider = await _pair(street)
    reply = await provider.staff(await street.token(health, WIPA))
    told = reply.json()
    assert (reply.status_code, told["status"], told["message"]) == (200, 200, "OK")
    data = told["data"]
    assert set(data) == {
        "token_type", "expires_in", "access_token", "expiration_date", "account_id", "result", "username", "login_by",
    }  # fmt: skip
    assert (data["token_type"], data["result"], data["login_by"]) == ("Bearer", "Success", "Health ID")
    assert 0 < data["expires_in"] <= 12 * 3600
    pem = (await provider.http.post("/api/v1/services/public-key", headers=provider.headers)).json()["data"][
        "public_key"
    ]
    claims = checked(data["access_token"], jwk.RSAKey.import_key(pem))
    assert claims["iss"].endswith("/provider-id") and provider.client_id in claims["aud"]
    assert (claims["sub"], claims["provider_id"]) == (data["account_id"], data["username"])
    assert claims["organization"] == [{"hcode": "10670"}] and MALEE not in json.dumps(claims)

    prescribes = street.services.providers.verified_provider
    assert prescribes(data["access_token"], KHON_KAEN) == data["username"]
    assert prescribes(data["access_token"], SIRIRAJ) is None
    profile = await provider.profile(data["access_token"])
    told = profile.json()["data"]
    assert profile.json()["status"] == 200 and WIPA_NAMES.items() <= told.items()
    assert told["account_id"] == data["account_id"] and told["provider_id"] == data["username"]
    assert told["hash_cid"] == hashlib.sha256(WIPA.encode()).hexdigest() and told["created_at"]
    assert told["organization"] == [ORGANIZATION]
    assert ("ProviderProfile", Outcome.PERMITTED, "") in await street.lines(WIPA)


async def test_a_citizen_has_no_provider_id(street: Street) -> None:
    health, provider = await _pair(street)
    reply = await provider.staff(await street.token(health, MALEE))
    assert refused(reply) == (400, "This user has not provider id")
    assert reply.json()["message_th"] == "ผู้ใช้นี้ไม่มี Provider ID"
    assert ("ProviderToken", Outcome.REFUSED, "NOT_PROVIDER") in await street.lines()


async def test_what_is_no_good_token_or_client_is_401(street: Street) -> None:
    await street.hire()
    health, provider = await _pair(street)
    elsewhere = await street.client(PROVIDER_ID, hcode=SIRIRAJ)
    token = await street.token(health, WIPA)
    own = (await provider.staff(token)).json()["data"]["access_token"]
    for changed in (
        {"secret_key": "x"}, {"client_id": "x"}, {"client_id": health.client_id, "secret_key": health.secret},
        {"client_id": "", "secret_key": ""}, {"client_id": None}, {"secret_key": ["x"]},
    ):  # fmt: skip
        assert refused(await provider.staff(token, **changed)) == (401, "Credential is required")
    for changed in (
        {"token": ""}, {"token": "a.b.c"}, {"token": token[:-4] + "AAAA"}, {"token_by": "ThaID"}, {"token_by": None},
        {"token": own}, {"token": {"a": 1}},
    ):  # fmt: skip
        assert refused(await provider.staff(**({"token": token} | changed))) == (401, "Token is invalid")
    assert refused(await elsewhere.staff(token)) == (401, "Token is invalid")
    weak = (await health.exchange(await street.code(health, WIPA, frozenset({"otp"}), scope="profile"))).json()  # type: ignore[arg-type]
    assert refused(await provider.staff(weak["data"]["access_token"])) == (401, "Token is invalid")
    await street.sign_out(WIPA)
    assert refused(await provider.staff(token)) == (401, "Token is invalid")
    assert refused(await provider.profile(own)) == (401, "Token is invalid")


async def test_a_client_of_staff_has_what_the_person_allowed_and_no_more(street: Street) -> None:
    await street.hire()
    health, provider = await street.client(scopes=("profile",)), await street.client(PROVIDER_ID)
    told = (await provider.profile(await street.provider(health, provider))).json()["data"]
    assert told["date_of_birth"] == "" and len(told["hash_cid"]) == 64 and WIPA not in json.dumps(told)
    assert told["hash_cid"] != hashlib.sha256(WIPA.encode()).hexdigest()
    other = await street.client(PROVIDER_ID)
    again = (await other.profile(await street.provider(health, other))).json()["data"]
    assert again["hash_cid"] != told["hash_cid"] and again["account_id"] != told["account_id"]


async def test_a_profile_is_for_the_client_that_holds_the_token(street: Street) -> None:
    await street.hire()
    await street.hire(unit=SIRIRAJ, type="02", title="อาจารย์")
    health, provider = await _pair(street)
    other = await street.client(PROVIDER_ID)
    token = await street.provider(health, provider)
    assert refused(await other.profile(token)) == (401, "Token is invalid")
    wrong = await provider.http.get("/api/v1/services/profile", headers=provider.headers | {"secret-key": "x"})
    assert refused(wrong) == (401, "Credential is required")
    units = [one["hcode"] for one in (await provider.profile(token)).json()["data"]["organization"]]
    assert units == [KHON_KAEN, SIRIRAJ]
    kept = (await provider.profile(token, position_type="02")).json()["data"]["organization"]
    assert [one["position"] for one in kept] == ["อาจารย์"]
    underscored = {name.replace("-", "_"): value for name, value in provider.headers.items()}
    headers = underscored | {"authorization": f"bearer {token}"}
    assert (await provider.http.get("/api/v1/services/profile", headers=headers)).status_code == 200


# The newer flow


async def _newer(street: Street, provider: Client, **changed: Any) -> dict[str, Any]:
    code = await street.code(provider, WIPA)
    reply = await provider.newer(grant_type="authorization_code", code=code, redirect_uri=BACK, **changed)
    assert reply.status_code == 200, reply.text
    assert reply.json()["status"] == "Success"
    return reply.json()["data"]


async def test_the_newer_flow_signs_staff_in_and_renews(street: Street) -> None:
    await street.hire()
    provider = await street.client(PROVIDER_ID)
    browser = street.browser()
    await street.sign_in(browser, WIPA)
    page = (await browser.get(provider.start())).reply
    assert "Provider ID ของคุณ ตำแหน่ง ใบอนุญาต" in page.text
    first = await _newer(street, provider)
    assert {"access_token", "refresh_token", "token_type", "expires_in"} <= set(first)
    assert (await provider.profile(first["access_token"])).status_code == 200
    second = await provider.newer(grant_type="refresh_token", refresh_token=first["refresh_token"])
    data = second.json()["data"]
    assert second.json()["status"] == "Success" and data["refresh_token"] != first["refresh_token"]
    assert claims_of(data["access_token"])["exp"] <= claims_of(first["access_token"])["exp"] + 1
    page = (await browser.get("/id/grants")).reply
    assert "Provider ID ของคุณ ตำแหน่ง ใบอนุญาต" in page.text
    again = await provider.newer(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert refused(again) == (422, "Access grant has denied")
    assert refused(await provider.newer(grant_type="refresh_token", refresh_token=data["refresh_token"]))[0] == 422
    assert refused(await provider.profile(data["access_token"])) == (401, "Token is invalid")


async def test_a_renewal_that_comes_too_late_ends_nobodys_work_in_another_window(street: Street) -> None:
    await street.hire(rights=MAY_READ)
    provider = await street.client(PROVIDER_ID, has_staff_token=True)
    first = await _newer(street, provider)
    inside = await _account_token(street, provider, first["access_token"])
    street.time.ahead += timedelta(minutes=45)
    for _ in range(2):
        late = await provider.newer(grant_type="refresh_token", refresh_token=first["refresh_token"])
        assert refused(late) == (422, "Access grant has denied")
        street.forget()
        asked = await street.holder(inside).post("/api/RequestTokenv1", {"cid": MALEE})
        assert asked["MessageCode"] == 200
    other = await street.client(PROVIDER_ID)
    assert refused(await other.newer(grant_type="refresh_token", refresh_token=first["refresh_token"]))[0] == 422
    street.forget()
    assert (await street.holder(inside).post("/api/RequestTokenv1", {"cid": MALEE}))["MessageCode"] == 401


async def test_the_newer_flow_refuses_what_is_wrong(street: Street) -> None:
    await street.hire()
    provider, other = await street.client(PROVIDER_ID), await street.client(PROVIDER_ID)
    form = {"grant_type": "authorization_code", "redirect_uri": BACK}

    async def fresh() -> str:
        return await street.code(provider, WIPA)

    nobody = await provider.newer(basic=False, **form, code=await fresh())
    assert refused(nobody) == (401, "Credential is required")
    assert nobody.headers["www-authenticate"].startswith("Basic")
    in_body = {"client_id": provider.client_id, "client_secret": provider.secret}
    assert (await provider.newer(basic=False, **form, **in_body, code=await fresh())).status_code == 200
    assert refused(await other.newer(**form, code=await fresh())) == (422, "Code and Client ID not match.")
    assert refused(await provider.newer(**form)) == (422, "Code is invalid")
    assert refused(await provider.newer(**form | {"redirect_uri": "https://evil.example/"}, code=await fresh())) == (
        422, "Redirect uri is invalid",
    )  # fmt: skip
    for grant in ("", "client_credentials", "password"):
        assert refused(await provider.newer(grant_type=grant, code=await fresh())) == (422, "Access grant has denied")
    stolen = (await _newer(street, provider))["refresh_token"]
    assert refused(await other.newer(grant_type="refresh_token", refresh_token=stolen))[0] == 422
    assert refused(await provider.newer(grant_type="refresh_token", refresh_token=stolen))[0] == 422
    code = await fresh()
    token = (await provider.newer(**form, code=code)).json()["data"]["access_token"]
    assert refused(await provider.newer(**form, code=code)) == (422, "Code is invalid")
    assert refused(await provider.profile(token)) == (401, "Token is invalid")


async def test_the_newer_flow_sends_no_citizen_on(street: Street) -> None:
    provider, browser = await street.client(PROVIDER_ID), street.browser()
    await street.sign_in(browser)
    page = (await browser.get(provider.start())).reply
    assert page.status_code == 400 and "ไม่มี Provider ID" in page.text
    await street.sign_in(browser, amr=frozenset({"otp"}))  # type: ignore[arg-type]
    assert (await browser.get(provider.start())).reply.headers["location"].startswith("/id/sign-in?aal=2.1")


# Account Center


async def _account_token(street: Street, provider: Client, token: str) -> str:
    told = (await provider.profile(token, moph_idp_permission="1")).json()["data"]
    return told["organization"][0]["moph_access_token_idp"]


async def test_staff_act_at_the_account_center_as_themselves(street: Street) -> None:
    await street.hire(rights=MAY_READ)
    await street.send("1")
    health, provider = await _pair(street, has_staff_token=True)
    token = await street.provider(health, provider)
    assert "moph_access_token_idp" not in (await provider.profile(token)).json()["data"]["organization"][0]
    inside = await _account_token(street, provider, token)
    claims = claims_of(inside)
    assert claims["client"]["hospital_code"] == KHON_KAEN and WIPA not in json.dumps(claims)
    assert claims["exp"] - claims["iat"] <= 4 * 3600
    asked = await street.holder(inside).post("/api/RequestTokenv1", {"cid": MALEE})
    assert asked["MessageCode"] == 200
    bare = await street.holder(token).http.get(
        "/token", params={"Action": "get_moph_access_token_idp", "hospital_code": KHON_KAEN}
    )
    assert bare.status_code == 200 and bare.text.count(".") == 2
    assert claims_of(bare.text)["client"]["user_id"] == claims["client"]["user_id"]
    elsewhere = await street.holder(token).http.get(
        "/token", params={"Action": "get_moph_access_token_idp", "hospital_code": SIRIRAJ}
    )
    assert elsewhere.status_code == 403
    assert "MessageCode" in elsewhere.json()


async def test_only_registered_clients_and_positions_with_rights_have_staff_tokens(street: Street) -> None:
    await street.hire()
    health, plain = await _pair(street)
    token = await street.provider(health, plain)
    told = (await plain.profile(token, moph_idp_permission="1", moph_center_token="1")).json()["data"]
    assert "moph_access_token_idp" not in told["organization"][0]
    registered = await street.client(PROVIDER_ID, has_staff_token=True)
    assert await _account_token(street, registered, await street.provider(health, registered)) == ""
    for holder in (plain, registered):
        staff = street.holder(await street.provider(health, holder))
        query = {"Action": "get_moph_access_token_idp", "hospital_code": KHON_KAEN}
        assert (await staff.http.get("/token", params=query)).status_code == 403


async def _works(street: Street, token: str) -> bool:
    street.forget()
    return (await street.holder(token).post("/api/RequestTokenv1", {"cid": MALEE}))["MessageCode"] != 401


async def test_a_staff_token_ends_with_the_sign_in_the_position_and_the_grant(street: Street) -> None:
    position = await street.hire(rights=MAY_READ)
    health, provider = await _pair(street, has_staff_token=True)

    async def fresh() -> str:
        token = await _account_token(street, provider, await street.provider(health, provider))
        assert await _works(street, token)
        return token

    token = await fresh()
    await street.sign_out(WIPA)
    assert not await _works(street, token)

    token, browser = await fresh(), street.browser()
    await street.sign_in(browser, WIPA)
    await browser.send((await browser.get("/id/grants")).reply, "/id/grants")
    assert not await _works(street, token)

    token = await fresh()
    async with street.database.transaction() as tx:
        assert await grant_rights(tx, position, Rights(frozenset({Permission.IDP})))
    assert not await _works(street, token)
    async with street.database.transaction() as tx:
        assert await grant_rights(tx, position, MAY_READ)
    token = await fresh()
    async with street.database.transaction() as tx:
        assert await end_position(tx, unit=KHON_KAEN, position_id=position, now=street.time.now())
    assert not await _works(street, token)


async def test_a_staff_token_ends_with_the_licence(street: Street) -> None:
    today = date.fromisoformat(f"{street.time.now() + timedelta(hours=7):%Y-%m-%d}")
    last_day = msgspec.structs.replace(NURSE.licence, expires_on=today)
    await street.hire(rights=MAY_READ, licence=last_day)
    health, provider = await _pair(street, has_staff_token=True)
    inside = await _account_token(street, provider, await street.provider(health, provider))
    if inside:  # "" within the last minute of the day
        midnight = (street.time.now() + timedelta(hours=7)).replace(hour=0, minute=0, second=0, microsecond=0)
        assert claims_of(inside)["exp"] <= (midnight + timedelta(days=1, hours=-7)).timestamp()
    ended = Licence(council="02", number="1", expires_on=today - timedelta(days=1))
    await street.hire(MALEE, rights=MAY_READ, licence=ended)
    token = await street.provider(health, provider, MALEE)
    assert await _account_token(street, provider, token) == ""


@pytest.mark.parametrize("end", [revoke, disable])
async def test_a_revoked_client_of_staff_has_nothing_from_now(street: Street, end: Any) -> None:
    await street.hire(rights=MAY_READ)
    health, provider = await _pair(street, has_staff_token=True)
    token = await street.provider(health, provider)
    async with street.database.transaction() as tx:
        assert await end(tx, provider.client_id)
    assert refused(await provider.profile(token)) == (401, "Credential is required")
    query = {"Action": "get_moph_access_token_idp", "hospital_code": KHON_KAEN}
    assert (await street.holder(token).http.get("/token", params=query)).status_code == 401


async def test_no_other_token_is_a_staff_members(street: Street) -> None:
    await street.hire(rights=MAY_READ)
    health = await street.client()
    query = {"Action": "get_moph_access_token_idp", "hospital_code": KHON_KAEN}
    staff = street.holder(await street.token(health, WIPA, amr=PIN_AND_CODE))
    assert (await staff.http.get("/token", params=query)).status_code == 401
    for token in ("", "x", "a.b.c", "a" * 9000):
        assert (await street.holder(token).http.get("/token", params=query)).status_code == 401


# E-prescriptions


async def test_a_prescription_is_verified_while_the_sign_in_behind_its_token_lasts(street: Street) -> None:
    position = await street.hire()
    health, provider = await _pair(street)
    token, tx_of = await street.provider(health, provider), street.database.transaction
    assert await _is_verified(street, token)
    for off, on in ((disable, enable), (_leave(position), _come_back(street))):
        async with tx_of() as tx:
            assert await off(tx, provider.client_id)
        assert not await _is_verified(street, token)
        async with tx_of() as tx:
            await on(tx, provider.client_id)
        assert await _is_verified(street, token)
    street.time.ahead += timedelta(minutes=45)  # who prescribes works in another window
    assert await _is_verified(street, token)
    async with tx_of() as tx:
        await end_at_client(tx, street.people[WIPA], health.client_id, street.time.now())
    assert not await _is_verified(street, token)
    token = await street.provider(health, provider)
    assert await _is_verified(street, token)
    await street.sign_out(WIPA)
    assert not await _is_verified(street, token)


def _leave(position: UUID) -> Any:
    return lambda tx, _: end_position(tx, unit=KHON_KAEN, position_id=position, now=utc_now())


def _come_back(street: Street) -> Any:
    return lambda tx, _: add_position(tx, street.ring, street.people[WIPA], KHON_KAEN, NURSE, street.time.now())


async def _is_verified(street: Street, token: str) -> bool:
    """Whether a hospital that sends a prescription with that token is told that it holds."""
    agent = Caller(street.services, street.app)
    await agent.sign_in()
    body = upload("/api/MedicationRequest")
    body["MedicationRequest"][0]["identifier"][0]["value"] = secrets.token_hex(8)
    body["MedicationRequest"][0]["requester"]["providerToken"] = token
    reply = await agent.post("/api/MedicationRequest", body)
    assert reply["MessageCode"] == 200
    return not [issue for issue in reply["processing_issue"] if issue["code"].startswith("PROVIDER_TOKEN")]
