"""`/id/grants`: whom a person allowed what, each with its receipt, and a button that takes it back at once."""

from uuid import UUID

from litestar import Response, get, post

from morprom.accounts.sessions import seconds_left
from morprom.doors.openid.answer import PAGES
from morprom.doors.pages import PageCall, demand_seat, form_of, see_other
from morprom.doors.pages.moments import day, moment
from morprom.federation import consent
from morprom.federation.client_auth import party_of
from morprom.federation.consent import words_of_grant
from morprom.federation.model import OPENID, Grant
from morprom.kernel import BANGKOK, Category, Problem, Words

PATH = "/id/grants"


@get(PATH)
async def grants_page(request: PageCall) -> Response[bytes]:
    """The list."""
    seat = await demand_seat(request)
    async with request.services.identity.transaction() as tx:
        grants = await consent.grants_of(tx, seat.session.person_id, request.services.clock())
    return PAGES.show(
        request, "grants.html", grants=[_shown(grant) for grant in grants], seat=seat, back="/id/security", fault=None,
        fault_at=(), seconds_left=seconds_left(seat.session, request.services.clock()),
    )  # fmt: skip


@post(PATH, status_code=200)
async def take_back_grant(request: PageCall) -> Response[bytes]:
    """Take one back: whatever that program holds is of no use from now."""
    seat = await demand_seat(request, back=PATH)
    grant_id = _id((await form_of(request)).text("grant"))
    services = request.services
    async with services.identity.transaction() as tx:
        if not await consent.take_back(tx, services.ring, seat.session.person_id, grant_id, services.clock()):
            raise _unknown()
    return see_other(PATH)


def _shown(grant: Grant) -> dict[str, object]:
    return {
        "id": grant.grant_id,
        "name": grant.client.name,
        "unit": grant.unit_name,
        "purpose": _purpose(grant),
        "lines": words_of_grant(grant),
        "since": moment(grant.granted_at),
        "until": day(grant.ends_at.astimezone(BANGKOK)),
        "used": moment(grant.last_used_at),
        "receipt": grant.text_hash.hex(),
        "language": grant.language,
        "ial": grant.ial,
        "aal": grant.aal,
    }


def _purpose(grant: Grant) -> Words | None:
    """For what it asks; clients of faces do not say."""
    terms = party_of(grant.client).terms if grant.client.kind == OPENID else None
    return Words(terms.purpose, terms.purpose_en) if terms and terms.purpose else None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _unknown() from None


def _unknown() -> Problem:
    return Problem(Category.NOT_FOUND, "GRANT_UNKNOWN", Words("ไม่พบการอนุญาตนี้", "there is no such permission"))
