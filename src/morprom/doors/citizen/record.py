"""`/id/record`: one's own record, read through `access` by the levels of the session. Refusals offer what lacks."""

from typing import Any, Final
from urllib.parse import urlencode

from litestar import Response, get
from litestar.params import FromPath

from morprom.access import Refusal, Tier, current_policy
from morprom.access.own import Owner, read_own
from morprom.doors.citizen.frame import show
from morprom.doors.citizen.shown import PARTS, Part, rows_of
from morprom.doors.pages import PageCall, Seat, demand_seat
from morprom.doors.pages.seat import SIGN_IN
from morprom.kernel import BANGKOK, Category, Problem, Words
from morprom.mophphr.view import KINDS_NEEDED, render
from morprom.people import Person
from morprom.people import get as person_of
from morprom.storage import Tx

HERE: Final = "/id/record"


@get(HERE)
async def record_page(request: PageCall) -> Response[bytes]:
    """What there is, by tier."""
    seat = await demand_seat(request)
    policy = current_policy()
    tiers = [
        (policy.tier_row(tier), [part for part in PARTS if policy.action[part.action] is tier])
        for tier in (Tier.T1, Tier.T2, Tier.T3)
    ]
    return show(request, "record.html", seat=seat, back="/id", tiers=tiers)


@get(f"{HERE}/{{action:str}}")
async def part_page(request: PageCall, action: FromPath[str]) -> Response[bytes]:
    """One part of it."""
    seat = await demand_seat(request)
    part = next((part for part in PARTS if part.action == action), None)
    if part is None:
        raise Problem(Category.NOT_FOUND, "NOT_FOUND", Words("ไม่พบหน้านี้", "there is no such page"))
    found = await _read(request, seat, part)
    if isinstance(found, Refusal):
        return show(
            request, "refused.html", status=403, seat=seat, back=HERE, part=part, refusal=found,
            step_up=step_up(request, seat, found), lacks_ial=lacks_ial(seat, found),
        )  # fmt: skip
    rows, sees_all = found
    t4 = current_policy().tier_row(Tier.T4)
    return show(
        request, "part.html", seat=seat, back=HERE, part=part, rows=rows, sees_all=sees_all,
        is_t4_open=request.services.clock() >= seat.account.t4_opens_at,
        may_reach_t4=t4.ial is None or seat.account.ial >= t4.ial,
        step_up=_way(request, str(t4.aal), t4.max_age),
    )  # fmt: skip


async def _read(request: PageCall, seat: Seat, part: Part) -> tuple[list[Any], bool] | Refusal:
    """The rows, and whether withheld visits are among them."""
    services, now, policy = request.services, request.services.clock(), current_policy()
    organizations = await services.directory.organizations()
    async with services.reader.transaction() as tx:
        person = await person_at(request, tx, seat)
        owner = Owner(person, seat.session.levels(seat.account), seat.account.t4_opens_at)
        found = await read_own(
            tx, services.ring, policy, owner=owner, action=part.action, tier=policy.action[part.action],
            kinds=KINDS_NEEDED[part.action.lower()], now=now,
        )  # fmt: skip
    if isinstance(found, Refusal):
        return found
    permit, documents = found
    rows: Any = render(
        part.action, part.mode, "", documents, seeing=permit.seeing, cid="", organizations=organizations,
        row_key=permit.row_key, today=now.astimezone(BANGKOK).date(),
    )  # fmt: skip
    shown = rows_of(part, rows)
    return shown[::-1] if part.title == "period_start" else shown, permit.seeing.sensitive  # the newest first


async def person_at(request: PageCall, tx: Tx, seat: Seat) -> Person:
    """Whose record it is."""
    person = await person_of(tx, request.services.ring, seat.session.person_id)
    if person is None:
        raise RuntimeError("an account of nobody")
    return person


def lacks_ial(seat: Seat, refusal: Refusal) -> bool:
    """Whether no sign-in helps, only another proofing."""
    missing = refusal.missing
    return bool(missing and missing.ial and seat.account.ial < missing.ial)


def step_up(request: PageCall, seat: Seat, refusal: Refusal) -> str:
    """Where to sign in higher, when that would help."""
    missing = refusal.missing
    if missing is None or lacks_ial(seat, refusal):
        return ""
    return _way(request, str(missing.aal or ""), missing.max_age)


def _way(request: PageCall, aal: str, max_age: int | None) -> str:
    asked = {"aal": aal, "next": request.here} | ({"max_age": str(max_age)} if max_age is not None else {})
    return f"{SIGN_IN}?{urlencode(asked)}"


PAGES: Final = (record_page, part_page)
