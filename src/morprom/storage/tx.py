"""The face of a database transaction, as store modules see it."""

from collections.abc import Sequence
from typing import Any, Protocol


class Row(Protocol):
    """One row: columns by name or by position."""

    def __getitem__(self, key: str | int) -> Any: ...


class Tx(Protocol):
    """An open transaction. Whoever opened it commits it; a verb or a store never does."""

    async def execute(self, query: str, *args: object) -> str: ...

    async def executemany(self, command: str, args: Sequence[Sequence[object]]) -> None: ...

    async def fetch(self, query: str, *args: object) -> Sequence[Row]: ...

    async def fetchrow(self, query: str, *args: object) -> Row | None: ...

    async def fetchval(self, query: str, *args: object) -> Any: ...
