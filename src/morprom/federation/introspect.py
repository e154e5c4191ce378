"""What a token is worth now (RFC 7662), told to its own client or to a resource server."""

from datetime import datetime
from typing import Any, Final

from morprom.federation.model import LiveToken, Party
from morprom.federation.sign_ins import ACCESS, live_token
from morprom.federation.subjects import subject_of
from morprom.kernel import Secret
from morprom.storage import KeyRing, Tx

INACTIVE: Final[dict[str, Any]] = {"active": False}


async def introspect(
    tx: Tx, ring: KeyRing, issuer: str, caller: Party, token: Secret[str], now: datetime
) -> dict[str, Any]:
    """The levels are those of the live session: they rise and end with it. `tier` bounds what the token may open."""
    live = await live_token(tx, ring, token, now)
    if live is None or not _may_know(caller, live):
        return INACTIVE
    levels = live.session.levels(live.account)
    told: dict[str, Any] = {
        "active": True,
        "iss": issuer,
        "client_id": live.party.client_id,
        "sub": await subject_of(tx, live.sign_in.person_id, live.party.sector),
        "scope": " ".join(live.scopes),
        "iat": int(live.made_at.timestamp()),
        "exp": int(live.ends_at.timestamp()),
        "auth_time": int(levels.authenticated_at.timestamp()),
        "acr": f"aal{levels.aal}",
        "amr": sorted(live.session.amr),
        "ial": str(levels.ial),
        "aal": str(levels.aal),
        "tier": live.party.terms.tier,
        "token_type": "DPoP" if live.jkt else "Bearer",
    }
    if live.kind != ACCESS:
        del told["token_type"]
    return told | ({"cnf": {"jkt": live.jkt}} if live.jkt else {})


def _may_know(caller: Party, live: LiveToken) -> bool:
    """A token's own client, and resource servers of access tokens: to take a refresh token for one would let in whoever
    copied it, for it is bound to no key.
    """
    return live.party.client_id == caller.client_id or (caller.terms.is_resource_server and live.kind == ACCESS)
