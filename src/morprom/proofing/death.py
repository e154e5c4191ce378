"""The state says that somebody has died: nobody signs in as them any more, and what they gave is over."""

from datetime import datetime
from typing import Final

from morprom.accounts import account_of, freeze
from morprom.kernel import Cid, Words
from morprom.people import Identifier, Scheme
from morprom.people.find import id_of
from morprom.storage import KeyRing, Tx

DIED: Final = Words(
    "กรมการปกครองแจ้งว่าเจ้าของบัญชีเสียชีวิต บัญชีถูกระงับ", "DOPA says that the account's owner has died; it is frozen"
)


async def note_death(tx: Tx, ring: KeyRing, cid: Cid, now: datetime) -> bool:
    """Freeze the account of whom the state says to be dead; False when there is none that works.

    A hospital's word is not enough for it. Where the state erred, the person comes to a counter with a valid card.
    """
    person_id = await id_of(tx, ring, Identifier(Scheme.CID, cid.digits))
    account = await account_of(tx, person_id, now) if person_id else None
    if person_id is None or account is None or account.frozen_at is not None:
        return False
    await freeze(tx, ring, person_id, why=DIED, now=now)
    return True
