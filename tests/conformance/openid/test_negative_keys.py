"""Attacks on signatures: none, with a secret that is public, by a key that the message brings itself (RFC 8725)."""

import json
from typing import Any

import pytest
from joserfc import jwk, jwt

from conformance.openid.forging import deep, signed
from conformance.openid.party import PAR, TOKEN, by, call, fapi, refused, signed_in, stays, unsigned
from doors.relying import BACK, ISSUER, House, RelyingParty
from morprom.storage import KeyKind

pytestmark = pytest.mark.asyncio(loop_scope="session")

ENDPOINTS = (PAR, TOKEN, "/oidc/introspect", "/oidc/revoke")
KIDS = ("", "../../../../dev/null", "/dev/null", "' or '1'='1", "https://attacker.example/keys", "ก\0", "0", "x" * 400)


async def party_with(house: House, **key_members: Any) -> RelyingParty:
    """A client that signs with a key, and its registered set."""
    key = jwk.ECKey.generate_key("P-256")
    public = {**key.as_dict(private=False), **key_members}
    party = await house.party(profile="fapi2", jwks={"keys": [public]})
    party.key = key
    return party


async def nobody(party: RelyingParty, assertion: str, **more: str) -> None:
    """An assertion that is refused everywhere."""
    for path in ENDPOINTS:
        form = {"grant_type": "refresh_token", "refresh_token": "x", "token": "x"}
        refused(await call(party, path, form, shown=by(assertion, **more)), "invalid_client")


def says(party: RelyingParty, house: House, **changed: Any) -> dict[str, Any]:
    """The claims of an assertion."""
    now = int(house.time.seconds())
    said = {"iss": party.client_id, "sub": party.client_id, "aud": ISSUER, "iat": now, "exp": now + 60, "jti": "1"}
    return said | changed


async def test_nobody_is_a_client_by_an_assertion_that_nobody_signed(house: House) -> None:
    """RFC 8725, 3.1 and 3.2: `alg` none, in whatever letters, with and without a signature that is somebody's."""
    party = await party_with(house)
    good = party.assertion()
    for name in ("none", "None", "NONE", "nOnE", "", "ES", "HS256"):
        claims = says(party, house)
        await nobody(party, unsigned(claims, alg=name))
        await nobody(party, unsigned(claims, alg=name) + good.rpartition(".")[2])
    await nobody(party, good.rpartition(".")[0] + ".")
    await nobody(party, good.rpartition(".")[0])
    await nobody(party, "")


async def test_a_public_key_is_nobodys_secret(house: House) -> None:
    """RFC 8725, 3.1: HS256 with the client's public key as the secret, in each way that it can be written down."""
    for key, algorithm in ((jwk.ECKey.generate_key("P-256"), "ES256"), (jwk.RSAKey.generate_key(2048), "PS256")):
        party = await house.party(profile="fapi2", jwks={"keys": [key.as_dict(private=False)]})
        party.key = key
        secrets = (
            key.as_pem(private=False),
            key.as_der(private=False),
            json.dumps(key.as_dict(private=False)).encode(),
        )
        for secret in (*secrets, party.client_id.encode(), b"0" * 32):
            for hashed in ("HS256", "HS512"):
                await nobody(party, signed({"alg": hashed}, says(party, house), secret))
        good = by(party.assertion(algorithm=algorithm))
        assert (await party.http.post("/oidc/revoke", data={"token": "x"} | good)).status_code == 200


