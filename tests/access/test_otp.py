"""The one-time code against everything that a unit might try."""

import asyncio
import os
import re
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from morprom.access import Actor, Permit, Refusal, Throttled, ask_for_code, current_policy
from morprom.access.codes import new_code
from morprom.access.end import end_grant
from morprom.access.model import CodeAsked, Tier
from morprom.access.use import read_with_code, validate_code
from morprom.audit import Basis, Outcome, read_history
from morprom.kernel import Mode, new_id
from morprom.people import Identifier, Person, Scheme, ensure
from morprom.people.inbox import Inbox
from morprom.record import Kind
from morprom.recordstore.content import packed
from morprom.storage import Database, KeyRing, Role, Tx
from morprom.storage.seal import seal
from morprom_wire.cid import check_digit

POLICY = current_policy()
DESK = Actor(new_id(), "10670", "เคาน์เตอร์ 1")
COLLEAGUE = Actor(new_id(), "10670", "ห้องยา")
STRANGER = Actor(new_id(), "11111", "โรงพยาบาลอื่น")
MALEE = Identifier(Scheme.CID, "199000000001" + str(check_digit("199000000001")))
BOTH = frozenset({Kind.PATIENT, Kind.VISIT})


@pytest.fixture
async def malee(database: Database, ring: KeyRing) -> Person:
    async with database.transaction() as tx:
        return await ensure(tx, ring, MALEE)


async def request(
    tx: Tx, ring: KeyRing, person: Person, actor: Actor = DESK, mode: Mode = Mode.SANDBOX
) -> CodeAsked | Throttled:
    return await ask_for_code(
        tx, ring, POLICY, mode, Inbox(), person=person, actor=actor, unit_name="โรงพยาบาลขอนแก่น"
    )  # fmt: skip


async def newest_code(tx: Tx, person: Person) -> str:
    return (await Inbox().notices(tx, person))[-1].code


async def asked(database: Database, ring: KeyRing, person: Person, actor: Actor = DESK) -> str:
    async with database.transaction() as tx:
        assert isinstance(await request(tx, ring, person, actor), CodeAsked)
        return await newest_code(tx, person)


async def read(
    database: Database, ring: KeyRing, person: Person | None, code: str, actor: Actor = DESK
) -> Permit | Refusal:
    async with database.transaction() as tx:
        answer = await read_with_code(
            tx, ring, POLICY, person=person, actor=actor, code=code, action="PatientSummary", tier=Tier.T3, kinds=BOTH
        )
    return answer if isinstance(answer, Refusal) else answer[0]


async def age(database: Database, seconds: int) -> None:
    async with database.transaction() as tx:
        await tx.execute(
            "update otp_grant set issued_at = issued_at - $1::interval, first_used_at = first_used_at - $1::interval",
            timedelta(seconds=seconds),
        )


async def tries(database: Database) -> list[int]:
    async with database.transaction() as tx:
        return [row["tries"] for row in await tx.fetch("select tries from otp_grant order by issued_at")]


async def outcomes(database: Database, person: Person) -> list[tuple[str, Outcome, str]]:
    async with database.transaction() as tx:
        lines = await read_history(tx, person.person_id, person.data_key)
    return [(line.entry.content.action, line.entry.outcome, line.entry.content.reason) for line in lines]


def wrong(code: str) -> str:
    return code[:-1] + ("1" if code[-1] == "0" else "0")


async def test_the_code_reaches_the_person_with_who_asks_and_until_when(
    database: Database, ring: KeyRing, malee: Person
) -> None:
    code = await asked(database, ring, malee)
    async with database.transaction() as tx:
        (notice,) = await Inbox().notices(tx, malee)
    assert (notice.kind, notice.unit, notice.unit_name) == ("otp", "10670", "โรงพยาบาลขอนแก่น")
    assert code in notice.text_th and code in notice.text_en
    assert "สาธิต" in notice.text_th and "not proofed" in notice.text_en
    assert (
        notice.expires_at
        and notice.at
        and timedelta(minutes=59) < notice.expires_at - notice.at < timedelta(hours=1, seconds=5)
    )
    assert code not in repr(notice)


async def test_the_right_code_opens_the_record_again_and_again_and_leaves_lines(
    database: Database, ring: KeyRing, malee: Person
) -> None:
    code = await asked(database, ring, malee)
    for _ in range(7):
        permit = await read(database, ring, malee, code)
        assert isinstance(permit, Permit) and permit.basis is Basis.OTP
    assert await tries(database) == [0]
    async with database.transaction() as tx:
        line = (await read_history(tx, malee.person_id, malee.data_key))[-1].entry
    assert (line.actor, line.unit, line.content.who) == (DESK.account_id, "10670", "เคาน์เตอร์ 1")
    assert line.content.is_shared_account and line.content.classes == (1, 2) and line.content.policy == POLICY.version


