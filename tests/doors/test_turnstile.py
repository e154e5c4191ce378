"""How often one address may have something explained."""

import asyncio

import pytest

from morprom.doors.units.turnstile import A_SECOND, AT_ONCE, MOST_WAITING, REMEMBERED, Turnstile
from morprom.kernel import Problem


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def passes(turnstile: Turnstile, caller: str) -> bool:
    try:
        turnstile.pass_or_wait(caller)
    except Problem as problem:
        assert (problem.code, (problem.retry_after or 0) > 0) == ("TOO_MANY_EXPLAINED", True)
        return False
    return True


def test_so_many_at_once_then_some_each_second() -> None:
    clock = Clock()
    turnstile = Turnstile(clock)
    assert [passes(turnstile, "203.0.113.7") for _ in range(AT_ONCE + 1)] == [True] * AT_ONCE + [False]
    clock.now += 1
    assert [passes(turnstile, "203.0.113.7") for _ in range(3)] == [True] * int(A_SECOND) + [False]
    clock.now += 10_000
    assert sum(passes(turnstile, "203.0.113.7") for _ in range(AT_ONCE * 2)) == AT_ONCE


def test_addresses_are_counted_apart_and_one_network_of_ipv6_together() -> None:
    turnstile = Turnstile(Clock())
    for number in range(AT_ONCE):
        assert passes(turnstile, f"2001:db8:1:1::{number:x}")
    assert not passes(turnstile, "2001:db8:1:1:ffff::1")
    assert passes(turnstile, "2001:db8:1:2::1")
    assert passes(turnstile, "203.0.113.7")
    assert passes(turnstile, "")


def test_the_memory_of_callers_is_bounded() -> None:
    turnstile = Turnstile(Clock())
    for number in range(REMEMBERED + 100):
        turnstile.pass_or_wait(f"caller {number}")
    assert len(turnstile._left) == REMEMBERED


async def test_large_bodies_take_turns_and_few_wait() -> None:
    turnstile, inside, most = Turnstile(Clock()), 0, 0

    async def one() -> None:
        nonlocal inside, most
        async with turnstile.turn():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    results = await asyncio.gather(*(one() for _ in range(MOST_WAITING + 5)), return_exceptions=True)
    assert most == 1
    assert sum(isinstance(result, Problem) for result in results) == 5
    async with turnstile.turn():
        pass


async def test_a_turn_ends_when_its_caller_fails() -> None:
    turnstile = Turnstile(Clock())
    for _ in range(MOST_WAITING + 5):
        with pytest.raises(ZeroDivisionError):
            async with turnstile.turn():
                raise ZeroDivisionError
