"""Who has the reader, and which card is which: the station's state in every order, without a socket or a card."""

from typing import Any, cast

import pytest

from morprom_agent.card.desk import Desk, Page
from morprom_agent.card.model import Reader, Seen, State


class _Reader:
    is_simulated = False


class _Station:
    """An enrolment with one site."""

    def __init__(self, origin: str) -> None:
        self.origin, self.name, self.fingerprint = origin, "1", "F"
        self.key = self
        self.public = b"key"


HERE, OTHER = _Station("https://phr.example.go.th"), _Station("https://demo.example.go.th")


class _Tab:
    """A page, and what was said to it."""

    def __init__(self, desk: Desk, station: _Station = HERE) -> None:
        self.said: list[dict[str, Any]] = []
        self.page = Page(cast("Any", station), self.said.append)
        desk.join(self.page)

    def last(self, kind: str) -> dict[str, Any]:
        """The newest message of a kind; empty when there is none."""
        return next((one for one in reversed(self.said) if one["type"] == kind), {})


@pytest.fixture
def desk() -> Desk:
    made = Desk(cast("Reader", _Reader()), {HERE.origin: cast("Any", HERE)}, lambda origin: origin)
    made.saw(Seen("card", "r", "1@r"))
    return made


async def test_of_two_tabs_of_a_site_the_one_that_asks_last_has_the_button(desk: Desk) -> None:
    """The window cannot show which tab it is: what the officer looks at now is what the card is read into."""
    left, looked_at = _Tab(desk), _Tab(desk)
    desk.ask(left.page)
    desk.ask(looked_at.page)
    assert left.last("failed")["code"] == "busy" and looked_at.last("waiting")
    desk.press()
    assert looked_at.last("go") and not left.last("go")
    desk.ask(left.page)  # once the button was pressed nobody takes it over
    assert left.said[-1]["type"] == "failed" and not left.last("go")
    desk.leave(looked_at.page)
    desk.ask(left.page)
    desk.press()
    assert left.last("go")
    desk.leave(left.page)


async def test_another_site_takes_the_button_from_nobody(desk: Desk) -> None:
    first, other = _Tab(desk), _Tab(desk, OTHER)
    desk.ask(first.page)
    desk.ask(other.page)
    assert other.last("failed")["code"] == "busy" and not first.last("failed")
    assert desk.asking == HERE.origin


async def test_who_asks_again_while_the_card_is_read_is_not_told_to_press(desk: Desk) -> None:
    tab = _Tab(desk)
    desk.ask(tab.page)
    desk.press()
    desk.ask(tab.page)
    assert [one["type"] for one in tab.said].count("waiting") == 1 and len([*tab.said]) == 4
    desk.leave(tab.page)


@pytest.mark.parametrize("between", [("empty",), ("no-reader", "empty"), ("no-service", "no-reader", "empty")])
def test_a_card_after_a_reader_that_was_plugged_in_anew_is_another(desk: Desk, between: tuple[State, ...]) -> None:
    """PC/SC counts insertions of a reader from when it came: the first of the day and the one after are both 1."""
    tab = _Tab(desk)
    first = tab.last("state")["insertion"]
    for state in between:
        desk.saw(Seen(state))
        assert tab.last("state")["insertion"] == ""
    desk.saw(Seen("card", "r", "1@r"))
    assert tab.last("state")["insertion"] not in ("", first)


def test_a_card_that_stayed_in_is_the_same_one(desk: Desk) -> None:
    tab = _Tab(desk)
    first = tab.last("state")["insertion"]
    desk.saw(Seen("several-cards"))
    desk.saw(Seen("card", "r", "1@r"))
    assert tab.last("state")["insertion"] == first == _Tab(desk).last("state")["insertion"]
    desk.saw(Seen("card", "r", "3@r"))  # swapped between two looks
    assert tab.last("state")["insertion"] != first