async def test_nothing_of_a_code_is_kept_in_clear(database: Database, ring: KeyRing, malee: Person) -> None:
    code = await asked(database, ring, malee)
    async with database.transaction() as tx:
        for table in ("otp_grant", "inbox_notice", "history"):
            assert code not in str(await tx.fetch(f"select * from {table}"))


async def test_of_a_hundred_guesses_at_once_five_are_counted(database: Database, ring: KeyRing, malee: Person) -> None:
    code = await asked(database, ring, malee)
    answers = await asyncio.gather(*(read(database, ring, malee, wrong(code)) for _ in range(100)))
    assert all(isinstance(answer, Refusal) for answer in answers)
    assert await tries(database) == [5]
    reasons = [reason for action, _, reason in await outcomes(database, malee) if action == "PatientSummary"]
    assert reasons.count("WRONG_CODE") == 5 and reasons.count("NO_LIVE_CODE") == 95
    assert isinstance(await read(database, ring, malee, code), Refusal)


async def test_the_right_code_among_a_hundred_guesses_is_compared_only_within_the_five(
    database: Database, ring: KeyRing, malee: Person
) -> None:
    """However the hundred fall, no more than five wrong codes are ever compared."""
    code = await asked(database, ring, malee)
    guesses = [wrong(code)] * 50 + [code] + [wrong(code)] * 49
    answers = await asyncio.gather(*(read(database, ring, malee, guess) for guess in guesses))
    assert await tries(database) == [5]
    assert sum(isinstance(answer, Permit) for answer in answers) <= 1
    reasons = [reason for action, _, reason in await outcomes(database, malee) if action == "PatientSummary"]
    assert reasons.count("WRONG_CODE") == 5


async def test_many_right_codes_at_once_are_all_answered(database: Database, ring: KeyRing, malee: Person) -> None:
    code = await asked(database, ring, malee)
    answers = await asyncio.gather(*(read(database, ring, malee, code) for _ in range(30)))
    assert all(isinstance(answer, Permit) for answer in answers)
    assert await tries(database) == [0]


@pytest.mark.parametrize(
    "thief", [COLLEAGUE, STRANGER, Actor(DESK.account_id, "11111", ""), Actor(new_id(), "10670", "")]
)
async def test_the_right_code_opens_nothing_for_anybody_else_and_costs_its_user_nothing(
    database: Database, ring: KeyRing, malee: Person, thief: Actor
) -> None:
    code = await asked(database, ring, malee)
    refusals = [await read(database, ring, malee, code, thief) for _ in range(6)]
    own = await read(database, ring, malee, wrong(code))
    assert isinstance(own, Refusal)
    for refusal in refusals:
        assert isinstance(refusal, Refusal) and (refusal.code, refusal.words) == (own.code, own.words)
    assert await tries(database) == [1]
    assert isinstance(await read(database, ring, malee, code), Permit)


async def test_a_strangers_own_code_does_not_open_with_the_victims(
    database: Database, ring: KeyRing, malee: Person
) -> None:
    code = await asked(database, ring, malee)
    await asked(database, ring, malee, STRANGER)
    assert isinstance(await read(database, ring, malee, code, STRANGER), Refusal)
    assert await tries(database) == [0, 1]


async def test_a_code_that_waited_ten_minutes_is_dead(database: Database, ring: KeyRing, malee: Person) -> None:
    code = await asked(database, ring, malee)
    await age(database, 601)
    assert isinstance(await read(database, ring, malee, code), Refusal)
    assert (await outcomes(database, malee))[-1] == ("PatientSummary", Outcome.REFUSED, "CODE_TOO_OLD")


async def test_a_code_that_was_used_in_time_opens_for_an_hour_and_no_longer(
    database: Database, ring: KeyRing, malee: Person
) -> None:
    code = await asked(database, ring, malee)
    assert isinstance(await read(database, ring, malee, code), Permit)
    await age(database, 3590)
    assert isinstance(await read(database, ring, malee, code), Permit)
    await age(database, 15)
    assert isinstance(await read(database, ring, malee, code), Refusal)


async def test_a_grant_that_the_owner_ended_opens_nothing(database: Database, ring: KeyRing, malee: Person) -> None:
    code = await asked(database, ring, malee)
    permit = await read(database, ring, malee, code)
    assert isinstance(permit, Permit) and permit.grant_id
    somebody = Person(new_id(), malee.data_key)
    async with database.transaction() as tx:
        assert not await end_grant(tx, somebody, permit.grant_id)
        assert await end_grant(tx, malee, permit.grant_id)
        assert not await end_grant(tx, malee, permit.grant_id)
    assert isinstance(await read(database, ring, malee, code), Refusal)


