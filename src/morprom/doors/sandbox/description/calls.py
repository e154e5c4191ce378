"""All calls, in the order of the wire protocol."""

from typing import Final

from morprom.doors.sandbox.description import reading, sign_in, units, uploads, utilities
from morprom.doors.sandbox.description.model import CallEntry

CALLS: Final[tuple[CallEntry, ...]] = (
    *sign_in.CALLS,
    *uploads.CALLS,
    *reading.CALLS,
    *units.CALLS,
    *utilities.CALLS,
)
