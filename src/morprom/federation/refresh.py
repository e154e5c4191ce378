"""A refresh token becomes new tokens, once (RFC 6749, section 6; RFC 9700, section 4.14).

One that comes again was copied: nobody knows which of the two was the thief, so the whole family ends. There is no
grace: a client that lost the answer sends its person through the browser again.
"""

from datetime import datetime

from morprom.federation import store
from morprom.federation.keys import IdTokens
from morprom.federation.model import Issued, Party, Refused
from morprom.federation.redeem import invalid_grant
from morprom.federation.sign_ins import REFRESH, holds, sign_in_of
from morprom.federation.tokens import issue
from morprom.kernel import Secret, Words
from morprom.storage import KeyRing, Tx


async def refresh(
    tx: Tx, ring: KeyRing, tokens: IdTokens, party: Party, token: Secret[str], *, scope: str, jkt: str | None,
    now: datetime,
) -> Issued | Refused:  # fmt: skip
    """New tokens, for some of the family's scopes when `scope` names them."""
    row = await store.token(tx, token.digest(), lock=True)
    if row is None or row["kind"] != REFRESH:
        return invalid_grant()
    sign_in = sign_in_of(ring, row)
    if row["used_at"] is not None or sign_in.client_id != party.client_id:
        await store.end_sign_in(tx, sign_in.sign_in_id, now)
        return invalid_grant()
    behind = await holds(tx, ring, sign_in, now)
    if behind is None or row["token_ended_at"] is not None or row["token_ends_at"] <= now:
        return invalid_grant()
    family = party.still(row["scopes"])
    wanted = tuple(dict.fromkeys(scope.split())) or family
    if not set(wanted) <= set(family):
        return Refused("invalid_scope", Words("ขอ scope เกินกว่าที่อนุญาต", "that is more than was allowed"))
    await store.use_token(tx, token.digest(), now)
    return await issue(tx, ring, tokens, party, sign_in, behind[0], wanted, jkt, now, family=family)
