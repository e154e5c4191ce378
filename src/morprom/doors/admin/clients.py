"""`/admin/clients`: the relying parties that somebody looks after, and all about one of them."""

from typing import Final
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from morprom.doors.admin.desk import FIRST, Desk, at_desk
from morprom.doors.admin.frame import AUTHS, PROFILES, show, state_of
from morprom.doors.pages import PageCall
from morprom.federation import Party
from morprom.federation.client_auth import party_of
from morprom.federation.model import OPENID
from morprom.federation.offers import SCOPES, TIER_WORDS
from morprom.identity import Client, clients
from morprom.identity.card_model import Change
from morprom.identity.client_notices import WHATS
from morprom.kernel import Hcode
from morprom.staff.listed import provider_at
from morprom.storage import Tx

MOST: Final = 500
CONFIRMED: Final = "/admin/confirmed"


@get(FIRST)
async def list_page(request: PageCall) -> Response[bytes]:
    """All of them, or those of one unit for who looks after all; those that were removed last."""
    desk = await at_desk(request)
    wanted = Hcode.parse(request.query_params.get("unit", ""))
    async with request.services.identity.transaction() as tx:
        found = await _listed(tx, desk, wanted)
    found.sort(key=lambda client: client.revoked_at is not None)
    organizations = await request.services.directory.organizations()
    return show(
        request, "clients.html", desk, clients=found[:MOST], more=max(0, len(found) - MOST), state_of=state_of,
        unit=wanted or "", units=organizations,
    )  # fmt: skip


@get(f"{FIRST}/{{client:uuid}}")
async def client_page(request: PageCall, client: FromPath[UUID]) -> Response[bytes]:
    """What it may, where it leads, what was done to it by whom."""
    desk = await at_desk(request)
    async with request.services.identity.transaction() as tx:
        party = await party_at(tx, desk, str(client), removed_too=True)
        changes = await clients.changes(tx, party.client_id)
        told = [(one, WHATS[one.what], await _who(tx, request, one)) for one in changes]
    organizations = await request.services.directory.organizations()
    return show(
        request, "client.html", desk, back=FIRST, party=party, client=party.client, terms=party.terms, changes=told,
        state=state_of(party.client), profile=PROFILES[party.terms.profile], auth=AUTHS[party.terms.auth],
        scopes=SCOPES, tier=TIER_WORDS[party.terms.tier], units=organizations, keys=_key_names(party),
        said=request.query_params.get("said", ""),
    )  # fmt: skip


@get(CONFIRMED)
async def confirmed_page(request: PageCall) -> Response[bytes]:
    """Where a second tab leads after signing in again: what was typed waits in the first."""
    return show(request, "confirmed.html", await at_desk(request))


async def party_at(tx: Tx, desk: Desk, client_id: str, *, removed_too: bool = False) -> Party:
    """A client that they look after. Raises Problem CLIENT_UNKNOWN, alike for one of others."""
    found = await clients.any_client(tx, client_id)
    is_there = found is not None and found.kind == OPENID and (removed_too or found.revoked_at is None)
    if found is None or not is_there or not any(one.looks_after(found.hcode) for one in desk.positions):
        raise clients.unknown()
    return party_of(found)


async def _listed(tx: Tx, desk: Desk, wanted: Hcode | None) -> list[Client]:
    if desk.is_operator:
        found = await clients.listed(tx, wanted)
    else:
        found = [client for unit in desk.units for client in await clients.listed(tx, unit)]
    return [client for client in found if client.kind == OPENID]


async def _who(tx: Tx, request: PageCall, change: Change) -> str:
    if change.position_id is None:
        return "ผู้ดูแลแพลตฟอร์ม · operator"
    provider = await provider_at(tx, request.services.ring, change.position_id)
    return f"{provider.names.full_th} ({provider.provider_id})" if provider else "–"


def _key_names(party: Party) -> list[str]:
    keys = (party.terms.jwks or {}).get("keys", [])
    return [f"{key.get('kty', '')} {key.get('kid', '–')}" for key in keys]
