"""Asking somebody whether a client of a face may sign them in, and sending them back with a code."""

from datetime import datetime
from typing import Final

from litestar import Response

from morprom.doors.faces.asked import Asked
from morprom.doors.faces.known import facts_of, first_time, line
from morprom.doors.pages import PageCall, Pages, Seat, demand_seat, form_of
from morprom.doors.pages.away import onward
from morprom.doors.pages.seat import NotSeated, seat_of
from morprom.federation import consent
from morprom.federation.consent import Question
from morprom.federation.model import Allowed, Party, Request, Terms
from morprom.federation.sign_ins import sid_of
from morprom.identity.face_model import HEALTH_ID, PROVIDER_ID, STAFF_SCOPE, face_words
from morprom.identity.faces import make_code
from morprom.kernel import BANGKOK, Category, Problem, Words
from morprom.kernel.thai_text import long_date
from morprom.staff import provider_of
from morprom.storage import Tx

CONSENTED: Final = {HEALTH_ID: "HealthIdConsent", PROVIDER_ID: "ProviderConsent"}

pages: Final = Pages("morprom.doors.faces")


async def go_on(request: PageCall, asked: Asked) -> Response[bytes]:
    """Back to the client, or the question. Nobody who is not signed in gets here but for the first page."""
    if asked.error:
        return onward(request, asked.answered(error=asked.error))
    if asked.has_landing and await seat_of(request) is None:
        return await _shown(request, asked, None)
    seat = await demand_seat(request, asked.aal, asked.max_age)
    now = request.services.clock()
    async with request.services.identity.transaction() as tx:
        await _demand_staff(tx, request, asked, seat)
        if await consent.is_remembered(tx, seat.session.person_id, _party(asked), _wanted(asked), now):
            return await _sent(request, tx, asked, seat, now)
    return await _shown(request, asked, seat)


async def decided(request: PageCall, asked: Asked) -> Response[bytes]:
    """What they said on the page."""
    form = await form_of(request)
    if asked.error:
        return onward(request, asked.answered(error=asked.error))
    seat = await demand_seat(request, asked.aal, asked.max_age, back=request.here)
    if form.text("seat") != _seat_name(seat):
        return await _shown(request, asked, seat)
    if form.text("answer") != "yes":
        return onward(request, asked.answered(error="access_denied"))
    services = request.services
    async with services.identity.transaction() as tx:
        await _demand_staff(tx, request, asked, seat)
    client = asked.client.client
    question = await _question(request, asked)
    notice = first_time(client, question.unit_name)
    await line(services, seat.session.person_id, client, CONSENTED[asked.kind], notice=notice)
    async with services.identity.transaction() as tx:
        await consent.agree(tx, services.ring, seat.session, seat.account, question, services.clock())
        return await _sent(request, tx, asked, seat, services.clock())


async def _sent(request: PageCall, tx: Tx, asked: Asked, seat: Seat, now: datetime) -> Response[bytes]:
    code = await make_code(
        tx, asked.client, seat.session, asked.redirect_uri, asked.challenge, asked.scopes, now
    )  # fmt: skip
    return onward(request, asked.answered(code=code.reveal()))


async def _shown(request: PageCall, asked: Asked, seat: Seat | None) -> Response[bytes]:
    question = await _question(request, asked)
    return pages.show(
        request, "ask.html", form_action=[asked.origin], question=question, client=asked.client.client,
        seat=_seat_name(seat), who=await _name_of(request, seat) if seat else "", here=request.here,
        levels=seat.session.levels(seat.account) if seat else None, host=asked.origin.partition("://")[2],
        until=long_date(question.ends_at.astimezone(BANGKOK).date()),
        until_en=f"{question.ends_at.astimezone(BANGKOK):%-d %B %Y}",
        onward=NotSeated(asked.aal, asked.max_age, is_signed_in=False).way(request.here),
        name="Health ID" if asked.kind == HEALTH_ID else "Provider ID",
    )  # fmt: skip


async def _name_of(request: PageCall, seat: Seat) -> str:
    """Who sits there, so that nobody answers for another in the family who left the phone signed in."""
    services = request.services
    async with services.identity.transaction() as tx:
        facts = await facts_of(services, tx, seat.session.person_id)
    return " ".join(filter(None, (f"{facts.title_th}{facts.first_th}", facts.last_th)))


def _seat_name(seat: Seat | None) -> str:
    """A session as the page names it, so that an answer counts for whom it was asked of."""
    return sid_of(seat.session.session_id, "face") if seat else ""


async def _question(request: PageCall, asked: Asked) -> Question:
    unit = await request.services.directory.unit(asked.client.client.hcode)
    scopes = _wanted(asked).scopes
    ends_at = request.services.clock() + consent.REMEMBERED
    return Question(_party(asked), unit.name if unit else "", Allowed(scopes, ()), face_words(scopes), None, ends_at)


async def _demand_staff(tx: Tx, request: PageCall, asked: Asked, seat: Seat) -> None:
    """Raise Problem NOT_PROVIDER for a citizen at a client that signs staff in."""
    if asked.kind != PROVIDER_ID or await provider_of(tx, request.services.ring, seat.session.person_id):
        return
    raise Problem(Category.INCORRECT, "NOT_PROVIDER", NOT_PROVIDER)


def _party(asked: Asked) -> Party:
    """The client as consents know one."""
    return Party(asked.client.client, Terms(profile="old", auth="client_secret_post", scopes=asked.scopes))


def _wanted(asked: Asked) -> Request:
    scopes = (STAFF_SCOPE, *asked.scopes) if asked.kind == PROVIDER_ID else asked.scopes
    return Request(redirect_uri=asked.redirect_uri, scopes=scopes, challenge=asked.challenge or "")


NOT_PROVIDER: Final = Words("ผู้ใช้นี้ไม่มี Provider ID", "This user has not provider id")
