"""Attempts at secrets: counted before the comparison, with growing waits that cannot be used against their owner."""

from morprom.throttle.count import Secret, count, forget, forgive, renew

__all__ = ["Secret", "count", "forget", "forgive", "renew"]
