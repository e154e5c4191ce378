"""Health ID tokens as strings (RS256, own issuer, own keys), and who is behind one.

Most calls find their token in memory and need no transaction, so the gate opens its own, as that of units does.
"""

import binascii
import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from morprom.identity import store
from morprom.identity.model import PHR_READ, HealthIdSession, health_id_issuer
from morprom.kernel import Secret, Settings, new_id
from morprom.storage import KeyKind, KeyRing
from morprom.units.gate import Remembered, Transactions, bearer, refused
from morprom.units.rules import REMEMBERED_SECONDS
from morprom.units.signing import Signer

ALGORITHM: Final = "RS256"
_URL_SAFE: Final = str.maketrans("-_", "+/")


def health_id_token(ring: KeyRing, settings: Settings, session: HealthIdSession, now: datetime) -> Secret[str]:
    """The token of a session. `sub` is random and per token: no client learns who somebody is by comparing."""
    claims = {
        "iss": health_id_issuer(settings),
        "sub": str(new_id()),
        "aud": session.client_id,
        "iat": int(now.timestamp()),
        "exp": int(session.ends_at.timestamp()),
        "jti": str(session.jti),
        "scopes": sorted(session.scopes),
        "scopes_detail": {"ial": float(session.levels.ial)},
    }
    return _signer(ring, settings).sign(claims)


class HealthIdGate:
    """Health ID tokens of one process. `seconds` is the clock, in Unix time."""

    def __init__(
        self,
        transactions: Transactions,
        ring: KeyRing,
        settings: Settings,
        seconds: Callable[[], float] = time.time,
    ) -> None:
        self._transactions = transactions
        self._signer = _signer(ring, settings)
        self._seconds = seconds
        self._sessions = Remembered[HealthIdSession]()

    def is_meant(self, authorization: bytes | None) -> bool:
        """Whether a token says that it is Health ID's: which gate is asked follows from it, and nothing else."""
        payload = (authorization or b"").decode("ascii", "replace").partition(".")[2].partition(".")[0]
        return _claims(payload).get("iss") == self._signer.issuer

    async def session(self, authorization: bytes | None, *, fresh: bool = False) -> HealthIdSession:
        """The live session behind the Authorization header, in which the owner granted `phr.read`.

        `fresh` asks the database, whatever is remembered. Raises Problem TOKEN_MISSING or TOKEN_REFUSED
        (unauthenticated), SCOPE_MISSING (forbidden).
        """
        return await self.session_of(bearer(authorization), fresh=fresh)

    async def session_of(self, token: str, *, fresh: bool = False) -> HealthIdSession:
        """As `session`, of a token that came elsewhere than in the header."""
        now = self._seconds()
        key = hashlib.sha256(token.encode()).digest()
        known = None if fresh else self._sessions.find(key, now)
        return known or await self._verify(key, token, now)

    async def _verify(self, key: bytes, token: str, now: float) -> HealthIdSession:
        claims = self._signer.verify(token, now)
        if claims is None:
            raise refused()
        try:
            jti = UUID(claims["jti"])
        except (KeyError, ValueError, TypeError, AttributeError):
            raise refused() from None
        async with self._transactions() as tx:
            session = await store.live(tx, jti, datetime.fromtimestamp(now, UTC))
        if session is None or claims["aud"] != session.client_id:
            raise refused()
        session.demand(PHR_READ)
        until = min(now + REMEMBERED_SECONDS, claims["exp"], session.ends_at.timestamp())
        self._sessions.keep(key, session, until, now)
        return session


def _signer(ring: KeyRing, settings: Settings) -> Signer:
    return Signer(ring, health_id_issuer(settings), KeyKind.HEALTH_ID_SIGNING, ALGORITHM, audience=None)


def _claims(payload: str) -> dict[str, Any]:
    """What a token's payload says, not trusted; {} for what is none."""
    try:
        claims = msgspec.json.decode(binascii.a2b_base64(payload.translate(_URL_SAFE) + "=="))
    except (ValueError, msgspec.DecodeError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}  # pyright: ignore[reportUnknownVariableType]
