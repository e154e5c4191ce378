"""Attacks with what a client had before its registration was changed, and by those whom a client's word reaches."""

from datetime import datetime
from typing import Any

import msgspec
import pytest

from conformance.openid.party import fapi, refused, signed_in
from doors.relying import BACK, PIN_AND_CODE, House, RelyingParty
from morprom.accounts import Device, start_session
from morprom.assurance import Amr, Ial
from morprom.federation import find_party
from morprom.federation.register import change_party
from morprom.kernel import Mode

pytestmark = pytest.mark.asyncio(loop_scope="session")

ELSEWHERE = "https://rp.example/elsewhere"


async def changed(house: House, party: RelyingParty, uris: tuple[str, ...] = (BACK,), **terms: Any) -> None:
    """Whoever looks after a client changes it."""
    async with house.database.transaction() as tx:
        found = await find_party(tx, party.client_id)
        assert found is not None
        now: datetime = house.time.now()
        replaced = msgspec.structs.replace(found.terms, **terms)
        await change_party(tx, found, found.client.name, uris, replaced, Mode.DEMO, now)


async def test_a_scope_that_was_taken_from_a_client_opens_nothing_from_now(house: House) -> None:
    """RFC 6749, 3.3; RFC 7662, 2.2: what was given before holds no more than the client may have."""
    party, browser = await signed_in(house)
    tokens = await house.tokens(browser, party, scope="openid profile pid offline_access")
    assert {"pid", "name"} <= set((await party.userinfo(tokens["access_token"])).json())
    code = (await house.allowed(browser, party, scope="openid profile pid")).code
    await changed(house, party, scopes=("openid", "profile", "offline_access"))
    told = (await party.userinfo(tokens["access_token"])).json()
    assert "pid" not in told and "name" in told
    assert (await party.introspected(tokens["access_token"]))["scope"] == "openid profile offline_access"
    by_code = (await party.exchange(code)).json()
    assert by_code["scope"] == "openid profile"
    refused(await party.renew(tokens["refresh_token"], scope="openid pid"), "invalid_scope")
    after = (await party.renew(tokens["refresh_token"])).json()
    assert after["scope"] == "openid profile offline_access"
    await changed(house, party, scopes=("openid", "profile", "pid", "offline_access"))
    assert "pid" not in (await party.userinfo(after["access_token"])).json()


async def test_no_code_goes_to_an_address_that_was_taken_out_meanwhile(house: House) -> None:
    """RFC 9700, 4.1.3: an address that somebody else has now is not the client's, however early it asked."""
    for party, browser in (await signed_in(house), await fapi(house)):
        pushed = await party.start() if party.is_fapi else ""
        asked = await browser.get(await party.start())
        assert "/oidc/ask" in asked.reply.text
        await changed(house, party, (ELSEWHERE,))
        for answer in ("allow", "deny"):
            answered = await browser.send(asked.reply, "/oidc/ask", answer=answer)
            assert answered.reply.status_code == 404 and BACK not in answered.reply.headers.get("location", "")
        if pushed:
            assert (await browser.get(pushed)).reply.status_code == 404


async def test_a_refresh_token_passes_for_no_access_token_at_a_resource_server(house: House) -> None:
    """RFC 7662, 4; RFC 9449, 5: it is bound to no key, so whoever took it for one would let its thief in."""
    server = await house.party(is_resource_server=True)
    for party, browser in (await signed_in(house), await fapi(house)):
        tokens = await house.tokens(browser, party, scope="openid phr.read offline_access")
        assert (await server.introspected(tokens["access_token"]))["active"]
        assert await server.introspected(tokens["refresh_token"]) == {"active": False}
        assert (await party.introspected(tokens["refresh_token"]))["active"]


async def test_an_upstream_that_knows_somebody_less_well_counts_for_no_second_factor(house: House) -> None:
    """RFC 9470, 3: what wants two factors wants one's own, here as at every page."""
    party, browser = await signed_in(house, amr=PIN_AND_CODE)
    amr = frozenset({Amr.FEDERATED, Amr.MULTI_FACTOR})
    for ial, error in (("2.3", ""), ("1.1", "unmet_authentication_requirements")):  # nothing of her own is bound here
        async with house.database.transaction() as tx:
            started = await start_session(
                tx, house.ring, house.malee, amr=amr, device=Device(agent="a test"), now=house.time.now(),
                ial_at_most=Ial(ial),
            )  # fmt: skip
        browser.sit(started.cookie)
        assert (await browser.get(await party.start(scope="openid pid"))).error == error
        assert "/oidc/ask" in (await browser.get(await party.start())).reply.text
