"""OpenID Connect Core 1.0: the modules of the basic plan that change the authentication request."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from conformance.openid.party import AUTHORIZE, checked, signed_in, signs_in_again, stays, told, unsigned
from doors.relying import BACK, ISSUER, Browser, House, RelyingParty

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_oidcc_alternate_happy_flow(house: House) -> None:
    """Core, 3.1.2.5: a second client; its redirect URI has a query, which stays; the answer comes by a form."""
    with_query = f"{BACK}?dummy1=lorem&dummy2=ipsum"
    party, browser = await signed_in(house, uris=(BACK, with_query))
    answer = await house.allowed(browser, party, redirect_uri=with_query)
    assert (answer.members["dummy1"], answer.members["dummy2"]) == ("lorem", "ipsum")
    await checked(house, party, (await party.exchange(answer.code, redirect_uri=with_query)).json())
    page = (await browser.get(await party.start(response_mode="form_post", redirect_uri=with_query))).reply
    assert page.status_code == 200 and 'action="https://rp.example/back?dummy1=lorem&amp;dummy2=ipsum"' in page.text


async def test_oidcc_display_page(house: House) -> None:
    """Core, 3.1.2.1: `display=page`."""
    await succeeds(house, display="page")


async def test_oidcc_display_popup(house: House) -> None:
    """Core, 3.1.2.1: `display=popup` is no error; the page is the same."""
    await succeeds(house, display="popup")


async def test_oidcc_prompt_login(house: House) -> None:
    """Core, 3.1.2.1: `prompt=login` makes the person sign in again; `auth_time` says so."""
    party, browser = await signed_in(house)
    first, _ = await told(house, party, browser)
    house.later(seconds=1)
    sent = await browser.get(await party.start(prompt="login"))
    back = await signs_in_again(house, browser, sent)
    second = await checked(house, party, (await party.exchange(back.code)).json())
    assert second["sub"] == first["sub"] and second["auth_time"] > first["auth_time"]


async def test_oidcc_prompt_none_not_logged_in(house: House) -> None:
    """Core, 3.1.2.6: `prompt=none` without a person who is signed in comes back as login_required."""
    party = await house.party()
    answer = await house.browser().get(await party.start(prompt="none"))
    assert set(answer.members) == {"error", "error_description", "iss", "state"}
    assert (answer.error, answer.members["iss"]) == ("login_required", ISSUER)


async def test_oidcc_prompt_none_logged_in(house: House) -> None:
    """Core, 3.1.2.1: `prompt=none` for somebody who is signed in and agreed before shows nothing."""
    party, browser = await signed_in(house)
    first, _ = await told(house, party, browser)
    await same_sign_in(house, party, browser, first["auth_time"], prompt="none")


async def test_oidcc_max_age_1(house: House) -> None:
    """Core, 3.1.2.1: with `max_age=1` somebody who signed in earlier does it again; `auth_time` is told."""
    party, browser = await signed_in(house)
    first, _ = await told(house, party, browser)
    house.later(seconds=2)
    back = await signs_in_again(house, browser, await browser.get(await party.start(max_age="1")))
    second = await checked(house, party, (await party.exchange(back.code)).json())
    assert second["sub"] == first["sub"] and second["auth_time"] > first["auth_time"] + 1


async def test_oidcc_max_age_10000(house: House) -> None:
    """Core, 3.1.2.1: with `max_age=10000` the sign-in of just now counts."""
    party, browser = await signed_in(house)
    first, _ = await told(house, party, browser)
    house.later(seconds=2)
    await same_sign_in(house, party, browser, first["auth_time"], max_age="10000")


async def test_oidcc_ensure_request_with_unknown_parameter_succeeds(house: House) -> None:
    """RFC 6749, 3.1: a parameter that nobody knows is passed over."""
    await succeeds(house, extra="foobar")


async def test_oidcc_id_token_hint(house: House) -> None:
    """Core, 3.1.2.1: with `id_token_hint` of who sits there and `prompt=none` nothing is shown."""
    party, browser = await signed_in(house)
    tokens = await house.tokens(browser, party)
    first = await checked(house, party, tokens)
    house.later(minutes=11)  # the hint may have expired
    asked = {"prompt": "none", "id_token_hint": tokens["id_token"]}
    await same_sign_in(house, party, browser, first["auth_time"], **asked)


async def test_oidcc_login_hint(house: House) -> None:
    """Core, 3.1.2.1: `login_hint` is no error. The client's own `sub` is understood; an address names nobody."""
    await succeeds(house, login_hint="buffy@example.com")


