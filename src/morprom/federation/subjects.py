"""The names by which clients know people: random, one for each sector, kept (OpenID Connect Core, section 8.1)."""

import secrets
from uuid import UUID

from morprom.federation import request_store as store
from morprom.storage import Tx


async def subject_of(tx: Tx, person_id: UUID, sector: str) -> str:
    """`sub` of a person for the clients of a sector. Nothing leads from it to the person, or to another sector's."""
    return await store.subject(tx, person_id, sector, secrets.token_urlsafe(32))


async def person_of(tx: Tx, subject: str, sector: str) -> UUID | None:
    """Whom a sector's name means; None for any other text."""
    return await store.person_named(tx, sector, subject) if subject.isascii() and "\0" not in subject else None
