"""One-time codes as values."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from morprom.access.codes import Asking, Grant, is_released, is_usable, mac, matching, new_code, wait_for
from morprom.access.model import Actor
from morprom.access.policy import current_policy
from morprom.kernel import Mode, Secret

NOW = datetime(2026, 5, 1, 3, tzinfo=UTC)
OTP = current_policy().otp
USER = Actor(UUID(int=1), "10670", "เคาน์เตอร์ 1")
KEY = Secret(b"k" * 32)


def test_codes_have_the_shape_and_differ_in_every_place() -> None:
    codes = {new_code() for _ in range(2000)}
    assert len(codes) > 1990
    assert all(re.fullmatch(r"[A-HJ-NP-Z]{2}[0-9]{6}", code) for code in codes)
    for place in range(8):
        assert len({code[place] for code in codes}) == (24 if place < 2 else 10)


def test_a_code_is_found_however_it_is_written_and_only_in_its_own_grant() -> None:
    grants = [Grant(UUID(int=n), 1, mac(KEY, UUID(int=n), f"AB00000{n}"), NOW) for n in range(3)]
    assert matching(grants, " ab-000001 ", {1: KEY}) == grants[1]
    assert matching(grants, "AB000009", {1: KEY}) is None
    assert matching(grants, "AB000001", {2: KEY}) is None
    assert matching(grants, "กข๐๐๐๐๐๑", {1: KEY}) is None


@pytest.mark.parametrize(
    ("age", "first_used_after", "usable"),
    [
        (0, None, True),
        (599, None, True),
        (600, None, False),
        (3599, 599, True),
        (3600, 599, False),
        (700, 650, False),
    ],
)
def test_a_code_is_first_used_in_ten_minutes_and_opens_for_an_hour(
    age: int, first_used_after: int | None, *, usable: bool
) -> None:
    issued = NOW - timedelta(seconds=age)
    first = issued + timedelta(seconds=first_used_after) if first_used_after is not None else None
    assert is_usable(Grant(UUID(int=1), 1, b"", issued, first), OTP, NOW) is usable


def asked(count: int, every: int, unit: str = "10670", account: int = 1) -> list[Asking]:
    return [Asking(unit, UUID(int=account), NOW - timedelta(seconds=every * n)) for n in range(count)]


@pytest.mark.parametrize(
    ("earlier", "wait"),
    [
        ([], 0),
        (asked(2, 60), 0),
        (asked(3, 60), 480),
        (asked(3, 300), 0),
        (asked(10, 700), 86400 - 6300),
        (asked(40, 60, account=2), 86400 - 39 * 60),
        (asked(40, 60, unit="10671", account=2), 0),
        (asked(199, 60, unit="10671", account=2), 0),
        ([Asking(str(n), UUID(int=n), NOW) for n in range(200)], 86400),
    ],
)
def test_requests_are_limited_by_user_by_unit_and_by_person(earlier: list[Asking], wait: int) -> None:
    assert wait_for(OTP.limit, earlier, USER, NOW) == wait


@pytest.mark.parametrize(
    ("mode", "is_proofed", "released"),
    [
        (Mode.PRODUCTION, False, False),
        (Mode.PRODUCTION, True, True),
        (Mode.SANDBOX, False, True),
        (Mode.DEMO, False, True),
    ],
)
def test_production_releases_a_code_only_to_a_proofed_person(mode: Mode, *, is_proofed: bool, released: bool) -> None:
    assert is_released(mode, is_proofed=is_proofed) is released