async def test_oidcc_ui_locales(house: House) -> None:
    """Core, 3.1.2.1: `ui_locales` is no error; every page speaks Thai and English."""
    await succeeds(house, ui_locales="se en th")


async def test_oidcc_claims_locales(house: House) -> None:
    """Core, 5.2: `claims_locales` chooses the language of names, where we have it."""
    for locales, name in (("en", "Malee"), ("th", "มาลี"), ("se", "มาลี")):
        party, browser = await signed_in(house)
        _, info = await told(house, party, browser, scope="openid profile", claims_locales=locales)
        assert info["given_name"] == name


async def test_oidcc_ensure_request_with_acr_values_succeeds(house: House) -> None:
    """Core, 3.1.2.1: `acr_values` is a wish; the ID token tells the class that was reached."""
    for wanted, reached in (("1 2", "aal2.2"), ("aal2.1", "aal2.1"), ("ial2.3 aal1", "ial2.3")):
        party, browser = await signed_in(house)
        claims, _ = await told(house, party, browser, acr_values=wanted)
        assert claims["acr"] == reached


async def test_oidcc_ensure_registered_redirect_uri(house: House) -> None:
    """Core, 3.1.2.1: an address that is not registered letter for letter gets nothing, not even the error."""
    party, browser = await signed_in(house)
    for uri in ("https://rp.example/other", f"{BACK}?more=1", "https://other.example/back", ""):
        stays(await browser.get(await party.start(redirect_uri=uri)))


async def test_oidcc_ensure_post_request_succeeds(house: House) -> None:
    """Core, 3.1.2.1: the request may come by POST."""
    party, browser = await signed_in(house)
    await house.tokens(browser, party)
    reply = await browser.http.post(AUTHORIZE, data=party.asked())
    answer = await browser.get(reply.headers["location"])
    await checked(house, party, (await party.exchange(answer.code)).json())


async def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(house: House) -> None:
    """Core, 6.2 and 3.1.2.6: a request by reference that was not pushed comes back as request_uri_not_supported."""
    party, browser = await signed_in(house)
    assert not (await configuration(party))["request_uri_parameter_supported"]
    answer = await browser.get(await party.start(request_uri="https://rp.example/request.jwt"))
    assert (answer.error, answer.members["state"]) == ("request_uri_not_supported", "a state")


async def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(house: House) -> None:
    """Core, 6.1 and 3.1.2.6: a request as an object comes back as request_not_supported."""
    party, browser = await signed_in(house)
    assert not (await configuration(party))["request_parameter_supported"]
    answer = await browser.get(await party.start(request=unsigned({"nonce": "another"})))
    assert (answer.error, answer.members["state"]) == ("request_not_supported", "a state")


async def test_oidcc_claims_essential(house: House) -> None:
    """Core, 5.5: a claim that is asked for by name as essential is told at userinfo."""
    party, browser = await signed_in(house)
    asked = json.dumps({"userinfo": {"name": {"essential": True}}})
    claims, info = await told(house, party, browser, claims=asked)
    assert info["name"] == "นางมาลี สมมติ" and "name" not in claims and "given_name" not in info


async def test_oidcc_ensure_request_object_with_redirect_uri(house: House) -> None:
    """Core, 6.1: an object that names a redirect URI is refused as any other, and leads nowhere else."""
    party, browser = await signed_in(house, uris=(BACK, f"{BACK}2"))
    hidden = unsigned({"redirect_uri": f"{BACK}2", "client_id": party.client_id})
    answer = await browser.get(await party.start(request=hidden))
    sent_to = urlsplit(answer.reply.headers["location"])
    assert sent_to.path == "/back" and parse_qs(sent_to.query)["error"] == ["request_not_supported"]


async def succeeds(house: House, **asked: str) -> None:
    """A request with these parameters is answered as one without."""
    party, browser = await signed_in(house)
    await told(house, party, browser, **asked)


async def same_sign_in(house: House, party: RelyingParty, browser: Browser, auth_time: int, **asked: str) -> None:
    """A request is answered at once, with the sign-in of before."""
    answer = await browser.get(await party.start(**asked))
    claims = await checked(house, party, (await party.exchange(answer.code)).json())
    assert claims["auth_time"] == auth_time


async def configuration(party: RelyingParty) -> dict[str, object]:
    """What the provider says of itself."""
    return (await party.http.get("/.well-known/openid-configuration")).json()
