"""Who works where, and who of them may proof people."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from morprom.kernel import Problem, new_id
from morprom.staff import (
    Licence,
    Names,
    Work,
    add_position,
    demand_officer,
    end_position,
    list_provider,
    positions_of,
    provider_of,
    staff_of,
)
from morprom.storage import KeyRing, Tx

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
UNIT = "10670"
NAMES = Names(title_th="นาง", first_th="วิภา", last_th="ทดลอง")
OFFICER = Work(title="พยาบาลวิชาชีพ", licence=Licence(council="02", number="6500000001"), may_proof=True)


@pytest.fixture
async def wipa(tx: Tx, ring: KeyRing) -> UUID:
    person_id = new_id()
    await list_provider(tx, ring, person_id, NAMES, NOW)
    return person_id


async def test_a_provider_keeps_the_number_that_relying_parties_know(tx: Tx, ring: KeyRing, wipa: UUID) -> None:
    first = await provider_of(tx, ring, wipa)
    again = await list_provider(tx, ring, wipa, msgspec.structs.replace(NAMES, last_th="ใหม่"), NOW)
    assert first
    assert again.provider_id == first.provider_id
    assert (await provider_of(tx, ring, wipa)) == again
    assert again.names.full_th == "นางวิภา ใหม่"
    assert await provider_of(tx, ring, new_id()) is None


async def test_staff_are_listed_by_unit_until_their_position_ends(tx: Tx, ring: KeyRing, wipa: UUID) -> None:
    position_id = await add_position(tx, ring, wipa, UNIT, OFFICER, NOW)
    assert [(provider.person_id, one.work) for provider, one in await staff_of(tx, ring, UNIT)] == [(wipa, OFFICER)]
    assert await staff_of(tx, ring, "10671") == []
    assert not await end_position(tx, unit="10671", position_id=position_id, now=NOW)
    assert await end_position(tx, unit=UNIT, position_id=position_id, now=NOW)
    assert await positions_of(tx, ring, wipa) == []


async def test_somebody_who_is_not_listed_gets_no_position(tx: Tx, ring: KeyRing) -> None:
    with pytest.raises(Problem) as refused:
        await add_position(tx, ring, new_id(), UNIT, OFFICER, NOW)
    assert refused.value.code == "NOT_STAFF"


@pytest.mark.parametrize(
    ("changed", "unit", "may"),
    [
        ({}, UNIT, True),
        ({}, "10671", False),
        ({"may_proof": False}, UNIT, False),
        ({"licence": Licence()}, UNIT, False),
        ({"licence": Licence(number="1", expires_on=date(2026, 4, 1))}, UNIT, True),
        ({"licence": Licence(number="1", expires_on=date(2026, 3, 31))}, UNIT, False),
    ],
)
async def test_only_an_appointed_officer_with_a_licence_proofs_at_the_own_unit(
    tx: Tx, ring: KeyRing, wipa: UUID, changed: dict[str, Any], unit: str, may: bool
) -> None:
    await add_position(tx, ring, wipa, UNIT, msgspec.structs.replace(OFFICER, **changed), NOW)
    if may:
        assert (await demand_officer(tx, ring, wipa, unit, NOW)).person_id == wipa
    else:
        with pytest.raises(Problem) as refused:
            await demand_officer(tx, ring, wipa, unit, NOW)
        assert refused.value.code == "NOT_AN_OFFICER"


async def test_names_are_never_in_clear(tx: Tx, ring: KeyRing, wipa: UUID) -> None:
    assert "วิภา" not in repr(await provider_of(tx, ring, wipa))
    assert "วิภา".encode() not in bytes(await tx.fetchval("select sealed from provider"))
