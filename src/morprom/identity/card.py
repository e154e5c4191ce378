"""The ID-card flow: a code for the programme that sent the person to the card page, an access token for the code, and
the person for the token (wire protocol, section 5, way 2; RFC 6749, section 4.1).

Code and token are 256 random bits each, kept as hashes. Whatever comes a second time, or from somebody else, ends both.
"""

import hmac
import secrets
from dataclasses import replace
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from morprom.audit import Basis, Content, Entry, Outcome, record
from morprom.identity import card_store
from morprom.identity.card_model import (
    CODE_SECONDS,
    TOKEN_SECONDS,
    TRIES,
    CardCode,
    CardRefused,
    CardToken,
    Client,
    Desk,
    Exchanged,
)
from morprom.kernel import Cid, Secret
from morprom.kernel.pkce import challenge_of
from morprom.people import Person, get
from morprom.storage import KeyRing, Tx, open_small, seal_small

SHOWN: Final = "CardShown"
EXCHANGED: Final = "CardToken"
SPENT: Final = "GetPHROTP"


async def show_card(
    tx: Tx, person: Person, cid: Cid, client: Client, redirect_uri: str, challenge: str | None, *,
    is_simulated: bool, is_vouched: bool = False,
) -> Secret[str]:  # fmt: skip
    """A code for `client`, whose card page was shown `person`'s card. The caller has checked client and URI.

    `is_vouched`: a station of the unit signed what it read, and DOPA says that the card is valid.
    """
    code = Secret(secrets.token_urlsafe(32))
    kept = code.digest()
    sealed = seal_small(cid.digits.encode(), _key(code), kept)
    await card_store.insert(tx, kept, client.client_id, person.person_id, redirect_uri, challenge, sealed, is_vouched)
    reason = " ".join(filter(None, ("SIMULATED" if is_simulated else "", "VOUCHED" if is_vouched else "")))
    await _line(tx, person, Outcome.PERMITTED, SHOWN, client, reason)
    return code


async def refuse_card(tx: Tx, person: Person, client: Client, reason: str) -> None:
    """A card that was shown and not taken is a line of its owner's history."""
    await _line(tx, person, Outcome.REFUSED, SHOWN, client, reason)


async def exchange(
    tx: Tx, ring: KeyRing, code: Secret[str], client: Client, redirect_uri: str, verifier: str
) -> Exchanged | CardRefused:
    """An access token for a code that comes for the first time, within a minute, from its client."""
    kept = code.digest()
    found = await card_store.present(tx, kept)
    person = await get(tx, ring, found.person_id) if found else None
    if found is None or person is None:
        await _line(tx, ring, Outcome.REFUSED, EXCHANGED, client, "CODE_UNKNOWN")
        return CardRefused("CODE_UNKNOWN")
    if reason := _why_not(found, client, redirect_uri, verifier):
        await card_store.end(tx, kept)  # RFC 6749, section 4.1.2: a code used twice revokes what was made of it
        await _line(tx, person, Outcome.REFUSED, EXCHANGED, client, reason)
        return CardRefused(reason)
    token = Secret(secrets.token_urlsafe(32))
    await card_store.give_token(tx, kept, token.digest())
    await _line(tx, person, Outcome.PERMITTED, EXCHANGED, client)
    return Exchanged(Cid(open_small(found.cid_sealed, _key(code), kept).decode()), token)


async def spend(
    tx: Tx, ring: KeyRing, token: Secret[str], person: Person | None, desk: Desk
) -> CardToken | CardRefused:
    """Use a token up for `person`; what it was. Every try counts before it is compared."""
    found = await card_store.count_try(tx, token.digest(), TRIES)
    reason = _why_no_use(found, person, desk)
    if found and person and not reason:
        await card_store.end(tx, found.code_hash)
        return found
    client = found.client if found else ""
    await _desk_line(tx, person or ring, desk, client, reason)
    if found and (person is None or person.person_id != found.person_id):
        owner = await get(tx, ring, found.person_id)
        await _desk_line(tx, owner or ring, desk, client, reason)
    return CardRefused(reason)


async def note_grant(tx: Tx, token: CardToken, grant_id: UUID) -> None:
    """Which one-time code a token became: it ends when the card page's code comes a second time."""
    await card_store.became(tx, token.code_hash, grant_id)


async def purge(tx: Tx) -> int:
    """Delete codes of a day ago and before; how many."""
    return await card_store.purge(tx)


def _why_not(code: CardCode, client: Client, redirect_uri: str, verifier: str) -> str:
    """Why a code is of no use; "" when it is of use."""
    if code.presented_at or code.ended_at:
        return "CODE_REPLAYED"
    if code.client_id != client.client_id:
        return "CODE_OF_ANOTHER_CLIENT"
    if code.redirect_uri != redirect_uri:
        return "OTHER_REDIRECT_URI"
    if code.age > CODE_SECONDS:
        return "CODE_TOO_OLD"
    if not hmac.compare_digest(code.challenge or "", challenge_of(verifier) if verifier else ""):
        return "WRONG_VERIFIER"  # RFC 9700, section 2.1.1: a verifier without a challenge is refused too
    return ""


def _why_no_use(token: CardToken | None, person: Person | None, desk: Desk) -> str:
    """Why a token is of no use; "" when it is of use."""
    if token is None:
        return "TOKEN_UNKNOWN"
    if token.hcode != desk.hcode:
        return "TOKEN_OF_ANOTHER_UNIT"
    if token.is_revoked:
        return "CLIENT_REVOKED"
    if token.age > TOKEN_SECONDS:
        return "TOKEN_TOO_OLD"
    if person is None or person.person_id != token.person_id:
        return "CARD_OF_ANOTHER_PERSON"
    return ""


def _key(code: Secret[str]) -> bytes:
    """The key under which a code's row keeps the card's number: who has the database alone cannot open it."""
    return HKDF(hashes.SHA256(), length=32, salt=None, info=b"morprom card code").derive(code.reveal().encode())


async def _line(
    tx: Tx, whose: Person | KeyRing, outcome: Outcome, action: str, client: Client, reason: str = ""
) -> None:
    content = Content(action=action, client=client.name, reason=reason)
    await _write(tx, whose, Entry(Basis.CARD, outcome, content, unit=client.hcode))


async def _desk_line(tx: Tx, whose: Person | KeyRing, desk: Desk, client: str, reason: str) -> None:
    content = Content(action=SPENT, client=client, reason=reason, who=desk.name, is_shared_account=True)
    await _write(tx, whose, Entry(Basis.CARD, Outcome.REFUSED, content, actor=desk.account_id, unit=desk.hcode))


async def _write(tx: Tx, whose: Person | KeyRing, entry: Entry) -> None:
    """Into a person's history, or into the one of nobody known."""
    if isinstance(whose, Person):
        await record(tx, replace(entry, person_id=whose.person_id), whose.data_key)
    else:
        await record(tx, entry, whose)
