"""From what went wrong to what the wire says: nine categories, a handful of codes, and never 501 (section 10)."""

from typing import Final

import asyncpg
import structlog
from litestar.exceptions import HTTPException

from morprom.kernel import Category, Problem, Words
from morprom.kernel.log import place_of

TOO_LARGE: Final = "BODY_TOO_LARGE"
RETRY_SECONDS: Final = 5

STATUS: Final = {
    Category.INCORRECT: 400,
    Category.UNAUTHENTICATED: 401,
    Category.FORBIDDEN: 403,
    Category.NOT_FOUND: 404,
    Category.CONFLICT: 409,
    Category.GONE: 404,  # the protocol knows no 410
    Category.TOO_MANY: 429,
    Category.UNAVAILABLE: 503,
    Category.FAULT: 500,
}
STATUS_OF_CODE: Final = {TOO_LARGE: 413, "HCODE_UNKNOWN": 422}

# What PostgreSQL or the way to it raises when nothing is wrong with the request: connection lost, disk full or out of
# memory (class 53), shutting down (57), input and output (58), a standby, a conflict that a retry resolves (40).
UNAVAILABLE: Final = (
    OSError,  # of which TimeoutError: no connection became free in time
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.TransactionRollbackError,
)

log = structlog.get_logger()


def problem_of(error: Exception) -> Problem:
    """Any exception as a Problem. The unforeseen is logged by its class, never by its text, which may hold data."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, UNAVAILABLE) and not isinstance(error, ValueError):
        log.warning("storage_unavailable", error=type(error).__name__)
        words = Words("ระบบจัดเก็บไม่พร้อม ยังไม่ได้บันทึก โปรดส่งใหม่", "storage is unavailable, nothing was stored; send again")
        return Problem(Category.UNAVAILABLE, "STORAGE_UNAVAILABLE", words, retry_after=RETRY_SECONDS)
    log.error("unforeseen", error=type(error).__name__, at=place_of(error))
    return Problem(Category.FAULT, "FAULT", Words("เกิดข้อผิดพลาดภายใน", "something went wrong here"))


def status_of(problem: Problem) -> int:
    """The HTTP status, which is the envelope's MessageCode too."""
    return STATUS_OF_CODE.get(problem.code) or STATUS[problem.category]


def headers_of(problem: Problem) -> dict[str, str]:
    """The headers that go with a failure."""
    if problem.retry_after is not None:
        return {"retry-after": str(problem.retry_after)}
    if problem.category is Category.UNAUTHENTICATED:
        return {"www-authenticate": "Bearer"}
    return {}


def routing_words(error: HTTPException) -> Words:
    """What is said of a path or a method that does not exist here."""
    if error.status_code == 405:
        return Words("ไม่รองรับ method นี้", "that method is not allowed here")
    if error.status_code == 404:
        return Words("ไม่มีบริการที่ path นี้", "there is nothing at this path")
    return Words("คำขอไม่ถูกต้อง", "the request is not valid")
