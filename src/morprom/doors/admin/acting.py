"""What an administrator does to a relying party with one button: disable, enable, a new secret, remove."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath

from morprom.doors.admin.clients import party_at
from morprom.doors.admin.desk import FIRST, Desk, at_desk
from morprom.doors.admin.frame import path_of, show
from morprom.doors.admin.telling import note_change, tell_unit
from morprom.doors.pages import PageCall, form_of, see_other
from morprom.federation import Party
from morprom.federation.register import enable_party
from morprom.identity import clients
from morprom.kernel import Category, Problem, Secret, Words
from morprom.storage import Tx

Done = Secret[str] | bool
Work = Callable[[Tx, str, UUID], Awaitable[Done]]


@post(f"{FIRST}/{{client:uuid}}/disable", status_code=200)
async def disable(request: PageCall, client: FromPath[UUID]) -> Response[bytes]:
    """For now; what it holds does not work meanwhile."""
    _, party, _ = await _acted(request, client, "disabled", clients.disable)
    return see_other(f"{path_of(party)}?said=disabled")


@post(f"{FIRST}/{{client:uuid}}/enable", status_code=200)
async def enable(request: PageCall, client: FromPath[UUID]) -> Response[bytes]:
    """Again, unless the platform disabled it."""
    _, party, _ = await _acted(request, client, "enabled", enable_party)
    return see_other(f"{path_of(party)}?said=enabled")


@post(f"{FIRST}/{{client:uuid}}/secret", status_code=200)
async def new_secret(request: PageCall, client: FromPath[UUID]) -> Response[bytes]:
    """Another one, shown this once; the one before ends now."""
    desk, party, made = await _acted(request, client, "new-secret", clients.new_secret, is_sure=True)
    secret = made if isinstance(made, Secret) else None
    return show(request, "secret.html", desk, back=path_of(party), party=party, secret=secret, is_new=False)


@post(f"{FIRST}/{{client:uuid}}/remove", status_code=200)
async def remove(request: PageCall, client: FromPath[UUID]) -> Response[bytes]:
    """For good."""
    _, party, _ = await _acted(request, client, "removed", clients.revoke, is_sure=True)
    return see_other(f"{path_of(party)}?said=removed")


async def _acted(
    request: PageCall, client: UUID, what: str, work: Work, *, is_sure: bool = False
) -> tuple[Desk, Party, Done]:
    form = await form_of(request)
    desk = await at_desk(request, back=f"{FIRST}/{client}")
    if is_sure and form.text("sure") != "yes":
        words = Words("โปรดทำเครื่องหมายว่าแน่ใจก่อน", "tick that you are sure first")
        raise Problem(Category.INCORRECT, "NOT_SURE", words)
    async with request.services.identity.transaction() as tx:
        party = await party_at(tx, desk, str(client))
        done = await work(tx, party.client_id, desk.acting_for(party.client.hcode).position_id)
        await note_change(request, tx, desk, party, what)
    await tell_unit(request, desk, party, what)
    return desk, party, done
