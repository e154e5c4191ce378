"""A card that is read at a station of the hospital whose programme asks: its signed reading, and DOPA's word on it.

A reading alone opens what a reported card opens. With DOPA's word that the card is valid it opens what a code does.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec
from litestar import Response

from morprom.doors.pages.guard import guarded, policy
from morprom.doors.reader.card_request import Asked, Pairs
from morprom.doors.wire import Call
from morprom.kernel import Category, Cid, Mode, Problem, Words
from morprom.outside import CardState
from morprom.proofing.cases import card_of, question_of, with_laser_code
from morprom.proofing.model import CardFields
from morprom.proofing.stations import demand_reading, new_nonce, reading_of, stations_of

NOT_VALID: Final = Words("กรมการปกครองแจ้งว่าบัตรนี้ใช้ไม่ได้", "DOPA says that this card is not valid")


@dataclass(frozen=True, slots=True)
class CardRead:
    """Whose card was read. `state` is DOPA's word, None when it was not asked."""

    cid: Cid
    is_simulated: bool
    state: CardState | None

    @property
    def is_vouched(self) -> bool:
        """Whether DOPA says that the card is valid."""
        return self.state is CardState.VALID


async def known_stations(request: Call, asked: Asked) -> dict[str, str]:
    """The stations of the programme's unit, by fingerprint."""
    async with request.services.identity.transaction() as tx:
        return {one.fingerprint: str(one.station_id) for one in await stations_of(tx, asked.client.hcode)}


async def nonce_for(request: Call, asked: Asked, station: str) -> Response[str]:
    """A nonce for one reading, for the page's script. Raises Problem STATION_UNKNOWN."""
    services = request.services
    try:
        station_id = UUID(station)
    except ValueError:
        words = Words("ไม่รู้จักเครื่องอ่านบัตรนี้", "there is no such station")
        raise Problem(Category.NOT_FOUND, "STATION_UNKNOWN", words) from None
    async with services.identity.transaction() as tx:
        given = await new_nonce(tx, unit=asked.client.hcode, station_id=station_id, now=services.clock())
    body = msgspec.json.encode({"nonce": given.reveal(), "station_id": station}).decode()
    return Response(body, media_type="application/json", headers=guarded(policy()))


async def card_read(request: Call, asked: Asked, form: Pairs) -> CardRead:
    """What the form hands on. Raises Problem READING_REFUSED, READING_SIMULATED, CARD_UNREADABLE, CARD_EXPIRED."""
    services, now = request.services, request.services.clock()
    said = dict(form)
    reading = reading_of(said)
    async with services.identity.transaction() as tx:
        is_demo = services.settings.mode is Mode.DEMO
        await demand_reading(tx, reading, unit=asked.client.hcode, now=now, simulated_allowed=is_demo)
    card = card_of(reading, now)
    if typed := said.get("laser_code", "").strip():
        card = with_laser_code(card, typed[:40])
    cid = Cid(card.cid)
    return CardRead(cid, reading.is_simulated, await _state(request, card))


async def _state(request: Call, card: CardFields) -> CardState | None:
    service = request.services.outside.card_status
    if service is None or not (card.chip_no or card.laser_code):
        return None
    return (await service.ask(question_of(card))).state
