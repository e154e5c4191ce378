"""An Account Center token for staff who signed in by their Provider ID at a client that is registered for it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from morprom.audit import Basis, Content, Entry, Outcome, Purpose, record
from morprom.doors.wire import Call
from morprom.identity import Client
from morprom.identity.face_model import PROVIDER_ID
from morprom.identity.provider_sessions import session_at_client
from morprom.kernel import Category, Problem, Secret, Words
from morprom.people import get
from morprom.staff import positions_of
from morprom.staff.acting import staff_token
from morprom.storage import Tx
from morprom.units.gate import bearer, refused

ACTION: Final = "StaffToken"


async def token_of_staff(request: Call, hcode: str) -> Secret[str]:
    """The token of their account at that hospital, which is the client's own. Raises Problem TOKEN_REFUSED
    (unauthenticated) or POSITION_MISSING (forbidden).
    """
    services = request.services
    jti = services.providers.session_named(bearer(request.authorization))
    is_open = PROVIDER_ID in services.settings.faces.split(",")
    if jti is None or not is_open:
        raise refused()
    async with services.identity.transaction() as tx:
        at = await session_at_client(tx, services.ring, jti, services.clock())
        token = None
        if at and at[0].terms.has_staff_token and at[0].client.hcode == hcode:
            token = await _token(tx, request, at[1][0].person_id, hcode, at[1][0].ends_at)
    if at is None:
        raise refused()
    client, found = at
    async with services.reader.transaction() as tx:
        await _line(tx, request, client.client, found[0].person_id, hcode, given=token is not None)
    if token is None:
        words = Words(
            "ไม่มีตำแหน่งที่มีสิทธิในหน่วยบริการนี้ หรือโปรแกรมนี้ไม่ได้รับอนุญาต",
            "no position at this hospital allows it, or this program may not ask",
        )
        raise Problem(Category.FORBIDDEN, "POSITION_MISSING", words)
    return token


async def _token(tx: Tx, request: Call, person_id: UUID, hcode: str, until: datetime) -> Secret[str] | None:
    services = request.services
    for position in await positions_of(tx, services.ring, person_id):
        if position.unit == hcode:
            token = await staff_token(tx, services.desk, position, now=services.clock(), until=until)
            if token:
                return token
    return None


async def _line(tx: Tx, request: Call, client: Client, person_id: UUID, hcode: str, *, given: bool) -> None:
    person = await get(tx, request.services.ring, person_id)
    outcome, reason = (Outcome.PERMITTED, "") if given else (Outcome.REFUSED, "POSITION_MISSING")
    content = Content(action=ACTION, purpose=Purpose.OWN_ACCESS, client=client.name, reason=reason)
    entry = Entry(Basis.HEALTH_ID, outcome, content, person.person_id if person else None, unit=hcode)
    await record(tx, entry, person.data_key if person else request.services.ring)
