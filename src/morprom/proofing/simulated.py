"""A proofing that nobody did, for demonstrations and tests of what comes after it. It says so wherever it is shown."""

from datetime import datetime
from uuid import UUID

from morprom.assurance import Checks
from morprom.kernel import Secret, Settings, new_id
from morprom.outside.simulated import demand_demo
from morprom.proofing.events import seal_case
from morprom.proofing.model import NOWHERE, CardFields, Case, OpenCase, Slip
from morprom.proofing.slips import print_slip
from morprom.storage import KeyRing, Tx


async def simulated_slip(
    tx: Tx, ring: KeyRing, settings: Settings, person_id: UUID, *, card: CardFields, contact: Secret[str], unit: str,
    now: datetime,
) -> Slip:  # fmt: skip
    """A slip for a proofing at IAL 2.3 that is marked as simulated. Raises Problem SIMULATOR_REFUSED outside demo."""
    demand_demo(settings)
    checks = Checks(
        evidence="id-card", appearance=True, chip_read=True, station_signed=True, dopa_status="valid", dopa_by="chip",
        face="officer", face_with="chip-photo", face_matches=True, contact="otp", channel="counter",
    )  # fmt: skip
    case = Case(path="card", checks=checks, card=card, contact=contact.reveal(), is_simulated=True)
    opened = OpenCase(new_id(), unit, new_id(), None, now, case)
    sealed = await seal_case(tx, ring, opened, person_id=person_id, licence="SIMULATED", now=now)
    return await print_slip(tx, ring, sealed.event, NOWHERE, now)
