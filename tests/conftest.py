"""The building every test stands in: a real PostgreSQL, a fresh database a test, keys in memory, no network."""

import asyncio
import itertools
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from morprom.kernel import Secret, Settings
from morprom.storage import Database, EmbeddedPostgres, KeyProvider, KeyRing, Role, Tx, migrate
from morprom.storage.provider import changed_meanwhile
from platform_process import Platform
from privacy import found_in, log_lines


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for minutes begins first, so that nobody waits for it alone in the end."""
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


class KeysInMemory:
    """A key provider that ends with the test."""

    def __init__(self) -> None:
        self._documents: dict[str, tuple[bytes, int]] = {}

    def read(self, name: str) -> tuple[Secret[bytes], str] | None:
        found = self._documents.get(name)
        return (Secret(found[0]), str(found[1])) if found else None

    def write(self, name: str, content: Secret[bytes], expected: str | None) -> None:
        found = self._documents.get(name)
        if (str(found[1]) if found else None) != expected:
            raise changed_meanwhile()
        self._documents[name] = (content.reveal(), found[1] + 1 if found else 1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """One PostgreSQL for the whole run of a worker; it forgets everything at the end, so it need not fsync."""
    folder = Path(tempfile.mkdtemp(prefix="morprom-test-"))
    server = EmbeddedPostgres(
        folder,
        {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB",
         "autovacuum": "off"},
    )  # fmt: skip
    server.start()
    asyncio.run(migrate(server.url()))
    yield server
    server.stop(mode="immediate")
    shutil.rmtree(folder, ignore_errors=True)


_numbers = itertools.count(1)


@pytest.fixture
async def database_url(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """The address of a database of this test's own, all migrations applied."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    admin = await asyncpg.connect(postgres.url(database="postgres"))
    await admin.execute(f"create database {name} template morprom")
    yield postgres.url(database=name)
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The test's database as its owner."""
    connected = await Database.connect(database_url, Role.OWNER, most=10)
    yield connected
    connected.terminate()


@pytest.fixture
async def tx(database: Database) -> AsyncIterator[Tx]:
    """An open transaction that is rolled back."""

    class _RollBackError(Exception):
        pass

    try:
        async with database.transaction() as transaction:
            yield transaction
            raise _RollBackError
    except _RollBackError:
        pass


@pytest.fixture
def keys() -> KeyProvider:
    """A key service of this test's own."""
    return KeysInMemory()


@pytest.fixture
def ring(keys: KeyProvider) -> KeyRing:
    """Fresh keys of every kind."""
    return KeyRing(keys)


@pytest.fixture
def settings() -> Settings:
    """Sandbox settings."""
    return Settings()


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that is not there yet. Not below pytest's: every run closes that to PostgreSQL's account again."""
    with tempfile.TemporaryDirectory(prefix="morprom-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "data"


@pytest.fixture(scope="module")
def server() -> Iterator[Platform]:
    """A real platform in processes of its own, for the tests of one module."""
    with (
        tempfile.TemporaryDirectory(prefix="morprom-test-", ignore_cleanup_errors=True) as folder,
        Platform(Path(folder) / "data") as platform,
    ):
        yield platform


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches beyond this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):  # type: ignore[misc]
            raise AssertionError(f"a test tried to reach {address[0]!r}")  # type: ignore[misc]
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What this test logs, line by line. It fails when there is anything of a person or a secret in it."""
    with log_lines(monkeypatch) as lines:
        yield lines
    leaks = {kind for line in lines for kind in found_in(line)}
    assert not leaks, f"the log holds {', '.join(sorted(leaks))}"