async def test_a_key_that_the_message_brings_is_not_looked_at(house: House) -> None:
    """RFC 8725, 3.10; RFC 7515, 10.12: `jwk`, `jku`, `x5u`, `x5c` and `kid` choose among registered keys at most."""
    party, mine = await party_with(house, kid="registered"), jwk.ECKey.generate_key("P-256")
    public = mine.as_dict(private=False)
    for header in (
        {"jwk": public},
        {"jwk": public | {"kid": "registered"}, "kid": "registered"},
        {"jku": "https://attacker.example/keys", "kid": "registered"},
        {"jku": f"{ISSUER}/oidc/jwks"},
        {"x5u": "https://attacker.example/cert.pem"},
        {"x5u": "file:///etc/passwd"},
        {"x5c": ["MIIB"]},
        {"x5c": 7, "jku": {}, "x5u": []},
        {"crit": ["exp"], "exp": 1},
        {"kid": ["registered"]},
        {"kid": {"registered": 1}},
        {"kid": None},
        *({"kid": kid} for kid in KIDS),
    ):
        await nobody(party, signed({"alg": "ES256"} | header, says(party, house), mine))
    for kid in KIDS[:-1]:
        await nobody(party, signed({"alg": "ES256", "kid": kid}, says(party, house), party.key))
    good = party.assertion(header={"kid": "registered", "typ": "JWT"})
    assert (await party.http.post("/oidc/revoke", data={"token": "x"} | by(good))).status_code == 200


async def test_one_clients_key_says_nothing_about_another(house: House) -> None:
    """RFC 7523, 3, points 1 to 3; RFC 9700, 4.4: a client that signs in another's name, or for somebody else."""
    mine, other = await party_with(house), await party_with(house)
    for named in ({"iss": other.client_id}, {"sub": other.client_id}, {"iss": other.client_id, "sub": other.client_id}):
        await nobody(mine, mine.assertion(**named))
    await nobody(mine, mine.assertion(), client_id=other.client_id)
    for claims in (
        {"aud": f"{ISSUER}{TOKEN}"}, {"aud": [ISSUER]}, {"aud": [ISSUER, "https://other.example"]},
        {"aud": f"{ISSUER}/"}, {"aud": "https://other.example"}, {"aud": f"{ISSUER}/health-id"}, {"aud": None},
        {"aud": ""}, {"aud": {}}, {"iss": None}, {"sub": None}, {"sub": 7}, {"sub": "\0"}, {"sub": "ก"}, {"sub": []},
        {"sub": "x" * 3000}, {"jti": None}, {"jti": ""}, {"jti": 7}, {"exp": None}, {"exp": "never"}, {"exp": 1e300},
        {"exp": True},
    ):  # fmt: skip
        await nobody(mine, mine.assertion(**claims))
    await nobody(mine, signed({"alg": "ES256"}, deep(says(mine, house)), mine.key))


async def test_an_assertion_counts_once_at_all_endpoints_together(house: House) -> None:
    """RFC 7523, 3, point 7: what was shown at one endpoint is not shown at another."""
    party = await party_with(house)
    shown = by(party.assertion())
    assert (await party.http.post("/oidc/introspect", data={"token": "x"} | shown)).status_code == 200
    for path in ENDPOINTS:
        refused(await party.http.post(path, data={"token": "x"} | shown), "invalid_client")
    other = await party_with(house)
    for client in (party, other):  # nobody uses up the numbers of others
        again = by(client.assertion(jti="a number that two clients had the idea of"))
        assert (await client.http.post("/oidc/revoke", data={"token": "x"} | again)).status_code == 200


