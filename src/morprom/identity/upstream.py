"""People on their way to ThaID and back, and what a sign-in there is worth here.

The state is 256 random bits that the browser holds in a cookie as well, so that nobody is signed in by a link that
somebody else made (RFC 9700, section 4.7); it is good once, for a quarter of an hour.
"""

import secrets
from collections.abc import Set
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from morprom.accounts.sealing import Sealed, opened, sealed
from morprom.assurance import Amr, Ial
from morprom.identity import upstream_store
from morprom.kernel import Secret
from morprom.outside import UpstreamRequest, UpstreamSaid
from morprom.storage import KeyRing, Tx

TABLE: Final = b"thaid_request"
LIFE: Final = timedelta(minutes=15)
Purpose = Literal["sign-in", "proof"]

KNOWS: Final = frozenset(("pwd", "pin", "kba"))
HAS: Final = frozenset(("otp", "sms", "tel", "hwk", "swk", "sc", "pop", "wia"))
IS: Final = frozenset(("face", "fpt", "iris", "retina", "vbm"))
"""Methods of RFC 8176 by the kind of factor that they show."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept until somebody comes back. `session` is who asked to be proofed; None to sign in."""

    nonce: str
    verifier: str
    onward: str
    purpose: Purpose
    device: str
    session: UUID | None = None

    def __repr__(self) -> str:
        return "Waiting(…)"

    def request(self, state: Secret[str], redirect_uri: str) -> UpstreamRequest:
        """As ThaID was asked."""
        return UpstreamRequest(state.reveal(), self.nonce, self.verifier, redirect_uri)


async def send_off(
    tx: Tx, ring: KeyRing, *, purpose: Purpose, onward: str, device: str, session: UUID | None, now: datetime
) -> tuple[Secret[str], Waiting]:
    """Keep that somebody goes to ThaID; the state to go with."""
    state = Secret(secrets.token_urlsafe(32))
    waiting = Waiting(
        nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48), onward=onward, purpose=purpose,
        device=device, session=session,
    )  # fmt: skip
    kept = state.digest()
    await upstream_store.add(tx, kept, now, *sealed(ring, TABLE, _row_id(kept), waiting))
    return state, waiting


async def come_back(tx: Tx, ring: KeyRing, state: Secret[str], now: datetime) -> Waiting | None:
    """Who went with that state, once; None for a state that nobody went with, or came back with, or too long ago."""
    kept = state.digest()
    row = await upstream_store.take(tx, kept, now - LIFE)
    return opened(ring, TABLE, _row_id(kept), Sealed(row["key_id"], row["sealed"]), Waiting) if row else None


def amr_of(said: UpstreamSaid) -> frozenset[Amr]:
    """What was done, as far as it counts here: at ThaID, and whether it says that two kinds of factors were shown.

    No factor of ours is among it, however ThaID's own was called; so it never comes to more than AAL 2.1.
    """
    kinds: list[Set[str]] = [KNOWS, HAS, IS]
    is_more_than_one = "mfa" in said.amr or sum(not kind.isdisjoint(said.amr) for kind in kinds) > 1
    return frozenset((Amr.FEDERATED, Amr.MULTI_FACTOR)) if is_more_than_one else frozenset((Amr.FEDERATED,))


def ial_of(said: UpstreamSaid) -> Ial:
    """What ThaID says of this sign-in; the lowest when it says nothing that is known here."""
    return Ial(said.ial) if said.ial else Ial.SELF_ASSERTED


def _row_id(kept: bytes) -> UUID:
    return UUID(bytes=kept[:16])
