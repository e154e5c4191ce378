"""How this room's tables are sealed: under the `accounts` key of the ring, each row bound to its own id."""

import hmac
from typing import NamedTuple, TypeVar
from uuid import UUID

import msgspec

from morprom.storage import KeyKind, KeyRing, open_small, seal_small

Content = TypeVar("Content", bound=msgspec.Struct)


class Sealed(NamedTuple):
    """The columns key_id and sealed."""

    key_id: int
    blob: bytes


def sealed(ring: KeyRing, table: bytes, row_id: UUID, content: msgspec.Struct) -> Sealed:
    """`content` for one row of one table."""
    key_id, secret = ring.current(KeyKind.ACCOUNTS)
    key = hmac.digest(secret.reveal(), table, "sha256")
    return Sealed(key_id, seal_small(msgspec.msgpack.encode(content), key, row_id.bytes))


def opened(ring: KeyRing, table: bytes, row_id: UUID, columns: Sealed, kind: type[Content]) -> Content:
    """What `sealed` sealed. Raises InvalidTag when the row is not the one it was sealed for."""
    key = hmac.digest(ring.get(KeyKind.ACCOUNTS, columns.key_id).reveal(), table, "sha256")
    return msgspec.msgpack.decode(open_small(columns.blob, key, row_id.bytes), type=kind)
