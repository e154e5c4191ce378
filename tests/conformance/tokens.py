"""Tokens of every kind that comes to the doors, good and bad."""

import base64
import json
from dataclasses import dataclass, field, replace
from typing import Any, Final

from morprom.assurance import Aal, Ial, Levels
from morprom.doors.services import Services
from morprom.identity import health_id_token, start_session
from morprom.people import Identifier, Scheme, ensure
from morprom.storage import Database
from morprom.units import Permission
from morprom.units.administration import upload_tokens
from payloads import invented_cid
from units.cast import KHON_KAEN, SIRIRAJ, agent_of, attempt, two_hospitals

KINDS: Final = ("none", "sender", "reader", "upload", "owner", "forged")
"""Who comes: nobody, an account that sends, one that reads, a unit with its upload token, the owner with a Health ID
token, and one whose token we did not sign."""
OWNER: Final = invented_cid(4_100_003)
"""Whose Health ID token it is; has no visit unless a test sends one."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Bearer tokens by kind; `none` is no token at all."""

    by_kind: dict[str, str] = field(repr=False)
    owner: str = field(default=OWNER, repr=False)

    def of(self, kind: str) -> str:
        """The token, or what was given when it is no kind's name."""
        return self.by_kind.get(kind, kind)


async def made(services: Services, owner: Database) -> Tokens:
    """Two hospitals, their accounts, and a token of each kind."""
    await two_hospitals(owner, services.ring)
    await agent_of(owner)
    reading = (Permission.HIE, Permission.REPORT, Permission.IDP)
    await agent_of(owner, KHON_KAEN, *reading, login="viewer", may_send=False, may_read=True)
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
            "owner": await owner_token(services, owner, OWNER),
            "forged": forged(sender),
        }
    )


async def owner_token(services: Services, owner: Database, cid: str) -> str:
    """The Health ID token of that person, who has just signed in as well as can be."""
    now = services.clock()
    async with owner.transaction() as tx:
        person = await ensure(tx, services.ring, Identifier(Scheme.CID, cid))
        levels = Levels(Ial("2.3"), Aal("2.2"), now)
        session = await start_session(tx, person, client_id="vendor", levels=levels)
    return health_id_token(services.ring, services.settings, session, now).reveal()


async def _signed_in(services: Services, login: str, hcode: str) -> str:
    answer = await services.desk.sign_in(replace(attempt(login=login), hcode=hcode))
    return answer.reveal()  # type: ignore[union-attr]


def forged(token: str) -> str:
    """The same token with another unit's claims under the old signature."""
    header, claims, signature = token.split(".")
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(claims + "=="))
    told["client"] = {**told["client"], "hospital_code": SIRIRAJ}
    return ".".join((header, base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("="), signature))