async def test_a_new_request_ends_the_older_unused_code_and_keeps_a_used_one(
    database: Database, ring: KeyRing, malee: Person
) -> None:
    unused = await asked(database, ring, malee)
    used = await asked(database, ring, malee)
    assert isinstance(await read(database, ring, malee, unused), Refusal)
    assert isinstance(await read(database, ring, malee, used), Permit)
    newest = await asked(database, ring, malee)
    assert isinstance(await read(database, ring, malee, used), Permit)
    assert isinstance(await read(database, ring, malee, newest), Permit)


async def test_another_users_request_does_not_end_a_code(database: Database, ring: KeyRing, malee: Person) -> None:
    code = await asked(database, ring, malee)
    await asked(database, ring, malee, COLLEAGUE)
    assert isinstance(await read(database, ring, malee, code), Permit)


async def test_one_user_is_throttled_and_no_other_unit_is_locked_out(
    database: Database, ring: KeyRing, malee: Person
) -> None:
    for _ in range(3):
        await asked(database, ring, malee, STRANGER)
    async with database.transaction() as tx:
        throttled = await request(tx, ring, malee, STRANGER)
    assert isinstance(throttled, Throttled) and 590 < throttled.wait <= 600
    assert (await outcomes(database, malee))[-1] == ("RequestTokenv1", Outcome.REFUSED, "THROTTLED")
    assert await asked(database, ring, malee)


async def test_a_whole_unit_cannot_lock_a_patient_out(database: Database, ring: KeyRing, malee: Person) -> None:
    """Every account of a hostile unit asks as often as it may; the others still get their code."""
    taken = 0
    for number in range(60):
        async with database.transaction() as tx:
            taken += isinstance(await request(tx, ring, malee, Actor(UUID(int=number), "66666", "")), CodeAsked)
    assert taken == 40
    assert await asked(database, ring, malee)


async def test_parallel_requests_do_not_slip_past_the_limit(database: Database, ring: KeyRing, malee: Person) -> None:
    async def once() -> CodeAsked | Throttled:
        async with database.transaction() as tx:
            return await request(tx, ring, malee)

    answers = await asyncio.gather(*(once() for _ in range(20)))
    assert sum(isinstance(answer, CodeAsked) for answer in answers) == 3


async def test_production_gives_nobody_a_code_who_was_not_proofed_and_tells_them_who_asked(
    database: Database, ring: KeyRing, malee: Person
) -> None:
    async with database.transaction() as tx:
        answer = await request(tx, ring, malee, mode=Mode.PRODUCTION)
        assert isinstance(answer, CodeAsked)
        (notice,) = await Inbox().notices(tx, malee)
    assert (notice.kind, notice.code, notice.unit) == ("otp-withheld", "", "10670")
    assert not re.search("[A-Z]{2}[0-9]{6}", notice.text_th + notice.text_en)
    assert (await outcomes(database, malee))[-1] == ("RequestTokenv1", Outcome.PERMITTED, "NOT_RELEASED")


@pytest.mark.parametrize(
    ("ial", "kinds", "is_frozen", "is_released"),
    [
        ("2.3", (1,), False, True),  # a passkey
        ("2.3", (2, 3), False, True),  # a PIN and a code generator
        ("3", (1, 2, 3), False, True),
        ("2.2", (1,), False, False),
        ("1.1", (1,), False, False),
        ("2.3", (), False, False),
        ("2.3", (3, 4), False, False),  # a PIN alone, and recovery codes
        ("2.3", (1,), True, False),
    ],
)
async def test_production_releases_a_code_to_whoever_could_open_the_record_with_it(
    database: Database, ring: KeyRing, malee: Person, ial: str, kinds: tuple[int, ...], *, is_frozen: bool,
    is_released: bool,
) -> None:  # fmt: skip
    async with database.transaction() as tx:
        await tx.execute(
            "insert into person_account (person_id, opened_at, t4_opens_at, frozen_at, ial, ial_table)"
            " values ($1, now(), now(), case when $2 then now() end, $3, 'etda-2564')",
            malee.person_id, is_frozen, ial,
        )  # fmt: skip
        await tx.execute(
            "insert into authenticator (authenticator_id, person_id, created_at, kind, key_id, sealed)"
            " select gen_random_uuid(), $1, now(), kind, 1, '' from unnest($2::smallint[]) kind",
            malee.person_id, list(kinds),
        )  # fmt: skip
        assert isinstance(await request(tx, ring, malee, mode=Mode.PRODUCTION), CodeAsked)
        (notice,) = await Inbox().notices(tx, malee)
        live = await tx.fetchval("select ended_at is null from otp_grant")
    assert (notice.kind, bool(notice.code), live) == (
        ("otp", True, True) if is_released else ("otp-withheld", False, False)
    )
    assert "not proofed" not in notice.text_en
    if is_released:
        assert isinstance(await read(database, ring, malee, notice.code), Permit)


