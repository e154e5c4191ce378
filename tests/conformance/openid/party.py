"""What a suspicious relying party does besides its work: whole checks of ID tokens, and calls with one thing wrong.

The day's work is `doors.relying.RelyingParty`.
"""

import hashlib
import hmac
import json
import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwk, jws, jwt
from joserfc.jws import JWSRegistry

from doors.relying import ISSUER, Answer, Browser, House, RelyingParty, b64
from morprom.assurance import Amr

TOKEN = "/oidc/token"
PAR = "/oidc/par"
USERINFO = "/oidc/userinfo"
AUTHORIZE = "/oidc/authorize"
HYBRID = frozenset({Amr.SOFTWARE_KEY, Amr.USER})


async def signed_in(house: House, amr: frozenset[Amr] = HYBRID, **terms: Any) -> tuple[RelyingParty, Browser]:
    """A client with those terms, and the browser of somebody who is signed in."""
    party, browser = await house.party(**terms), house.browser()
    await house.sign_in(browser, amr)
    return party, browser


async def fapi(house: House, **terms: Any) -> tuple[RelyingParty, Browser]:
    """The same with the FAPI 2.0 security profile."""
    return await signed_in(house, profile="fapi2", **terms)


async def checked(house: House, party: RelyingParty, tokens: dict[str, Any], nonce: str | None = "a nonce") -> dict[str, Any]:  # fmt: skip  # noqa: E501
    """The claims of an ID token that holds to OpenID Connect Core, sections 2 and 3.1.3.7."""
    keys = jwk.KeySet.import_key_set((await party.http.get("/oidc/jwks")).json())
    header = jws.extract_compact(tokens["id_token"].encode()).headers()
    assert header["alg"] == party.terms.id_token_alg and header["kid"] in {key.kid for key in keys}
    assert not {"jwk", "jku", "x5u", "x5c", "crit"} & set(header)
    claims = jwt.decode(tokens["id_token"], keys, algorithms=[party.terms.id_token_alg]).claims
    now = house.time.seconds()
    assert claims["iss"] == ISSUER and claims["aud"] == party.client_id and claims.get("nonce") == nonce
    assert isinstance(claims["exp"], int) and isinstance(claims["iat"], int) and isinstance(claims["auth_time"], int)
    assert claims["auth_time"] <= claims["iat"] <= now < claims["exp"]
    assert claims["sub"].isascii() and 1 <= len(claims["sub"]) <= 255
    return claims


async def told(house: House, party: RelyingParty, browser: Browser, **asked: str) -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip  # noqa: E501
    """All the way with a request: the claims of the ID token, and the answer of the userinfo endpoint."""
    tokens = await house.tokens(browser, party, **asked)
    claims = await checked(house, party, tokens)
    info = (await party.userinfo(tokens["access_token"])).json()
    assert info["sub"] == claims["sub"]
    return claims, info


async def signs_in_again(house: House, browser: Browser, answer: Answer) -> Answer:
    """Somebody who was sent to sign in does so a second later, and comes back."""
    place = urlsplit(answer.reply.headers["location"])
    assert answer.reply.status_code == 303 and place.path == "/id/sign-in"
    house.later(seconds=1)
    await house.sign_in(browser)
    return await browser.get(parse_qs(place.query)["next"][0])


def code_form(party: RelyingParty, code: str, **changed: str) -> dict[str, str]:
    """The form that exchanges a code."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": "https://rp.example/back"}
    form |= {"code_verifier": party.verifier} | changed
    return {name: value for name, value in form.items() if value}


async def call(
    party: RelyingParty,
    path: str,
    form: dict[str, str],
    *,
    shown: dict[str, str] | None = None,
    proof: str | None = "",
    **headers: str,
) -> httpx.Response:
    """A call whose credentials and proof may be anything; a good proof unless one is given, None for none."""
    if proof is not None:
        headers["dpop"] = proof or party.proof("POST", path)
    return await party.http.post(path, data=form | (party.credentials() if shown is None else shown), headers=headers)


def by(assertion: str, **more: str) -> dict[str, str]:
    """Credentials that are an assertion."""
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    return {"client_assertion_type": kind, "client_assertion": assertion} | more


async def resource(party: RelyingParty, token: str, *, scheme: str = "DPoP", proof: str = "", method: str = "GET") -> httpx.Response:  # fmt: skip  # noqa: E501
    """The userinfo endpoint as a resource, with a proof that may be anything; "" for a good one."""
    headers = {"authorization": f"{scheme} {token}", "dpop": proof or party.proof(method, USERINFO, token=token)}
    return await party.http.request(method, USERINFO, headers=headers)


def refused(reply: httpx.Response, *errors: str, status: int = 400) -> None:
    """An error of OAuth (RFC 6749, section 5.2): nothing else is in it, and nobody keeps it."""
    assert reply.status_code == (401 if "invalid_client" in errors else status), (reply.status_code, reply.text)
    said = reply.json()
    assert said["error"] in errors and set(said) <= {"error", "error_description"}, said
    assert reply.headers["cache-control"] == "no-store"


def stays(answer: Answer | httpx.Response, status: int = 400) -> None:
    """A page of ours says what is wrong; the browser is sent nowhere."""
    reply = answer.reply if isinstance(answer, Answer) else answer
    assert reply.status_code == status and "location" not in reply.headers, reply.status_code
    assert reply.headers["content-type"].startswith("text/html") and "rp.example" not in reply.text


def unsigned(claims: dict[str, Any], **header: Any) -> str:
    """A JWT with `alg` none."""
    return ".".join([*_parts({"alg": "none"} | header, claims), ""])


def forged(header: dict[str, Any], claims: dict[str, Any], key: Any, algorithm: str = "ES256") -> str:
    """A JWT with any header, signed with the algorithm whatever the header says; `key` bytes for HS256."""
    parts = _parts(header, claims)
    signed = ".".join(parts).encode()
    is_shared = isinstance(key, bytes)
    signature = hmac.digest(key, signed, "sha256") if is_shared else JWSRegistry.algorithms[algorithm].sign(signed, key)
    return ".".join([*parts, b64(signature)])


def _parts(header: dict[str, Any], claims: dict[str, Any]) -> list[str]:
    return [b64(json.dumps(part).encode()) for part in (header, claims)]


def hash_of(token: str) -> str:
    """`ath` of a token (RFC 9449, section 4.2)."""
    return b64(hashlib.sha256(token.encode()).digest())


def some_text(length: int) -> str:
    """Random text of that length."""
    return secrets.token_urlsafe(length)[:length]
