"""Where things are kept: PostgreSQL with its roles and migrations, the keys, and the sealing of documents."""

from morprom.storage.database import Database, Role
from morprom.storage.embedded import EmbeddedPostgres
from morprom.storage.keyring import KeyKind, KeyRing
from morprom.storage.keys import open_keys
from morprom.storage.migrate import migrate
from morprom.storage.provider import FileKeyProvider, KeyProvider
from morprom.storage.seal import DataKey, open_small, seal_small
from morprom.storage.tx import Row, Tx

__all__ = [
    "DataKey",
    "Database",
    "EmbeddedPostgres",
    "FileKeyProvider",
    "KeyKind",
    "KeyProvider",
    "KeyRing",
    "Role",
    "Row",
    "Tx",
    "migrate",
    "open_keys",
    "open_small",
    "seal_small",
]
