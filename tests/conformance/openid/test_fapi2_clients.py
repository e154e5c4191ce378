"""FAPI 2.0 security profile (final): modules of client authentication."""

from typing import Any

import pytest
from joserfc import jwk

from conformance.openid.party import PAR, TOKEN, by, call, checked, code_form, fapi, forged, refused, unsigned
from doors.relying import ISSUER, House

pytestmark = pytest.mark.asyncio(loop_scope="session")

TIMES = ("iat", "exp", "nbf")


async def assertions_fail(house: House, *changed: dict[str, Any]) -> None:
    """An assertion that is changed so is refused at both endpoints; the code then goes with a good one.

    Times are seconds from now; None leaves a claim out.
    """
    party, browser = await fapi(house)
    asked = party.asked()
    form = code_form(party, (await house.allowed(browser, party)).code)
    now = int(house.time.seconds())
    for claims in changed:
        moved = {name: now + value if name in TIMES and value is not None else value for name, value in claims.items()}
        for path, sent, proof in ((TOKEN, form, ""), (PAR, asked, None)):
            refused(await call(party, path, sent, shown=by(party.assertion(**moved)), proof=proof), "invalid_client")
    assert (await party.push(asked)).status_code == 201
    await checked(house, party, (await call(party, TOKEN, form)).json())


async def assertions_succeed(house: House, *changed: dict[str, int]) -> None:
    """An assertion that is changed so is taken at both endpoints."""
    for claims in changed:
        party, browser = await fapi(house)
        now = int(house.time.seconds())
        moved = {name: now + value for name, value in claims.items()}
        pushed = await call(party, PAR, party.asked(), shown=by(party.assertion(**moved)), proof=None)
        assert pushed.status_code == 201, pushed.text
        form = code_form(party, (await house.allowed(browser, party)).code)
        reply = await call(party, TOKEN, form, shown=by(party.assertion(**moved)))
        await checked(house, party, reply.json())


async def test_fapi2_security_profile_final_ensure_client_assertion_in_token_endpoint(house: House) -> None:
    """FAPI 2.0, 5.3.2.1; RFC 7523, 2.2: a code without an assertion becomes nothing, whatever else is shown."""
    party, browser = await fapi(house)
    form = code_form(party, (await house.allowed(browser, party)).code)
    kind = by("")["client_assertion_type"]
    for shown in (
        {},
        {"client_id": party.client_id},
        {"client_id": party.client_id, "client_secret": "a secret"},
        {"client_id": party.client_id, "client_assertion_type": kind},
        {"client_assertion": party.assertion()},
        {"client_assertion": party.assertion(), "client_assertion_type": "urn:other"},
        by("not a token"),
    ):
        refused(await call(party, TOKEN, form, shown=shown), "invalid_client")
    await checked(house, party, (await call(party, TOKEN, form)).json())


async def test_fapi2_security_profile_final_ensure_client_id_in_token_endpoint(house: House) -> None:
    """RFC 7521, 4.2: `client_id` beside an assertion names its subject; another client's name is refused."""
    party, browser = await fapi(house)
    other, _ = await fapi(house)
    form = code_form(party, (await house.allowed(browser, party)).code)
    for name in (other.client_id, "nobody", f"{party.client_id} "):
        refused(await call(party, TOKEN, form, shown=by(party.assertion(), client_id=name)), "invalid_client")
    refused(await call(party, TOKEN, form, shown=by(other.assertion(), client_id=party.client_id)), "invalid_client")
    reply = await call(party, TOKEN, form, shown=by(party.assertion(), client_id=party.client_id))
    await checked(house, party, reply.json())


async def test_fapi2_security_profile_final_ensure_client_assertion_with_exp_is_5_minutes_in_past_fails(house: House) -> None:  # fmt: skip  # noqa: E501
    """RFC 7523, 3: an assertion that ended five minutes ago is refused, and one that says no end."""
    await assertions_fail(house, {"iat": -600, "exp": -300}, {"exp": -300}, {"exp": None})


async def test_fapi2_security_profile_final_ensure_client_assertion_with_no_sub_fails(house: House) -> None:
    """RFC 7523, 3: an assertion without `sub` is refused, and one of which issuer and subject differ."""
    await assertions_fail(house, {"sub": None}, {"sub": ""}, {"sub": "another"}, {"iss": None}, {"iss": "another"})


