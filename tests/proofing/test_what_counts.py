"""What a person was proofed at counts until the card expires, fraud is reported, or another table says otherwise."""

from datetime import UTC, datetime, timedelta

import pytest

from morprom.accounts import account_of
from morprom.assurance import Ial
from morprom.proofing import cases, events
from morprom.proofing.left import drop_left
from morprom.storage import KeyRing, Tx
from proofing.desk import NOW, Counter, redeemed


@pytest.fixture
async def counter(tx: Tx, ring: KeyRing) -> Counter:
    made = Counter(tx, ring)
    await made.enrol()
    return made


async def test_fraud_and_an_expired_card_take_the_level_away(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    await redeemed(counter, await counter.slip())
    expired = datetime(2030, 1, 2, 9, 0, tzinfo=UTC)
    assert not await events.derive_due(tx, ring, expired)
    account = await account_of(tx, counter.person_id, expired)
    assert account
    assert account.ial is Ial.SELF_ASSERTED
    account = await events.derive_again(tx, ring, counter.person_id, NOW)
    assert account
    assert account.ial is Ial.CHIP_AND_FACE
    await events.withdraw(tx, ring, counter.person_id, NOW)
    account = await account_of(tx, counter.person_id, NOW)
    assert account
    assert account.ial is Ial.SELF_ASSERTED
    assert await events.count_redeemed(tx, counter.person_id) == 0


@pytest.mark.parametrize(
    ("at", "level"),
    [
        (datetime(2030, 1, 1, 16, 59, tzinfo=UTC), Ial.CHIP_AND_FACE),
        (datetime(2030, 1, 1, 17, 0, tzinfo=UTC), Ial.SELF_ASSERTED),  # midnight in Bangkok
        (datetime(2030, 6, 1, 12, 0, tzinfo=UTC), Ial.SELF_ASSERTED),
    ],
)
async def test_a_level_ends_with_its_card_though_nobody_derived_it_anew(
    counter: Counter, at: datetime, level: Ial
) -> None:
    await redeemed(counter, await counter.slip())
    account = await account_of(counter.tx, counter.person_id, at)
    assert account
    assert account.ial is level


async def test_a_missed_night_is_made_up_for(counter: Counter) -> None:
    await redeemed(counter, await counter.slip())
    late = datetime(2030, 3, 1, 9, 0, tzinfo=UTC)
    assert not await events.derive_due(counter.tx, counter.ring, late)
    assert await events.level_on(counter.tx, counter.ring, counter.person_id, late.date()) == (Ial.SELF_ASSERTED, None)
    row = await counter.tx.fetchrow("select ial, ial_until from person_account")
    assert row and tuple(row.values()) == ("1.1", None)  # type: ignore[attr-defined]


async def test_another_table_derives_everybody_anew(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    await redeemed(counter, await counter.slip())
    nist = await events.derive(tx, ring, counter.person_id, NOW.date(), "nist-800-63")
    assert nist
    assert nist.level == "2"
    await tx.execute("update person_account set ial = '2', ial_table = 'nist-800-63'")
    assert await events.derive_due(tx, ring, NOW, most=1)
    assert not await events.derive_due(tx, ring, NOW, most=1)
    row = await tx.fetchrow("select ial, ial_table from person_account")
    assert row and tuple(row.values()) == ("2.3", "etda-2564")  # type: ignore[attr-defined]


async def test_a_case_that_nobody_sealed_goes_after_a_day_though_nobody_opens_another(counter: Counter) -> None:
    await counter.with_chip()
    for after, left in ((timedelta(hours=23), 1), (timedelta(hours=25), 0)):
        await drop_left(counter.tx, NOW + after)
        assert await counter.tx.fetchval("select count(*) from proofing_case") == left


async def test_a_slip_goes_after_thirty_days_and_what_it_came_to_stays(counter: Counter) -> None:
    await redeemed(counter, await counter.slip())
    await drop_left(counter.tx, NOW + timedelta(days=31))
    for table, left in (("proofing_slip", 0), ("redemption", 0), ("card_nonce", 0), ("proofing_event", 1)):
        assert await counter.tx.fetchval(f"select count(*) from {table}") == left, table


async def test_the_chips_photo_goes_after_its_time_and_is_never_in_clear(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    photo = b"jpeg of a face" * 40
    case = await cases.note_reading(tx, ring, await counter.start(), await counter.reading(chip_photo=photo), NOW)
    await counter.seal(case)
    stored = await tx.fetchval("select photo from proofing_event")
    assert stored
    assert b"jpeg of a face" not in bytes(stored)
    assert await events.drop_photos(tx, NOW + timedelta(days=91)) == 1
    assert await tx.fetchval("select photo from proofing_event") is None
