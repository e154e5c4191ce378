"""SQL of people and their identifiers."""

from collections.abc import Sequence
from uuid import UUID

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


async def by_id(tx: Tx, person_id: UUID) -> PersonRow | None:
    """The person of an id."""
    row = await tx.fetchrow(
        "select person_id, shard_version, key_id, wrapped_key from person where person_id = $1", person_id
    )
    return _person(row) if row else None


async def add(tx: Tx, person: PersonRow, identifiers: Sequence[IdentifierRow]) -> bool:
    """Store a new person; False, and nothing stored, when somebody stored that number meanwhile."""
    row = await tx.fetchrow(
        "with put as ("
        " insert into person_identifier (person_id, scheme, pepper_id, issuer, value_hmac, value_sealed)"
        " select $1, * from unnest($2::smallint[], $3::smallint[], $4::text[], $5::bytea[], $6::bytea[])"
        " on conflict (value_hmac) do nothing returning person_id)"
        " insert into person (person_id, shard_version, key_id, wrapped_key)"
        " select distinct person_id, $7::int, $8::smallint, $9::bytea from put returning person_id",
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
    return row is not None


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
