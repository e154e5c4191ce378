"""What the commands for clients do in the registry: each a transaction of its own."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from morprom.cli.client_options import changed_terms
from morprom.kernel import Category, Hcode, Problem, Words, utc_now

if TYPE_CHECKING:
    from morprom.cli.instance import Instance
    from morprom.federation import Terms
    from morprom.identity import Client
    from morprom.identity.card_model import Change, Registered
    from morprom.kernel import Secret
    from morprom.storage import Tx


@asynccontextmanager
async def _registry(data: Path | None) -> "AsyncGenerator[tuple[Tx, Instance]]":
    from morprom.cli.instance import open_instance

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        yield tx, instance


async def _tell(tx: "Tx", instance: "Instance", client: "Client", what: str) -> None:
    """Tell those who answer for the unit, in the transaction of the change."""
    from morprom.identity.client_notices import notice_of, tell, who_answers

    people = await who_answers(tx, instance.ring, client.hcode)
    await tell(tx, instance.ring, people, notice_of(client, what))


async def add_client(
    data: Path | None, name: str, hcode: Hcode, redirect_uris: Sequence[str], terms: "Terms | None"
) -> "Registered":
    """Register one."""
    from morprom.federation import register_party
    from morprom.identity import clients

    async with _registry(data) as (tx, instance):
        mode = instance.settings.mode
        if terms is None:
            made = await clients.register(tx, name, hcode, redirect_uris, mode)
        else:
            made = await register_party(tx, name, hcode, redirect_uris, terms, mode)
        await _tell(tx, instance, made.client, "added")
        return made


async def list_clients(data: Path | None, hcode: Hcode | None) -> "list[Client]":
    """All, or those of a unit."""
    from morprom.identity import clients

    async with _registry(data) as (tx, _):
        return await clients.listed(tx, hcode)


async def show_client(data: Path | None, client_id: str) -> "tuple[Client, list[Change]]":
    """One, and what was done to it. Raises Problem CLIENT_UNKNOWN."""
    from morprom.identity import clients

    async with _registry(data) as (tx, _):
        return await _found(tx, client_id), await clients.changes(tx, client_id)


async def change_client(
    data: Path | None, client_id: str, name: str | None, redirect_uris: list[str] | None, said: dict[str, Any]
) -> "Client":
    """Change what was said. Raises Problem CLIENT_UNKNOWN, NOT_OPENID, and as registering does."""
    from morprom.federation.client_auth import party_of
    from morprom.federation.register import change_party
    from morprom.identity import clients

    async with _registry(data) as (tx, instance):
        known, mode = await _in_use(tx, client_id), instance.settings.mode
        shown, uris = name or known.name, redirect_uris or known.redirect_uris
        if known.kind == "openid":
            party = party_of(known)
            await change_party(tx, party, shown, uris, changed_terms(party.terms, said), mode, utc_now())
        elif said:
            words = Words(
                "ตัวเลือกนี้ใช้กับโปรแกรม OpenID Connect เท่านั้น", "that is for programmes that speak OpenID Connect alone"
            )
            raise Problem(Category.INCORRECT, "NOT_OPENID", words)
        else:
            await clients.change(tx, client_id, shown, uris, mode)
        await _tell(tx, instance, known, "changed")
        return await _found(tx, client_id)


async def act_on(data: Path | None, client_id: str, what: str) -> None:
    """Disable or enable one. Raises Problem CLIENT_UNKNOWN and CLIENT_REVOKED."""
    from morprom.identity import clients

    act = {"disabled": clients.disable, "enabled": clients.enable}[what]
    async with _registry(data) as (tx, instance):
        await _in_use(tx, client_id)
        if await act(tx, client_id):
            await _tell(tx, instance, await _found(tx, client_id), what)


async def new_secret(data: Path | None, client_id: str) -> "Secret[str]":
    """Another secret. Raises Problem CLIENT_UNKNOWN, CLIENT_REVOKED and CLIENT_HAS_KEY."""
    from morprom.federation.client_auth import party_of
    from morprom.identity import clients

    async with _registry(data) as (tx, instance):
        known = await _in_use(tx, client_id)
        if known.kind == "openid" and party_of(known).terms.auth == "private_key_jwt":
            words = Words(
                "โปรแกรมนี้ใช้กุญแจของตนเอง เปลี่ยนด้วย client change --keys",
                "it signs with its own key; replace that by client change --keys",
            )
            raise Problem(Category.INCORRECT, "CLIENT_HAS_KEY", words)
        made = await clients.new_secret(tx, client_id)
        await _tell(tx, instance, await _found(tx, client_id), "new-secret")
        return made


async def revoke_client(data: Path | None, client_id: str) -> bool:
    """End one for good; False when it had ended. Raises Problem CLIENT_UNKNOWN."""
    from morprom.identity import clients

    async with _registry(data) as (tx, instance):
        await _found(tx, client_id)
        if not await clients.revoke(tx, client_id):
            return False
        await _tell(tx, instance, await _found(tx, client_id), "removed")
        return True


async def _found(tx: "Tx", client_id: str) -> "Client":
    from morprom.identity import clients

    found = await clients.any_client(tx, client_id)
    if found is None:
        raise clients.unknown()
    return found


async def _in_use(tx: "Tx", client_id: str) -> "Client":
    found = await _found(tx, client_id)
    if found.revoked_at:
        words = Words(
            "โปรแกรมนี้ถูกยกเลิกถาวรแล้ว ลงทะเบียนใหม่ด้วย client add",
            "it was revoked for good; register it anew by client add",
        )
        raise Problem(Category.CONFLICT, "CLIENT_REVOKED", words)
    return found
