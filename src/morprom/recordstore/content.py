"""What is inside a sealed document: when it first arrived, then the content as the sender wrote it."""

from datetime import UTC, datetime
from typing import Final

_BYTES: Final = 6  # milliseconds since 1970 fit until the year 10889


def packed(created_ms: int, content: bytes) -> bytes:
    """`created_ms`: milliseconds since 1970 at which version 1 arrived."""
    return created_ms.to_bytes(_BYTES) + content


def unpacked(plain: bytes) -> tuple[int, bytes]:
    """(created_ms, content)."""
    return int.from_bytes(plain[:_BYTES]), plain[_BYTES:]


def instant(created_ms: int) -> datetime:
    """The instant of such milliseconds."""
    return datetime.fromtimestamp(created_ms / 1000, UTC)