async def test_fapi2_security_profile_final_ensure_client_assertion_with_wrong_aud_fails(house: House) -> None:
    """FAPI 2.0, 5.3.2.1: an assertion for anybody but our issuer is refused."""
    near = ("https://other.example", f"{ISSUER}/", ISSUER.upper(), f"{ISSUER}/oidc/token", "", None, {"iss": ISSUER})
    await assertions_fail(house, *({"aud": audience} for audience in near))


async def test_fapi2_security_profile_final_ensure_signed_client_assertion_with_RS256_fails(house: House) -> None:  # noqa: N802
    """FAPI 2.0, 5.4.1: RS256 is refused with a key that PS256 may use; so are `none` and a key as a shared secret."""
    key = jwk.RSAKey.generate_key(2048)
    party, browser = await fapi(house, jwks={"keys": [key.as_dict(private=False)]})
    party.key = key
    asked = party.asked()
    for algorithm in ("RS256", "RS512", "PS384"):
        shown = by(party.assertion(algorithm=algorithm))
        refused(await call(party, PAR, asked, shown=shown, proof=None), "invalid_client")
    now = int(house.time.seconds())
    claims = {"iss": party.client_id, "sub": party.client_id, "aud": ISSUER, "exp": now + 60, "jti": "j"}
    shared = forged({"alg": "HS256"}, claims, key.as_pem(private=False))
    for assertion in (shared, unsigned(claims)):
        refused(await call(party, PAR, asked, shown=by(assertion), proof=None), "invalid_client")
    pushed = await call(party, PAR, asked, shown=by(party.assertion(algorithm="PS256")), proof=None)
    assert pushed.status_code == 201
    page = await browser.get(f"/oidc/authorize?client_id={party.client_id}&request_uri={pushed.json()['request_uri']}")
    form = code_form(party, (await browser.send(page.reply, "/oidc/ask", answer="allow")).code)
    refused(await call(party, TOKEN, form, shown=by(party.assertion(algorithm="RS256"))), "invalid_client")
    reply = await call(party, TOKEN, form, shown=by(party.assertion(algorithm="PS256")))
    await checked(house, party, reply.json())


async def test_fapi2_security_profile_final_par_test_array_as_audience_fails(house: House) -> None:
    """FAPI 2.0, 5.3.2.1: `aud` of an assertion is our issuer as a string; a list is refused, even of it alone."""
    lists = ([ISSUER], [ISSUER, f"{ISSUER}{PAR}"], [ISSUER, "https://other.example"], [])
    await assertions_fail(house, *({"aud": audience} for audience in lists))


async def test_fapi2_security_profile_final_par_test_par_endpoint_url_as_audience_fails(house: House) -> None:
    """FAPI 2.0, 5.3.2.1: the address of the endpoint is refused as `aud`."""
    await assertions_fail(house, {"aud": f"{ISSUER}{PAR}"})


async def test_fapi2_security_profile_final_par_test_token_endpoint_url_as_audience_fails(house: House) -> None:
    """FAPI 2.0, 5.3.2.1: the address of the token endpoint is refused as `aud`."""
    await assertions_fail(house, {"aud": f"{ISSUER}{TOKEN}"})


async def test_fapi2_security_profile_final_par_ensure_jwt_client_assertions_nbf_8_seconds_in_the_future_is_accepted(house: House) -> None:  # fmt: skip  # noqa: E501
    """FAPI 2.0, 5.3.2.1: a client's clock may be up to ten seconds ahead."""
    ahead = ({"nbf": 8}, {"iat": 8, "nbf": 8}, {"iat": 8}, {"nbf": 10}, {"iat": 10, "nbf": 10})
    await assertions_succeed(house, *ahead)


async def test_fapi2_security_profile_final_par_ensure_jwt_client_assertions_nbf_over_60_seconds_in_the_future_fails(house: House) -> None:  # fmt: skip  # noqa: E501
    """FAPI 2.0, 5.3.2.1: a clock that is more than 60 seconds ahead is not taken."""
    ahead = ({"nbf": 61, "exp": 300}, {"iat": 61, "exp": 300}, {"iat": 61, "nbf": 61, "exp": 300})
    await assertions_fail(house, *ahead)
