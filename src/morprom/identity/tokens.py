"""Health ID tokens as strings (RS256, own issuer, own keys), and who is behind one at this moment.

A person who signs out, takes a permission back or reports fraud ends what a token opens at once, so none is remembered.
"""

import binascii
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from morprom.identity.model import PHR_READ, HealthIdSession, health_id_issuer
from morprom.identity.sessions import live_session
from morprom.kernel import Secret, Settings, new_id
from morprom.storage import KeyKind, KeyRing
from morprom.units.gate import Transactions, bearer, refused
from morprom.units.signing import Signer

ALGORITHM: Final = "RS256"
_URL_SAFE: Final = str.maketrans("-_", "+/")


def health_id_token(
    ring: KeyRing, settings: Settings, session: HealthIdSession, now: datetime, told: Mapping[str, Any] | None = None
) -> Secret[str]:
    """The token of a session. `told` are claims for its client: its own name of the person, what they allowed it to
    know. Without them `sub` is random and per token.
    """
    claims: dict[str, Any] = {
        "iss": health_id_issuer(settings),
        "sub": str(new_id()),
        "aud": session.client_id,
        "iat": int(now.timestamp()),
        "exp": int(session.ends_at.timestamp()),
        "jti": str(session.jti),
        "scopes": sorted(session.scopes),
        "scopes_detail": {"ial": float(session.levels.ial)},
    } | dict(told or {})
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
        self._ring = ring
        self._signer = _signer(ring, settings)
        self._seconds = seconds

    def is_meant(self, authorization: bytes | None) -> bool:
        """Whether a token says that it is Health ID's: which gate is asked follows from it, and nothing else."""
        payload = (authorization or b"").decode("ascii", "replace").partition(".")[2].partition(".")[0]
        return _claims(payload).get("iss") == self._signer.issuer

    async def session(self, authorization: bytes | None) -> HealthIdSession:
        """The live session behind the Authorization header, in which the owner granted `phr.read`.

        Raises Problem TOKEN_MISSING or TOKEN_REFUSED (unauthenticated), SCOPE_MISSING (forbidden).
        """
        return await self.session_of(bearer(authorization))

    async def session_of(self, token: str) -> HealthIdSession:
        """As `session`, of a token that came elsewhere than in the header."""
        session = await self.any_session(token)
        session.demand(PHR_READ)
        return session

    async def any_session(self, token: str) -> HealthIdSession:
        """The live session of a token, whatever was granted in it. Raises Problem TOKEN_REFUSED."""
        now = self._seconds()
        claims = self._signer.verify(token, now)
        if claims is None:
            raise refused()
        try:
            jti = UUID(claims["jti"])
        except (KeyError, ValueError, TypeError, AttributeError):
            raise refused() from None
        async with self._transactions() as tx:
            session = await live_session(tx, self._ring, jti, datetime.fromtimestamp(now, UTC))
        if session is None or claims["aud"] != session.client_id:
            raise refused()
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