async def test_a_card_that_expired_yesterday_releases_nothing(database: Database, ring: KeyRing, malee: Person) -> None:
    async with database.transaction() as tx:
        await tx.execute(
            "insert into person_account (person_id, opened_at, t4_opens_at, ial, ial_table, ial_until)"
            " values ($1, now(), now(), '2.3', 'etda-2564', (now() at time zone 'Asia/Bangkok')::date - 1)",
            malee.person_id,
        )
        await tx.execute(
            "insert into authenticator (authenticator_id, person_id, created_at, kind, key_id, sealed)"
            " values (gen_random_uuid(), $1, now(), 1, 1, '')",
            malee.person_id,
        )
        await request(tx, ring, malee, mode=Mode.PRODUCTION)
        assert [notice.kind for notice in await Inbox().notices(tx, malee)] == ["otp-withheld"]


async def test_sharing_off_refuses_the_right_code_and_says_so(database: Database, ring: KeyRing, malee: Person) -> None:
    code = await asked(database, ring, malee)
    async with database.transaction() as tx:
        place = {"person_id": malee.person_id, "kind": int(Kind.CONTROLS), "unit": "", "ref": b"", "version": 1}
        sealed = seal(packed(0, b'{"share_phr":false,"masked":[]}'), malee.data_key, **place)  # type: ignore[arg-type]
        await tx.execute(
            "insert into document (person_id, version, kind, key_id, unit, ref, content_hash, sealed)"
            " values ($1, 1, 9, 1, '', '', $2, $3)",
            malee.person_id, os.urandom(16), sealed,
        )  # fmt: skip
    refusal = await read(database, ring, malee, code)
    assert isinstance(refusal, Refusal) and refusal.code == "SHARING_OFF"
    assert (await outcomes(database, malee))[-1] == ("PatientSummary", Outcome.REFUSED, "SHARING_OFF")


async def test_a_refused_read_of_nobody_leaves_a_line_too(database: Database, ring: KeyRing) -> None:
    assert isinstance(await read(database, ring, None, new_code()), Refusal)
    async with database.transaction() as tx:
        row = await tx.fetchrow("select person_id, actor, unit, basis, outcome from history")
    assert row and tuple(row) == (None, DESK.account_id, "10670", Basis.OTP, Outcome.REFUSED)  # type: ignore[call-overload]


async def test_a_code_is_validated_with_its_end(database: Database, ring: KeyRing, malee: Person) -> None:
    code = await asked(database, ring, malee)
    async with database.transaction() as tx:
        permit = await validate_code(tx, ring, POLICY, person=malee, actor=DESK, code=code)
        assert isinstance(permit, Permit) and permit.until
        assert isinstance(await validate_code(tx, ring, POLICY, person=malee, actor=DESK, code=wrong(code)), Refusal)


async def test_a_rotated_otp_key_keeps_codes_alive(database: Database, ring: KeyRing, malee: Person) -> None:
    from morprom.storage import KeyKind

    code = await asked(database, ring, malee)
    ring.make_current(KeyKind.OTP, ring.accept_new(KeyKind.OTP))
    assert isinstance(await read(database, ring, malee, code), Permit)


async def test_the_readers_role_suffices_for_asking_and_reading(
    database: Database, database_url: str, ring: KeyRing, malee: Person
) -> None:
    reader = await Database.connect(database_url, Role.READER, most=2)
    async with reader.transaction() as tx:
        assert isinstance(await request(tx, ring, malee), CodeAsked)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with reader.transaction() as tx:
            await tx.fetch("select * from inbox_notice")
    async with database.transaction() as tx:
        code = await newest_code(tx, malee)
    assert isinstance(await read(reader, ring, malee, code), Permit)
    reader.terminate()


async def test_the_owners_door_may_end_grants_and_read_the_inbox(
    database: Database, database_url: str, ring: KeyRing, malee: Person
) -> None:
    code = await asked(database, ring, malee)
    identity = await Database.connect(database_url, Role.IDENTITY, most=1)
    async with identity.transaction() as tx:
        assert await newest_code(tx, malee) == code
        grant_id = await tx.fetchval("select grant_id from otp_grant")
        assert await end_grant(tx, malee, grant_id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with identity.transaction() as tx:
            await tx.fetch("select mac from otp_grant")
    identity.terminate()
