"""One house for all these tests of a worker: every test registers its own clients and sits down at its own browser."""

import os
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from conftest import KeysInMemory
from doors.relying import House, relying
from morprom.storage import Database, EmbeddedPostgres, KeyRing, Role


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def openid_house(postgres: EmbeddedPostgres) -> AsyncIterator[House]:
    """The platform with a person."""
    name = f"openid{os.getpid()}"
    admin = await asyncpg.connect(postgres.url(database="postgres"))
    await admin.execute(f"create database {name} template morprom")
    await admin.close()
    url = postgres.url(database=name)
    database = await Database.connect(url, Role.OWNER, most=4)
    async with relying(database, url, KeyRing(KeysInMemory())) as house:
        yield house
    database.terminate()


@pytest.fixture
def house(openid_house: House) -> House:
    """The house of these tests, in place of the one that the tests of the wire protocol stand in."""
    return openid_house
