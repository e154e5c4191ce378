"""The counter: an officer proofs people, one card after another, by keyboard alone (ETDA 19-2564, face to face)."""

from morprom.doors.counter.routes import handlers

__all__ = ["handlers"]
