"""Identifiers: random for persons, accounts, subjects and codes; time-ordered for logs and receipts."""

import os
import time
from uuid import UUID, uuid4


def new_id() -> UUID:
    """A random 128-bit identifier (UUIDv4): says nothing about when or where it was made."""
    return uuid4()


def time_ordered_id() -> UUID:
    """A UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, the rest random."""
    return time_ordered_id_of(time.time_ns() // 1_000_000, os.urandom(10))


def time_ordered_id_of(milliseconds: int, rest: bytes) -> UUID:
    """The same of given parts: one that is made again is the same one. `rest` is 10 bytes."""
    value = milliseconds << 80 | int.from_bytes(rest)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
