"""Programmes of units, of every dialect in one registry: registered, authenticated, changed, removed.

A client is known to the dialect that it was registered for, and to no other.
"""

import hmac
import re
import secrets
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from morprom.identity import clients_store
from morprom.identity.card_model import CARD, Change, Client, Registered
from morprom.kernel import Category, Hcode, Mode, Problem, Secret, Words, new_id
from morprom.storage import Tx

LONGEST_URI: Final = 500
LONGEST_NAME: Final = 100
MOST_URIS: Final = 20
# RFC 3986 without the fragment, and without what could end a value in a header or an attribute.
URI: Final = re.compile(
    r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&()*+=:@%/-]*)?(\?[A-Za-z0-9._~!$&()*+=:@%/?-]*)?"
)
LOOPBACK: Final = ("localhost", "127.0.0.1")


async def register(
    tx: Tx, name: str, hcode: Hcode, redirect_uris: Sequence[str], mode: Mode, *, kind: str = CARD,
    terms: msgspec.Struct | None = None, has_secret: bool = True, by: UUID | None = None,
) -> Registered:  # fmt: skip
    """Register a programme of a unit. `by` is the position of the administrator; None for the operator.

    Raises Problem CLIENT_NAME, REDIRECT_URI_INVALID or UNIT_UNKNOWN.
    """
    shown, uris = _checked(name, redirect_uris, mode)
    secret = Secret(secrets.token_urlsafe(32)) if has_secret else None
    client_id = str(new_id())
    kept = secret.digest() if secret else None
    said = _said(terms)
    registered_at = await clients_store.insert(tx, client_id, hcode, shown, uris, kept, kind, said, by)
    if registered_at is None:
        raise _incorrect("UNIT_UNKNOWN", "ไม่รู้จักหน่วยบริการนี้", "no unit has that code")
    return Registered(Client(client_id, hcode, shown, uris, registered_at, None, kind, said or ""), secret)


async def change(
    tx: Tx, client_id: str, name: str, redirect_uris: Sequence[str], mode: Mode, *, terms: msgspec.Struct | None = None,
    by: UUID | None = None,
) -> None:  # fmt: skip
    """Replace what is known of a client; without `terms` those stay.

    Raises Problem CLIENT_UNKNOWN, CLIENT_NAME or REDIRECT_URI_INVALID.
    """
    shown, uris = _checked(name, redirect_uris, mode)
    known = await clients_store.client(tx, client_id)
    said = _said(terms) or (known.terms if known else None) or None
    if not await clients_store.change(tx, client_id, by, shown, uris, said):
        raise unknown()


async def disable(tx: Tx, client_id: str, by: UUID | None = None) -> bool:
    """Let a client do nothing until it is enabled: what it holds does not work meanwhile; False when there is none."""
    return await clients_store.act(tx, client_id, by, "disabled")


async def enable(tx: Tx, client_id: str, by: UUID | None = None) -> bool:
    """Let a disabled client work again; False when there is none."""
    return await clients_store.act(tx, client_id, by, "enabled")


async def new_secret(tx: Tx, client_id: str, by: UUID | None = None) -> Secret[str]:
    """Another secret; the one before ends now. Raises Problem CLIENT_UNKNOWN, alike for one that has its own key."""
    known = await clients_store.client_and_secret(tx, client_id)
    secret = Secret(secrets.token_urlsafe(32))
    if not (known and known[1] and await clients_store.act(tx, client_id, by, "new-secret", secret.digest())):
        raise unknown()
    return secret


async def changes(tx: Tx, client_id: str) -> list[Change]:
    """What was done to a client, newest first."""
    return await clients_store.changes(tx, client_id)


async def listed(tx: Tx, hcode: Hcode | None = None) -> list[Client]:
    """Clients by unit and name, revoked ones too; None: of every unit."""
    return await clients_store.clients(tx, hcode)


async def revoke(tx: Tx, client_id: str, by: UUID | None = None) -> bool:
    """End a client for good, its codes and its tokens; False when there is none, or it had ended."""
    return await clients_store.act(tx, client_id, by, "removed")


async def any_client(tx: Tx, client_id: str) -> Client | None:
    """The client of that id, of whatever dialect, disabled or removed."""
    return await clients_store.client(tx, client_id)


async def find_client(tx: Tx, client_id: str, kind: str = CARD) -> Client | None:
    """The client of that id, unless it may ask for nothing or speaks another dialect."""
    client = await clients_store.client(tx, client_id)
    return client if client and client.kind == kind and client.works else None


async def authenticate(tx: Tx, client_id: str, secret: Secret[str], kind: str = CARD) -> Client | None:
    """The client whose id and secret these are; None for whatever is wrong. Needs the role identity.

    The secret is 256 random bits: there is nothing to try, and a plain hash is enough.
    """
    found = await clients_store.client_and_secret(tx, client_id)
    expected = (found[1] if found else None) or bytes(32)
    is_right = hmac.compare_digest(secret.digest(), expected)
    client = found[0] if found and is_right else None
    return client if client and client.kind == kind and client.works else None


def is_redirect_uri(uri: str, mode: Mode) -> bool:
    """Whether a code may ever be sent there: by https, or to this machine; outside production by http as well."""
    if len(uri) > LONGEST_URI or not URI.fullmatch(uri):
        return False
    parts = urlsplit(uri)
    return parts.scheme == "https" or parts.hostname in LOOPBACK or mode is not Mode.PRODUCTION


def unknown() -> Problem:
    """What is said where a client is not there."""
    return Problem(Category.NOT_FOUND, "CLIENT_UNKNOWN", Words("ไม่มีโปรแกรมนี้", "there is no such programme"))


def _checked(name: str, redirect_uris: Sequence[str], mode: Mode) -> tuple[str, tuple[str, ...]]:
    shown = " ".join(name.split())
    if not shown or len(shown) > LONGEST_NAME or not shown.isprintable():
        raise _incorrect("CLIENT_NAME", "ชื่อโปรแกรมต้องมี 1 ถึง 100 ตัวอักษร", "the name has 1 to 100 characters")
    uris = tuple(dict.fromkeys(redirect_uris))
    if not uris or len(uris) > MOST_URIS or not all(is_redirect_uri(uri, mode) for uri in uris):
        raise _incorrect(
            "REDIRECT_URI_INVALID",
            "redirect URI ต้องเป็น https:// (หรือ http://localhost) เต็ม ไม่มี # ช่องว่าง หรืออักขระนอก URI",
            "a redirect URI is a whole https:// address (or http://localhost), without fragment or spaces",
        )
    return shown, uris


def _said(terms: msgspec.Struct | None) -> str | None:
    return msgspec.json.encode(terms).decode() if terms else None


def _incorrect(code: str, th: str, en: str) -> Problem:
    return Problem(Category.INCORRECT, code, Words(th, en))
