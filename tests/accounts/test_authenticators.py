"""What people sign in with works for them and for nobody else."""

import asyncio
import base64
import os
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from accounts.virtual_key import VirtualKey, b64
from morprom.accounts import challenges, codes, open_account, passkeys, pins, recovery
from morprom.accounts.authenticators import authenticators_of, take_away
from morprom.accounts.codes import code_of
from morprom.accounts.events import events_of
from morprom.assurance import Amr, Ial
from morprom.kernel import Problem, Secret, Settings, new_id
from morprom.storage import Database, KeyRing, Tx

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
SETTINGS = Settings(public_url="https://phr.example.go.th")


@pytest.fixture
async def malee(tx: Tx, ring: KeyRing) -> UUID:
    """Somebody whose proofing was redeemed."""
    person_id = new_id()
    await open_account(tx, ring, person_id, ial=Ial.CHIP_AND_FACE, table="etda-2564", now=NOW)
    return person_id


async def bound(tx: Tx, ring: KeyRing, person_id: UUID, **given: object) -> VirtualKey:
    key = VirtualKey(SETTINGS.public_url, **given)  # type: ignore[arg-type]
    options = await passkeys.binding_options(tx, ring, SETTINGS, person_id, name="มาลี", now=NOW)
    await passkeys.bind(tx, ring, SETTINGS, person_id, key.make(options), name="โทรศัพท์", now=NOW)
    return key


async def refusal(answer: object, tx: Tx, ring: KeyRing, now: datetime = NOW) -> str:
    with pytest.raises(Problem) as refused:
        await passkeys.sign_in(tx, ring, SETTINGS, answer, now)
    return refused.value.code


# Passkeys


