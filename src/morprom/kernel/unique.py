"""Identifiers: random for persons, accounts, subjects and codes; time-ordered for logs and receipts."""

import os
import time
from uuid import UUID, uuid4


def new_id() -> UUID:
    """A random 128-bit identifier (UUIDv4): says nothing about when or where it was made."""
    return uuid4()


def time_ordered_id() -> UUID:
    """A UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, the rest random."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
