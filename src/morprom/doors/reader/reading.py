"""What the calls of this door have in common: who reads, of whom, and how a refusal is said."""

from datetime import datetime
from typing import Any

from litestar import Response

from morprom.access import Actor, Refusal
from morprom.access.model import Missing
from morprom.doors.wire import Call, incorrect
from morprom.kernel import BANGKOK, Cid
from morprom.people import Identifier, Scheme

LONGEST_CODE = 64


async def reader_of(request: Call) -> Actor:
    """The account that reads, as the history names it. Raises Problem (unauthenticated, forbidden)."""
    account = await request.account()
    account.demand_reading()
    return Actor(account.account_id, str(account.hcode), account.name or account.login, not account.is_personal)


async def members_of(request: Call) -> dict[str, Any]:
    """The body's members by lower-case name. A CID or a code in the address is not looked at: addresses get logged."""
    return {name.lower(): value for name, value in (await request.json_object()).items()}


def cid_of(members: dict[str, Any]) -> Cid:
    """Whom the call is about. Raises Problem CID_INVALID."""
    cid = Cid.parse(members.get("cid"))
    if cid is None:
        raise incorrect("CID_INVALID", "cid ต้องเป็นเลขประจำตัวประชาชนที่ถูกต้อง", "cid is not a valid citizen number")
    return cid


def otp_of(members: dict[str, Any]) -> str:
    """The code that the call carries; "" when it carries none."""
    otp = members.get("otp")
    return otp.strip()[:LONGEST_CODE] if isinstance(otp, str) else ""


def identifier_of(cid: Cid) -> Identifier:
    """The number as the state vouches for it."""
    return Identifier(Scheme.CID, cid.digits)


def local_text(at: datetime) -> str:
    """An instant as replies give it: Bangkok's wall clock."""
    return at.astimezone(BANGKOK).strftime("%Y-%m-%dT%H:%M:%S")


def refused(request: Call, refusal: Refusal) -> Response[bytes]:
    """403 with what is missing; where signing in higher would help, as RFC 9470 says it."""
    told: dict[str, Any] = {"code": refusal.code}
    headers: dict[str, str] = {}
    if missing := refusal.missing:
        told |= {"ial": missing.ial, "aal": missing.aal, "max_age": missing.max_age, "lacks": missing.lacks}
        headers["www-authenticate"] = _challenge(missing)
    return request.answer(None, status=403, message=str(refusal.words), extra={"refusal": told}, headers=headers)


def _challenge(missing: Missing) -> str:
    """RFC 9470, section 3. What it names goes into an authorization request as it stands."""
    is_for_a_counter = missing.lacks == ("ial",) and not missing.is_proofed
    max_age = "" if missing.max_age is None or is_for_a_counter else f', max_age="{missing.max_age}"'
    return (
        f'Bearer error="insufficient_user_authentication", error_description="{missing.words.en}",'
        f' acr_values="{missing.acr_values}"{max_age}'
    )
