"""All calls, in the order of the wire protocol."""

from morprom.doors.sandbox.description.model import CallEntry

CALLS: tuple[CallEntry, ...] = ()
