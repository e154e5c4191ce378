"""What all doors of the MOPH-PHR wire protocol share: calls, bodies, envelopes, failures (sections 1 and 10)."""

from morprom.doors.wire.body import read_body
from morprom.doors.wire.call import Call, day_of, incorrect, text_of
from morprom.doors.wire.edge import edge
from morprom.doors.wire.failures import headers_of, problem_of, status_of
from morprom.doors.wire.noted import noted_in
from morprom.doors.wire.routing import exception_handlers, routed

__all__ = [
    "Call",
    "day_of",
    "edge",
    "exception_handlers",
    "headers_of",
    "incorrect",
    "noted_in",
    "problem_of",
    "read_body",
    "routed",
    "status_of",
    "text_of",
]
