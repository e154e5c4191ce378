"""Codes to contacts: few tries, a short time, one purpose, and never right where none was sent."""

from datetime import UTC, datetime, timedelta

import pytest

from morprom.accounts import checks
from morprom.accounts.model import Purpose
from morprom.kernel import Secret, new_id
from morprom.storage import KeyRing, Tx

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
MOBILE = Secret("0812345678")


async def test_a_code_bears_five_tries_and_the_sixth_is_not_compared(tx: Tx, ring: KeyRing) -> None:
    started = await checks.start_check(tx, ring, new_id(), Purpose.ADD_CONTACT, MOBILE, NOW)
    for _ in range(5):
        check = await checks.try_check(tx, ring, started.cookie, Purpose.ADD_CONTACT, NOW)
        assert check and not checks.is_right(ring, check, Secret("x"))
    assert await checks.try_check(tx, ring, started.cookie, Purpose.ADD_CONTACT, NOW) is None


async def test_a_code_is_right_however_its_digits_are_set_apart(tx: Tx, ring: KeyRing) -> None:
    started = await checks.start_check(tx, ring, new_id(), Purpose.ADD_CONTACT, MOBILE, NOW)
    check = await checks.try_check(tx, ring, started.cookie, Purpose.ADD_CONTACT, NOW)
    code = started.code.reveal()
    assert check and checks.is_right(ring, check, Secret(f" {code[:3]} {code[3:]}\n"))


async def test_a_code_that_went_nowhere_is_never_right(tx: Tx, ring: KeyRing) -> None:
    started = await checks.start_check(tx, ring, new_id(), Purpose.RECOVER, Secret(""), NOW)
    check = await checks.try_check(tx, ring, started.cookie, Purpose.RECOVER, NOW)
    assert check and not checks.is_right(ring, check, started.code)


@pytest.mark.parametrize("minutes, purpose", [(11, Purpose.RECOVER), (0, Purpose.ADD_CONTACT)])
async def test_a_code_is_for_its_time_and_purpose(tx: Tx, ring: KeyRing, minutes: int, purpose: Purpose) -> None:
    started = await checks.start_check(tx, ring, new_id(), Purpose.RECOVER, MOBILE, NOW)
    assert await checks.try_check(tx, ring, started.cookie, purpose, NOW + timedelta(minutes=minutes)) is None


async def test_a_code_that_came_back_leads_on_for_a_quarter_of_an_hour(tx: Tx, ring: KeyRing) -> None:
    started = await checks.start_check(tx, ring, new_id(), Purpose.RECOVER, MOBILE, NOW)
    assert await checks.confirmed_check(tx, ring, started.cookie, Purpose.RECOVER, NOW) is None
    check = await checks.try_check(tx, ring, started.cookie, Purpose.RECOVER, NOW)
    assert check
    await checks.confirm_check(tx, check, NOW)
    late = NOW + timedelta(minutes=14)
    assert await checks.confirmed_check(tx, ring, started.cookie, Purpose.RECOVER, late)
    assert await checks.confirmed_check(tx, ring, started.cookie, Purpose.RECOVER, late + timedelta(minutes=2)) is None
