"""Sessions in which a person signed in elsewhere and let a program act for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from morprom.assurance import Levels
from morprom.kernel import Category, Problem, Settings, Words

PHR_READ: Final = "phr.read"
"""The scope by which an owner lets a client read their record and change its settings."""

TOKEN_LIFE: Final = timedelta(hours=12)
"""No session of AAL 2.1 or above lasts longer (ขมธอ. 20-2564), so no Health ID token does."""


@dataclass(frozen=True, slots=True)
class HealthIdSession:
    """A person signed in at Health ID, acting through the program `client_id` that they granted `scopes`.

    The token carries `jti` alone of this; what counts is what stands here while the session lives, and the levels are
    those of the sign-in behind it at this moment.
    """

    jti: UUID
    person_id: UUID
    client_id: str
    scopes: frozenset[str]
    levels: Levels
    ends_at: datetime
    account_session: UUID | None = None
    """The sign-in behind it, with which it ends; None where it was simulated."""
    t4_opens_at: datetime | None = None

    def demand(self, scope: str) -> None:
        """Raise Problem SCOPE_MISSING unless the owner granted `scope` to this client."""
        if scope not in self.scopes:
            raise Problem(
                Category.FORBIDDEN,
                "SCOPE_MISSING",
                Words("เจ้าของข้อมูลไม่ได้อนุญาตโปรแกรมนี้", "the owner did not grant this to the program"),
            )


def health_id_issuer(settings: Settings) -> str:
    """The `iss` of Health ID tokens."""
    return f"{settings.public_url}/health-id"


def provider_issuer(settings: Settings) -> str:
    """The `iss` of Provider ID tokens."""
    return f"{settings.public_url}/provider-id"
