"""Cards are read over the real PC/SC service, whatever happens to them meanwhile."""

import threading
from collections.abc import Iterator
from datetime import date

import pytest

from agent.card.pcsc_service import READER, Service
from agent.card.virtual_card import OLD_ATR, Slot, VirtualCard, cid, invented_jpeg
from morprom_agent.card.model import CardFault, Contents, Seen, State, Step
from morprom_agent.card.patience import read_patiently
from morprom_agent.card.pcsc import PcscReader
from platform_process import PATIENCE, until

pytestmark = pytest.mark.xdist_group("pcsc")


def wait_for(reader: PcscReader, state: State) -> Seen:
    """What is seen once it is in that state."""
    seen = [reader.look()]

    def is_so() -> bool:
        seen[0] = reader.look()
        return seen[0].state == state

    until(is_so)
    return seen[0]


def ignore(_: Step) -> None:
    pass


def insert(slot: Slot, card: VirtualCard) -> Seen:
    slot.insert(card)
    return wait_for(PcscReader(), "card")


def refused(reader: PcscReader, seen: Seen) -> str:
    with pytest.raises(CardFault) as fault:
        reader.read(seen, ignore)
    return fault.value.code


def test_a_card_is_read_whole(slot: Slot) -> None:
    steps: list[Step] = []
    seen = insert(slot, VirtualCard())
    contents = PcscReader().read(seen, steps.append)
    assert contents.fields == {
        "cid": cid(41), "name_th": "นาง#มาลี##สมมติ", "name_en": "Mrs.#Malee##Sommut", "birth_on": "1959-04-09",
        "birth_known": "day", "gender": "F",
        "address": "99/9 หมู่ที่ 1 ซอยสมมติ ถนนสมมติ ตำบลสมมติ อำเภอสมมติ จังหวัดสมมติ",
        "issuer": "ท้องถิ่นเขตสมมติ/กรุงเทพมหานคร", "issued_on": "2023-01-02", "expires_on": "2031-12-31",
        "chip_no": "", "request_no": "",
    }  # fmt: skip
    assert contents.photo == invented_jpeg()
    assert steps[-1] == (20, 20)
    assert "มาลี" not in repr(contents)


def test_numbers_of_chip_and_request_are_read_where_a_site_asks_for_them(slot: Slot) -> None:
    contents = PcscReader(with_numbers=True).read(insert(slot, VirtualCard()), ignore)
    assert contents.fields["chip_no"] == "0c0d0e0f10111213"
    assert contents.fields["request_no"] == "990101012345"


def test_an_old_card_wants_another_get_response(slot: Slot) -> None:
    seen = insert(slot, VirtualCard(atr=OLD_ATR))
    assert PcscReader().read(seen, ignore).fields["cid"] == cid(41)


def test_a_card_for_life_of_somebody_whose_day_of_birth_nobody_knows(slot: Slot) -> None:
    fields = PcscReader().read(insert(slot, VirtualCard(born="24830000", expires="99999999")), ignore).fields
    assert (fields["birth_on"], fields["birth_known"], fields["expires_on"]) == ("1940-01-01", "year", None)


def test_a_chip_that_stumbles_is_asked_again(slot: Slot) -> None:
    seen = insert(slot, VirtualCard(stumbles=2))
    assert PcscReader().read(seen, ignore).fields["cid"] == cid(41)


def test_a_chip_that_only_stumbles_is_unreadable(slot: Slot) -> None:
    assert refused(PcscReader(), insert(slot, VirtualCard(stumbles=10_000))) == "unreadable"


def test_a_number_whose_check_digit_is_wrong_is_unreadable(slot: Slot) -> None:
    assert refused(PcscReader(), insert(slot, VirtualCard(digits="1990000000410"))) == "unreadable"


