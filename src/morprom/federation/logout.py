"""A client asks to sign its person out (RP-Initiated Logout 1.0), and clients are told when somebody is (Back-Channel
Logout 1.0).

Who is told follows from sessions that have ended, whatever ended them: the person, a client, a fraud report.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import httpx
import structlog

from morprom.federation import store
from morprom.federation.client_auth import find_party
from morprom.federation.keys import IdTokens
from morprom.federation.model import Party, Refused
from morprom.federation.sign_ins import sign_in_of
from morprom.federation.subjects import subject_of
from morprom.kernel import Secret, Words, new_id
from morprom.storage import KeyRing, Tx

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
TOKEN_LIFE: Final = timedelta(minutes=2)  # Back-Channel Logout 1.0, section 2.4
MOST_TRIES: Final = 8
MOST_AT_ONCE: Final = 50
SECONDS: Final = 5.0
TAKEN: Final = (200, 204)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Leaving:
    """A request to sign somebody out that is what it says. `session_id` is None when no hint says which session."""

    party: Party | None = None
    session_id: UUID | None = None
    redirect_uri: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A client that has to be told."""

    sign_in_id: UUID
    url: str
    token: Secret[str] = field(repr=False)


async def leaving(tx: Tx, tokens: IdTokens, *, hint: str, client_id: str, redirect_uri: str) -> Leaving | Refused:
    """Whom a request to sign out means, and where it may lead: with a hint of ours, to an address of its client."""
    if not hint:
        # without a hint nobody vouches for the address: the person is asked, and stays here (section 3)
        return Leaving()
    claims = tokens.hinted(hint)
    party = await find_party(tx, str(claims.get("aud"))) if claims else None
    if claims is None or party is None or client_id not in ("", party.client_id):
        return Refused("invalid_request", Words("id_token_hint ใช้ไม่ได้", "id_token_hint is not one of ours"))
    if redirect_uri and redirect_uri not in party.terms.post_logout_redirect_uris:
        words = Words("ที่อยู่ส่งกลับไม่ได้ลงทะเบียนไว้", "post_logout_redirect_uri is not registered")
        return Refused("invalid_request", words)
    row = await store.session_of_sid(tx, party.client_id, str(claims.get("sid")))
    return Leaving(party, row["session_id"] if row else None, redirect_uri)


async def due(tx: Tx, ring: KeyRing, tokens: IdTokens, now: datetime) -> list[Due]:
    """Clients to tell now. Each is put off at once, so that a telling that fails is made again later."""
    found: list[Due] = []
    for row in await store.due_to_tell(tx, now, MOST_AT_ONCE):
        sign_in, tries = sign_in_of(ring, row), row["tell_tries"]
        party = await find_party(tx, sign_in.client_id)
        url = party.terms.backchannel_logout_uri if party else ""
        is_last = not url or tries + 1 >= MOST_TRIES
        await store.told(tx, sign_in.sign_in_id, None if is_last else now + timedelta(seconds=15 * 2**tries))
        if party and url:
            subject = await subject_of(tx, sign_in.person_id, party.sector)
            token = _logout_token(tokens, party, subject, sign_in.sid, now)
            found.append(Due(sign_in.sign_in_id, url, token))
    return found


async def tell(http: httpx.AsyncClient, one: Due) -> bool:
    """Post a logout token; whether the client took it (section 2.8). Of its answer nothing but the status is read."""
    try:
        async with asyncio.timeout(SECONDS):
            form = {"logout_token": one.token.reveal()}
            async with http.stream("POST", one.url, data=form, timeout=SECONDS) as answer:
                status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        log.warning("logout_not_told", error=type(error).__name__)
        return False
    if status not in TAKEN:
        log.warning("logout_not_taken", status=status)
    return status in (*TAKEN, 400)  # 400: it will not take it next time either


async def told(tx: Tx, one: Due) -> None:
    """A client knows."""
    await store.told(tx, one.sign_in_id, None)


def _logout_token(tokens: IdTokens, party: Party, subject: str, sid: str, now: datetime) -> Secret[str]:
    claims: dict[str, Any] = {
        "aud": party.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + TOKEN_LIFE).timestamp()),
        "jti": str(new_id()),
        "sub": subject,
        "sid": sid,
        "events": {EVENT: {}},
    }
    return tokens.sign(party.terms.id_token_alg, claims, typ="logout+jwt")
