"""What is long over goes, by the role that does it in the worker; consents stay, for they are receipts."""

from collections.abc import AsyncIterator

import pytest

from doors.relying import House, relying
from morprom.federation.purge import purge
from morprom.storage import Database, KeyRing

TABLES = ("openid_request", "shown_once", "openid_token", "openid_sign_in", "openid_grant")


@pytest.fixture
async def house(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[House]:
    async with relying(database, database_url, ring) as opened:
        yield opened


async def counted(house: House) -> dict[str, int]:
    async with house.services.identity.transaction() as tx:
        await purge(tx, house.time.now())
        return {table: await tx.fetchval(f"select count(*) from {table}") for table in TABLES}


async def test_what_nobody_can_use_goes_when_it_is_due(house: House) -> None:
    party, browser = await house.party(profile="fapi2"), house.browser()
    await house.sign_in(browser)
    await house.tokens(browser, party, scope="openid offline_access")
    await party.start()
    first = await counted(house)
    assert all(first.values()), first
    house.later(minutes=21)
    after = await counted(house)
    assert after["openid_request"] == after["shown_once"] == 0 and after["openid_token"] == first["openid_token"]
    house.later(hours=13)
    assert (await counted(house))["openid_token"] == 0
    house.later(days=32)
    last = await counted(house)
    assert last["openid_sign_in"] == 0 and last["openid_grant"] == 1


async def test_what_still_counts_stays(house: House) -> None:
    party, browser = await house.party(), house.browser()
    await house.sign_in(browser)
    tokens = await house.tokens(browser, party, scope="openid offline_access")
    asked = await browser.get(await party.start(scope="openid phone"))
    house.later(minutes=9)
    await counted(house)
    assert (await party.userinfo(tokens["access_token"])).status_code == 200
    assert (await party.renew(tokens["refresh_token"])).status_code == 200
    assert "code" in (await browser.send(asked.reply, "/oidc/ask", answer="allow")).members
