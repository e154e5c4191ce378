"""A code becomes tokens, once, for its client (RFC 6749, 4.1.3; RFC 7636; RFC 9449, 10; FAPI 2.0, 5.3.2).

Whatever comes a second time, or from somebody else, ends everything that was made of it.
"""

import hmac
from datetime import datetime, timedelta
from typing import Final

from morprom.accounts import Event
from morprom.accounts.events import note
from morprom.federation import store
from morprom.federation.authorize import CODE_SECONDS
from morprom.federation.keys import IdTokens
from morprom.federation.model import Issued, Party, Refused, SignIn
from morprom.federation.sign_ins import holds, sign_in_of
from morprom.federation.tokens import issue
from morprom.kernel import Secret, Words
from morprom.kernel.pkce import challenge_of
from morprom.storage import KeyRing, Tx

LEAST_VERIFIER: Final = 43  # RFC 7636, section 4.1
MOST_VERIFIER: Final = 128


async def redeem_code(
    tx: Tx, ring: KeyRing, tokens: IdTokens, party: Party, code: Secret[str], *, redirect_uri: str, verifier: str,
    jkt: str | None, now: datetime,
) -> Issued | Refused:  # fmt: skip
    """Tokens for a code that comes for the first time, within a minute, from its client."""
    row = await store.present_code(tx, code.digest(), now)
    if row is None:
        return invalid_grant()
    sign_in = sign_in_of(ring, row)
    if row["presented_before"] is not None or sign_in.client_id != party.client_id:
        await store.end_sign_in(tx, sign_in.sign_in_id, now)
        return invalid_grant()
    if not _fits(sign_in, redirect_uri, verifier, jkt, now):
        return invalid_grant()
    behind = await holds(tx, ring, sign_in, now)
    if behind is None:
        return invalid_grant()
    session, _ = behind
    name = party.client.name
    await note(
        tx, ring, sign_in.person_id,
        Event(what="signed-in-at", th=f"เข้าสู่ระบบที่ {name}", en=f"signed in at {name}", device=session.device),
    )  # fmt: skip
    details = sign_in.details
    scopes = party.still(details.scopes)
    return await issue(tx, ring, tokens, party, sign_in, session, scopes, jkt, now, nonce=details.nonce)


def invalid_grant() -> Refused:
    """One answer for every reason."""
    words = Words("code หรือ token ใช้ไม่ได้แล้ว หรือไม่ใช่ของโปรแกรมนี้", "the code or token is of no use here")
    return Refused("invalid_grant", words)


def _fits(sign_in: SignIn, redirect_uri: str, verifier: str, jkt: str | None, now: datetime) -> bool:
    details = sign_in.details
    return (
        now - sign_in.made_at <= timedelta(seconds=CODE_SECONDS)
        and redirect_uri == details.redirect_uri
        and LEAST_VERIFIER <= len(verifier) <= MOST_VERIFIER
        and hmac.compare_digest(challenge_of(verifier), details.challenge)
        and (not details.dpop_jkt or details.dpop_jkt == jkt)
    )
