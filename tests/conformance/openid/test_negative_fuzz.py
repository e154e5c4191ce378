"""Requests that hypothesis makes up: whatever stands in them, an answer that is one, and nothing of a secret in it."""

import json
import os
import secrets
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.openid.forging import signed
from conformance.openid.party import AUTHORIZE, PAR, TOKEN, USERINFO, by, code_form, fapi, hash_of, signed_in
from doors.relying import BACK, ISSUER, House

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALLS = int(os.environ.get("FUZZ_CALLS", "0"))
MADE = settings(
    max_examples=CALLS or 200, deadline=None, derandomize=not CALLS, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
ODD = ("", "\0", "none", "urn:ietf:params:oauth:request_uri:x", "{}", "[]", "0", "-1", "9" * 400, "x" * 5000)
TEXTS = st.one_of(st.text(max_size=60), st.binary(max_size=40), st.sampled_from(ODD))
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    PLAIN, lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=8), some, max_size=3)
)
PARTS = ("x", "y", "n", "e", "kid", "use", "key_ops", "x5c")
KEYS = st.fixed_dictionaries(
    {},
    optional={
        "kty": st.sampled_from(["EC", "RSA", "OKP", "oct"]) | JSON,
        "crv": st.sampled_from(["P-256", "P-384", "Ed25519", "X25519", "secp256k1"]) | JSON,
        **{name: st.text("AB9-_=", max_size=44) | JSON for name in PARTS},
    },
)
CONDITION = st.fixed_dictionaries({}, optional=dict.fromkeys(("value", "values", "essential", "max_age"), JSON))
WORDS = st.sampled_from(
    ["th_etda", "ial2.3", "document", "idcard", "vpip", "data", "aal2.2", "THA", "mali", "female", ""]
)
FITTING = st.fixed_dictionaries(
    {},
    optional={
        "value": WORDS,
        "values": st.lists(WORDS, min_size=1, max_size=3),
        "essential": st.booleans(),
        "max_age": st.integers(0, 10**12),
    },
)
HARMLESS = st.one_of(st.none(), st.none(), FITTING)
INSIDE = st.sampled_from(
    ["time", "assurance_level", "assurance_process", "policy", "evidence", "type", "check_details", "check_method",
     "document_details", "issuer", "date_of_expiry", "trust_framework", "more"]
)  # fmt: skip
ASKS = st.recursive(
    st.one_of(HARMLESS, HARMLESS, HARMLESS, CONDITION),
    lambda some: st.dictionaries(INSIDE, some, max_size=4) | st.lists(some, min_size=1, max_size=2),
)
NAMES = st.sampled_from(
    ["acr", "sub", "name", "given_name", "pid", "auth_time", "name#th", "birthdate", "gender", "address", "nobody's"]
)
SINGLE = st.dictionaries(NAMES, st.one_of(HARMLESS, HARMLESS, CONDITION), max_size=2)
VERIFIED = st.builds(
    lambda framework, more, claims: {"verification": more | {"trust_framework": framework}, "claims": claims},
    HARMLESS,
    st.dictionaries(INSIDE, ASKS, max_size=2),
    st.dictionaries(NAMES, HARMLESS, min_size=1, max_size=3),
)
PLACE = st.builds(
    lambda single, verified: single | ({} if verified is None else {"verified_claims": verified}),
    SINGLE,
    st.none() | VERIFIED | st.lists(VERIFIED, max_size=2) | JSON,
)
CLAIMS = st.fixed_dictionaries({}, optional={"id_token": PLACE, "userinfo": PLACE | JSON})


