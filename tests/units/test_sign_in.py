"""Signing in at the Account Center, and what attackers try there."""

import asyncio

import argon2
import pytest

from morprom.kernel import Secret, Settings
from morprom.storage import Database, KeyRing
from morprom.units import Attempt, NotSignedIn, SignInDesk, passwords
from morprom.units.administration import accounts
from units.cast import KHON_KAEN, PASSWORD, SIRIRAJ, Time, agent_of, attempt, two_hospitals


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
async def desk(database: Database, ring: KeyRing, settings: Settings, clock: Time) -> SignInDesk:
    await two_hospitals(database, ring)
    await agent_of(database)
    return SignInDesk(database.transaction, ring, settings, clock.now)


async def test_the_right_password_gives_a_token(desk: SignInDesk) -> None:
    assert isinstance(await desk.sign_in(attempt()), Secret)


async def test_the_password_hash_may_be_in_upper_case(desk: SignInDesk) -> None:
    upper = Secret(attempt().password_hash.reveal().upper())
    assert isinstance(await desk.sign_in(Attempt("agent", upper, KHON_KAEN, "203.0.113.7")), Secret)


@pytest.mark.parametrize(
    "wrong",
    [
        attempt("another password"),
        attempt(login="nobody"),
        attempt(hcode=SIRIRAJ),
        attempt(hcode="99999"),
        Attempt("agent", PASSWORD, KHON_KAEN, "203.0.113.7"),
        Attempt("agent", Secret("ก" * 64), KHON_KAEN, "203.0.113.7"),
    ],
)
async def test_every_wrong_sign_in_has_one_answer(desk: SignInDesk, wrong: Attempt) -> None:
    assert await desk.sign_in(wrong) == NotSignedIn()


async def test_a_disabled_account_does_not_sign_in(desk: SignInDesk, database: Database, clock: Time) -> None:
    async with database.transaction() as tx:
        await accounts.disable(tx, "agent", None, clock.now())
    assert await desk.sign_in(attempt()) == NotSignedIn()


async def test_of_50_wrong_passwords_at_once_5_are_compared(
    desk: SignInDesk, database: Database, ring: KeyRing, settings: Settings, clock: Time
) -> None:
    """Two desks are two workers: the count is in the database, not in a process."""
    other = SignInDesk(database.transaction, ring, settings, clock.now)
    guesses = [(desk, other)[n % 2].sign_in(attempt(f"guess {n}", address=f"203.0.113.{n}")) for n in range(50)]
    answers = await asyncio.gather(*guesses)
    assert sum(answer == NotSignedIn() for answer in answers) == 5
    assert sum(answer == NotSignedIn(wait=30) for answer in answers) == 45


async def test_while_shut_even_the_right_password_is_not_compared(desk: SignInDesk, clock: Time) -> None:
    for _ in range(5):
        await desk.sign_in(attempt("wrong"))
    assert await desk.sign_in(attempt()) == NotSignedIn(wait=30)
    clock.unix += 31
    assert isinstance(await desk.sign_in(attempt()), Secret)


async def test_waits_grow_and_the_hundredth_failure_shuts_the_password(desk: SignInDesk, clock: Time) -> None:
    waits: list[int | None] = []
    for n in range(100):
        await desk.sign_in(attempt("wrong", address=f"198.51.{n}.1"))
        answer = await desk.sign_in(attempt(address=f"198.51.{n}.2")) if n >= 4 else NotSignedIn()
        waits.append(answer.wait if isinstance(answer, NotSignedIn) else None)
        clock.unix += 3601
    assert waits[4:12] == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert isinstance(await desk.sign_in(attempt()), NotSignedIn)


async def test_a_new_password_opens_a_shut_account(desk: SignInDesk, database: Database, clock: Time) -> None:
    for _ in range(100):
        await desk.sign_in(attempt("wrong"))
        clock.unix += 3601
    async with database.transaction() as tx:
        await accounts.renew_password(tx, "agent", KHON_KAEN, Secret("quite another one"), "$jwt@moph#")
    assert await desk.sign_in(attempt()) == NotSignedIn()
    assert isinstance(await desk.sign_in(attempt("quite another one")), Secret)


async def test_strangers_cannot_shut_out_a_computer_that_has_signed_in(desk: SignInDesk) -> None:
    assert isinstance(await desk.sign_in(attempt()), Secret)
    for _ in range(20):
        await desk.sign_in(attempt("wrong", address="198.51.100.9"))
    assert isinstance(await desk.sign_in(attempt()), Secret)
    assert isinstance(await desk.sign_in(attempt(address="192.0.2.1")), NotSignedIn)


async def test_an_address_that_tries_many_accounts_is_slowed(desk: SignInDesk) -> None:
    answers = await asyncio.gather(
        *(desk.sign_in(attempt("wrong", login=f"user{n}", address=f"2001:db8::{n:x}")) for n in range(105))
    )
    assert sum(answer == NotSignedIn() for answer in answers) == 100
    assert isinstance(await desk.sign_in(attempt(address="2001:db8:0:1::1")), Secret)


async def test_sign_ins_at_once_from_one_address_do_not_wait_for_each_other(desk: SignInDesk) -> None:
    async def again_and_again() -> None:
        for _ in range(4):
            assert isinstance(await desk.sign_in(attempt()), Secret)

    await again_and_again()
    await asyncio.wait_for(asyncio.gather(*(again_and_again() for _ in range(4))), timeout=20)


async def test_what_was_last_tried_long_ago_is_forgotten(desk: SignInDesk, database: Database, clock: Time) -> None:
    await desk.sign_in(attempt("wrong", login="nobody", address="192.0.2.1"))
    clock.unix += 31 * 86400
    await desk.sign_in(attempt())
    async with database.transaction() as tx:
        assert await tx.fetchval("select count(*) from sign_in_attempt") == 3


async def test_an_unknown_user_costs_the_same_comparison_as_a_known_one(
    desk: SignInDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[argon2.Parameters] = []
    verify = passwords._verify  # type: ignore[reportPrivateUsage]

    def noted(verifier: str, travelled: str) -> bool:
        compared.append(argon2.extract_parameters(verifier))
        return verify(verifier, travelled)

    monkeypatch.setattr(passwords, "_verify", noted)
    for login in ("agent", "nobody"):
        await desk.sign_in(attempt("wrong", login=login))
    assert len(compared) == 2 and compared[0] == compared[1]


async def test_nothing_of_an_attempt_shows_in_its_text(desk: SignInDesk) -> None:
    assert attempt().password_hash.reveal() not in repr(attempt())