async def test_an_assertion_needs_its_type_and_comes_alone(house: House) -> None:
    """RFC 7521, 4.2; RFC 6749, 2.3: another type, none, or a secret besides."""
    party = await party_with(house)
    for kind in ("", "jwt", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"):
        form = {"token": "x", "client_assertion": party.assertion(), "client_assertion_type": kind}
        refused(await party.http.post("/oidc/revoke", data=form), "invalid_client")
    form = {"token": "x"} | by(party.assertion(), client_secret="x")
    refused(await party.http.post("/oidc/revoke", data=form), "invalid_request")
    reply = await party.http.post("/oidc/revoke", data={"token": "x"} | by(party.assertion()), auth=("x", "y"))
    refused(reply, "invalid_request")


async def hints(house: House, party: RelyingParty, good: str, claims: dict[str, Any]) -> list[str]:
    """ID tokens that look like one of ours and are none."""
    keys = (await party.http.get("/oidc/jwks")).json()["keys"]
    rsa = next(key for key in keys if key["kty"] == "RSA")
    public, mine = jwk.RSAKey.import_key(rsa), jwk.RSAKey.generate_key(2048)
    head = {"typ": "JWT", "kid": rsa["kid"]}
    foreign = {
        kind: jwk.RSAKey.import_key(house.ring.current(kind)[1].reveal())
        for kind in (KeyKind.HEALTH_ID_SIGNING, KeyKind.PROVIDER_SIGNING, KeyKind.TOKEN_SIGNING)
    }
    own = jwk.RSAKey.import_key(house.ring.current(KeyKind.OPENID_RSA)[1].reveal())
    return [
        unsigned(claims, **head),
        unsigned(claims, **head) + good.rpartition(".")[2],
        signed(head | {"alg": "HS256"}, claims, public.as_pem(private=False)),
        signed(head | {"alg": "RS256"}, claims, mine),
        signed(head | {"alg": "RS256", "jwk": mine.as_dict(private=False)}, claims, mine),
        signed(head | {"alg": "RS256", "jku": "https://attacker.example/keys"}, claims, mine),
        *(signed(head | {"alg": "RS256"}, claims, key) for key in foreign.values()),
        *(signed(head | {"alg": "RS256", "kid": kid}, claims, mine) for kid in (*KIDS, "rs1", "rs01", "es1", 1, None)),
        signed(head | {"alg": "RS256"}, claims | {"iss": f"{ISSUER}/health-id"}, own),
        signed(head | {"alg": "PS256"}, claims, own),
        signed(head | {"alg": "RS256", "typ": "logout+jwt"}, claims, own),
        good[:-8] + "AAAAAAAA", "x", "...", "x" * 9_000,
    ]  # fmt: skip


async def test_no_hint_counts_that_we_did_not_sign(house: House) -> None:
    """OpenID Connect Core, 3.1.2.1; RP-Initiated Logout, 4: it signs nobody in, nobody out, and leads nowhere."""
    left = "https://rp.example/left"
    party, browser = await signed_in(house, post_logout_redirect_uris=(left,))
    good = (await house.tokens(browser, party))["id_token"]
    claims = await party.id_token(good)
    assert jwt.decode(good, jwk.RSAKey.import_key(house.ring.current(KeyKind.OPENID_RSA)[1].reveal())).claims == claims
    for hint in await hints(house, party, good, claims):
        answer = await browser.get(await party.start(prompt="none", id_token_hint=hint))
        assert answer.error in ("login_required", "invalid_request") and "code" not in answer.members, hint
        leaving = await browser.http.get(
            "/oidc/logout", params={"id_token_hint": hint, "post_logout_redirect_uri": left, "state": "s"}
        )
        stays(leaving)
    assert "code" in (await browser.get(await party.start(prompt="none", id_token_hint=good))).members


@pytest.mark.parametrize("where", ["request", "request_uri"])
async def test_requests_are_not_taken_as_objects(house: House, where: str) -> None:
    """RFC 9101, 10; OpenID Connect Core, 6: unsigned, signed by a client or a stranger; by address least of all."""
    party, browser = await signed_in(house)
    mine = jwk.ECKey.generate_key("P-256")
    claims = {"client_id": party.client_id, "redirect_uri": BACK, "scope": "openid pid", "aud": ISSUER}
    for given in (
        unsigned(claims), signed({"alg": "ES256", "jwk": mine.as_dict(private=False)}, claims, mine),
        signed({"alg": "HS256"}, claims, party.secret.encode()), "https://attacker.example/request.jwt",
        f"{ISSUER}/oidc/jwks", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "x",
    ):  # fmt: skip
        answer = await browser.get(await party.start(**{where: given}))
        assert answer.error == f"{where}_not_supported" and "code" not in answer.members
    pushing, _ = await fapi(house)
    for given in (unsigned(claims), "urn:ietf:params:oauth:request_uri:x"):
        errors = ("request_not_supported", "invalid_request")
        refused(await pushing.push(pushing.asked() | {where: given}), *errors)
