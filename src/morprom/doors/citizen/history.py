"""`/id/history`: who looked, wrote or was refused. One role fetches the sealed lines, another has the key to them."""

from typing import Final, NamedTuple

from litestar import Response, get

from morprom.access import Refusal, Tier, current_policy
from morprom.access.own import Owner, permit_own
from morprom.audit import Basis, Outcome
from morprom.audit.model import LEGAL_BASIS, Line
from morprom.audit.record import latest_sealed, open_lines
from morprom.doors.citizen.frame import show
from morprom.doors.citizen.history_words import ACTIONS, BASES, CLASSES, OUTCOMES, PLAIN, REASONS
from morprom.doors.citizen.record import lacks_ial, step_up
from morprom.doors.citizen.shown import Part
from morprom.doors.pages import PageCall, Seat, demand_seat
from morprom.kernel import Words
from morprom.people import get as person_of

MOST: Final = 200
SELF: Final = Part("History", "", Words("ใครดูข้อมูลของฉัน", "Who looked at my record"), "", ())


class Looked(NamedTuple):
    """One line and how often the same happened right before it."""

    line: Line
    times: int
    classes: str


@get("/id/history")
async def history_page(request: PageCall) -> Response[bytes]:
    """The latest lines, newest first, repeats together. Without `all` those of one's own reading are left out."""
    seat = await demand_seat(request)
    shows_own = request.query_fields().get("all") == "1"
    services = request.services
    lines = await _lines(request, seat)
    if isinstance(lines, Refusal):
        return show(
            request, "refused.html", status=403, seat=seat, back="/id", part=SELF, refusal=lines,
            step_up=step_up(request, seat, lines), lacks_ial=lacks_ial(seat, lines),
        )  # fmt: skip
    return show(
        request, "history.html", seat=seat, back="/id", bases=BASES, outcomes=OUTCOMES, actions=ACTIONS,
        plain=PLAIN, reasons=REASONS,
        looked=grouped([line for line in lines if shows_own or not _is_own_reading(line)]), shows_own=shows_own,
        own=sum(map(_is_own_reading, lines)),
        legal=LEGAL_BASIS, units=await services.directory.organizations(),
    )  # fmt: skip


async def _lines(request: PageCall, seat: Seat) -> list[Line] | Refusal:
    """As notices are, it is T1: it names hospitals. That it was looked at is no line of it; that it was refused is."""
    services, person_id = request.services, seat.session.person_id
    async with services.identity.transaction() as tx:
        sealed = await latest_sealed(tx, person_id, MOST)
    async with services.reader.transaction() as tx:
        person = await person_of(tx, services.ring, person_id)
        if person is None:
            return []
        owner = Owner(person, seat.session.levels(seat.account), seat.account.t4_opens_at)
        answer = await permit_own(
            tx, services.ring, current_policy(), owner=owner, action=SELF.action, tier=Tier.T1, now=services.clock()
        )
    return answer if isinstance(answer, Refusal) else open_lines(sealed, person.data_key)


def grouped(lines: list[Line]) -> list[Looked]:
    """Lines that follow each other and differ in nothing but the time, as one; an hour apart they are two."""
    found: list[Looked] = []
    for line in lines:
        last = found[-1] if found else None
        if last and _same(last.line, line):
            found[-1] = last._replace(times=last.times + 1)
        else:
            found.append(Looked(line, 1, _classes(line)))
    return found


def _is_own_reading(line: Line) -> bool:
    return line.entry.basis is Basis.SELF and line.entry.outcome is Outcome.PERMITTED


def _same(one: Line, other: Line) -> bool:
    return one.entry == other.entry and abs((one.at - other.at).total_seconds()) < 3600


def _classes(line: Line) -> str:
    known = {int(kind): name for kind, name in CLASSES.items()}
    return " ".join(dict.fromkeys(known[number] for number in line.entry.content.classes if number in known))


PAGES: Final = (history_page,)
