"""`/oidc/ask`: a person signs in, reads who asks for what, says yes or no (OpenID Connect Core, 3.1.2.3, 3.1.2.4)."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from litestar import Response, get, post

from morprom.doors.openid.answer import PAGES, answered, way_of
from morprom.doors.openid.reply import query_of, tokens_of
from morprom.doors.pages import Form, PageCall, Seat, form_of, seat_of, see_other
from morprom.doors.pages.away import origin_of
from morprom.doors.pages.seat import NotSeated
from morprom.federation import Party, Refused, Request, consent, find_party, waiting
from morprom.federation.authorize import (
    consent_required,
    denied,
    give_code,
    is_another_hinted,
    is_somebody_else,
    login_required,
    seated,
)
from morprom.federation.consent import Question
from morprom.federation.facts import facts_of
from morprom.federation.model import Waiting
from morprom.federation.offers import least_aal
from morprom.federation.rules import SignInFirst, sign_in_step, unmet
from morprom.federation.sign_ins import sid_of
from morprom.kernel import BANGKOK, Category, Problem, Secret, Words
from morprom.kernel.thai_text import long_date
from morprom.storage import Tx

PATH = "/oidc/ask"
ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class Said:
    """What came with the form. `seat` is before whom the question was shown."""

    allows: bool
    seat: str


Outcome = SignInFirst | Question | Refused | Secret[str]


@get(PATH)
async def ask_page(request: PageCall) -> Response[bytes]:
    """The question, or what comes before or after it."""
    return await go_on(request, Secret(query_of(request).one("r")))


@post(PATH, status_code=200)
async def decide(request: PageCall) -> Response[bytes]:
    """Yes or no."""
    form = await form_of(request)
    return await go_on(request, form.secret("r"), _said(form))


def ask_path(reference: Secret[str]) -> str:
    """Where a browser goes on with a request."""
    return f"{PATH}?{urlencode({'r': reference.reveal()})}"


async def go_on(request: PageCall, reference: Secret[str], said: Said | None = None) -> Response[bytes]:
    """One step further with a request that waits."""
    seat = await seat_of(request)
    async with request.services.identity.transaction() as tx:
        found = await waiting.asked(tx, reference, request.services.clock())
        party = await find_party(tx, found.client_id) if found else None
        if found is None or party is None or not _fits(found.request, party):
            raise _gone()
        outcome = await _step(tx, request, party, found, seat, said)
        if isinstance(outcome, Refused | Secret) and not await waiting.answer(tx, found, request.services.clock()):
            raise _gone()
    match outcome:
        case SignInFirst():
            way = NotSeated(outcome.aal, outcome.max_age, is_signed_in=seat is not None).way(ask_path(reference))
            return see_other(way)
        case Question():
            return await _shown(request, reference, found, outcome, seat)
        case _:
            return answered(request, way_of(found.request), outcome)


async def _step(
    tx: Tx, request: PageCall, party: Party, found: Waiting, seat: Seat | None, said: Said | None
) -> Outcome:
    asked, services, now = found.request, request.services, request.services.clock()
    is_silent = "none" in asked.prompt
    sits = await seated(tx, services.ring, seat.session, seat.account) if seat else None
    step = sign_in_step(asked, found.made_at, sits)
    if step is not None:
        return login_required() if is_silent and step != unmet() else step
    if seat is None:
        return login_required()
    if await is_somebody_else(tx, tokens_of(request), party, asked, seat.session.person_id):
        return login_required()
    if seat.session.levels(seat.account).authenticated_at < found.made_at and await is_another_hinted(
        tx, party, asked, seat.session.person_id
    ):
        # only a hint: whoever signs in then is who goes on
        return login_required() if is_silent else SignInFirst(least_aal(asked.scopes), 0)
    if said is None or said.seat != _seat_name(seat):
        is_remembered = await consent.is_remembered(tx, seat.session.person_id, party, asked, now)
        if is_silent and not is_remembered:
            return consent_required()
        if not is_remembered or "consent" in asked.prompt:
            return await consent.question_of(tx, party, asked, now)
    elif not said.allows:
        return denied()
    else:
        question = await consent.question_of(tx, party, asked, now)
        await consent.agree(tx, services.ring, seat.session, seat.account, question, now)
    return await give_code(tx, services.ring, party, asked, seat.session, seat.account, now)


async def _shown(
    request: PageCall, reference: Secret[str], found: Waiting, question: Question, seat: Seat | None
) -> Response[bytes]:
    levels = seat.session.levels(seat.account) if seat else None
    return PAGES.show(
        request, "ask.html", form_action=[origin_of(found.request.redirect_uri)], question=question,
        party=question.party.client, terms=question.party.terms, reference=reference.reveal(), seat=_seat_name(seat),
        allow=ALLOW, host=origin_of(found.request.redirect_uri).partition("://")[2], until=_day(question.ends_at),
        until_en=f"{question.ends_at.astimezone(BANGKOK):%-d %B %Y}", levels=levels,
        who=await _name_of(request, seat) if seat else "",
    )  # fmt: skip


async def _name_of(request: PageCall, seat: Seat) -> str:
    """Who sits there, so that nobody answers for another in the family who left the phone signed in."""
    services = request.services
    async with services.identity.transaction() as tx:
        facts = await facts_of(tx, services.ring, seat.session.person_id, services.clock())
    return str(facts.claims().get("name", ""))


def _fits(asked: Request, party: Party) -> bool:
    """Whether the client is registered for all of it still."""
    return asked.redirect_uri in party.client.redirect_uris and party.still(asked.scopes) == asked.scopes


def _said(form: Form) -> Said:
    return Said(form.text("answer") == ALLOW, form.text("seat"))


def _seat_name(seat: Seat | None) -> str:
    """A session as the page names it, so that an answer counts for whom it was asked of."""
    return sid_of(seat.session.session_id, PATH) if seat else ""


def _day(at: datetime) -> str:
    return long_date(at.astimezone(BANGKOK).date())


def _gone() -> Problem:
    words = Words(
        "คำขอนี้หมดเวลาหรือตอบไปแล้ว โปรดเริ่มใหม่จากโปรแกรมที่ส่งคุณมา", "this request is over; start again where you came from"
    )
    return Problem(Category.GONE, "REQUEST_OVER", words)
