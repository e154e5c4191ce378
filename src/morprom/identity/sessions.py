"""A Health ID session begins and ends. Tokens name it; it alone says what they are worth."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from morprom.assurance import Levels, table
from morprom.identity import store
from morprom.identity.model import PHR_READ, TOKEN_LIFE, HealthIdSession
from morprom.kernel import new_id
from morprom.people import Person
from morprom.storage import Tx

KEPT: Final = timedelta(days=30)
"""How long a session that is over can still be looked up by the operator."""


async def start_session(
    tx: Tx,
    person: Person,
    *,
    client_id: str,
    levels: Levels,
    scopes: Iterable[str] = (PHR_READ,),
    life: timedelta = TOKEN_LIFE,
) -> HealthIdSession:
    """Begin a session that lasts `life` from the sign-in, and no longer than its AAL allows."""
    allowed = timedelta(seconds=table().limits(levels.aal).absolute)
    ends_at = levels.authenticated_at + min(life, TOKEN_LIFE, allowed)
    session = HealthIdSession(new_id(), person.person_id, client_id, frozenset(scopes), levels, ends_at)
    await store.forget(tx, person.person_id, levels.authenticated_at - KEPT)
    await store.insert(tx, session)
    return session


async def end_session(tx: Tx, jti: UUID) -> bool:
    """End a session at once; what is remembered of it in a process lasts 30 s more. False when it was over."""
    return await store.end(tx, jti)