def changes(*names: str, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Parameters with other values; None leaves one out, a list has it several times."""
    kinds = {name: st.none() | TEXTS | st.lists(TEXTS, min_size=2, max_size=3) for name in names} | more
    return st.fixed_dictionaries({}, optional=kinds)


def form_of(members: dict[str, Any], changed: dict[str, Any]) -> bytes:
    """A form in which values are whatever bytes; lone surrogates go in as encoders of other languages write them."""
    several = {name: value if isinstance(value, list) else [value] for name, value in (members | changed).items()}
    pairs = [(name, one) for name, values in several.items() for one in values if one is not None]
    return urlencode(pairs, errors="surrogatepass").encode()


def is_answer(reply: httpx.Response, *secret: str) -> None:
    """No fault; what a call says has the shape of RFC 6749; nothing secret comes back."""
    assert reply.status_code < 500, reply.status_code
    assert not any(one and one in reply.text for one in secret)
    if reply.status_code >= 400 and reply.headers["content-type"] == "application/json":
        assert set(reply.json()) <= {"error", "error_description"} and reply.json()["error"].isascii()


ASKED = (
    "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method",
    "prompt", "max_age", "acr_values", "id_token_hint", "claims_locales", "ui_locales", "dpop_jkt", "response_mode",
    "request", "request_uri", "registration", "login_hint", "display", "claims",
)  # fmt: skip
SHOWN = ("client_secret", "client_assertion", "client_assertion_type")


@MADE
@given(changed=changes(*ASKED))
async def test_whatever_a_browser_brings_is_answered(house: House, changed: dict[str, Any]) -> None:
    """RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6: a page of ours, a question, or back to where it may go."""
    party, browser = await one_of(house, "old")
    reply = await browser.http.get(f"{AUTHORIZE}?{form_of(party.asked(), changed).decode()}")
    is_answer(reply, party.verifier, party.secret)
    assert reply.status_code in (200, 303, 400)
    location = reply.headers.get("location", "")
    assert not location or location.startswith((f"{BACK}?", "/id/sign-in?")), location
    assert "\n" not in location and "\r" not in location


@MADE
@given(claims=CLAIMS)
async def test_whatever_is_asked_of_a_person_is_answered(house: House, claims: dict[str, Any]) -> None:
    """OpenID Connect Core, 5.5; Identity Assurance, 6: `claims` of any shape, all the way to what is told."""
    party, browser = await one_of(house, "old")
    answer = await house.allowed(browser, party, claims=json.dumps(claims), scope="openid")
    is_answer(answer.reply)
    if "code" not in answer.members:
        assert answer.error in ("invalid_request", "login_required", "unmet_authentication_requirements")
        return
    exchanged = await party.exchange(answer.code)
    is_answer(exchanged, answer.code)
    assert exchanged.status_code == 200
    info = await party.userinfo(exchanged.json()["access_token"])
    assert info.status_code == 200 and set(info.json()) >= {"sub", "ial", "aal"}


NESTED = [f'{{"value":{chr(123)}"a":{"[" * depth}{"]" * depth}}}}}' for depth in (100, 900, 3000)]
NUMBERS = [f'{{"value":{number}}}' for number in (2**64, -(2**63) - 1, "1e400", "-0.0", "1" * 5000, "NaN")]


@pytest.mark.parametrize("odd", [*NESTED, *NUMBERS, r'{"value":"\ud800"}', r'{"\u0000":1}'], ids=lambda odd: odd[:30])
async def test_odd_conditions_are_refused_or_passed_over(house: House, odd: str) -> None:
    """RFC 8259, 6, 8 and 9: numbers, letters and depths that not every parser takes."""
    party, browser = await one_of(house, "old")
    verified = f'{{"verification":{{"trust_framework":null,"time":{odd}}},"claims":{{"name":{odd}}}}}'
    for asked in (
        f'{{"id_token":{{"acr":{odd}}}}}',
        f'{{"userinfo":{{"name":{odd}}}}}',
        f'{{"userinfo":{{"verified_claims":{verified}}}}}',
    ):
        answer = await house.allowed(browser, party, claims=asked, scope="openid")
        is_answer(answer.reply)
        assert answer.error in ("", "invalid_request")
        if "code" in answer.members:
            tokens = (await party.exchange(answer.code)).json()
            assert (await party.userinfo(tokens["access_token"])).status_code == 200


@MADE
@given(changed=changes(*ASKED, *SHOWN), claims=st.none() | CLAIMS)
async def test_whatever_a_client_pushes_is_answered(house: House, changed: dict[str, Any], claims: Any) -> None:
    """RFC 9126, 2.3."""
    party, browser = await one_of(house, "fapi2")
    asked = party.asked() | party.credentials() | ({} if claims is None else {"claims": json.dumps(claims)})
    reply = await party.http.post(PAR, content=form_of(asked, changed))
    is_answer(reply, party.verifier, asked["client_assertion"])
    assert reply.status_code in (201, 400, 401)
    if reply.status_code == 201:
        params = {"client_id": party.client_id, "request_uri": reply.json()["request_uri"]}
        is_answer(await browser.http.get(AUTHORIZE, params=params))


GRANTED = (
    "grant_type", "code", "redirect_uri", "code_verifier", "client_id", "client_secret", "scope", "refresh_token",
    "client_assertion", "client_assertion_type", "resource", "audience",
)  # fmt: skip
HEADER = st.dictionaries(st.sampled_from(["alg", "typ", "kid", "crit", "b64", "jku", "x5c", "jwk"]), JSON, max_size=3)
ASSERTED = st.dictionaries(st.sampled_from(["iss", "sub", "aud", "exp", "iat", "nbf", "jti"]), JSON, max_size=3)
PROVEN = st.dictionaries(st.sampled_from(["htm", "htu", "iat", "jti", "ath", "exp", "nbf"]), JSON, max_size=2)


@MADE
@given(changed=changes(*GRANTED, grant_type=st.sampled_from(["authorization_code", "refresh_token"]) | TEXTS))
async def test_whatever_a_client_wants_exchanged_is_answered(house: House, changed: dict[str, Any]) -> None:
    """RFC 6749, 5.2: nothing made up is a code, a token or a secret."""
    party, _ = await one_of(house, "old")
    form = form_of(code_form(party, secrets.token_urlsafe(32)) | {"refresh_token": "x"}, changed)
    reply = await party.http.post(TOKEN, content=form, headers=party.basic())
    is_answer(reply, party.verifier, party.secret)
    assert reply.status_code in (400, 401)


@MADE
@given(header=HEADER, said=ASSERTED)
async def test_whatever_a_client_signs_is_answered(house: House, header: dict[str, Any], said: dict[str, Any]) -> None:
    """RFC 7523, 3: assertions that the right key signed, with anything in them."""
    party, _ = await one_of(house, "fapi2")
    claims = {"iss": party.client_id, "sub": party.client_id, "aud": ISSUER, "jti": secrets.token_hex(8)}
    claims |= {"exp": int(house.time.seconds()) + 60} | said
    assertion = signed({"alg": "ES256"} | header, claims, party.key, algorithm="ES256")
    reply = await party.http.post("/oidc/revoke", data={"token": "x"} | by(assertion))
    is_answer(reply, assertion)
    assert reply.status_code in (200, 401)


@MADE
@given(key=st.none() | KEYS | JSON, header=HEADER, said=PROVEN)
async def test_whatever_proves_something_is_answered(
    house: House, key: Any, header: dict[str, Any], said: dict[str, Any]
) -> None:
    """RFC 9449, 4.3: proofs with any key, and with the right key and anything else."""
    party, token = await one_of(house, "bound")
    claims = {"jti": secrets.token_hex(8), "htm": "GET", "htu": f"{ISSUER}{USERINFO}", "iat": int(house.time.seconds())}
    head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": party.dpop_key.as_dict(private=False)} | header
    head |= {} if key is None else {"jwk": key}
    proof = signed(head, claims | {"ath": hash_of(token)} | said, party.dpop_key, algorithm="ES256")
    reply = await party.http.get(USERINFO, headers={"authorization": f"DPoP {token}", "dpop": proof})
    is_answer(reply, token, proof)
    assert reply.status_code in (200, 401) and (key is None or reply.status_code == 401)


_kept: dict[tuple[int, str], tuple[Any, Any]] = {}


async def one_of(house: House, what: str) -> tuple[Any, Any]:
    """A client of a profile and the browser of somebody, or a client and its bound token: one for all examples."""
    if (id(house), what) not in _kept:
        party, browser = await signed_in(house) if what == "old" else await fapi(house)
        held = (await house.tokens(browser, party))["access_token"] if what == "bound" else browser
        _kept[id(house), what] = party, held
    return _kept[id(house), what]
