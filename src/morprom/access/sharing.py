"""What the owner set about their record, read before anything is decided and before it is changed."""

from dataclasses import dataclass

import msgspec

from morprom.access.model import Sharing
from morprom.access.owner import Controls
from morprom.people import Person
from morprom.record import Document, Kind, Seeing
from morprom.recordstore import load
from morprom.storage import Tx


@dataclass(frozen=True, slots=True)
class _OwnUse:
    """The platform's own permission to obey the owner's settings. It leaves this module with nothing else."""

    person: Person
    seeing: Seeing


async def sharing_of(tx: Tx, person: Person) -> Sharing:
    """Whether the owner shares; they do until they turn it off."""
    controls, _ = await controls_of(tx, person)
    return Sharing(controls.share_phr)


async def controls_of(tx: Tx, person: Person) -> tuple[Controls, Document | None]:
    """What the owner set, and the document that says so; None while they have set nothing."""
    own_use = _OwnUse(person, Seeing(sensitive=False, free_text=False, masked=False))
    documents = await load(tx, own_use, [Kind.CONTROLS])
    if not documents:
        return Controls(), None
    newest = max(documents, key=lambda document: document.version)
    return msgspec.json.decode(newest.content, type=Controls), newest
