"""Who showed an authenticator gets a session, new or raised in place, and always a new cookie."""

from collections.abc import Set
from typing import NamedTuple
from uuid import UUID

from litestar.datastructures import Cookie

from morprom.accounts import Device, Session, session_of, start_session
from morprom.accounts.account import demand_working
from morprom.accounts.events import is_device_known
from morprom.accounts.sessions import Started, end_session, ends_at, step_up
from morprom.assurance import Aal, Amr, Ial, derive_aal, table
from morprom.doors.citizen.tell import contacts_now, tell
from morprom.doors.citizen.words import device_name
from morprom.doors.pages import device_of, put_cookie, take_cookie
from morprom.doors.pages.cookies import SESSION
from morprom.doors.pages.seat import is_anybodys, own_path
from morprom.doors.wire import Call
from morprom.people import notices
from morprom.storage import Tx


class Arrived(NamedTuple):
    """The session, its cookies, and whether somebody else had been signed in in this browser."""

    session: Session
    cookies: list[Cookie | None]
    is_another: bool

    def onward(self, path: str) -> str:
        """Back to where they came from, unless that is another person's."""
        back = own_path(path)
        return back if not self.is_another or is_anybodys(back) else "/id"


async def arrive(request: Call, person_id: UUID, amr: Set[Amr], ial_at_most: Ial | None = None) -> Arrived:
    """Sign somebody in. Raises Problem ACCOUNT_CLOSED. A browser that was not seen before is told to its owner.

    `ial_at_most` is what an upstream said of this sign-in.
    """
    services = request.services
    device, device_cookie = device_of(request)
    async with services.identity.transaction() as tx:
        await demand_working(tx, person_id, services.clock())
        is_known = await is_device_known(tx, services.ring, person_id, device)
        found = await session_of(tx, services.ring, take_cookie(request, SESSION), services.clock())
        before = found[0] if found else None
        started = await _started(tx, request, person_id, amr, device, before, ial_at_most)
    if not is_known:
        notice = notices.new_device(device_name(device))
        await tell(request, person_id, notice, await contacts_now(request, person_id))
    return Arrived(
        started.session, [put_cookie(request, SESSION, started.cookie, lax=True), device_cookie],
        before is not None and before.person_id != person_id,
    )  # fmt: skip


async def _started(
    tx: Tx, request: Call, person_id: UUID, amr: Set[Amr], device: Device, before: Session | None,
    ial_at_most: Ial | None,
) -> Started:  # fmt: skip
    """A step-up never lowers a session and never ends one, so what comes to less or to an end begins another."""
    ring, now = request.services.ring, request.services.clock()
    is_theirs = before is not None and before.person_id == person_id
    is_no_less = ial_at_most is None or (before is not None and before.ial_at_most is not None)
    level = derive_aal(amr, table()).level
    if before and is_theirs and is_no_less and level >= before.aal and now < ends_at(Aal(level), before.started_at):
        return await step_up(tx, ring, before, amr=amr, now=now, ial_at_most=ial_at_most)
    if before:
        await end_session(tx, ring, before.person_id, before.session_id, now)
    return await start_session(
        tx, ring, person_id, amr=amr, device=device, now=now, ial_at_most=ial_at_most
    )  # fmt: skip
