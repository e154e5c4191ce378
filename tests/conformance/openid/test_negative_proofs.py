"""Attacks on DPoP: proofs that come again, that were made for something else, that prove nothing (RFC 9449)."""

import asyncio
import json
import secrets
from typing import Any

import httpx
import pytest
from joserfc import jwk

from conformance.openid.forging import deep, signed
from conformance.openid.party import (
    PAR,
    TOKEN,
    USERINFO,
    call,
    code_form,
    fapi,
    hash_of,
    refused,
    resource,
    unsigned,
)
from doors.relying import ISSUER, House, RelyingParty, b64
from morprom.federation.purge import purge

pytestmark = pytest.mark.asyncio(loop_scope="session")

HERE = f"{ISSUER}{USERINFO}"


async def holding(house: House) -> tuple[RelyingParty, str]:
    """A client and its bound token."""
    party, browser = await fapi(house)
    return party, (await house.tokens(browser, party))["access_token"]


async def test_a_proof_counts_once(house: House) -> None:
    """RFC 9449, 11.1: at a resource, at the token endpoint, from one to the other, and twice at the same moment."""
    party, token = await holding(house)
    proof = party.proof("GET", USERINFO, token=token)
    assert (await resource(party, token, proof=proof)).status_code == 200
    assert (await resource(party, token, proof=proof)).status_code == 401
    twice = party.proof("GET", USERINFO, token=token)
    replies = await asyncio.gather(*(resource(party, token, proof=twice) for _ in range(4)))
    assert sorted(reply.status_code for reply in replies) == [200, 401, 401, 401]
    browser = house.browser()
    await house.sign_in(browser)
    code, proof = (await house.allowed(browser, party)).code, party.proof("POST", TOKEN)
    refused(await call(party, TOKEN, code_form(party, "none at all"), proof=proof), "invalid_grant")
    refused(await call(party, TOKEN, code_form(party, code), proof=proof), "invalid_dpop_proof")
    proof = party.proof("POST", PAR)
    assert (await party.push(party.asked(), dpop=proof)).status_code == 201
    refused(await party.push(party.asked(), dpop=proof), "invalid_dpop_proof")


