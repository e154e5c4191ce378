"""Attempts wait longer and longer, and nobody can make somebody else wait where they have been before."""

from datetime import UTC, datetime, timedelta

import pytest

from morprom.storage import Tx
from morprom.throttle import Secret, count, forget, forgive

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


async def test_the_hundredth_failure_closes_the_secret_for_strangers_and_never_for_a_known_place(tx: Tx) -> None:
    await forgive(tx, MINE, NOW)
    late = await attempts(tx, STRANGERS, 100)
    assert await count(tx, STRANGERS, late + timedelta(days=29)) == 3600
    for _ in range(100):
        await count(tx, MINE, late)
        late += timedelta(hours=1)
    assert await count(tx, MINE, late + timedelta(hours=1)) is None


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
