"""Persons and the numbers that mean them."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final
from uuid import UUID

from morprom.storage import DataKey

SHARD_BITS: Final = 12


class Scheme(IntEnum):
    """Who vouches for a number."""

    CID = 1  # the state: the same person everywhere
    LOCAL = 2  # one hospital, for somebody who showed no number: means nothing elsewhere


@dataclass(frozen=True, slots=True, repr=False)
class Identifier:
    """A number that means one person. `issuer` is the hospital of a LOCAL number and empty for a CID."""

    scheme: Scheme
    value: str
    issuer: str = ""

    def __repr__(self) -> str:
        return f"Identifier({self.scheme.name}, …)"


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """A person whom the platform knows, with the key to their documents."""

    person_id: UUID
    data_key: DataKey

    def __repr__(self) -> str:
        return f"Person({self.person_id})"


def shard_of(person_id: UUID) -> int:
    """Which of the 4,096 shard keys wraps this person's data key: the first 12 bits of the id."""
    return int.from_bytes(person_id.bytes[:2]) >> (16 - SHARD_BITS)
