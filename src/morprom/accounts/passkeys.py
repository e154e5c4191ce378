"""Passkeys: WebAuthn level 3 ceremonies with user verification, discoverable credentials.

The relying party's id is the host of `public_url`. Verification is py_webauthn's; here stand the challenges, each used
once within five minutes, and whose they are.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
import webauthn
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from morprom.accounts import challenges, store
from morprom.accounts.authenticators import authenticator, authenticators_of, keep
from morprom.accounts.model import AuthenticatorKind, Inside
from morprom.assurance import Amr
from morprom.kernel import Category, Problem, Settings, Words
from morprom.people import Person
from morprom.storage import KeyRing, Tx

LIFE: Final = timedelta(minutes=5)
TO_BIND, TO_SIGN_IN = 1, 2
MOST: Final = 20
LONGEST: Final = 20_000
LONGEST_ID: Final = 1023  # bytes, WebAuthn level 3, 7.1


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose passkey it was, and what its use amounts to."""

    person_id: UUID
    amr: frozenset[Amr]


def rp_id(settings: Settings) -> str:
    """The relying party: refuses to change once somebody's passkey is bound to it (`demand_same_rp`)."""
    return urlsplit(settings.public_url).hostname or ""


async def demand_same_rp(tx: Tx, settings: Settings) -> None:
    """Raise Problem PUBLIC_URL_OF_ANOTHER when passkeys here were made for another host: none would work any more."""
    bound_to = await store.any_rp_id(tx)
    if bound_to not in (None, rp_id(settings)):
        raise Problem(
            Category.CONFLICT,
            "PUBLIC_URL_OF_ANOTHER",
            Words(
                f"พาสคีย์ของประชาชนผูกกับ {bound_to} โปรดตั้ง MORPROM_PUBLIC_URL ให้เป็นชื่อเครื่องนั้น",
                f"people's passkeys are bound to {bound_to}; set MORPROM_PUBLIC_URL to that host",
            ),
        )


async def binding_options(
    tx: Tx, ring: KeyRing, settings: Settings, person_id: UUID, *, name: str, now: datetime
) -> dict[str, Any]:
    """`PublicKeyCredentialCreationOptions` as JSON; `name` is what the person's device shows beside the key."""
    mine = await authenticators_of(tx, ring, person_id, AuthenticatorKind.PASSKEY)
    rows = await store.authenticators(tx, person_id, AuthenticatorKind.PASSKEY)
    if len(mine) >= MOST:
        raise Problem(Category.CONFLICT, "TOO_MANY_PASSKEYS", Words("มีพาสคีย์มากเกินไป", "there are too many passkeys"))
    options = webauthn.generate_registration_options(
        rp_id=rp_id(settings),
        rp_name="หมอพร้อม Digital ID",
        user_id=hashlib.sha256(b"passkey user\0" + person_id.bytes).digest(),
        user_name=name,
        user_display_name=name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=row["credential_id"]) for row in rows],
    )
    await store.add_challenge(tx, _hash(options.challenge), person_id, TO_BIND, now)
    return msgspec.json.decode(webauthn.options_to_json(options))


async def bind(
    tx: Tx, ring: KeyRing, settings: Settings, person: Person | UUID, answer: object, *, name: str, now: datetime
) -> UUID:
    """Bind the passkey that the browser made. Raises Problem PASSKEY_REFUSED."""
    person_id = person if isinstance(person, UUID) else person.person_id
    challenge = _answered(answer)
    row = await store.take_challenge(tx, _hash(challenge), TO_BIND, now - LIFE)
    if row is None or row["person_id"] != person_id:
        raise refused()
    try:
        made = webauthn.verify_registration_response(
            credential=msgspec.json.encode(answer).decode(), expected_challenge=challenge,
            expected_rp_id=rp_id(settings), expected_origin=settings.public_url, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError, RecursionError):
        raise refused() from None
    if len(made.credential_id) > LONGEST_ID or await store.passkey(tx, made.credential_id):
        raise refused()
    inside = Inside(
        name=name.strip()[:60], public_key=made.credential_public_key,
        is_synced=made.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
    )  # fmt: skip
    return await keep(
        tx, ring, person_id, AuthenticatorKind.PASSKEY, inside, now,
        credential_id=made.credential_id, rp_id=rp_id(settings), counter=made.sign_count,
    )  # fmt: skip


def sign_in_options(ring: KeyRing, settings: Settings, now: datetime) -> dict[str, Any]:
    """`PublicKeyCredentialRequestOptions` as JSON, for anybody: the browser offers the passkeys that it has.

    Nothing is kept of it, since anybody may ask as often as they like: the challenge itself says when it was made.
    """
    options = webauthn.generate_authentication_options(
        rp_id=rp_id(settings), user_verification=UserVerificationRequirement.REQUIRED,
        challenge=challenges.made(ring, now),
    )  # fmt: skip
    return msgspec.json.decode(webauthn.options_to_json(options))


async def sign_in(tx: Tx, ring: KeyRing, settings: Settings, answer: object, now: datetime) -> SignedIn:
    """Whose passkey answered. Raises Problem PASSKEY_REFUSED, alike for every reason.

    A counter that went back is a copied key: it is refused, and stays refused until the owner takes it away.
    """
    challenge = _answered(answer)
    if not challenges.is_ours(ring, challenge, now - LIFE):
        raise refused()
    row = await store.passkey(tx, _credential_id(answer))
    if row is None:
        raise refused()
    known = authenticator(ring, row)
    try:
        shown = webauthn.verify_authentication_response(
            credential=msgspec.json.encode(answer).decode(), expected_challenge=challenge,
            expected_rp_id=rp_id(settings), expected_origin=settings.public_url,
            credential_public_key=known.inside.public_key, credential_current_sign_count=known.counter,
            require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError, RecursionError):
        raise refused() from None
    if not known.works or not await store.use_challenge(tx, _hash(challenge), TO_SIGN_IN, now):
        raise refused()
    await store.used(tx, known.authenticator_id, shown.new_sign_count, now)
    key = Amr.HARDWARE_KEY if known.inside.is_hardware else Amr.SOFTWARE_KEY
    return SignedIn(known.person_id, frozenset((key, Amr.USER, Amr.MULTI_FACTOR)))


def _answered(answer: object) -> bytes:
    """The challenge that `answer` says it answers; the signature says whether it does."""
    try:
        sent: Any = answer
        client_data = base64url_to_bytes(str(sent["response"]["clientDataJSON"])[:LONGEST])
        said = parse_client_data_json(client_data)
    except (WebAuthnException, ValueError, KeyError, TypeError, RecursionError):
        raise refused() from None
    if said.cross_origin:  # asked for within a frame on another site; our pages are in none (WebAuthn level 3, 7.2)
        raise refused()
    return said.challenge


def _credential_id(answer: object) -> bytes:
    try:
        return base64url_to_bytes(str(answer["rawId"])[:2000])  # type: ignore[index]
    except (ValueError, KeyError, TypeError):
        raise refused() from None


def _hash(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()


def refused() -> Problem:
    """One answer for every passkey that does not hold."""
    return Problem(
        Category.UNAUTHENTICATED,
        "PASSKEY_REFUSED",
        Words("ใช้พาสคีย์นี้ไม่ได้ โปรดลองอีกครั้งหรือใช้วิธีอื่น", "this passkey does not work; try again or another way"),
    )
