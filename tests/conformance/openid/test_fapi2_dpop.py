"""FAPI 2.0 security profile (final): modules of DPoP proofs (RFC 9449, 4.3, the checks in their order)."""

from typing import Any

import pytest
from joserfc import jwk

from conformance.openid.party import (
    TOKEN,
    USERINFO,
    call,
    checked,
    code_form,
    fapi,
    forged,
    hash_of,
    refused,
    resource,
    unsigned,
)
from doors.relying import ISSUER, House, RelyingParty

pytestmark = pytest.mark.asyncio(loop_scope="session")

RSA = jwk.RSAKey.generate_key(2048)
SHORT_RSA = jwk.RSAKey.generate_key(1024)
P384 = jwk.ECKey.generate_key("P-384")
OCT = {"kty": "oct", "k": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}


def bent(party: RelyingParty, method: str, path: str, token: str = "") -> dict[str, str]:
    """Proofs with one thing wrong each, by what is wrong; by "" one with nothing wrong, to compare with."""
    now, url, key = int(party.time.seconds()), f"{ISSUER}{path}", party.dpop_key
    public, other = key.as_dict(private=False), jwk.ECKey.generate_key("P-256")

    def proof(header: dict[str, Any] | None = None, **claims: Any) -> str:
        return party.proof(method, path, token=token, header=header, **claims)

    claims = {"htm": method, "htu": url, "iat": now} | ({"ath": hash_of(token)} if token else {})

    def headed(**header: Any) -> str:
        said = {"typ": "dpop+jwt", "alg": "ES256", "jwk": public} | header
        return forged({name: value for name, value in said.items() if value is not None}, claims | {"jti": f"{path} {said}"}, key)  # fmt: skip  # noqa: E501

    def by_key(algorithm: str, key: Any) -> str:
        head = {"typ": "dpop+jwt", "alg": algorithm, "jwk": key.as_dict(private=False)}
        return forged(head, claims | {"jti": f"{path} {algorithm}"}, key, algorithm)

    good = proof()
    head, body, signature = good.split(".")
    faults = {
        "": headed(),
        "empty": " ",
        "no JWT": "not a proof",
        "two in one": f"{good},{proof()}",
        "no htm": proof(htm=None),
        "another htm": proof(htm="PUT"),
        "htm in small letters": proof(htm=method.lower()),
        "no htu": proof(htu=None),
        "another htu": proof(htu="https://other.example/oidc/userinfo"),
        "htu of another endpoint": proof(htu=f"{ISSUER}/oidc/introspect"),
        "htu of another scheme": proof(htu=f"ftp{url[url.index(':') :]}"),
        "htu no string": proof(htu=[url]),
        "no iat": proof(iat=None),
        "iat of long ago": proof(iat=now - 3600),
        "iat of two minutes ago": proof(iat=now - 120),
        "iat in the future": proof(iat=now + 61),
        "iat no number": proof(iat=str(now)),
        "no jti": proof(jti=None),
        "jti empty": proof(jti=""),
        "jti no string": proof(jti=1),
        "typ JWT": proof({"typ": "JWT"}),
        "typ of an access token": proof({"typ": "at+jwt"}),
        "no typ": headed(typ=None),
        "no alg": headed(alg=None),
        "no jwk": headed(jwk=None),
        "jwk no object": headed(jwk="key"),
        "jwk empty": headed(jwk={}),
        "jwk of another key": headed(jwk=other.as_dict(private=False)),
        "jwk with its private half": headed(jwk=key.as_dict(private=True)),
        "crit": headed(crit=["x-ours"], **{"x-ours": 1}),
        "crit that a library knows": headed(crit=["b64"], b64=True),
        "alg none": unsigned(claims | {"jti": "j"}, typ="dpop+jwt", jwk=public),
        "no signature": f"{head}.{body}.",
        "wrong signature": f"{head}.{body}.{signature[::-1]}",
        "another's claims": f"{head}.{proof(jti='another').split('.')[1]}.{signature}",
        "shared secret": forged({"typ": "dpop+jwt", "alg": "HS256", "jwk": OCT}, claims | {"jti": "j"}, bytes(32)),
        "RS256": by_key("RS256", RSA),
        "RSA key of 1024 bits": by_key("PS256", SHORT_RSA),
        "P-384": by_key("ES384", P384),
        "P-256 said, P-384 meant": headed(alg="ES384", jwk=P384.as_dict(private=False)),
    }  # fmt: skip
    if token:
        faults |= {
            "no ath": proof(ath=None), "ath of another token": proof(ath=hash_of(f"{token}x")),
            "ath is the token": proof(ath=token),
        }  # fmt: skip
    return faults


