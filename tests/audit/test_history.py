"""Lines of the history: what they hold, who may write them, and what becomes of a tampered one."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec
import pytest
from cryptography.exceptions import InvalidTag

from morprom.audit import (
    Basis,
    Content,
    Entry,
    Outcome,
    prepare,
    prove,
    read_history,
    record,
    run_sealer,
    store,
    verify,
)
from morprom.audit.head import Signer, current_signer, public_keys
from morprom.audit.merkle import consistency_path, root_of, verify_consistency
from morprom.audit.model import Head
from morprom.audit.prove import check_proof
from morprom.audit.rules import opened
from morprom.audit.seal import log_name, seal_all, seal_batch, show_heads
from morprom.audit.witness import FileWitness
from morprom.kernel import Secret, Settings, new_id
from morprom.storage import Database, DataKey, KeyRing, Role, Tx

PERSON = new_id()
KEY = DataKey(1, Secret(os.urandom(32)))
READ = Entry(
    Basis.OTP,
    Outcome.PERMITTED,
    Content(action="PatientSummary", classes=(1, 2), who="เคาน์เตอร์ 1", is_shared_account=True, tier=3, policy=1),
    person_id=PERSON,
    actor=new_id(),
    unit="10670",
)


@pytest.fixture
def signer(ring: KeyRing) -> Signer:
    return current_signer(ring, "phr.example.go.th/history")


@pytest.fixture
def witness(tmp_path: Path) -> FileWitness:
    return FileWitness(tmp_path / "witness.jsonl")


@pytest.fixture
async def sealed(database: Database, ring: KeyRing, signer: Signer, witness: FileWitness) -> AsyncIterator[list[UUID]]:
    """Twelve lines in three batches, every head shown to the witness; their ids."""
    ids: list[UUID] = []
    shown: dict[object, int] = {}
    for _ in range(3):
        async with database.transaction() as tx:
            ids += [(await record(tx, READ, KEY)).id for _ in range(4)]
        await seal_all(database, signer)
        await show_heads(database, witness, shown)  # type: ignore[arg-type]
    yield ids


async def faults(database: Database, ring: KeyRing, witness: FileWitness) -> set[str]:
    async with database.transaction() as tx:
        return {fault.code for fault in (await verify(tx, ring, Settings(witness=str(witness.path)))).faults}


async def tamper(database: Database, statement: str, *values: object) -> None:
    async with database.transaction() as tx:
        assert not (await tx.execute(statement, *values)).endswith(" 0")


async def test_a_line_comes_back_as_it_was_written(tx: Tx) -> None:
    await record(tx, READ, KEY)
    (line,) = await read_history(tx, PERSON, KEY)
    assert line.entry == READ
    assert abs((await tx.fetchval("select clock_timestamp()") - line.at).total_seconds()) < 5


async def test_a_line_without_person_is_sealed_by_the_ring(tx: Tx, ring: KeyRing) -> None:
    entry = Entry(Basis.OTP, Outcome.REFUSED, Content(action="Encounter", reason="OTP_REFUSED"), unit="10670")
    await record(tx, entry, ring)
    (row,) = await store.settled_rows(tx, (0, UUID(int=0)), 5) or await store.rows_between(
        tx, (0, UUID(int=0)), (2**62, UUID(int=2**128 - 1))
    )
    assert opened(row, ring).entry == entry
    with pytest.raises(ValueError, match="no other line"):
        prepare(entry, KEY)


async def test_the_content_of_a_line_does_not_fit_another_line(tx: Tx) -> None:
    first, second = await record(tx, READ, KEY), await record(tx, READ, KEY)
    await tx.execute("update history set sealed = $2 where id = $1", first.id, second.sealed)
    with pytest.raises(InvalidTag):
        await read_history(tx, PERSON, KEY)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
@pytest.mark.parametrize(
    "statement",
    [
        "update history set unit = '1'",
        "delete from history",
        "truncate history",
        "insert into history (at) values (now())",
        "insert into history (txid) values (1)",
        "update history_batch set head = ''",
        "delete from history_batch",
    ],
)
async def test_no_role_changes_or_backdates_history(database_url: str, role: Role, statement: str) -> None:
    as_role = await Database.connect(database_url, role, most=1)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with as_role.transaction() as tx:
            await tx.execute(statement)
    as_role.terminate()


@pytest.mark.parametrize("role", [Role.INTAKE, Role.READER, Role.IDENTITY, Role.OVERSIGHT, Role.KEYS])
async def test_every_door_may_write_history_and_only_the_sealer_may_seal(database_url: str, role: Role) -> None:
    as_role = await Database.connect(database_url, role, most=1)
    async with as_role.transaction() as tx:
        await record(tx, READ, KEY)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with as_role.transaction() as tx:
            await tx.fetch("select * from history")
    as_role.terminate()


async def test_an_untouched_history_verifies(
    database: Database, ring: KeyRing, witness: FileWitness, sealed: list[UUID]
) -> None:
    async with database.transaction() as tx:
        verdict = await verify(tx, ring, Settings(witness=str(witness.path)))
    assert (verdict.rows, verdict.heads, verdict.witnessed, verdict.unsealed) == (12, 3, 3, 0)
    assert verdict.faults == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("update history set unit = '99999' where id = $1", {"ROW_ALTERED"}),
        ("update history set at = at - interval '1 day' where id = $1", {"ROW_ALTERED"}),
        ("update history set actor = null where id = $1", {"ROW_ALTERED"}),
        ("update history set sealed = sealed || '\\x00' where id = $1", {"ROW_ALTERED"}),
        ("delete from history where id = $1", {"ROW_MISSING"}),
        ("update history set txid = txid + 1000000000 where id = $1", {"ROW_MISSING"}),
        ("insert into history select * from history where id = $1", {"ROW_ADDED"}),
    ],
)
async def test_a_tampered_row_is_found(
    database: Database, ring: KeyRing, witness: FileWitness, sealed: list[UUID], *, statement: str, expected: set[str]
) -> None:
    await tamper(database, statement, sealed[5])
    assert await faults(database, ring, witness) == expected


async def test_a_fault_names_the_row_and_its_position(
    database: Database, ring: KeyRing, witness: FileWitness, sealed: list[UUID]
) -> None:
    await tamper(database, "update history set outcome = 2 where id = $1", sealed[5])
    async with database.transaction() as tx:
        (fault,) = (await verify(tx, ring, Settings(witness=str(witness.path)))).faults
    assert fault.entry_id == sealed[5]
    assert fault.position is not None and 4 <= fault.position < 8
    assert fault.words.en


async def test_a_row_removed_together_with_its_leaf_is_found(
    database: Database, ring: KeyRing, witness: FileWitness, sealed: list[UUID]
) -> None:
    await tamper(database, "delete from history where id = $1", sealed[0])
    await tamper(
        database, "update history_batch set leaves = substr(leaves, 1, 96), count = 3 where first_position = 0"
    )
    assert {"HEAD_ALTERED", "BATCH_MISSING"} <= await faults(database, ring, witness)


async def test_a_history_sealed_anew_contradicts_the_witness(
    database: Database, ring: KeyRing, signer: Signer, witness: FileWitness, sealed: list[UUID]
) -> None:
    """The strongest tampering: the operator rewrites a row and seals everything again with the real key."""
    await tamper(database, "update history set unit = '99999' where id = $1", sealed[5])
    await tamper(database, "delete from history_batch")
    for _ in range(3):
        async with database.transaction() as tx:
            assert await seal_batch(tx, signer, most=4)
    assert await faults(database, ring, witness) == {"WITNESS_DISAGREES"}


async def test_the_latest_batch_cannot_vanish(
    database: Database, ring: KeyRing, witness: FileWitness, sealed: list[UUID]
) -> None:
    await tamper(database, "delete from history_batch where first_position = 8")
    assert await faults(database, ring, witness) == {"WITNESS_DISAGREES"}


async def test_a_batch_within_a_day_cannot_vanish(
    database: Database, ring: KeyRing, witness: FileWitness, sealed: list[UUID]
) -> None:
    await tamper(database, "delete from history_batch where first_position = 4")
    assert "BATCH_MISSING" in await faults(database, ring, witness)


async def test_a_forged_signature_is_found(
    database: Database, ring: KeyRing, witness: FileWitness, sealed: list[UUID]
) -> None:
    async with database.transaction() as tx:
        note = await tx.fetchval("select head from history_batch where first_position = 0")
    forged = note[:-12] + ("A" if note[-12] != "A" else "B") + note[-11:]
    await tamper(database, "update history_batch set head = $1 where first_position = 0", forged)
    assert await faults(database, ring, witness) == {"HEAD_ALTERED"}


async def test_a_changed_leaf_is_found_though_its_row_was_changed_alike(
    database: Database, ring: KeyRing, witness: FileWitness, sealed: list[UUID]
) -> None:
    from morprom.audit.rules import leaf

    await tamper(database, "update history set unit = '99999' where id = $1", sealed[0])
    async with database.transaction() as tx:
        batch = (await store.batches_of(tx, (await store.batch_marks(tx))[0].day))[0]
        rows = await store.rows_between(tx, (0, UUID(int=0)), batch.upto)
    leaves = b"".join(leaf(row) for row in rows)
    await tamper(database, "update history_batch set leaves = $1 where first_position = 0", leaves)
    assert "LEAVES_ALTERED" in await faults(database, ring, witness)


async def test_a_line_of_a_transaction_that_still_runs_is_waited_for(database: Database, signer: Signer) -> None:
    async with database.transaction() as slow:
        await record(slow, READ, KEY)
        async with database.transaction() as quick:
            await record(quick, READ, KEY)
        assert await seal_all(database, signer) == 0
    assert await seal_all(database, signer) == 2


async def test_only_one_sealer_seals(database: Database, signer: Signer) -> None:
    async with database.transaction() as tx:
        await record(tx, READ, KEY)
    async with database.transaction() as first, database.transaction() as second:
        assert await seal_batch(first, signer)
        assert await seal_batch(second, signer) is None


async def test_an_owner_proves_each_line_against_the_head(
    database: Database, ring: KeyRing, sealed: list[UUID]
) -> None:
    async with database.transaction() as tx:
        for entry_id in sealed:
            proof = await prove(tx, PERSON, entry_id)
            assert proof and check_proof(proof, public_keys(ring))
        unsealed = await record(tx, READ, KEY)
        assert await prove(tx, PERSON, unsealed.id) is None
        assert await prove(tx, new_id(), sealed[0]) is None


async def test_an_erased_row_leaves_the_other_proofs_whole(
    database: Database, ring: KeyRing, witness: FileWitness, sealed: list[UUID]
) -> None:
    await tamper(database, "delete from history where id = $1", sealed[0])
    async with database.transaction() as tx:
        proof = await prove(tx, PERSON, sealed[1])
        assert proof and check_proof(proof, public_keys(ring))


async def test_heads_of_a_day_are_consistent(database: Database, sealed: list[UUID]) -> None:
    async with database.transaction() as tx:
        day = (await store.batch_marks(tx))[0].day
        batches = await store.batches_of(tx, day)
    leaves = [leaf for batch in batches for leaf in batch.leaves]
    path = consistency_path(leaves, 4)
    assert verify_consistency(4, root_of(leaves[:4]), 12, root_of(leaves), path)


async def test_the_sealer_runs_under_its_own_role(
    database: Database, database_url: str, ring: KeyRing, tmp_path: Path
) -> None:
    settings = Settings(data=str(tmp_path), public_url="https://phr.example.go.th")
    assert log_name(settings) == "phr.example.go.th/history"
    async with database.transaction() as tx:
        await record(tx, READ, KEY)
    as_sealer = await Database.connect(database_url, Role.SEALER, most=2)
    running = asyncio.create_task(run_sealer(as_sealer, ring, settings, every=0.05))
    witness = FileWitness(tmp_path / "witness.jsonl")
    for _ in range(100):
        if witness.notes():
            break
        await asyncio.sleep(0.05)
    running.cancel()
    as_sealer.terminate()
    assert witness.notes()[0].startswith("phr.example.go.th/history/")
    assert await faults(database, ring, witness) == set()


async def test_a_witness_that_fails_is_shown_the_head_again(database: Database, ring: KeyRing, signer: Signer) -> None:
    class Down:
        def __init__(self) -> None:
            self.taken: list[Head] = []
            self.is_down = True

        async def show(self, head: Head) -> None:
            if self.is_down:
                raise OSError
            self.taken.append(head)

        def notes(self) -> list[str]:
            return [head.note for head in self.taken]

    async with database.transaction() as tx:
        await record(tx, READ, KEY)
    await seal_all(database, signer)
    witness = Down()
    with pytest.raises(OSError):
        await show_heads(database, witness, shown := {})
    witness.is_down = False
    await show_heads(database, witness, shown)
    await show_heads(database, witness, shown)
    assert len(witness.taken) == 1


def test_a_torn_line_of_the_witness_file_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "witness.jsonl"
    path.write_bytes(msgspec.json.encode({"head": "note"}) + b'\n{"head": "no')
    assert FileWitness(path).notes() == ["note"]
