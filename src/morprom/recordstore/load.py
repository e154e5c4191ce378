"""A person's documents, opened. Whoever asks shows a permit."""

from collections.abc import Iterable
from typing import Protocol

from morprom.people import Person
from morprom.record import Document, Kind, Seeing
from morprom.recordstore import store
from morprom.recordstore.content import instant, unpacked
from morprom.storage import Tx
from morprom.storage.seal import unseal


class Permission(Protocol):
    """What reading demands: a Permit, which only `access` makes (a test holds that)."""

    @property
    def person(self) -> Person: ...

    @property
    def seeing(self) -> Seeing: ...


async def load(tx: Tx, permit: Permission, kinds: Iterable[Kind]) -> list[Document]:
    """The documents of `kinds` that count, masked and sensitive ones too: the views take those away first."""
    person = permit.person
    rows = await store.documents(tx, person.person_id, [int(kind) for kind in kinds])
    return [_opened(person, row) for row in rows]


def _opened(person: Person, row: store.SealedRow) -> Document:
    plain = unseal(
        row.sealed, person.data_key, person_id=person.person_id, kind=row.kind, unit=row.unit, ref=row.ref,
        version=row.version,
    )  # fmt: skip
    created_ms, content = unpacked(plain)
    return Document(Kind(row.kind), row.unit, content, row.version, instant(created_ms), row.received_at)
