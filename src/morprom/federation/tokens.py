"""Tokens: an access token of ten minutes, a refresh token for as long as the session, an ID token.

All but the ID token are opaque: whoever takes one asks here, so that what has ended is of no use at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from morprom.accounts import Session
from morprom.assurance import Ial
from morprom.federation import grant_store, store
from morprom.federation.about import told_in
from morprom.federation.keys import IdTokens
from morprom.federation.model import Issued, Party, SignIn
from morprom.federation.random_values import new_secret
from morprom.federation.sign_ins import ACCESS, REFRESH
from morprom.federation.subjects import subject_of
from morprom.kernel import Secret
from morprom.storage import KeyRing, Tx

ACCESS_LIFE: Final = timedelta(minutes=10)
ID_TOKEN_LIFE: Final = timedelta(minutes=10)


async def issue(
    tx: Tx, ring: KeyRing, tokens: IdTokens, party: Party, sign_in: SignIn, session: Session, scopes: Sequence[str],
    jkt: str | None, now: datetime, *, family: Sequence[str] | None = None, nonce: str | None = None,
) -> Issued:  # fmt: skip
    """New tokens of a sign-in. Nothing outlives the session. `family` are the refresh token's scopes, where it holds
    more than what is asked for now (RFC 6749, section 6).
    """
    access, ends_at = new_secret(), min(now + ACCESS_LIFE, session.ends_at)
    await store.add_token(tx, access.digest(), sign_in.sign_in_id, ACCESS, now, ends_at, jkt, scopes)
    refresh = None
    if "offline_access" in (family or scopes):
        refresh = new_secret()
        await store.add_token(
            tx, refresh.digest(), sign_in.sign_in_id, REFRESH, now, session.ends_at, None, family or scopes
        )
    await grant_store.used(tx, sign_in.person_id, party.client_id, now)
    id_token = None
    if "openid" in scopes:
        id_token = await id_token_of(tx, ring, tokens, party, sign_in, session, now, nonce)
    return Issued(access, int((ends_at - now).total_seconds()), tuple(scopes), jkt is not None, refresh, id_token)


async def id_token_of(
    tx: Tx, ring: KeyRing, tokens: IdTokens, party: Party, sign_in: SignIn, session: Session, now: datetime,
    nonce: str | None,
) -> Secret[str]:  # fmt: skip
    """The ID token of a sign-in (OpenID Connect Core, section 2), with both assurance levels as they were then."""
    details = sign_in.details
    told = await told_in(tx, ring, party, sign_in, "id_token", (), Ial(details.ial), now)
    claims = told | {
        "sub": await subject_of(tx, sign_in.person_id, party.sector),
        "aud": party.client_id,
        "iat": int(now.timestamp()),
        "exp": int(min(now + ID_TOKEN_LIFE, session.ends_at).timestamp()),
        "auth_time": int(details.authenticated_at.timestamp()),
        "acr": details.acr,
        "amr": list(details.amr),
        "ial": details.ial,
        "aal": details.aal,
        "sid": sign_in.sid,
    }
    return tokens.sign(party.terms.id_token_alg, claims | ({"nonce": nonce} if nonce else {}))
