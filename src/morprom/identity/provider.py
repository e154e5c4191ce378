"""Provider ID tokens: that a person of a profession works at a hospital. Shown with an e-prescription."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from morprom.identity.face_model import ProviderSession
from morprom.identity.model import provider_issuer
from morprom.kernel import Secret, Settings, new_id
from morprom.storage import KeyKind, KeyRing
from morprom.units.gate import LONGEST
from morprom.units.signing import Signer

ALGORITHM: Final = "RS256"
AUDIENCE: Final = "MOPH Provider"
LIFE: Final = timedelta(hours=24)
"""Customary (`expires_in` 86400 of the services that real clients know)."""


class ProviderTokens:
    """Provider ID tokens of one process. `seconds` is the clock, in Unix time."""

    def __init__(self, ring: KeyRing, settings: Settings, seconds: Callable[[], float] = time.time) -> None:
        self._signer = Signer(ring, provider_issuer(settings), KeyKind.PROVIDER_SIGNING, ALGORITHM, AUDIENCE)
        self._seconds = seconds

    def sign(self, provider_id: str, hcode: str, now: datetime, life: timedelta = LIFE) -> Secret[str]:
        """A token that says that `provider_id` works at `hcode`; no session stands behind it."""
        claims = {
            "iss": self._signer.issuer,
            "sub": provider_id,
            "aud": AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int((now + min(life, LIFE)).timestamp()),
            "jti": str(new_id()),
            "provider_id": provider_id,
            "organization": [{"hcode": hcode}],
        }
        return self._signer.sign(claims)

    def sign_session(
        self, session: ProviderSession, provider_id: str, subject: UUID, hcodes: Iterable[str], now: datetime
    ) -> Secret[str]:
        """The token of a session, for its client and for who is shown an e-prescription. `subject` is the client's own
        name of the person.
        """
        claims = {
            "iss": self._signer.issuer,
            "sub": str(subject),
            "aud": [AUDIENCE, session.client_id],
            "iat": int(now.timestamp()),
            "exp": int(session.ends_at.timestamp()),
            "jti": str(session.jti),
            "scopes": sorted(session.scopes),
            "provider_id": provider_id,
            "organization": [{"hcode": hcode} for hcode in dict.fromkeys(hcodes)],
        }
        return self._signer.sign(claims)

    def session_named(self, token: str) -> UUID | None:
        """The session that a token of ours names; None for a token of anybody else, an ended one, and one of none."""
        claims = self._claims(token)
        try:
            return UUID(claims["jti"]) if claims and "scopes" in claims else None
        except (ValueError, TypeError, AttributeError, KeyError):
            return None

    def verified_provider(self, token: str, hcode: str) -> str | None:
        """Whose token it is, when we signed it, it has not ended and it is of that hospital; else None."""
        claims = self._claims(token) or {}
        provider_id, places = claims.get("provider_id"), claims.get("organization")
        if not isinstance(provider_id, str) or not isinstance(claims.get("sub"), str) or not isinstance(places, list):
            return None
        return provider_id if {"hcode": hcode} in places else None

    def _claims(self, token: str) -> dict[str, Any] | None:
        if not token.isascii() or len(token) > LONGEST:
            return None
        return self._signer.verify(token, self._seconds())
