"""What the owner set about their record, read before anything is decided."""

from dataclasses import dataclass

import msgspec

from morprom.access.model import Sharing
from morprom.people import Person
from morprom.record import Kind, Seeing
from morprom.recordstore import load
from morprom.storage import Tx


class _Controls(msgspec.Struct):
    share_phr: bool = True


@dataclass(frozen=True, slots=True)
class _OwnUse:
    """The platform's own permission to obey the owner's settings. It leaves this module with nothing else."""

    person: Person
    seeing: Seeing


async def sharing_of(tx: Tx, person: Person) -> Sharing:
    """The owner's settings; sharing is on until they turn it off."""
    own_use = _OwnUse(person, Seeing(sensitive=False, free_text=False, masked=False))
    documents = await load(tx, own_use, [Kind.CONTROLS])
    controls = [msgspec.json.decode(document.content, type=_Controls) for document in documents]
    return Sharing(share_phr=all(each.share_phr for each in controls))