async def test_fapi2_security_profile_final_dpop_negative_tests(house: House) -> None:
    """RFC 9449, 4.3, 5, 7.1 and 11.1: a proof with anything wrong opens nothing at either endpoint."""
    party, browser = await fapi(house)
    form = code_form(party, (await house.allowed(browser, party)).code)
    faults = bent(party, "POST", TOKEN)
    used = faults.pop("")
    for what, proof in faults.items():
        reply = await call(party, TOKEN, form, proof=proof)
        assert (reply.status_code, reply.json()["error"]) == (400, "invalid_dpop_proof"), what
    refused(await call(party, TOKEN, form, proof=None), "invalid_dpop_proof")
    tokens = (await call(party, TOKEN, form, proof=used)).json()
    await checked(house, party, tokens)
    refused(await call(party, TOKEN, form, proof=used), "invalid_dpop_proof")

    token = tokens["access_token"]
    faults = bent(party, "GET", USERINFO, token)
    used = faults.pop("")
    for what, proof in faults.items():
        reply = await resource(party, token, proof=proof)
        assert reply.status_code == 401 and reply.headers["www-authenticate"].startswith("DPoP "), what
        assert "error=" in reply.headers["www-authenticate"] and "sub" not in reply.json(), what
    assert (await resource(party, token, proof=used)).status_code == 200
    again = await resource(party, token, proof=used)
    assert again.status_code == 401 and 'error="invalid_dpop_proof"' in again.headers["www-authenticate"]
    two = [("authorization", f"DPoP {token}"), *(("dpop", party.proof("GET", USERINFO, token=token)) for _ in range(2))]
    assert (await party.http.get(USERINFO, headers=two)).status_code == 401
    other_method = party.proof("GET", USERINFO, token=token)
    assert (await resource(party, token, proof=other_method, method="POST")).status_code == 401
    assert (await resource(party, token)).status_code == 200


async def test_fapi2_security_profile_final_check_dpop_proof_nbf_exp(house: House) -> None:
    """RFC 7519, 4.1.4 and 4.1.5: a proof may say when it begins and ends, and counts only then."""
    party, browser = await fapi(house)
    now = int(house.time.seconds())
    times = (({"nbf": now, "exp": now + 60}, True), ({"nbf": now - 300, "exp": now + 300}, True),
             ({"exp": now - 300}, False), ({"nbf": now + 300}, False), ({"exp": "soon"}, False))  # fmt: skip
    for claims, counts in times:
        form = code_form(party, (await house.allowed(browser, party)).code)
        reply = await call(party, TOKEN, form, proof=party.proof("POST", TOKEN, **claims))
        if not counts:
            refused(reply, "invalid_dpop_proof")
            continue
        token = reply.json()["access_token"]
        proof = party.proof("GET", USERINFO, token=token, **claims)
        assert (await resource(party, token, proof=proof)).status_code == 200


async def test_fapi2_security_profile_final_ensure_dpopproof_with_iat_10seconds_before_succeeds(house: House) -> None:
    """FAPI 2.0, 5.3.2.1: a client's clock may be ten seconds behind."""
    await iat_succeeds(house, -10)


async def test_fapi2_security_profile_final_ensure_dpopproof_with_iat_10seconds_after_succeeds(house: House) -> None:
    """FAPI 2.0, 5.3.2.1: a client's clock may be ten seconds ahead."""
    await iat_succeeds(house, 10)


async def iat_succeeds(house: House, seconds: int) -> None:
    """Proofs whose `iat` is so many seconds from now are taken, at every endpoint that takes proofs."""
    party, browser = await fapi(house)
    iat = int(house.time.seconds()) + seconds
    assert (await party.push(party.asked(), dpop=party.proof("POST", "/oidc/par", iat=iat))).status_code == 201
    form = code_form(party, (await house.allowed(browser, party)).code)
    tokens = (await call(party, TOKEN, form, proof=party.proof("POST", TOKEN, iat=iat))).json()
    await checked(house, party, tokens)
    token = tokens["access_token"]
    assert (await resource(party, token, proof=party.proof("GET", USERINFO, token=token, iat=iat))).status_code == 200
