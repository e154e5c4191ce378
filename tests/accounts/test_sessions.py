"""Sessions last as their level allows, and a cookie is worth nothing once it was replaced."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from morprom.accounts import Device, account_of, end_all, freeze, open_account, session_of, start_session
from morprom.accounts.account import T4_WAITS, demand_working, thaw
from morprom.accounts.checks import start_check
from morprom.accounts.model import Purpose
from morprom.accounts.sessions import end_session, session_by_id, sessions_of, step_up, tidy
from morprom.assurance import Aal, Amr, Ial
from morprom.kernel import Problem, Secret, Words, new_id
from morprom.storage import KeyRing, Tx

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
PHONE = Device(agent="Firefox", address="203.0.113.7", key="phone")
PASSKEY = frozenset({Amr.SOFTWARE_KEY, Amr.USER})
PIN_AND_CODE = frozenset({Amr.PIN, Amr.OTP})


@pytest.fixture
async def malee(tx: Tx, ring: KeyRing) -> UUID:
    person_id = new_id()
    await open_account(tx, ring, person_id, ial=Ial.CHIP_AND_FACE, table="etda-2564", now=NOW)
    return person_id


async def test_a_session_says_how_sure_the_platform_is(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    started = await start_session(tx, ring, malee, amr=PASSKEY, device=PHONE, now=NOW)
    found = await session_of(tx, ring, started.cookie, NOW + timedelta(minutes=5))
    assert found
    session, account = found
    levels = session.levels(account)
    assert (levels.ial, levels.aal, levels.authenticated_at) == (Ial.CHIP_AND_FACE, Aal.CRYPTOGRAPHIC, NOW)
    assert (session.device.agent, session.amr) == ("Firefox", PASSKEY)


@pytest.mark.parametrize(
    ("amr", "used_every", "lasts"),
    [
        (PASSKEY, timedelta(minutes=29), timedelta(hours=12)),
        (PASSKEY, timedelta(minutes=31), timedelta(minutes=31)),
        (PIN_AND_CODE, timedelta(minutes=29), timedelta(hours=12)),
        (frozenset({Amr.OTP}), timedelta(hours=23), timedelta(days=30)),
        (frozenset({Amr.HARDWARE_KEY, Amr.USER}), timedelta(minutes=16), timedelta(minutes=16)),
    ],
)
async def test_a_session_ends_by_itself_as_its_level_demands(
    tx: Tx, ring: KeyRing, malee: UUID, amr: frozenset[Amr], used_every: timedelta, lasts: timedelta
) -> None:
    started = await start_session(tx, ring, malee, amr=amr, device=PHONE, now=NOW)
    now = NOW
    while await session_of(tx, ring, started.cookie, now):
        now += used_every
    assert lasts <= now - NOW <= lasts + used_every
    assert await session_of(tx, ring, started.cookie, NOW) is None  # ended, not asleep


async def test_a_step_up_changes_the_cookie_and_the_age_and_never_lowers(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    started = await start_session(tx, ring, malee, amr=PIN_AND_CODE, device=PHONE, now=NOW)
    later = NOW + timedelta(minutes=10)
    raised = await step_up(tx, ring, started.session, amr=PASSKEY, now=later)
    assert await session_of(tx, ring, started.cookie, later) is None
    found = await session_of(tx, ring, raised.cookie, later)
    assert found
    assert (found[0].aal, found[0].authenticated_at, found[0].started_at) == (Aal.CRYPTOGRAPHIC, later, NOW)
    with pytest.raises(Problem):
        await step_up(tx, ring, found[0], amr=PIN_AND_CODE, now=later)


async def test_nothing_done_is_no_sign_in(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    with pytest.raises(Problem):
        await start_session(tx, ring, malee, amr=frozenset(), device=PHONE, now=NOW)


async def test_a_person_ends_own_sessions_and_nobody_elses(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    here = await start_session(tx, ring, malee, amr=PASSKEY, device=PHONE, now=NOW)
    there = await start_session(tx, ring, malee, amr=PASSKEY, device=Device(agent="Chrome"), now=NOW)
    assert not await end_session(tx, ring, new_id(), there.session.session_id, NOW)
    assert len(await sessions_of(tx, ring, malee, NOW)) == 2
    assert await end_all(tx, malee, NOW, but=here.session) == 1
    assert await session_of(tx, ring, there.cookie, NOW) is None
    assert await session_of(tx, ring, here.cookie, NOW)
    assert await end_session(tx, ring, malee, here.session.session_id, NOW)
    assert await sessions_of(tx, ring, malee, NOW) == []


async def test_a_frozen_account_ends_every_session_and_opens_none(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    started = await start_session(tx, ring, malee, amr=PASSKEY, device=PHONE, now=NOW)
    await freeze(tx, ring, malee, why=Words("แจ้งทุจริต", "fraud reported"), now=NOW)
    assert await session_of(tx, ring, started.cookie, NOW) is None
    for person_id in (malee, new_id()):
        with pytest.raises(Problem) as closed:
            await demand_working(tx, person_id, NOW)
        assert closed.value.code == "ACCOUNT_CLOSED"
    await thaw(tx, ring, malee)
    assert (await demand_working(tx, malee, NOW)).person_id == malee
    assert await session_of(tx, ring, started.cookie, NOW) is None


async def test_a_sign_in_that_was_under_way_when_the_account_froze_opens_nothing(
    tx: Tx, ring: KeyRing, malee: UUID
) -> None:
    await freeze(tx, ring, malee, why=Words("แจ้งทุจริต", "fraud reported"), now=NOW)
    started = await start_session(tx, ring, malee, amr=PASSKEY, device=PHONE, now=NOW)
    assert await session_of(tx, ring, started.cookie, NOW) is None
    assert await session_by_id(tx, ring, started.session.session_id, NOW) is None


async def test_a_new_redemption_closes_tier_4_for_a_day_and_keeps_when_the_account_was_opened(
    tx: Tx, ring: KeyRing, malee: UUID
) -> None:
    later = NOW + timedelta(days=30)
    await open_account(tx, ring, malee, ial=Ial.FACE_TO_FACE, table="etda-2564", now=later)
    account = await account_of(tx, malee, later)
    assert account
    assert (account.opened_at, account.t4_opens_at, account.ial) == (NOW, later + T4_WAITS, Ial.FACE_TO_FACE)


@pytest.mark.parametrize(
    "cookie", [None, Secret(""), Secret("made up"), Secret("\ud800".encode("utf-8", "replace").decode())]
)
async def test_a_cookie_that_means_nothing_is_nobody(tx: Tx, ring: KeyRing, cookie: Secret[str] | None) -> None:
    assert await session_of(tx, ring, cookie, NOW) is None


async def test_what_is_long_over_is_forgotten(tx: Tx, ring: KeyRing, malee: UUID) -> None:
    await start_session(tx, ring, malee, amr=PASSKEY, device=PHONE, now=NOW)
    await tidy(tx, NOW + timedelta(days=32))
    assert await tx.fetchval("select count(*) from person_session") == 0


async def test_a_code_to_a_contact_is_forgotten_though_nobody_asks_for_another(
    tx: Tx, ring: KeyRing, malee: UUID
) -> None:
    await start_check(tx, ring, malee, Purpose.ADD_CONTACT, Secret("0800000041"), NOW)
    for after, left in ((timedelta(minutes=59), 1), (timedelta(minutes=61), 0)):
        await tidy(tx, NOW + after)
        assert await tx.fetchval("select count(*) from contact_check") == left
