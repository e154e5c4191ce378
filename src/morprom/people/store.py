"""SQL of people and their identifiers."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from morprom.people.rules import IdentifierRow, PersonRow
from morprom.storage import Row, Tx


async def by_hash(tx: Tx, value_hmacs: Sequence[bytes]) -> PersonRow | None:
    """Whom any of these hashes means."""
    row = await tx.fetchrow(
        "select p.person_id, p.shard_version, p.key_id, p.wrapped_key"
        " from person_identifier i join person p using (person_id) where i.value_hmac = any($1::bytea[]) limit 1",
        value_hmacs,
    )
    return _person(row) if row else None


async def id_by_hash(tx: Tx, value_hmacs: Sequence[bytes]) -> UUID | None:
    """The id of whom any of these hashes means."""
    return await tx.fetchval(
        "select person_id from person_identifier where value_hmac = any($1::bytea[]) limit 1", value_hmacs
    )


async def by_id(tx: Tx, person_id: UUID) -> PersonRow | None:
    """The person of an id."""
    row = await tx.fetchrow(
        "select person_id, shard_version, key_id, wrapped_key from person where person_id = $1", person_id
    )
    return _person(row) if row else None


async def anybody(tx: Tx) -> tuple[PersonRow, IdentifierRow] | None:
    """Some person with an identifier, or None when nobody is stored."""
    row = await tx.fetchrow(
        "select i.person_id, i.scheme, i.pepper_id, i.issuer, i.value_hmac, i.value_sealed,"
        " p.shard_version, p.key_id, p.wrapped_key from person_identifier i join person p using (person_id) limit 1"
    )
    return _both(row) if row else None


async def add(tx: Tx, person: PersonRow, identifiers: Sequence[IdentifierRow]) -> bool:
    """Store a new person; False, and nothing stored, when somebody stored that number meanwhile.

    All hashes or none: while a pepper is replaced, two processes may know different ones, and the hash that both know
    must keep them from making the same person twice.
    """
    await tx.execute("savepoint newborn")
    try:
        await tx.execute(
            "with put as ("
            " insert into person_identifier (person_id, scheme, pepper_id, issuer, value_hmac, value_sealed)"
            " select $1, * from unnest($2::smallint[], $3::smallint[], $4::text[], $5::bytea[], $6::bytea[])"
            "  as i(scheme, pepper_id, issuer, value_hmac, value_sealed) order by value_hmac)"
            " insert into person (person_id, shard_version, key_id, wrapped_key) values ($1, $7, $8, $9)",
            person.person_id,
            [row.scheme for row in identifiers],
            [row.pepper_id for row in identifiers],
            [row.issuer for row in identifiers],
            [row.value_hmac for row in identifiers],
            [row.value_sealed for row in identifiers],
            person.shard_version,
            person.key_id,
            person.wrapped_key,
        )
    except asyncpg.UniqueViolationError:
        await tx.execute("rollback to savepoint newborn")
        return False
    await tx.execute("release savepoint newborn")
    return True


async def identifiers_of(tx: Tx, person_id: UUID) -> list[IdentifierRow]:
    """Every number of a person."""
    rows = await tx.fetch(
        "select person_id, scheme, pepper_id, issuer, value_hmac, value_sealed from person_identifier"
        " where person_id = $1 order by pepper_id",
        person_id,
    )
    return [IdentifierRow(*(row[column] for column in range(6))) for row in rows]


def _person(row: Row) -> PersonRow:
    return PersonRow(row["person_id"], row["shard_version"], row["key_id"], bytes(row["wrapped_key"]))


async def identifiers_not_under(tx: Tx, pepper_id: int, most: int) -> list[tuple[IdentifierRow, PersonRow]]:
    """Identifiers of other peppers, locked, with their persons."""
    rows = await tx.fetch(
        "select i.person_id, i.scheme, i.pepper_id, i.issuer, i.value_hmac, i.value_sealed,"
        " p.shard_version, p.key_id, p.wrapped_key from person_identifier i join person p using (person_id)"
        " where i.pepper_id <> $1 limit $2 for update of i",
        pepper_id,
        most,
    )
    return [(identifier, person) for person, identifier in map(_both, rows)]


async def replace_hash(tx: Tx, identifier: IdentifierRow, pepper_id: int, value_hmac: bytes) -> None:
    """Put an identifier under another pepper; it may be there already."""
    await tx.execute("delete from person_identifier where value_hmac = $1", identifier.value_hmac)
    await tx.execute(
        "insert into person_identifier (person_id, scheme, pepper_id, issuer, value_hmac, value_sealed)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (value_hmac) do nothing",
        identifier.person_id,
        identifier.scheme,
        pepper_id,
        identifier.issuer,
        value_hmac,
        identifier.value_sealed,
    )


async def wrapped_under_older(tx: Tx, first: UUID, last: UUID, version: int, most: int) -> list[PersonRow]:
    """People of an id range whose data key an older shard key wraps, locked."""
    rows = await tx.fetch(
        "select person_id, shard_version, key_id, wrapped_key from person"
        " where person_id between $1 and $2 and shard_version < $3 limit $4 for update",
        first,
        last,
        version,
        most,
    )
    return [_person(row) for row in rows]


async def replace_wrapped(tx: Tx, person_id: UUID, shard_version: int, wrapped_key: bytes) -> None:
    """Store a data key under another shard key."""
    await tx.execute(
        "update person set shard_version = $2, wrapped_key = $3 where person_id = $1",
        person_id,
        shard_version,
        wrapped_key,
    )


def _both(row: Row) -> tuple[PersonRow, IdentifierRow]:
    return PersonRow(row[0], row[6], row[7], row[8]), IdentifierRow(*(row[column] for column in range(6)))
