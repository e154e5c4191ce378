"""Provider ID tokens: that a person of a profession works at a hospital. Shown with an e-prescription."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

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
        """A token that says that `provider_id` works at `hcode`."""
        claims = {
            "iss": self._signer.issuer,
            "sub": provider_id,
            "aud": AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int((now + min(life, LIFE)).timestamp()),
            "jti": str(new_id()),
            "organization": [{"hcode": hcode}],
        }
        return self._signer.sign(claims)

    def verified_provider(self, token: str, hcode: str) -> str | None:
        """Whose token it is, when we signed it, it has not ended and it is of that hospital; else None."""
        if not token.isascii() or len(token) > LONGEST:
            return None
        claims = self._signer.verify(token, self._seconds())
        if claims is None or claims.get("organization") != [{"hcode": hcode}]:
            return None
        provider_id = claims.get("sub")
        return provider_id if isinstance(provider_id, str) else None
