"""What the calls of an owner have in common: their Health ID session, whom the call names, and which visit."""

from datetime import timedelta
from typing import Any, Final

from litestar import Response

from morprom.access import current_policy
from morprom.access.controls import Claimant, ControlDesk
from morprom.doors.reader.reading import cid_of, identifier_of, members_of
from morprom.doors.services import Services
from morprom.doors.wire import Call, incorrect, text_of
from morprom.identity import HealthIdSession
from morprom.kernel import Category, Cid, Hcode, Problem, Words
from morprom.people import Inbox, find
from morprom.recordstore import VisitName
from morprom.storage import Tx

NEEDS_HEALTH_ID: Final = Words(
    "เรียกโดยไม่ใช้รหัสต้องใช้ Health ID ของเจ้าของข้อมูล หากอ่านให้ขอรหัสด้วย RequestTokenv1",
    "without a code this takes the owner's Health ID token; to read, ask for a code by RequestTokenv1",
)
NO_SUCH_VISIT: Final = Words("ไม่พบการรับบริการนี้ในข้อมูลของคุณ", "there is no such visit in your record")


async def session_of(request: Call) -> HealthIdSession:
    """The owner's session. Raises Problem HEALTH_ID_NEEDED for a token of any other kind, and as `HealthIdGate`."""
    if not request.services.health_ids.is_meant(request.authorization):
        raise Problem(Category.UNAUTHENTICATED, "HEALTH_ID_NEEDED", NEEDS_HEALTH_ID)
    return await request.services.health_ids.session(request.authorization)


async def owner_members(request: Call) -> dict[str, Any]:
    """What the call says; a cid may stand in the address too, where the protocol has it. Addresses are not logged."""
    named = {name: value for name, value in request.query_fields().items() if name == "cid"}
    return named | (await members_of(request) if request.method == "POST" else {})


async def claimant(request: Call, tx: Tx, session: HealthIdSession, cid: Cid) -> Claimant:
    """Who says to be the owner."""
    return Claimant(await find(tx, request.services.ring, identifier_of(cid)), session)


async def opened(request: Call) -> tuple[HealthIdSession, Cid, dict[str, Any]]:
    """The session as it stands now, whom the call names, and the rest of what it says."""
    session = await session_of(request)
    members = await owner_members(request)
    return session, cid_of(members), members


def desk_of(services: Services) -> ControlDesk:
    """Where the owner sets what they decide."""
    return ControlDesk(services.ring, current_policy(), Inbox(), timedelta(days=services.settings.held_days))


async def visit_of(services: Services, members: dict[str, Any]) -> VisitName:
    """The visit that the call names. Raises Problem REF_INVALID, UNIT_UNKNOWN."""
    hcode, _, ref = text_of(members.get("encounter_ref_code")).partition(":")
    unit = Hcode.parse(hcode)
    if unit is None or not ref.strip():
        raise incorrect("REF_INVALID", "encounter_ref_code ต้องเป็น hcode:ref", "encounter_ref_code is hcode:ref")
    return VisitName(str(unit), ref.strip(), await services.directory.ref_key(unit))


def no_such_visit(request: Call) -> Response[bytes]:
    """404, for the owner, who may know."""
    return request.answer(None, status=404, message=str(NO_SUCH_VISIT))


def truth_of(value: object, *, default: bool | None = None) -> bool:
    """A switch, as JSON or as text. Raises Problem SWITCH_INVALID."""
    if value is None and default is not None:
        return default
    known = {"true": True, "1": True, "false": False, "0": False}
    found = known.get(str(value).lower()) if isinstance(value, bool | int | str) else None
    if found is None:
        raise incorrect("SWITCH_INVALID", "ค่าต้องเป็น true หรือ false", "the value is true or false")
    return found
