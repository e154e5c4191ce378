"""Who sits before these pages: staff whom the operator named, signed in by a passkey within the last five minutes.

It is asked anew for every page and every form: a position that ended a minute ago is over.
"""

from dataclasses import dataclass, field
from typing import Final

from morprom.assurance import Aal
from morprom.doors.pages import PageCall, Seat, seat_of
from morprom.doors.pages.seat import NotSeated
from morprom.federation.ceilings import not_an_administrator
from morprom.kernel import Hcode
from morprom.staff import Position, Provider, positions_of, provider_of
from morprom.staff.model import Administers

FIRST: Final = "/admin/clients"
FRESH_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Desk:
    """An administrator. `is_fresh`: whether they signed in lately enough to change anything."""

    seat: Seat = field(repr=False)
    positions: tuple[Position, ...] = field(repr=False)
    provider: Provider = field(repr=False)
    is_fresh: bool

    @property
    def is_operator(self) -> bool:
        """Whether they look after every unit's clients."""
        return any(one.administers is Administers.PLATFORM for one in self.positions)

    @property
    def units(self) -> tuple[Hcode, ...]:
        """Whose clients they look after, when not everybody's."""
        return tuple(dict.fromkeys(Hcode(one.unit) for one in self.positions))

    @property
    def who(self) -> str:
        """As the history and colleagues read it."""
        return f"{self.provider.names.full_th} ({self.provider.provider_id})"

    def acting_for(self, unit: str) -> Position:
        """In which position they change a unit's clients. Raises Problem NOT_AN_ADMINISTRATOR."""
        found = sorted(
            (one for one in self.positions if one.looks_after(unit)),
            key=lambda one: one.administers is not Administers.PLATFORM,
        )
        if not found:
            raise not_an_administrator()
        return found[0]


async def at_desk(request: PageCall, *, back: str = "", stale_too: bool = False) -> Desk:
    """The administrator before this page. Raises NotSeated, and Problem NOT_AN_ADMINISTRATOR.

    `stale_too` lets a form answer for itself when its person signed in too long ago, so that nothing typed is lost.
    """
    services, seat = request.services, await seat_of(request)
    is_fresh = seat is not None and seat.is_at(Aal.CRYPTOGRAPHIC, FRESH_SECONDS, services.clock())
    if seat is None or not (is_fresh or stale_too):
        raise NotSeated(Aal.CRYPTOGRAPHIC, FRESH_SECONDS, is_signed_in=seat is not None, back=back)
    async with services.identity.transaction() as tx:
        provider = await provider_of(tx, services.ring, seat.session.person_id)
        held = await positions_of(tx, services.ring, seat.session.person_id)
    positions = tuple(one for one in held if one.administers is not Administers.NOTHING)
    if provider is None or not positions:
        raise not_an_administrator()
    return Desk(seat, positions, provider, is_fresh)
