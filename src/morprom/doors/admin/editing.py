"""Registering a relying party, and changing one. What was typed is not lost by a fault, nor by a late sign-in."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from morprom.doors.admin.clients import CONFIRMED, party_at
from morprom.doors.admin.desk import FIRST, FRESH_SECONDS, Desk, at_desk
from morprom.doors.admin.frame import AUTHS, PROFILES, path_of, show
from morprom.doors.admin.telling import note_change, tell_unit
from morprom.doors.admin.typed import Typed, typed_in, typed_of
from morprom.doors.pages import PageCall, form_of, see_other
from morprom.doors.pages.seat import SIGN_IN
from morprom.federation import Party, register_party
from morprom.federation.ceilings import HIGHEST_TIER, OPERATORS_SCOPES
from morprom.federation.client_auth import party_of
from morprom.federation.offers import SCOPES, TIER_WORDS
from morprom.federation.register import change_party
from morprom.identity import clients
from morprom.identity.card_model import Registered
from morprom.kernel import Category, Hcode, Problem, Words

NEW: Final = f"{FIRST}/new"
EMPTY: Final = Typed({"profile": "fapi2", "auth": "client_secret_basic", "tier": "1"}, ("openid", "profile"))
AGAIN: Final = f"{SIGN_IN}?{urlencode({'aal': '2.2', 'next': CONFIRMED, 'max_age': FRESH_SECONDS})}"
STALE: Final = Words(
    "ยังไม่ได้บันทึก: เกิน 5 นาทีแล้ว โปรดยืนยันตัวตนในแท็บใหม่ แล้วกลับมากดบันทึกอีกครั้ง สิ่งที่พิมพ์ไว้ยังอยู่",
    "Not saved: it is more than 5 minutes ago. Confirm that it is you in a new tab, then save again; nothing is lost.",
)


@get(NEW)
async def add_page(request: PageCall) -> Response[bytes]:
    """The empty form."""
    return _form(request, await at_desk(request), EMPTY, None)


@post(NEW, status_code=200)
async def add(request: PageCall) -> Response[bytes]:
    """Register it; its secret is shown this once."""
    typed = typed_in(await form_of(request))
    desk = await at_desk(request, back=NEW, stale_too=True)
    if not desk.is_fresh:
        return _form(request, desk, typed, None, STALE)
    try:
        made = await _register(request, desk, typed)
    except Problem as problem:
        return _form(request, desk, typed, None, _fault(problem))
    party = party_of(made.client)
    await tell_unit(request, desk, party, "added")
    return show(request, "secret.html", desk, back=FIRST, party=party, secret=made.secret, is_new=True)


@get(f"{FIRST}/{{client:uuid}}/change")
async def change_page(request: PageCall, client: FromPath[UUID]) -> Response[bytes]:
    """The form with what is known."""
    desk = await at_desk(request)
    async with request.services.identity.transaction() as tx:
        party = await party_at(tx, desk, str(client))
    return _form(request, desk, typed_of(party), party)


@post(f"{FIRST}/{{client:uuid}}/change", status_code=200)
async def change(request: PageCall, client: FromPath[UUID]) -> Response[bytes]:
    """Change it."""
    typed = typed_in(await form_of(request))
    desk = await at_desk(request, back=f"{FIRST}/{client}/change", stale_too=True)
    services = request.services
    async with services.identity.transaction() as tx:
        party = await party_at(tx, desk, str(client))
    if not desk.is_fresh:
        return _form(request, desk, typed, party, STALE)
    try:
        async with services.identity.transaction() as tx:
            by = desk.acting_for(party.client.hcode)
            terms = typed.terms(party.terms)
            uris, mode = typed.lines("redirect_uris"), services.settings.mode
            await change_party(tx, party, typed.text("name"), uris, terms, mode, services.clock(), by=by)
            await note_change(request, tx, desk, party, "changed")
    except Problem as problem:
        return _form(request, desk, typed, party, _fault(problem))
    await tell_unit(request, desk, party, "changed")
    return see_other(f"{path_of(party)}?said=changed")


async def _register(request: PageCall, desk: Desk, typed: Typed) -> Registered:
    services, unit = request.services, Hcode.parse(typed.text("unit"))
    if unit is None:
        raise Problem(Category.INCORRECT, "UNIT_UNKNOWN", Words("ไม่รู้จักหน่วยบริการนี้", "no unit has that code"))
    by, uris = desk.acting_for(unit), typed.lines("redirect_uris")
    async with services.identity.transaction() as tx:
        terms = typed.terms(None)
        made = await register_party(tx, typed.text("name"), unit, uris, terms, services.settings.mode, by=by)
        await note_change(request, tx, desk, party_of(made.client), "added")
    return made


def _form(
    request: PageCall, desk: Desk, typed: Typed, party: Party | None, fault: Words | None = None
) -> Response[bytes]:
    ours = set(SCOPES) if desk.is_operator else set(SCOPES) - OPERATORS_SCOPES
    given = set(party.terms.scopes) if party else set[str]()
    highest = max(TIER_WORDS) if desk.is_operator else max(HIGHEST_TIER, party.terms.tier if party else 0)
    return show(
        request, "edit.html", desk, back=path_of(party) if party else FIRST, typed=typed, party=party, fault=fault,
        status=400 if fault else 200, scopes={name: one for name, one in SCOPES.items() if name in ours | given},
        tiers={tier: words for tier, words in TIER_WORDS.items() if tier <= highest}, profiles=PROFILES, auths=AUTHS,
        again=AGAIN if fault is STALE else "", action=f"{path_of(party)}/change" if party else NEW,
    )  # fmt: skip


def _fault(problem: Problem) -> Words:
    """What was wrong with the form; whatever else is wrong is raised on."""
    if problem.category not in (Category.INCORRECT, Category.FORBIDDEN) or problem.code == clients.unknown().code:
        raise problem
    return problem.words
