"""What a reader shows, what a card said, and why one was not read. Personal values hide from repr."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Literal, NamedTuple, Protocol

from morprom_wire.card import CardSays

State = Literal["no-service", "no-reader", "several-cards", "empty", "mute", "card"]
Fault = Literal[
    "no-service", "no-reader", "several-cards", "empty", "mute", "removed", "changed", "wrong-card", "unreadable",
    "slow", "taken", "busy", "no-nonce", "not-enrolled",
]  # fmt: skip


class Seen(NamedTuple):
    """What is in the reader. `insertion` differs between two cards, and for one card that was put in twice."""

    state: State
    reader: str = ""
    insertion: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a card said."""

    fields: CardSays = field(repr=False)
    photo: bytes = field(repr=False)


class Step(NamedTuple):
    """A command was answered: how many blocks of the photo are there."""

    done: int
    of: int


class CardFault(Exception):  # noqa: N818 (a pulled card is not the program's error)
    """Ends a reading. The words for it are in `words.py`."""

    def __init__(self, code: Fault) -> None:
        super().__init__(code)
        self.code: Fault = code


class Reader(Protocol):
    """A card reader. Both calls block and run in threads of their own."""

    @property
    def is_simulated(self) -> bool:
        """Whether its cards are made up."""
        ...

    def watch(self, tell: Callable[[Seen], None], stop: Event) -> None:
        """Tell what is in the reader, at first and whenever it changes, until `stop`."""
        ...

    def read(self, expected: Seen, answered: Callable[[Step], None]) -> Contents:
        """Read the card that was seen. Raises CardFault, `changed` when it is not that one any more."""
        ...
