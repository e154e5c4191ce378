"""Who sits at a counter: an officer of this unit by their own licence, signed in with two factors, and where.

It is asked anew for every page and every form: an appointment that ended a minute ago is over.
"""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from litestar.datastructures import Cookie

from morprom.assurance import Aal
from morprom.doors.pages import PageCall, Seat, demand_seat, device_of
from morprom.kernel import Category, Hcode, Problem, Words
from morprom.people import Identifier, Scheme
from morprom.people.find import id_of
from morprom.proofing.model import Maker
from morprom.proofing.stations import Station, stations_of
from morprom.staff import Position, Provider, demand_officer, provider_of
from morprom.storage import KeyRing, Tx
from morprom.units import Unit

FIRST: Final = "/counter"


@dataclass(frozen=True, slots=True)
class Desk:
    """An officer at one unit's counter. `cookie` makes a browser known that came for the first time."""

    seat: Seat = field(repr=False)
    unit: Unit
    position: Position
    provider: Provider = field(repr=False)
    maker: Maker = field(repr=False)
    stations: tuple[Station, ...]
    cookie: Cookie | None = field(repr=False)

    @property
    def officer(self) -> UUID:
        """Who: a person."""
        return self.seat.session.person_id

    @property
    def hcode(self) -> str:
        """Where."""
        return str(self.unit.hcode)

    @property
    def who(self) -> str:
        """The officer as the history and the person proofed read it."""
        return f"{self.provider.names.full_th} ({self.provider.provider_id})"

    @property
    def known(self) -> dict[str, str]:
        """The unit's stations by fingerprint, for the page to know which one it is connected to."""
        return {one.fingerprint: str(one.station_id) for one in self.stations}

    @property
    def path(self) -> str:
        """This counter's first page."""
        return f"{FIRST}/{self.hcode}"


async def at_desk(request: PageCall, hcode: str) -> Desk:
    """The officer before this page. Raises NotSeated, which leads to signing in; Problem NOT_AN_OFFICER for others."""
    known = Hcode.parse(hcode)
    seat = await demand_seat(request, Aal.TWO_FACTORS, back=f"{FIRST}/{known}" if known else FIRST)
    services, person_id = request.services, seat.session.person_id
    async with services.identity.transaction() as tx:
        position = await demand_officer(tx, services.ring, person_id, hcode, services.clock())
        provider = await provider_of(tx, services.ring, person_id)
        stations = tuple(await stations_of(tx, hcode))
    unit = await services.directory.unit(hcode)
    if unit is None or provider is None:
        raise Problem(Category.NOT_FOUND, "UNIT_UNKNOWN", Words("ไม่รู้จักหน่วยบริการนี้", "there is no such unit"))
    device, cookie = device_of(request)
    maker = Maker(session=str(seat.session.session_id), device=device.key, network=request.address)
    return Desk(seat, unit, position, provider, maker, stations, cookie)


async def demand_other(tx: Tx, ring: KeyRing, cid: str, *officers: UUID | None) -> None:
    """Raise Problem SELF_PROOFED when a number is that of an officer who would vouch for it."""
    if await id_of(tx, ring, Identifier(Scheme.CID, cid)) in [one for one in officers if one]:
        words = Words("พิสูจน์ตัวตนของตนเองไม่ได้ ให้เจ้าหน้าที่คนอื่นทำ", "nobody proofs themself; ask another officer")
        raise Problem(Category.FORBIDDEN, "SELF_PROOFED", words)