async def test_a_proof_is_remembered_for_as_long_as_it_would_be_taken(house: House) -> None:
    """RFC 9449, 11.1: from the earliest moment at which its `iat` counts to the last, however often we clear away."""
    party, token = await holding(house)
    early = party.proof("GET", USERINFO, token=token, iat=int(house.time.seconds()) + 60)
    assert (await resource(party, token, proof=early)).status_code == 200
    for seconds in (59, 60, 1):
        house.later(seconds=seconds)
        async with house.database.transaction() as tx:
            await purge(tx, house.time.now())
        assert (await resource(party, token, proof=early)).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"htm": "POST"},
        {"htm": "get"},
        {"htm": None},
        {"htm": ["GET"]},
        {"htu": f"{ISSUER}{TOKEN}"},
        {"htu": f"{HERE}/"},
        {"htu": HERE.replace("http://", "https://")},
        {"htu": HERE.replace("127.0.0.1", "localhost")},
        {"htu": HERE.replace("8000", "8001")},
        {"htu": HERE.replace("http://", "http://user@")},
        {"htu": f"{ISSUER}/oidc/../oidc/userinfo"},
        {"htu": USERINFO},
        {"htu": ""},
        {"htu": None},
        {"htu": [HERE]},
        {"iat": -61},
        {"iat": 61},
        {"iat": None},
        {"iat": "now"},
        {"iat": True},
        {"iat": 1e300},
        {"exp": -61},
        {"nbf": 61},
        {"exp": "never"},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 501},
        {"ath": None},
        {"ath": ""},
        {"ath": hash_of("another token")},
        {"ath": "the token"},
    ],
    ids=repr,
)
async def test_a_proof_for_something_else_is_none(house: House, claims: dict[str, Any]) -> None:
    """RFC 9449, 4.3, points 8 to 12: another method, address, time or token; each is a 401 that says so."""
    party, token = await holding(house)
    now = int(house.time.seconds())
    moved = {
        name: now + value if name in ("iat", "exp", "nbf") and type(value) is int else value
        for name, value in claims.items()
    }
    if moved.get("ath") == "the token":
        moved["ath"] = token
    reply = await resource(party, token, proof=party.proof("GET", USERINFO, token=token, **moved))
    assert reply.status_code == 401 and 'error="invalid_dpop_proof"' in reply.headers["www-authenticate"]
    assert token not in reply.text and (await resource(party, token)).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        {"typ": None},
        {"typ": "JWT"},
        {"typ": "DPoP+jwt "},
        {"jwk": None},
        {"jwk": "the key"},
        {"jwk": []},
        {"jwk": {}},
        {"jwk": {"kty": "EC"}},
        {"jwk": {"kty": "EC", "crv": "P-256", "x": 1, "y": 2}},
        {"jwk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}},
        {"jwk": {"kty": "EC", "crv": "P-256", "x": "ก", "y": None}},
        {"jwk": {"kty": "RSA", "n": "", "e": ""}},
        {"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}},
        {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": ""}},
        {"jwk": {"kty": "OKP", "crv": "X25519", "x": "A" * 43}},
        {"jwk": {"kty": ["EC"], "crv": {}}},
        {"jwk": {"kty": "oct", "k": b64(b"k" * 32)}},
        {"crit": ["b64"], "b64": False},
        {"crit": "none"},
        {"jku": "https://attacker.example/keys", "jwk": None, "kid": "1"},
        {"x5u": "https://attacker.example/cert.pem", "jwk": None},
    ],
    ids=lambda header: json.dumps(header)[:60],
)
async def test_a_proof_brings_a_public_key_and_nothing_else_counts(house: House, header: dict[str, Any]) -> None:
    """RFC 9449, 4.2 and 4.3, points 4 to 7; RFC 8725, 3.9 and 3.10: no address of a key is ever followed."""
    party, token = await holding(house)
    claims = {"jti": secrets.token_hex(8), "htm": "GET", "htu": HERE, "iat": int(house.time.seconds()), "ath": hash_of(token)}  # fmt: skip  # noqa: E501
    head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": party.dpop_key.as_dict(private=False)} | header
    head = {name: value for name, value in head.items() if value is not None}
    reply = await resource(party, token, proof=signed(head, claims, party.dpop_key))
    assert reply.status_code == 401 and 'error="invalid_dpop_proof"' in reply.headers["www-authenticate"]


async def test_a_proof_is_signed_by_the_key_that_it_brings(house: House) -> None:
    """RFC 9449, 4.3, points 5 and 6: not by none, not by a shared secret, not by another; no private or weak key."""
    party, token = await holding(house)
    claims = {"jti": "1", "htm": "GET", "htu": HERE, "iat": int(house.time.seconds()), "ath": hash_of(token)}
    mine, theirs = party.dpop_key, jwk.ECKey.generate_key("P-256")
    public = mine.as_dict(private=False)
    good = party.proof("GET", USERINFO, token=token)
    weak, curve = jwk.RSAKey.generate_key(1024), jwk.ECKey.generate_key("P-384")
    secret = json.dumps(public).encode()
    proofs = [
        unsigned(claims, typ="dpop+jwt", jwk=public),
        signed({"typ": "dpop+jwt", "alg": "HS256", "jwk": public}, claims, secret),
        signed({"typ": "dpop+jwt", "alg": "HS256", "jwk": {"kty": "oct", "k": b64(b"k" * 32)}}, claims, b"k" * 32),
        signed({"typ": "dpop+jwt", "alg": "ES256", "jwk": public}, claims, theirs),
        signed({"typ": "dpop+jwt", "alg": "ES256", "jwk": theirs.as_dict(private=False)}, claims, theirs),
        signed({"typ": "dpop+jwt", "alg": "ES256", "jwk": mine.as_dict(private=True)}, claims, mine),
        signed({"typ": "dpop+jwt", "alg": "PS256", "jwk": weak.as_dict(private=False)}, claims, weak),
        signed({"typ": "dpop+jwt", "alg": "ES384", "jwk": curve.as_dict(private=False)}, claims, curve),
        signed({"typ": "dpop+jwt", "alg": "ES256", "jwk": public}, deep(claims), mine),
        good[:-4] + "AAAA", good.rpartition(".")[0] + ".", good.rpartition(".")[0], f"{good}.{good}", "", ".", "..",
        f"{good}, {party.proof('GET', USERINFO, token=token)}", "x" * 5_000,
    ]  # fmt: skip
    for proof in proofs:
        reply = await party.http.get(USERINFO, headers={"authorization": f"DPoP {token}", "dpop": proof})
        assert reply.status_code == 401, proof
    both = [("authorization", f"DPoP {token}"), *(("dpop", party.proof("GET", USERINFO, token=token)) for _ in "ab")]
    assert (await party.http.get(USERINFO, headers=both)).status_code == 401


async def test_a_key_that_is_too_weak_binds_nothing(house: House) -> None:
    """FAPI 2.0, 5.4.1; RFC 9449, 4.3, points 5 to 7: where any key may come for the first time, not any kind may."""
    party, _ = await fapi(house)
    claims = {"htm": "POST", "htu": f"{ISSUER}{PAR}", "iat": int(house.time.seconds())}

    async def pushed(algorithm: str, key: Any, *, private: bool = False, **more: Any) -> httpx.Response:
        header = {"typ": "dpop+jwt", "alg": algorithm, "jwk": key.as_dict(private=private)} | more
        proof = signed(header, claims | {"jti": secrets.token_hex(8)}, key)
        return await party.push(party.asked(), dpop=proof)

    strong = {
        "ES256": party.dpop_key,
        "PS256": jwk.RSAKey.generate_key(2048),
        "EdDSA": jwk.OKPKey.generate_key("Ed25519"),
    }
    for algorithm, key in strong.items():
        assert (await pushed(algorithm, key)).status_code == 201
        refused(await pushed(algorithm, key, private=True), "invalid_dpop_proof")
        refused(await pushed(algorithm, key, crit=["b64"], b64=True), "invalid_dpop_proof")
        refused(await pushed(algorithm, key, typ="JWT"), "invalid_dpop_proof")
    for algorithm, key in (
        ("PS256", jwk.RSAKey.generate_key(1024)), ("RS256", strong["PS256"]), ("PS512", strong["PS256"]),
        ("ES384", jwk.ECKey.generate_key("P-384")), ("ES512", jwk.ECKey.generate_key("P-521")),
        ("ES256K", jwk.ECKey.generate_key("secp256k1")), ("EdDSA", jwk.OKPKey.generate_key("Ed448")),
        ("HS256", jwk.OctKey.generate_key(256)),
    ):  # fmt: skip
        refused(await pushed(algorithm, key), "invalid_dpop_proof")


async def test_a_pushed_request_and_its_proof_name_one_key(house: House) -> None:
    """RFC 9449, 10.1: `dpop_jkt` that is not the key of the proof."""
    party, _ = await fapi(house)
    other = jwk.ECKey.generate_key("P-256")
    asked = party.asked(dpop_jkt=other.thumbprint())
    refused(await party.push(asked, dpop=party.proof("POST", PAR)), "invalid_dpop_proof")
    for odd in ("x", "x" * 44, "ก" * 43):
        refused(await party.push(party.asked(dpop_jkt=odd)), "invalid_request")


async def test_a_proof_of_one_client_is_not_spent_for_another(house: House) -> None:
    """RFC 9449, 11.1: the number of a proof counts with its key, so nobody uses up those of others."""
    party, token = await holding(house)
    other, theirs = await holding(house)
    number = secrets.token_hex(8)
    for client, given in ((other, theirs), (party, token)):
        proof = client.proof("GET", USERINFO, token=given, jti=number)
        assert (await resource(client, given, proof=proof)).status_code == 200
