"""Attempts wait longer and longer, and nobody can make somebody else wait where they have been before."""

from datetime import UTC, datetime, timedelta

import pytest

from morprom.storage import Tx
from morprom.throttle import Secret, count, forget, forgive, renew
from morprom.throttle.rules import waits_of

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
MINE = Secret("pin", ("somebody",), "203.0.113.7", place="my phone")
STRANGERS = Secret("pin", ("somebody",), "198.51.100.9", place="their phone")


async def attempts(tx: Tx, secret: Secret, times: int, start: datetime = NOW) -> datetime:
    """That many attempts, each as soon as it may be made; the time of the last."""
    now = start
    for _ in range(times):
        while wait := await count(tx, secret, now):
            now += timedelta(seconds=wait)
    return now


async def test_five_attempts_are_free_and_then_waits_grow_from_30_seconds(tx: Tx) -> None:
    await attempts(tx, MINE, 5)
    assert await count(tx, MINE, NOW) == 30
    now = NOW + timedelta(seconds=30)
    assert await count(tx, MINE, now) is None
    assert await count(tx, MINE, now) == 60


async def test_calls_at_once_do_not_make_each_other_wait(tx: Tx) -> None:
    """A hospital's programmes sign in together: the call that began first may be counted second."""
    other = Secret("pin", ("somebody else",), MINE.address)
    earlier = NOW - timedelta(seconds=3)
    assert [await count(tx, MINE, NOW), await count(tx, other, earlier)] == [None, None]
    await forgive(tx, MINE, NOW)
    assert [await count(tx, MINE, earlier), await count(tx, other, earlier)] == [None, None]


async def test_a_refused_attempt_makes_the_wait_no_longer(tx: Tx) -> None:
    await attempts(tx, MINE, 5)
    assert [await count(tx, MINE, NOW) for _ in range(3)] == [30, 30, 30]


async def test_a_right_answer_starts_the_count_afresh(tx: Tx) -> None:
    await attempts(tx, MINE, 4)
    await forgive(tx, MINE, NOW)
    await attempts(tx, MINE, 5)
    assert await count(tx, MINE, NOW) == 30


async def test_strangers_cannot_shut_out_a_place_where_the_secret_was_right_before(tx: Tx) -> None:
    await forgive(tx, MINE, NOW)
    late = await attempts(tx, STRANGERS, 12)
    assert await count(tx, STRANGERS, late) is not None
    assert await count(tx, MINE, late) is None


async def test_the_hundredth_failure_closes_the_secret_for_strangers_and_not_for_a_known_device(tx: Tx) -> None:
    await forgive(tx, MINE, NOW)
    late = await attempts(tx, STRANGERS, 100)
    assert await count(tx, STRANGERS, late + timedelta(days=29)) == 3600
    assert await count(tx, MINE, late) is None


async def test_what_is_closed_stays_closed_when_old_attempts_are_forgotten(tx: Tx) -> None:
    late = await attempts(tx, STRANGERS, 100)
    await forgive(tx, Secret("pin", ("somebody else",), "192.0.2.1"), late + timedelta(days=31))
    assert await count(tx, STRANGERS, late + timedelta(days=31)) == 3600


async def test_a_known_device_is_closed_by_as_many_failures_of_its_own(tx: Tx) -> None:
    """Whoever holds the owner's phone has no more guesses than a stranger (NIST SP 800-63B-4, 3.2.2)."""
    await forgive(tx, MINE, NOW)
    late = await attempts(tx, MINE, 100)
    assert await count(tx, MINE, late + timedelta(days=29)) == 3600


async def test_a_known_network_is_slowed_and_never_closed(tx: Tx) -> None:
    """Others sit there too: a hospital's one address, a household."""
    here = Secret("pin", ("somebody",), "203.0.113.7")
    await forgive(tx, here, NOW)
    late = await attempts(tx, here, 101)
    assert await count(tx, here, late + timedelta(hours=1)) is None


async def test_strangers_of_the_same_network_do_not_shut_a_known_device_out(tx: Tx) -> None:
    """A province behind one router of a telephone company."""
    await forgive(tx, MINE, NOW)
    others = [Secret("pin", (f"somebody {n}",), MINE.address, place="their phone") for n in range(101)]
    waits = [await count(tx, other, NOW) for other in others]
    assert waits[:100] == [None] * 100 and waits[100]
    assert await count(tx, MINE, NOW) is None


async def test_guests_in_a_hospitals_network_do_not_shut_its_computers_out(tx: Tx) -> None:
    """Guests share its address: what they guess at PINs is no guess at the password of the hospital's programme."""
    programme = Secret("account", ("10670", "hospital"), MINE.address)
    await forgive(tx, programme, NOW)
    for n in range(110):
        await count(tx, Secret("pin", (f"somebody {n}",), MINE.address, place=f"phone {n}"), NOW)
    assert await count(tx, programme, NOW) is None


async def test_a_known_device_wins_its_network_no_more_tries_at_others(tx: Tx) -> None:
    await forgive(tx, MINE, NOW)
    waits: list[int | None] = []
    for n in range(101):
        waits.append(await count(tx, Secret("pin", (f"somebody {n}",), MINE.address, place="my phone"), NOW))
        await count(tx, MINE, NOW)
        await forgive(tx, MINE, NOW)
    assert waits[100]


async def test_a_pin_is_closed_after_ten_failures(tx: Tx) -> None:
    guessed = Secret("pin", ("somebody",), "198.51.100.9", place="their phone", most=10)
    late = await attempts(tx, guessed, 10)
    assert await count(tx, guessed, late + timedelta(days=29)) == 3600


async def test_waits_grow_from_half_a_minute_to_an_hour() -> None:
    waits = waits_of(100)
    assert waits[:7] == [0, 0, 0, 0, 30, 60, 120]
    assert max(waits[:-1]) == 3600 and sorted(waits) == waits
    assert waits[-1] > 9 * 365 * 24 * 3600


async def test_a_secret_that_its_owner_replaced_is_open_and_known_from_there(tx: Tx) -> None:
    late = await attempts(tx, STRANGERS, 100)
    await renew(tx, MINE, late)
    assert await count(tx, MINE, late) is None
    await attempts(tx, STRANGERS, 4, late + timedelta(hours=2))
    assert await count(tx, MINE, late + timedelta(hours=2)) is None


async def test_a_replaced_secret_is_counted_from_nothing(tx: Tx) -> None:
    await attempts(tx, MINE, 5)
    await forget(tx, "pin", "somebody")
    assert await count(tx, MINE, NOW) is None


@pytest.mark.parametrize(
    "other", [Secret("totp", ("somebody",), MINE.address), Secret("pin", ("other",), MINE.address)]
)
async def test_secrets_are_counted_apart(tx: Tx, other: Secret) -> None:
    await attempts(tx, MINE, 5)
    assert await count(tx, other, NOW) is None
