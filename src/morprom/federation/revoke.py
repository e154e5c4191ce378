"""A client gives a token back (RFC 7009)."""

from datetime import datetime

from morprom.federation import store
from morprom.federation.model import Party
from morprom.federation.sign_ins import REFRESH
from morprom.kernel import Secret
from morprom.storage import Tx


async def revoke_token(tx: Tx, party: Party, token: Secret[str], now: datetime) -> None:
    """End a token of that client; a refresh token ends its family. Anybody else's, or none at all, is passed over."""
    row = await store.token(tx, token.digest())
    if row is None or row["client_id"] != party.client_id:
        return
    if row["kind"] == REFRESH:
        await store.end_sign_in(tx, row["sign_in_id"], now)
    else:
        await store.end_token(tx, token.digest(), now)
