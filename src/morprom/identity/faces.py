"""Clients of the faces, the codes that they are sent, and by which names and hashes they know people."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from morprom.accounts import Account, Session
from morprom.accounts.sealing import Sealed, opened, sealed
from morprom.accounts.sessions import session_by_id
from morprom.identity import clients, face_store, store
from morprom.identity.card_model import Registered
from morprom.identity.face_model import SCOPES, FaceClient, FaceCode, FaceRefused, FaceTerms
from morprom.kernel import Category, Hcode, Mode, Problem, Secret, Words, new_id
from morprom.kernel.pkce import challenge_of
from morprom.storage import KeyRing, Tx

TABLE: Final = b"face_client"
KEY_BYTES: Final = 32

# The words of section 5 of the protocol's identity services, letter for letter: clients compare them.
CREDENTIAL: Final = FaceRefused("Credential is required", 401)
DENIED: Final = FaceRefused("Access grant has denied")
INVALID: Final = FaceRefused("Code is invalid")
REDIRECT: Final = FaceRefused("Redirect uri is invalid")
NOT_MATCH: Final = FaceRefused("Code and Client ID not match.")
EXPIRED: Final = FaceRefused("Code has been expired")


class _Key(msgspec.Struct):
    hash_key: bytes


async def register_face(
    tx: Tx, ring: KeyRing, name: str, hcode: Hcode, redirect_uris: Sequence[str], mode: Mode, *, kind: str,
    terms: FaceTerms,
) -> Registered:  # fmt: skip
    """Register a client of a face. Raises Problem SCOPE_UNKNOWN, ENCRYPTION_KEY, and as `clients.register`."""
    if unknown := set(terms.scopes) - set(SCOPES):
        words = Words(f"ไม่รู้จักขอบเขต {', '.join(sorted(unknown))}", f"there is no scope {', '.join(sorted(unknown))}")
        raise Problem(Category.INCORRECT, "SCOPE_UNKNOWN", words)
    if terms.encryption_key is not None and not _is_public_rsa(terms.encryption_key):
        words = Words("กุญแจต้องเป็นกุญแจสาธารณะ RSA แบบ JWK", "the key is a public RSA key as a JWK")
        raise Problem(Category.INCORRECT, "ENCRYPTION_KEY", words)
    made = await clients.register(tx, name, hcode, redirect_uris, mode, kind=kind, terms=terms)
    client_id = made.client.client_id
    await face_store.add_client(
        tx, client_id, *sealed(ring, TABLE, UUID(client_id), _Key(secrets.token_bytes(KEY_BYTES)))
    )
    return made


async def find_face(tx: Tx, ring: KeyRing, client_id: str, kind: str) -> FaceClient | None:
    """The client of that name, unless it was revoked or is of another face."""
    client = await clients.find_client(tx, client_id, kind) if _is_id(client_id) else None
    row = await face_store.client_key(tx, client_id) if client else None
    if client is None or row is None:
        return None
    key = opened(ring, TABLE, UUID(client_id), Sealed(row["key_id"], row["sealed"]), _Key)
    return FaceClient(client, msgspec.json.decode(client.terms, type=FaceTerms), Secret(key.hash_key))


async def authenticate_face(
    tx: Tx, ring: KeyRing, client_id: str, secret: Secret[str], kind: str
) -> FaceClient | FaceRefused:
    """The client whose name and secret these are; one answer for whatever is wrong."""
    client = await clients.authenticate(tx, client_id, secret, kind) if _is_id(client_id) else None
    found = await find_face(tx, ring, client.client_id, kind) if client else None
    return found or CREDENTIAL


async def make_code(
    tx: Tx, client: FaceClient, session: Session, redirect_uri: str, challenge: str | None, scopes: Sequence[str],
    now: datetime,
) -> Secret[str]:  # fmt: skip
    """A code for a client at which somebody signs in. The caller has checked client and address, and asked them."""
    code = Secret(secrets.token_urlsafe(32))
    await face_store.add_code(
        tx, code.digest(), client.client_id, session.person_id, session.session_id, redirect_uri, challenge, scopes,
        now,
    )  # fmt: skip
    return code


async def take_code(
    tx: Tx, ring: KeyRing, code: Secret[str], client: FaceClient, redirect_uri: str, verifier: str, now: datetime
) -> tuple[FaceCode, Session, Account] | FaceRefused:
    """A code that comes for the first time, from its client, within a minute, while the sign-in behind it lasts.

    Whatever comes a second time or from somebody else ends what was made of the code (RFC 6749, section 4.1.2).
    """
    found = await face_store.present(tx, code.digest(), now)
    if found is None:
        return INVALID
    if refused := _why_not(found, client, redirect_uri, verifier, now):
        await _end(tx, found, now)
        return replace(refused, person_id=found.person_id)
    behind = await session_by_id(tx, ring, found.account_session, now)
    return (found, *behind) if behind else replace(DENIED, person_id=found.person_id)


async def end_at_client(tx: Tx, person_id: UUID, client_id: str, now: datetime) -> None:
    """Somebody took back what they allowed a client: its codes and sessions end, and the sessions of staff at its
    unit's other clients, which came by its tokens.
    """
    await face_store.end_codes(tx, person_id, client_id, now)
    await store.end_at_client(tx, person_id, client_id, now)
    await face_store.end_provider_at_unit(tx, person_id, client_id, now)


async def note_session(tx: Tx, code: Secret[str], jti: UUID) -> None:
    """Which session the code became."""
    await face_store.became(tx, code.digest(), jti)


async def subject_of(tx: Tx, person_id: UUID, client: FaceClient) -> UUID:
    """By which name this client knows somebody: random, made the first time, the same ever after."""
    return await face_store.subject(tx, person_id, client.client_id, new_id())


def hash_of(client: FaceClient, cid: str, allowed: Sequence[str] | frozenset[str]) -> str:
    """What stands for a citizen number: an HMAC under the client's key. With the number itself a plain hash tells no
    more, and is what clients expect; without it a plain hash of 13 digits would be the number.
    """
    if not cid:
        return ""
    if "cid" in allowed:
        return Secret(cid).digest().hex()
    return hmac.digest(client.hash_key.reveal(), cid.encode(), "sha256").hex()


def _why_not(code: FaceCode, client: FaceClient, redirect_uri: str, verifier: str, now: datetime) -> FaceRefused | None:
    if code.client_id != client.client_id:
        return NOT_MATCH
    if code.presented_at:
        return INVALID
    if code.redirect_uri != redirect_uri:
        return REDIRECT
    if code.is_old(now):
        return EXPIRED
    if not hmac.compare_digest(code.challenge or "", challenge_of(verifier) if verifier else ""):
        return INVALID
    return None


async def _end(tx: Tx, code: FaceCode, now: datetime) -> None:
    """Only somebody who holds the code itself gets here, so ending what it became harms nobody by guesses."""
    if code.jti:
        await store.end_of_code(tx, code.jti, now)
        await face_store.end_provider(tx, code.jti, now)


def _is_id(client_id: str) -> bool:
    return len(client_id) == 36 and client_id.isascii() and client_id.isprintable()


def _is_public_rsa(key: dict[str, object]) -> bool:
    private = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
    return key.get("kty") == "RSA" and isinstance(key.get("n"), str) and private.isdisjoint(key)