async def test_a_passkey_that_was_bound_signs_its_owner_in_with_two_factors(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    key = await bound(tx, ring, malee)
    options = passkeys.sign_in_options(ring, SETTINGS, NOW)
    assert options["userVerification"] == "required"
    signed_in = await passkeys.sign_in(tx, ring, SETTINGS, key.use(options), NOW)
    assert signed_in.person_id == malee
    assert signed_in.amr == {Amr.SOFTWARE_KEY, Amr.USER, Amr.MULTI_FACTOR}


async def test_nobody_binds_passkeys_without_end(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    for _ in range(20):
        await bound(tx, ring, malee)
    with pytest.raises(Problem) as refused:
        await bound(tx, ring, malee)
    assert refused.value.code == "TOO_MANY_PASSKEYS"


async def test_an_answer_is_good_once(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    key = await bound(tx, ring, malee)
    answer = key.use(passkeys.sign_in_options(ring, SETTINGS, NOW))
    await passkeys.sign_in(tx, ring, SETTINGS, answer, NOW)
    assert await refusal(answer, tx, ring) == "PASSKEY_REFUSED"


async def test_asking_to_sign_in_keeps_nothing_and_of_two_at_once_one_answer_counts(
    database: Database, ring: KeyRing
) -> None:
    """Anybody may ask, as often as they like: a table that grew with it would be theirs to fill."""
    async with database.transaction() as tx:
        key = await bound(tx, ring, new_id())
        before = await tx.fetchval("select count(*) from passkey_challenge")
        answer = key.use(passkeys.sign_in_options(ring, SETTINGS, NOW))
        assert await tx.fetchval("select count(*) from passkey_challenge") == before

    async def signs_in() -> bool:
        with suppress(Problem):
            async with database.transaction() as tx:
                await passkeys.sign_in(tx, ring, SETTINGS, answer, NOW)
            return True
        return False

    assert sorted(await asyncio.gather(signs_in(), signs_in())) == [False, True]


async def test_a_challenge_that_somebody_made_is_none(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    key = await bound(tx, ring, malee)
    ours = challenges.made(ring, NOW)
    for part in (slice(0, 1), slice(challenges.RANDOM, challenges.RANDOM + 8), slice(challenges.BODY - 4, None)):
        forged = bytearray(ours)
        forged[part] = bytes(byte ^ 1 for byte in ours[part])
        assert not challenges.is_ours(ring, bytes(forged), NOW)
    later = (int.from_bytes(ours[32:40]) + 10**9).to_bytes(8)
    for other in (b"", os.urandom(32), ours[:-1], ours + b"x", ours[:32] + later + ours[40:]):
        assert not challenges.is_ours(ring, other, NOW - timedelta(minutes=5))
        answer = key.use(passkeys.sign_in_options(ring, SETTINGS, NOW) | {"challenge": b64(other)})
        assert await refusal(answer, tx, ring) == "PASSKEY_REFUSED"


async def test_a_challenge_lives_five_minutes(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    key = await bound(tx, ring, malee)
    answer = key.use(passkeys.sign_in_options(ring, SETTINGS, NOW))
    assert await refusal(answer, tx, ring, NOW + timedelta(minutes=6)) == "PASSKEY_REFUSED"


async def test_answers_of_other_sites_other_challenges_and_unverified_users_are_refused(
    tx: Tx, ring: KeyRing, malee: UUID
) -> None:
    key = await bound(tx, ring, malee)
    stranger = VirtualKey(SETTINGS.public_url)
    for make in (
        lambda options: key.use(options, origin="https://phr.example.go.th.evil.example"),
        lambda options: key.use(options, challenge=b64(b"made up by somebody else, 32 byte")),
        lambda options: key.use(options, type="webauthn.create"),
        lambda options: key.use(options, crossOrigin=True),
        lambda options: key.use(options | {"rpId": "evil.example"}),
        stranger.use,
        lambda _: {},
        lambda _: None,
        lambda _: {"rawId": 7, "response": {"clientDataJSON": "????"}},
    ):
        options = passkeys.sign_in_options(ring, SETTINGS, NOW)
        assert await refusal(make(options), tx, ring) == "PASSKEY_REFUSED"
    key.verifies_user = False
    unverified = key.use(passkeys.sign_in_options(ring, SETTINGS, NOW))
    assert await refusal(unverified, tx, ring) == "PASSKEY_REFUSED"


async def test_a_key_whose_counter_went_back_is_a_copy(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    key = await bound(tx, ring, malee)
    for _ in range(3):
        await passkeys.sign_in(tx, ring, SETTINGS, key.use(passkeys.sign_in_options(ring, SETTINGS, NOW)), NOW)
    key.counter = 0
    assert await refusal(key.use(passkeys.sign_in_options(ring, SETTINGS, NOW)), tx, ring) == "PASSKEY_REFUSED"


async def test_a_challenge_to_bind_is_not_one_to_sign_in_and_not_somebody_elses(
    tx: Tx, ring: KeyRing, malee: UUID
) -> None:
    key, other = VirtualKey(SETTINGS.public_url), new_id()
    options = await passkeys.binding_options(tx, ring, SETTINGS, malee, name="มาลี", now=NOW)
    with pytest.raises(Problem):
        await passkeys.bind(tx, ring, SETTINGS, other, key.make(options), name="", now=NOW)
    options = await passkeys.binding_options(tx, ring, SETTINGS, malee, name="มาลี", now=NOW)
    assert await refusal(key.use(options | {"rpId": options["rp"]["id"]}), tx, ring) == "PASSKEY_REFUSED"


async def test_a_key_cannot_be_bound_twice_nor_to_two_people(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    key, other = await bound(tx, ring, malee), new_id()
    await open_account(tx, ring, other, ial=Ial.CHIP_AND_FACE, table="etda-2564", now=NOW)
    for person_id in (malee, other):
        options = await passkeys.binding_options(tx, ring, SETTINGS, person_id, name="มาลี", now=NOW)
        with pytest.raises(Problem):
            await passkeys.bind(tx, ring, SETTINGS, person_id, key.make(options), name="", now=NOW)


async def test_a_key_that_was_taken_away_signs_nobody_in(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    key, _ = await bound(tx, ring, malee), await bound(tx, ring, malee)
    first = (await authenticators_of(tx, ring, malee))[0]
    await take_away(tx, ring, malee, first.authenticator_id, NOW)
    assert await refusal(key.use(passkeys.sign_in_options(ring, SETTINGS, NOW)), tx, ring) == "PASSKEY_REFUSED"


async def test_the_last_way_to_sign_in_cannot_be_taken_away_nor_anothers(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    await bound(tx, ring, malee)
    only = (await authenticators_of(tx, ring, malee))[0]
    for person_id, code in ((malee, "LAST_AUTHENTICATOR"), (new_id(), "AUTHENTICATOR_UNKNOWN")):
        with pytest.raises(Problem) as refused:
            await take_away(tx, ring, person_id, only.authenticator_id, NOW)
        assert refused.value.code == code


# Code generators


@pytest.mark.parametrize(
    ("at", "code"),
    [(59, "94287082"), (1111111109, "07081804"), (1234567890, "89005924"), (20000000000, "65353130")],
)
def test_codes_are_those_of_the_standards_own_table(at: int, code: str) -> None:
    assert code_of(b"12345678901234567890", at // 30) == code[-6:]  # RFC 6238, appendix B


async def generator(tx: Tx, ring: KeyRing, person_id: UUID) -> bytes:
    address = await codes.propose_generator(tx, ring, person_id, name="มาลี", now=NOW)
    secret = base64.b32decode(parse_qs(urlsplit(address.reveal()).query)["secret"][0])
    await codes.confirm_generator(tx, ring, person_id, Secret(now_code(secret, NOW)), NOW)
    return secret


def now_code(secret: bytes, now: datetime) -> str:
    return code_of(secret, int(now.timestamp()) // 30)


async def test_a_generator_works_after_it_showed_a_code_and_each_code_works_once(
    tx: Tx, ring: KeyRing, malee: UUID
) -> None:
    secret = await generator(tx, ring, malee)
    later = NOW + timedelta(seconds=60)
    code = Secret(now_code(secret, later))
    assert not await codes.is_code_right(tx, ring, malee, Secret(now_code(secret, NOW)), NOW)
    assert await codes.is_code_right(tx, ring, malee, code, later)
    assert not await codes.is_code_right(tx, ring, malee, code, later)
    assert not await codes.is_code_right(tx, ring, new_id(), Secret(now_code(secret, later)), later)


async def test_a_clock_may_be_half_a_minute_off_and_no_more(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    secret = await generator(tx, ring, malee)
    later = NOW + timedelta(minutes=10)
    assert not await codes.is_code_right(
        tx, ring, malee, Secret(now_code(secret, later - timedelta(seconds=60))), later
    )
    assert await codes.is_code_right(tx, ring, malee, Secret(now_code(secret, later - timedelta(seconds=30))), later)


async def test_a_generator_that_was_never_confirmed_signs_nobody_in(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    address = await codes.propose_generator(tx, ring, malee, name="มาลี", now=NOW)
    secret = base64.b32decode(parse_qs(urlsplit(address.reveal()).query)["secret"][0])
    assert not await codes.is_code_right(tx, ring, malee, Secret(now_code(secret, NOW)), NOW)
    with pytest.raises(Problem):
        await codes.confirm_generator(tx, ring, malee, Secret("000000"), NOW)


async def test_a_new_generator_replaces_the_one_before(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    old, new = await generator(tx, ring, malee), await generator(tx, ring, malee)
    later = NOW + timedelta(minutes=5)
    assert not await codes.is_code_right(tx, ring, malee, Secret(now_code(old, later)), later)
    assert await codes.is_code_right(tx, ring, malee, Secret(now_code(new, later)), later)


# PINs and recovery codes


@pytest.mark.parametrize("weak", ["12345", "123456", "987654", "000000", "121212", "01042523", "password", "x" * 129])
async def test_a_pin_that_is_easily_guessed_is_refused(tx: Tx, ring: KeyRing, malee: UUID, weak: str) -> None:
    with pytest.raises(Problem) as refused:
        await pins.propose_pin(tx, ring, malee, Secret(weak), NOW)
    assert refused.value.code == "PIN_WEAK"


@pytest.mark.parametrize("written", ["090459", "590409", "040902", "25020409", "04091959", "09042502"])
def test_a_pin_is_not_the_owners_day_of_birth_in_any_order_or_era(written: str) -> None:
    born = date(1959, 4, 9)
    with pytest.raises(Problem) as refused:
        pins.demand_strong(Secret(written), born)
    assert refused.value.code == "PIN_WEAK"
    pins.demand_strong(Secret("739204"), born)


async def set_pin(tx: Tx, ring: KeyRing, person: UUID, pin: str) -> None:
    await pins.propose_pin(tx, ring, person, Secret(pin), NOW)
    assert await pins.confirm_pin(tx, ring, person, NOW, since=NOW)


async def test_a_pin_is_right_for_its_owner_alone(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    check = pins.PinCheck()
    await set_pin(tx, ring, malee, "482913")
    await set_pin(tx, ring, malee, "739204")
    verifiers = await pins.verifiers_of(tx, ring, malee)
    await set_pin(tx, ring, malee, "739204")
    assert verifiers != await pins.verifiers_of(tx, ring, malee), "salted"
    assert all(verifier.startswith("$argon2id$") for verifier in verifiers)
    assert await check.matches(verifiers, Secret("739204"))
    assert not await check.matches(verifiers, Secret("482913"))
    assert not await check.matches((), Secret("nobody has this PIN"))


async def test_a_recovery_code_works_once_and_new_codes_end_the_old_ones(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    first = await recovery.new_codes(tx, ring, malee, NOW)
    assert len({code.reveal() for code in first}) == 10
    typed = Secret(first[0].reveal().lower().replace("-", " "))
    assert await recovery.use_code(tx, ring, malee, typed, NOW)
    assert not await recovery.use_code(tx, ring, malee, typed, NOW)
    assert await recovery.codes_left(tx, ring, malee) == 9
    await recovery.new_codes(tx, ring, malee, NOW)
    assert not await recovery.use_code(tx, ring, malee, first[1], NOW)
    assert not await recovery.use_code(tx, ring, new_id(), first[1], NOW)


async def test_the_owner_reads_what_happened_to_the_account(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    await bound(tx, ring, malee)
    await recovery.new_codes(tx, ring, malee, NOW)
    events = await events_of(tx, ring, malee)
    assert [event.what for event in events] == ["authenticator-added", "authenticator-added", "redeemed"]
    assert all(event.th and event.en and event.at for event in events)
    assert await events_of(tx, ring, new_id()) == []
