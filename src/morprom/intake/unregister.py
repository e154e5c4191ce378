"""Taking entries of one disease out of a hospital's chronic register (wire protocol, section 3)."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from morprom.intake.receive_items import LONGEST_LABEL
from morprom.intake.remove import Removed, remove
from morprom.kernel import Secret
from morprom.record import Kind
from morprom.recordstore import UnitRefs, register
from morprom.storage import KeyRing, Tx

REASON: Final = "PatientChronicRegisterv1 mode=remove"


async def unregister(
    tx: Tx, ring: KeyRing, unit: str, ref_key: Secret[bytes], code: str, numbers: Sequence[str], *, account_id: UUID
) -> Removed:
    """Take back the entries of disease `code` with these numbers; with none named, all of that disease.

    Numbers that are not known, or of another disease, are left alone.
    """
    entries = await register(tx, unit, UnitRefs(ref_key), code[:LONGEST_LABEL])
    wanted = set(numbers)
    refs = [ref for ref, number in entries.items() if not wanted or number in wanted]
    return await remove(
        tx, ring, unit, refs, kind=Kind.CHRONIC_REGISTER, account_id=account_id, reason=REASON
    )  # fmt: skip
