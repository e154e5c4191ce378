"""The demo's counter: whoever starts it can sit down at it, and its cards are cards that the agent reads."""

from pathlib import Path

import msgspec

from morprom.demo.cast import READING
from morprom.demo.counter import made_up_cards, prepare_counter
from morprom.kernel import Mode, Settings, utc_now
from morprom.proofing.stations import stations_of
from morprom.storage import Database, KeyRing
from morprom.units.administration import UnitEntry, roster
from morprom_agent.card.model import Seen
from morprom_agent.card.simulator import NAME, SimulatedReader
from morprom_wire.cid import is_cid


async def test_two_officers_and_a_station_are_there_however_often_it_starts(
    database: Database, database_url: str, ring: KeyRing, tmp_path: Path
) -> None:
    settings = Settings(mode=Mode.DEMO, data=str(tmp_path), public_url="http://localhost:8000")
    async with database.transaction() as tx:
        await roster.enrol(tx, ring, [UnitEntry(READING.hcode, READING.name, "โรงพยาบาลสาธิต", READING.province)])
    first = await prepare_counter(settings, database_url, ring)
    again = await prepare_counter(settings, database_url, ring)
    assert [name for name, _ in first.officers] == ["นางสาวใบบุญ ทดสอบ", "นายเมฆา ทดสอบ"]
    assert all(address.startswith("http://localhost:8000/id/redeem#") for _, address in again.officers)
    async with database.transaction() as tx:
        assert len(await stations_of(tx, READING.hcode)) == 1
    cards = SimulatedReader(Path(first.station.split("--virtual ")[1].split()[0]))
    read = cards.read(Seen("card", NAME, "1"), lambda _: None)
    assert cards.is_simulated and read.photo.startswith(b"\xff\xd8")


def test_the_cards_are_of_invented_people_and_show_what_dopa_may_say() -> None:
    cards = made_up_cards(utc_now())
    assert len({card["cid"] for card in cards}) == len(cards) >= 8
    assert all(is_cid(card["cid"]) and card["cid"].startswith("19900") for card in cards)
    assert {card["cid"][9:12] for card in cards} >= {"404", "503"}
    assert b"photo" in msgspec.json.encode(cards)
