"""Tokens of every kind that comes to the doors, good and bad."""

import base64
import json
from dataclasses import dataclass, field, replace
from typing import Any, Final

from morprom.doors.services import Services
from morprom.storage import Database
from morprom.units import Permission
from morprom.units.administration import upload_tokens
from units.cast import KHON_KAEN, SIRIRAJ, agent_of, attempt, two_hospitals

KINDS: Final = ("none", "sender", "reader", "upload", "forged")
"""Who comes: nobody, an account that sends, one that reads, a unit's upload token, a token that we did not sign."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Bearer tokens by kind; `none` is no token at all."""

    by_kind: dict[str, str] = field(repr=False)

    def of(self, kind: str) -> str:
        """The token, or what was given when it is no kind's name."""
        return self.by_kind.get(kind, kind)


async def made(services: Services, owner: Database) -> Tokens:
    """Two hospitals, their accounts, and a token of each kind."""
    await two_hospitals(owner, services.ring)
    await agent_of(owner)
    await agent_of(owner, KHON_KAEN, Permission.HIE, Permission.REPORT, login="viewer", may_send=False, may_read=True)
    await agent_of(owner, SIRIRAJ, login="other", may_read=True)
    async with owner.transaction() as tx:
        upload = await upload_tokens.make(tx, KHON_KAEN, services.clock())
    sender = await _signed_in(services, "agent", KHON_KAEN)
    return Tokens(
        {
            "none": "",
            "sender": sender,
            "reader": await _signed_in(services, "viewer", KHON_KAEN),
            "other": await _signed_in(services, "other", SIRIRAJ),
            "upload": upload.reveal(),
            "forged": forged(sender),
        }
    )


async def _signed_in(services: Services, login: str, hcode: str) -> str:
    answer = await services.desk.sign_in(replace(attempt(login=login), hcode=hcode))
    return answer.reveal()  # type: ignore[union-attr]


def forged(token: str) -> str:
    """The same token with another unit's claims under the old signature."""
    header, claims, signature = token.split(".")
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(claims + "=="))
    told["client"] = {**told["client"], "hospital_code": SIRIRAJ}
    return ".".join((header, base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("="), signature))
