"""What is inside a sealed document: when it first arrived, then the content.

Content of a visit, a patient or an allergy list is as its sender wrote it. Of any other item it is
`{"sent": …, "noted": {…}}`: what the sender wrote, and beside it what the platform found out when it came.
"""

from datetime import UTC, datetime
from typing import Final

from morprom.record import Kind

AS_SENT: Final = frozenset({Kind.PATIENT, Kind.VISIT, Kind.ALLERGY, Kind.CONTROLS})
_BYTES: Final = 6  # milliseconds since 1970 fit until the year 10889
_SENT: Final = b'{"sent":'
_NOTED: Final = b',"noted":'


def packed(created_ms: int, content: bytes) -> bytes:
    """`created_ms`: milliseconds since 1970 at which version 1 arrived."""
    return created_ms.to_bytes(_BYTES) + content


def unpacked(plain: bytes) -> tuple[int, bytes]:
    """(created_ms, content)."""
    return int.from_bytes(plain[:_BYTES]), plain[_BYTES:]


def instant(created_ms: int) -> datetime:
    """The instant of such milliseconds."""
    return datetime.fromtimestamp(created_ms / 1000, UTC)


def with_note(sent: bytes, noted: bytes = b"{}") -> bytes:
    """The content of an item. Both are minified JSON; `noted` is ours, flat, and has no key of that name."""
    return b"%b%b%b%b}" % (_SENT, sent, _NOTED, noted)


def compared(kind: int, content: bytes) -> bytes:
    """What of a document's content tells whether it is the same: what was sent, not what was noted about it.

    An e-prescription that is sent again when its token has ended is the same, and keeps what was found out then.
    What is stored of a caregiver is all ours, so all of it counts.
    """
    if kind in AS_SENT or kind == Kind.CARED_FOR:
        return content
    return content[len(_SENT) : content.rindex(_NOTED)]
