"""Group commit: uploads that wait share one transaction, and an upload that waits alone waits for nobody.

Batches grow with load by themselves: while one is being written, the next gathers. An upload is acknowledged when
PostgreSQL has it on disk, never before. This is the one place where a use case holds the connection itself.
"""

import asyncio
from collections import deque
from datetime import timedelta

import asyncpg
import structlog

from morprom.intake import store
from morprom.intake.look import fill_in_created, look
from morprom.intake.model import Receipt, Submission
from morprom.intake.move import move
from morprom.intake.plan import People, Plan, columns, plan
from morprom.kernel import Category, Problem, Words
from morprom.storage import Database, KeyRing

MOST_IN_A_BATCH = 64
BYTES_IN_A_BATCH = 8_000_000
LOOKS = 8  # how often a batch is looked at again when others keep changing what it found

Conflict = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.UniqueViolationError,
)
Unavailable = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresIOError,
    asyncpg.InternalServerError,
    TimeoutError,
)

log = structlog.get_logger(__name__)


class _Waiting:
    """A submission and the upload that waits for it."""

    __slots__ = ("future", "items", "submission")

    def __init__(self, submission: Submission, future: "asyncio.Future[Receipt]") -> None:
        self.submission = submission
        self.future = future
        self.items = [(submission.unit, part.ledgered.ref) for part in submission.parts if part.ledgered]


class Writer:
    """Takes submissions and answers each when it is durable.

    One batch is in flight at a time: while it waits for the disk the next is parsed and gathers, two batches would
    make the same new person twice, and a larger batch costs less a visit than two smaller ones (docs/performance.md).
    """

    def __init__(self, database: Database, ring: KeyRing, hold: timedelta) -> None:
        """`hold`: how long superseded versions are kept."""
        self._database = database
        self._hold = hold
        self._people = People(ring)
        self._queue: deque[_Waiting] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def write(self, submission: Submission) -> Receipt:
        """Store a submission. Raises Problem STORAGE_UNAVAILABLE when it could not be stored; then nothing was."""
        waiting = _Waiting(submission, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._writing is None:
            self._start()
        return await waiting.future

    async def drain(self) -> None:
        """Wait until everything that was handed in is answered."""
        while self._writing:
            await asyncio.wait([self._writing])

    def _start(self) -> None:
        self._writing = asyncio.create_task(self._write_batches())
        self._writing.add_done_callback(self._ended)

    async def _write_batches(self) -> None:
        while self._queue:
            await self._commit(self._take())

    def _ended(self, writing: "asyncio.Task[None]") -> None:
        """What came in meanwhile, or waits behind a crash, is written next; the crash goes to the loop's handler."""
        self._writing = None
        if self._queue:
            self._start()
        if not writing.cancelled():
            writing.result()

    def _take(self) -> list[_Waiting]:
        """The next batch. An item that is in it already waits for the one after: one write holds it once."""
        batch: list[_Waiting] = []
        later: list[_Waiting] = []
        items: set[tuple[str, bytes]] = set()
        size = 0
        while self._queue and len(batch) < MOST_IN_A_BATCH and size < BYTES_IN_A_BATCH:
            waiting = self._queue.popleft()
            if items.isdisjoint(waiting.items):
                items.update(waiting.items)
                size += sum(len(part.content) for part in waiting.submission.parts)
                batch.append(waiting)
            else:
                later.append(waiting)
        self._queue.extendleft(reversed(later))
        return batch

    async def _commit(self, batch: list[_Waiting]) -> None:
        """Write a batch; on a poisoned one, each half alone, so that only the poisoned item fails."""
        try:
            receipts = await self._attempt(batch)
        except Conflict:
            self._fail(batch, _busy())
        except Unavailable as error:
            log.error("storage_unavailable", error=type(error).__name__)
            self._fail(batch, unavailable())
        except (asyncpg.PostgresError, ValueError, Problem) as error:
            if len(batch) == 1:
                log.error("submission_refused", error=type(error).__name__)
                self._fail(batch, error if isinstance(error, Problem) else _poisoned())
            else:
                await self._commit(batch[: len(batch) // 2])
                await self._commit(batch[len(batch) // 2 :])
        else:
            for waiting, receipt in zip(batch, receipts, strict=True):
                if not waiting.future.done():
                    waiting.future.set_result(receipt)
        finally:
            self._fail(batch, unavailable())  # a bug must not leave an upload waiting for ever

    def _fail(self, batch: list[_Waiting], problem: Problem) -> None:
        for waiting in batch:
            if not waiting.future.done():
                waiting.future.set_exception(problem)

    async def _attempt(self, batch: list[_Waiting]) -> list[Receipt]:
        submissions = [waiting.submission for waiting in batch]
        for attempt in range(LOOKS):
            try:
                async with self._database.statements() as session:
                    made = plan(submissions, await look(session, self._people.ring, submissions), self._people)
                    if not made.is_empty:
                        await fill_in_created(session, made)
                        await store.write(session, self._hold, columns(made))
                return await self._with_moves(submissions, made)
            except Conflict:
                if attempt == LOOKS - 1:
                    raise
                await asyncio.sleep(0.005 * attempt)
        raise AssertionError("unreachable")

    async def _with_moves(self, submissions: list[Submission], made: Plan) -> list[Receipt]:
        """Receipts of a written batch; an item that changes hands is stored in a transaction of its own."""
        receipts: list[Receipt] = []
        for submission, receipt, is_moving in zip(submissions, made.receipts, made.moving, strict=True):
            receipts.append(await self._move(submission) if is_moving else receipt)
        return receipts

    async def _move(self, submission: Submission) -> Receipt:
        async with self._database.transaction() as tx:
            return await move(tx, self._people.ring, submission, self._hold)


def unavailable() -> Problem:
    """Nothing was stored, and it is not the sender's fault."""
    return Problem(
        Category.UNAVAILABLE,
        "STORAGE_UNAVAILABLE",
        Words("ระบบจัดเก็บขัดข้อง ยังไม่ได้บันทึกข้อมูล โปรดส่งใหม่", "storage is unavailable; nothing was stored, send again"),
        retry_after=5,
    )


def _busy() -> Problem:
    return Problem(
        Category.UNAVAILABLE,
        "VISIT_BUSY",
        Words("มีการส่งข้อมูลเดียวกันพร้อมกัน โปรดส่งใหม่", "the same items are being sent elsewhere at once; send again"),
        retry_after=1,
    )


def _poisoned() -> Problem:
    return Problem(
        Category.INCORRECT,
        "NOT_STORABLE",
        Words("ข้อมูลชุดนี้บันทึกไม่ได้", "this submission cannot be stored"),
    )
