"""Requests that wait: pushed ones (RFC 9126), and those whose person signs in or reads what is asked.

Each is sealed under a key that only its reference gives: who has the database alone cannot open it.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from morprom.federation import request_store as store
from morprom.federation.model import Party, Request, Waiting
from morprom.federation.random_values import new_secret
from morprom.kernel import Secret
from morprom.storage import Tx, open_small, seal_small

URN: Final = "urn:ietf:params:oauth:request_uri:"
PUSHED_SECONDS: Final = 90  # FAPI 2.0, 5.3.2.2: less than 600
ASKED: Final = timedelta(minutes=20)
"""How long a person may take to sign in and decide."""
LONGEST: Final = 100


async def push(tx: Tx, party: Party, request: Request, now: datetime) -> str:
    """Keep a pushed request; its `request_uri`."""
    return URN + (await _keep(tx, party.client_id, request, None, now, timedelta(seconds=PUSHED_SECONDS))).reveal()


async def pushed(tx: Tx, party: Party, request_uri: str, now: datetime) -> Waiting | None:
    """The request of a `request_uri` of that client, not answered yet and in time."""
    found = await waiting(tx, Secret(request_uri.removeprefix(URN)), now) if request_uri.startswith(URN) else None
    return found if found and found.client_id == party.client_id and found.pushed_hash is None else None


async def ask(tx: Tx, party: Party, request: Request, behind: Waiting | None, now: datetime) -> Secret[str]:
    """Keep a request while its person is asked; the reference that pages carry."""
    return await _keep(tx, party.client_id, request, behind.request_hash if behind else b"", now, ASKED)


async def asked(tx: Tx, reference: Secret[str], now: datetime) -> Waiting | None:
    """What a person is asked. Not a pushed request: that has not been looked at in a browser."""
    found = await waiting(tx, reference, now)
    return found if found and found.pushed_hash is not None else None


async def waiting(tx: Tx, reference: Secret[str], now: datetime) -> Waiting | None:
    """A request by its reference."""
    if len(reference.reveal()) > LONGEST:
        return None
    request_hash = reference.digest()
    row = await store.waiting(tx, request_hash, now)
    if row is None:
        return None
    opened = open_small(row["sealed"], _key(reference), request_hash)
    request = msgspec.msgpack.decode(opened, type=Request)
    return Waiting(request_hash, row["pushed_hash"], row["client_id"], row["made_at"], request)


async def answer(tx: Tx, found: Waiting, now: datetime) -> bool:
    """A request is answered once; False when it was before."""
    both = [found.request_hash, *([found.pushed_hash] if found.pushed_hash else [])]
    return await store.answer(tx, both, now) == len(both)


async def _keep(
    tx: Tx, client_id: str, request: Request, behind: bytes | None, now: datetime, life: timedelta
) -> Secret[str]:
    reference = new_secret()
    sealed = seal_small(msgspec.msgpack.encode(request), _key(reference), reference.digest())
    await store.add(tx, reference.digest(), client_id, behind, now, now + life, sealed)
    return reference


def _key(reference: Secret[str]) -> bytes:
    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=b"morprom openid request")
    return derived.derive(reference.reveal().encode("utf-8", "replace"))
