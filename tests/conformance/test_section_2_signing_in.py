"""Section 2, signing in: three ways to ask for a token, a bare text in reply, and what each kind of token opens."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from conformance.calls import CALLS
from conformance.house import Heard, House
from conformance.uploads import HCODE, OTHER, upload
from morprom_wire.sign_in import password_hash
from units.cast import PASSWORD

HASH = password_hash(PASSWORD.reveal())
FIELDS = {"user": "agent", "password_hash": HASH, "hospital_code": HCODE}
ACTIONS = ("get_moph_access_token", "get_moph_access_token_idp")
WAYS = ("GET query", "POST query", "POST JSON", "POST JSON with Action")


def sign_in(house: House, way: str, action: str = ACTIONS[0], **changed: Any) -> Heard:
    """A sign-in as each kind of client writes it."""
    fields = {**FIELDS, **changed}
    match way:
        case "GET query":
            return house.ask("GET", f"/token?{urlencode({'Action': action, **fields})}")
        case "POST query":
            return house.ask("POST", f"/token?{urlencode({'Action': action, **fields})}")
        case "POST JSON":
            return house.ask("POST", f"/token?Action={action}", json.dumps(fields).encode())
        case _:
            return house.ask("POST", "/token", json.dumps({"Action": action, **fields}).encode())


def claims(token: str) -> dict[str, Any]:
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


@pytest.mark.parametrize("action", [*ACTIONS, ACTIONS[0].upper()])
@pytest.mark.parametrize("way", WAYS)
def test_the_token_is_bare_text_that_nobody_keeps(house: House, way: str, action: str) -> None:
    heard = sign_in(house, way, action)
    assert heard.status == 200 and heard.headers["cache-control"] == "no-store"
    assert heard.headers["content-type"].startswith("text/plain")
    token = heard.body.decode()
    assert token.count(".") == 2 and token == token.strip()
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert header["alg"] == "RS512"
    assert house.ask_json("POST", "/api/GetAgentComputerName", {}, token)["MessageCode"] == 200


def test_the_claims_are_those_that_clients_look_into(house: House) -> None:
    told = claims(sign_in(house, "POST JSON").body.decode())
    assert set(told) >= {"iss", "sub", "aud", "iat", "exp", "jti", "client"}
    assert 0 < told["exp"] - told["iat"] <= 4 * 3600
    client = told["client"]
    assert set(client) >= {"user_id", "login", "name", "hospital_code", "hospital_name", "scope", "role"}
    assert client["hospital_code"] == HCODE and client["role"] == [] and {"code": "MOPH_PHR_HIE:1"} in client["scope"]


@pytest.mark.parametrize("way", WAYS)
def test_the_hash_is_taken_in_either_case(house: House, way: str) -> None:
    assert sign_in(house, way, password_hash=HASH.upper()).status == 200


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "changed", [{"user": "nobody"}, {"password_hash": "0" * 64}, {"hospital_code": OTHER}, {"hospital_code": "77777"}]
)
def test_a_wrong_sign_in_is_one_answer_in_the_envelope(house: House, way: str, changed: dict[str, str]) -> None:
    heard = sign_in(house, way, **changed)
    assert heard.status in {401, 429}
    heard.enveloped()
    assert ("retry-after" in heard.headers) == (heard.status == 429)


@pytest.mark.parametrize("name", FIELDS)
def test_what_is_missing_is_named(house: House, name: str) -> None:
    for way in WAYS:
        heard = sign_in(house, way, **{name: ""})
        assert heard.status == 400 and name in heard.enveloped()["Message"]


def test_an_upload_token_opens_the_upload_of_visits_and_nothing_else(house: House) -> None:
    opened = set()
    for call in CALLS:
        if call.is_open:
            continue
        for method in call.methods:
            if house.good(call, method, token="upload").status not in {401, 403}:
                opened.add((method, call.path))
    assert opened == {("POST", "/api/UpdatePHRv1")}
    assert house.ask_json("POST", "/api/Explain", upload("/api/UpdatePHRv1"), "upload")["MessageCode"] in {401, 403}


def test_a_health_id_opens_what_is_the_owners_and_nothing_else(house: House) -> None:
    for call in CALLS:
        if call.token in ("sender", "reader") and not call.is_open:
            heard = house.good(call, "POST" if "POST" in call.methods else call.methods[0], token="owner")
            answer = heard.json["result"] if heard.status == 200 else None
            assert heard.status in {400, 401, 403} or answer is None, (str(call), heard.status)
