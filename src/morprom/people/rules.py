"""How a number becomes what the database may know of it."""

import hmac
import os
from dataclasses import dataclass
from uuid import UUID

from morprom.kernel import Secret, new_id
from morprom.people.model import Identifier, Person, shard_of
from morprom.storage import DataKey, KeyKind, KeyRing, open_small, seal_small

SUBKEY = b"identifier"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """The columns of a person who is not stored yet."""

    person_id: UUID
    shard_version: int
    key_id: int
    wrapped_key: bytes


@dataclass(frozen=True, slots=True)
class IdentifierRow:
    """The columns of one identifier under one pepper."""

    person_id: UUID
    scheme: int
    pepper_id: int
    issuer: str
    value_hmac: bytes
    value_sealed: bytes


def hashes(ring: KeyRing, identifier: Identifier) -> list[tuple[int, bytes]]:
    """(pepper id, HMAC) under every live pepper: during a rotation a person is looked up under both."""
    text = f"{identifier.scheme}\0{identifier.issuer}\0{identifier.value}".encode()
    return [
        (key_id, hmac.digest(pepper.reveal(), text, "sha256")) for key_id, pepper in ring.all(KeyKind.PEPPER).items()
    ]


def born(ring: KeyRing, identifier: Identifier) -> tuple[Person, PersonRow, list[IdentifierRow]]:
    """A new person with a random id and data key, and the rows to store."""
    person_id = new_id()
    secret = Secret(os.urandom(32))
    version, wrapped = ring.wrap(shard_of(person_id), secret)
    person = Person(person_id, DataKey(1, secret))
    rows = identifier_rows(ring, person, identifier)
    return person, PersonRow(person_id, version, 1, wrapped), rows


def identifier_rows(ring: KeyRing, person: Person, identifier: Identifier) -> list[IdentifierRow]:
    """One row per live pepper, so that neither of two peppers can miss the person while one replaces the other."""
    sealed = seal_small(identifier.value.encode(), person.data_key.subkey(SUBKEY), person.person_id.bytes)
    return [
        IdentifierRow(person.person_id, identifier.scheme, pepper_id, identifier.issuer, value_hmac, sealed)
        for pepper_id, value_hmac in hashes(ring, identifier)
    ]


def known(ring: KeyRing, row: PersonRow) -> Person:
    """A stored person. Raises Problem KEY_UNKNOWN when the shard's key was destroyed."""
    secret = ring.unwrap(shard_of(row.person_id), row.shard_version, row.wrapped_key)
    return Person(row.person_id, DataKey(row.key_id, secret))


def opened_value(person: Person, value_sealed: bytes) -> str:
    """The number that `value_sealed` holds."""
    return open_small(value_sealed, person.data_key.subkey(SUBKEY), person.person_id.bytes).decode()