@pytest.mark.parametrize("at", [1, 5, 25, 50])
def test_a_card_that_is_pulled_out_is_told(slot: Slot, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("morprom_agent.card.pcsc.NOTICE_SECONDS", PATIENCE)  # however late the service looks
    card = VirtualCard()
    card.before = lambda number: slot.pull() if number == at else None
    assert refused(PcscReader(), insert(slot, card)) == "removed"


def test_another_card_is_no_thai_id_card(slot: Slot) -> None:
    assert refused(PcscReader(), insert(slot, VirtualCard(has_applet=False))) == "wrong-card"


def test_a_card_that_was_changed_after_it_was_seen_is_not_read(slot: Slot) -> None:
    seen = insert(slot, VirtualCard())
    slot.pull()
    wait_for(PcscReader(), "empty")
    other = VirtualCard(number=42)
    insert(slot, other)
    assert refused(PcscReader(), seen) == "changed"
    assert other.commands == 0


def test_an_empty_reader_is_told(slot: Slot) -> None:
    seen = insert(slot, VirtualCard())
    slot.pull()
    wait_for(PcscReader(), "empty")
    assert refused(PcscReader(), seen) == "removed"


async def test_a_slow_card_is_waited_for(slot: Slot) -> None:
    seen = insert(slot, VirtualCard(seconds=0.05))
    steps: list[Step] = []
    contents = await read_patiently(PcscReader(), seen, steps.append, seconds=PATIENCE)
    assert contents.fields["cid"] == cid(41) and len(steps) > 20


async def test_a_card_that_hangs_ends_in_words_and_the_next_is_read(slot: Slot) -> None:
    released = threading.Event()
    card = VirtualCard()
    card.before = lambda number: released.wait(30) and None if number == 9 else None
    with pytest.raises(CardFault) as fault:
        await read_patiently(PcscReader(), insert(slot, card), ignore, seconds=0.5)
    assert fault.value.code == "slow"
    released.set()
    slot.pull()
    wait_for(PcscReader(), "empty")
    contents = await read_patiently(PcscReader(), insert(slot, VirtualCard(number=43)), ignore)
    assert contents.fields["cid"] == cid(43)


def test_without_a_service_without_a_reader(stopped_service: Service) -> None:
    reader = PcscReader()
    assert reader.look() == ("no-service", "", "")
    stopped_service.start(readers=False)
    assert reader.look() == ("no-reader", "", "")
    assert reader.names() == []
    with pytest.raises(CardFault) as fault:
        PcscReader().read(Seen("card", "gone", "1"), ignore)
    assert fault.value.code == "no-reader"


def test_one_of_several_readers_is_chosen_by_name(service: Service) -> None:
    slots = [service.slot(0), service.slot(1)]
    names = PcscReader().names()
    assert len(names) == 2 and all(READER in name for name in names)
    for number, slot in enumerate(slots):
        slot.insert(VirtualCard(number=50 + number))
    wait_for(PcscReader(), "several-cards")
    for number, name in enumerate(sorted(names)):
        chosen = PcscReader(name.upper())
        assert chosen.read(wait_for(chosen, "card"), ignore).fields["cid"] == cid(50 + number)
    assert PcscReader("another").look().state == "no-reader"
    slots[1].pull()
    assert wait_for(PcscReader(), "card").reader == sorted(names)[0]
    slots[0].pull()


def test_a_card_that_is_swapped_mid_read_never_mixes_two_people(slot: Slot) -> None:
    card = VirtualCard()
    card.before = lambda number: slot.insert(VirtualCard(number=42)) and None if number == 15 else None
    assert refused(PcscReader(), insert(slot, card)) in {"removed", "unreadable", "mute", "changed"}


@pytest.fixture
def told() -> Iterator[list[Seen]]:
    """What a watched reader tells."""
    found: list[Seen] = []
    stop = threading.Event()
    watching = threading.Thread(target=PcscReader().watch, args=(found.append, stop), daemon=True)
    watching.start()
    yield found
    stop.set()
    watching.join(PATIENCE)
    assert not watching.is_alive()


def test_cards_readers_and_the_service_come_and_go_while_it_is_watched(
    stopped_service: Service, told: list[Seen]
) -> None:
    def when(state: State) -> Seen:
        until(lambda: bool(told) and told[-1].state == state)
        return told[-1]

    when("no-service")
    stopped_service.start()
    when("empty")
    slot = stopped_service.slot(0)
    slot.insert(VirtualCard())
    first = when("card")
    slot.pull()
    when("empty")
    slot.insert(VirtualCard(number=42))
    assert when("card").insertion != first.insertion
    slot.pull()
    when("empty")
    stopped_service.stop()
    when("no-service")


def test_what_was_read_is_nobody_elses_between_two_commands(slot: Slot) -> None:
    """Another program's connection waits until the transaction is over."""
    from smartcard import scard

    others: list[int] = []
    card = VirtualCard()

    def other() -> None:
        _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        name = scard.SCardListReaders(context, [])[1][0]
        _, handle, _ = scard.SCardConnect(context, name, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_ANY)
        scard.SCardTransmit(handle, scard.SCARD_PCI_T0, [0x00, 0xA4, 0x04, 0x00, 0x01, 0x00])
        others.append(card.commands)
        scard.SCardReleaseContext(context)

    rival = threading.Thread(target=other)
    card.before = lambda number: rival.start() if number == 10 else None
    contents: Contents = PcscReader().read(insert(slot, card), ignore)
    rival.join(PATIENCE)
    assert contents.fields["birth_on"] == date(1959, 4, 9).isoformat()
    assert others == [card.commands]
