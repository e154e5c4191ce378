"""`/api/v1/services/profile`: who somebody of the staff is, where they work as what, and how they act there."""

from typing import Any
from uuid import UUID

from litestar import Response, get

from morprom.audit import Outcome
from morprom.doors.faces.answers import CREDENTIAL_TH, local_time, provider_ok, provider_refused
from morprom.doors.faces.known import facts_of, line
from morprom.doors.faces.provider import client_of
from morprom.doors.faces.said import Said, demand_face, is_yes, query_of
from morprom.doors.services import Services
from morprom.doors.wire import Call
from morprom.identity.face_model import PROVIDER_ID, FaceClient, Facts
from morprom.identity.faces import hash_of, subject_of
from morprom.identity.provider_sessions import Found, provider_session
from morprom.staff import Position, Provider, positions_of, provider_of
from morprom.staff.acting import staff_token
from morprom.storage import Tx
from morprom.units import Unit
from morprom.units.gate import bearer

TOKEN_TH = "token ใช้ไม่ได้หรือหมดอายุ โปรดเข้าสู่ระบบใหม่"


@get("/api/v1/services/profile", status_code=200)
async def provider_profile(request: Call) -> Response[bytes]:
    """Of the person behind a token of this client. `moph_idp_permission=1` or `moph_center_token=1` asks for Account
    Center tokens as well, `position_type` for positions of that kind alone.
    """
    demand_face(request, PROVIDER_ID)
    services = request.services
    client = await client_of(request, {})
    if client is None:
        return provider_refused(401, "Credential is required", CREDENTIAL_TH)
    jti = services.providers.session_named(bearer(request.authorization))
    async with services.identity.transaction() as tx:
        found = await provider_session(tx, services.ring, client, jti, services.clock())
        provider = await provider_of(tx, services.ring, found[0].person_id) if found else None
        data = await _profile(services, tx, client, found, provider, query_of(request)) if found and provider else None
    if found is None or data is None:
        person_id = found[0].person_id if found else None
        await line(services, person_id, client.client, "ProviderProfile", Outcome.REFUSED, "TOKEN_REFUSED")
        return provider_refused(401, "Token is invalid", TOKEN_TH)
    await line(services, found[0].person_id, client.client, "ProviderProfile")
    return provider_ok(data)


async def _profile(
    services: Services, tx: Tx, client: FaceClient, found: Found, provider: Provider, said: Said
) -> dict[str, Any]:
    facts = await facts_of(services, tx, provider.person_id)
    subject = await subject_of(tx, provider.person_id, client)
    wants_tokens = is_yes(said, "moph_idp_permission") or is_yes(said, "moph_center_token")
    positions = await positions_of(tx, services.ring, provider.person_id)
    wanted = said.get("position_type", "")
    organization = [
        await _organization(services, tx, client, found, position, with_token=wants_tokens)
        for position in positions
        if wanted in ("", position.work.type)
    ]
    special = next((one.work.special_title for one in positions if one.work.special_title), "")
    return _person(client, provider, facts, subject, found[0].scopes) | {
        "special_title_th": special,
        "organization": organization,
    }


def _person(
    client: FaceClient, provider: Provider, facts: Facts, subject: UUID, allowed: frozenset[str]
) -> dict[str, Any]:
    names = provider.names
    english = " ".join(part for part in (f"{names.title_en}{names.first_en}", names.last_en) if part)
    return {
        "account_id": str(subject),
        "hash_cid": hash_of(client, facts.cid, allowed),
        "provider_id": provider.provider_id,
        "title_th": names.title_th,
        "name_th": names.full_th,
        "name_eng": english,
        "firstname_th": names.first_th,
        "lastname_th": names.last_th,
        "firstname_en": names.first_en,
        "lastname_en": names.last_en,
        "email": names.email,
        "date_of_birth": names.birth_on.isoformat() if names.birth_on and "birthdate" in allowed else "",
        "created_at": local_time(provider.listed_at),
    }


async def _organization(
    services: Services, tx: Tx, client: FaceClient, found: Found, position: Position, *, with_token: bool
) -> dict[str, Any]:
    work, licence = position.work, position.work.licence
    unit = await services.directory.unit(position.unit)
    told: dict[str, Any] = {
        "business_id": work.business_id,
        "position": work.title,
        "position_id": work.code,
        "affiliation": work.affiliation,
        "license_id": licence.number,
        **_of_unit(position, unit),
        "level": work.level,
        "tax_id": work.tax_id,
        "license_expired_date": licence.expires_on.isoformat() if licence.expires_on else "",
        "license_id_verify": licence.is_verified,
        "expertise": work.expertise,
        "expertise_id": work.expertise_code,
        "moph_station_ref_code": work.station_ref,
        "is_private_provider": work.is_private,
        "is_hr_admin": work.is_hr_admin,
        "is_director": work.is_director,
        "position_type": work.type,
    }
    if with_token and client.terms.has_staff_token and position.unit == client.client.hcode:
        now, until = services.clock(), found[0].ends_at
        token = await staff_token(tx, services.desk, position, now=now, until=until)
        told["moph_access_token_idp"] = token.reveal() if token else ""
    return told


def _of_unit(position: Position, unit: Unit | None) -> dict[str, Any]:
    code, is_long = position.unit, len(position.unit) == 9
    entry = unit.entry if unit else None
    return {
        "hcode": "" if is_long else code,
        "code9": code if is_long else "",
        "hcode9": code if is_long else "",
        "hname_th": entry.name if entry else "",
        "hname_eng": "",
        "address": {"province": (entry.province or "") if entry else "", "district": entry.district if entry else ""},
    }
