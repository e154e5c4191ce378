"""Section 10, errors and limits: every status in its envelope, wrong methods, HEAD that never acts, never 501."""

import asyncio
import gzip
import json
from typing import Any

import pytest

from conformance.calls import CALLS, PATHS, WireCall
from conformance.house import Heard, House
from conformance.uploads import CID, HCODE, OTHER, UPLOADS, upload

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW", "PROPFIND", "get")
DOCUMENTED = {200, 400, 401, 403, 404, 409, 413, 422, 429, 503}


SIGNED_IN = [call for call in CALLS if not call.is_open]
EITHER = ("/api/OrganizationSummary", "/api/PasteJSON", "/api/Conformance")
"""What both who send and who read may call."""


def with_bodies(*takes: str) -> list[WireCall]:
    """Calls with a body, one for each path; those with a body of these kinds when kinds are named."""
    named = [call for call in CALLS if call.body is not None and call.takes in (takes or ("object", "json", "form"))]
    return list({call.path: call for call in named if not call.is_page}.values())


def failed(heard: Heard, status: int) -> dict[str, Any]:
    """The envelope of a failure with that status: Thai and English, and nothing of the caller or of us in it."""
    assert heard.status == status, heard.body[:300]
    reply = heard.enveloped()
    assert " / " in reply["Message"] and any("\u0e00" < letter < "\u0e7f" for letter in reply["Message"])
    for inside in ("Traceback", "select ", "insert ", ".py", "asyncpg", "litestar", "morprom", CID):
        assert inside not in reply["Message"]
    return reply


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", PATHS)
def test_a_method_that_a_call_does_not_know_is_405(house: House, path: str, method: str) -> None:
    if method in PATHS[path]:
        return
    heard = house.ask(method, path, b"{}", "sender")
    failed(heard, 405)
    assert {name.strip() for name in heard.headers["allow"].split(",")} - {"OPTIONS"} == set(PATHS[path])


@pytest.mark.parametrize("token", ["none", "sender", "reader"])
def test_head_has_no_body_and_does_nothing(house: House, token: str) -> None:
    house.ask_json("POST", "/api/UpdatePHRv1", upload("/api/UpdatePHRv1"), "sender")
    before = house.rows()
    for call in CALLS:
        heard = house.good(call, "HEAD", token=token)
        assert (heard.status, heard.body) == (200 if "HEAD" in call.methods else 405, b""), call.path
    assert house.ask("HEAD", "/nothing").body == b"" and house.ask("HEAD", "/livez").body == b""
    assert house.rows() == before


def test_no_reply_is_501(house: House) -> None:
    statuses = {
        house.ask(method, call.target, body, token).status
        for call in CALLS
        for method in (*METHODS, "OPTIONS", "HEAD")
        for body in (b"", b"{}", b"[")
        for token in ("none", "sender", "reader", "upload")
    }
    assert statuses <= DOCUMENTED | {204, 405}


@pytest.mark.parametrize("call", with_bodies("object"), ids=str)
def test_400_for_what_is_no_json_object(house: House, call: WireCall) -> None:
    for body in (
        b"{",
        b"[]",
        b'"text"',
        b"1",
        b"null",
        b"{}{}",
        b"{'a':1}",
        b'{"a":NaN}',
        b'{"a":\xff}',
        b"\0",
        b"<x/>",
    ):
        failed(house.good(call, "POST", body=body), 400)


@pytest.mark.parametrize("call", with_bodies("json"), ids=str)
def test_400_for_what_is_no_json(house: House, call: WireCall) -> None:
    for body in (b"{", b"{}{}", b"{'a':1}", b'{"a":NaN}', b'{"a":\xff}', b"\0", b"<x>", b"", b"\xef\xbb\xbf"):
        reply = house.good(call, "POST", body=body).enveloped()
        assert 400 in (reply["MessageCode"], (reply["result"] or {}).get("status"))  # Explain says what would be


@pytest.mark.parametrize("call", with_bodies(), ids=str)
def test_400_for_an_encoding_that_is_not_what_it_says(house: House, call: WireCall) -> None:
    for encoding, body in (("br", b"{}"), ("gzip", b"{}"), ("gzip", gzip.compress(b"{}")[:-3]), ("gzip, gzip", b"{}")):
        failed(house.good(call, "POST", body=body, headers=[("content-encoding", encoding)]), 400)


@pytest.mark.parametrize("call", SIGNED_IN, ids=str)
def test_401_without_a_token_that_holds(house: House, call: WireCall) -> None:
    before = house.rows()
    whole = house.tokens.of(call.token)
    header, claims, _ = whole.split(".")
    for token in ("", "forged", "x", f"{header}.{claims}.", f"{header}.{claims}", whole[:-4], whole + "A", whole + ".x",
                  f"{HCODE}:{'x' * 43}", ":", f"{HCODE}:", "0" * 5_000):  # fmt: skip
        for method in call.methods:
            heard = house.good(call, method, token=token)
            failed(heard, 401)
            assert heard.headers["www-authenticate"].startswith("Bearer")
    assert house.rows() == before


@pytest.mark.parametrize(
    "header", ["Basic eDp5", "Bearer", "bearer ", "Token x", "", " ", "Bearer \x7f", "Bearer \xe9"]
)
def test_401_for_an_authorization_of_another_kind(house: House, header: str) -> None:
    for call in SIGNED_IN:
        failed(house.good(call, call.methods[-1], token="", headers=[("authorization", header)]), 401)


def test_401_when_the_token_has_ended(house: House) -> None:
    house.clock.unix += 13 * 3600
    try:
        for call in SIGNED_IN:
            failed(house.good(call, call.methods[-1]), 401)
    finally:
        house.clock.unix -= 13 * 3600


@pytest.mark.parametrize("path", UPLOADS)
def test_403_for_the_payload_of_another_hospital(house: House, path: str) -> None:
    if path not in PATHS:
        return
    sent = json.loads(json.dumps(upload(path)).replace(HCODE, OTHER))
    before = house.rows()
    failed(house.ask("POST", path, json.dumps(sent).encode(), "sender"), 403)
    assert house.rows() == before


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", f"/api/OrganizationSummary?date=2026-03-01&data=encounter_ref_code&hospital_code={OTHER}"),
        ("GET", f"/api/OrganizationSummary?month=2026-03&data=month_summary&hospital_code={OTHER}"),
        ("GET", f"/api/RemoveEncounter?hospital_code={OTHER}&encounter_ref_code={OTHER}:1"),
        ("GET", f"/api/RemoveEncounter?hospital_code={HCODE}&encounter_ref_code={OTHER}:1"),
        ("POST", f"/api/UpdateAgentStatus?hospital_code={OTHER}"),
        ("POST", f"/api/GetAgentComputerName?hospital_code={OTHER}"),
    ],
)
def test_403_for_the_affairs_of_another_hospital(house: House, method: str, target: str) -> None:
    before = house.rows()
    failed(house.ask(method, target, token="sender"), 403)
    assert house.rows() == before


def test_403_for_an_account_that_may_not(house: House) -> None:
    for call in CALLS:
        if call.token in ("sender", "reader") and call.path not in EITHER:
            other = {"sender": "reader", "reader": "sender"}[call.token]
            failed(house.good(call, "POST", token=other), 403)


def test_413_for_what_is_too_large(house: House) -> None:
    too_large = b'{"a":"' + b"x" * house.services.settings.body_limit_bytes + b'"}'
    before = house.rows()
    for call in with_bodies():
        failed(house.good(call, "POST", body=too_large), 413)
        failed(house.good(call, "POST", headers=[("content-length", "99999999")]), 413)
    bomb = gzip.compress(bytes(house.services.settings.inflated_limit_bytes + 1), 1)
    for call in with_bodies():
        failed(house.good(call, "POST", body=bomb, headers=[("content-encoding", "gzip")]), 413)
    assert house.rows() == before


@pytest.mark.parametrize("path", UPLOADS)
def test_422_for_what_cannot_be_keyed_names_every_fault_and_its_place(house: House, path: str) -> None:
    if path not in PATHS:
        return
    sent = upload(path)
    sent.pop("Patient", None)
    sent.pop("person", None)
    sent.pop("EncounterSummary", None)
    sent["managingOrganization"] = {"identifier": {}}
    before = house.rows()
    heard = house.ask("POST", path, json.dumps(sent).encode(), "sender")
    if path == "/api/SelfObservation":  # its hospital is the token's when it names none
        return
    failed(heard, 422)
    issues = heard.json["processing_issue"]
    assert issues and all(set(issue) == {"severity", "path", "code", "text_th", "text_en"} for issue in issues)
    assert all(type(value) is str for issue in issues for value in issue.values())
    assert "/managingOrganization" in str([issue["path"] for issue in issues])
    assert house.rows() == before


def test_422_for_a_hospital_that_nobody_knows(house: House) -> None:
    sent = json.loads(json.dumps(upload("/api/UpdatePHRv1")).replace(HCODE, "77777"))
    failed(house.ask("POST", "/api/UpdatePHRv1", json.dumps(sent).encode(), "sender"), 422)


def test_429_says_when_to_come_back(house: House) -> None:
    house.clock.unix += 300  # whoever sent before is forgotten
    body = json.dumps({"hospital_code": HCODE, "agent_computer_name": "PC-1", "agent_status": "x"}).encode()
    house.ask("POST", "/api/UpdateAgentStatus", body, "sender")
    heard = house.ask("POST", "/api/UpdateAgentStatus", body, "sender")
    failed(heard, 429)
    assert 1 <= int(heard.headers["retry-after"]) <= 5


def test_409_while_another_agent_sends(house: House) -> None:
    house.clock.unix += 300
    for computer, status in (("PC-1", 200), ("PC-2", 409)):
        sent = {"hospital_code": HCODE, "agent_computer_name": computer, "agent_status": "x"}
        heard = house.ask("POST", "/api/UpdateAgentStatus", json.dumps(sent).encode(), "sender")
        assert heard.status == status
    failed(heard, 409)


@pytest.mark.parametrize("kind", ["mid-body", "at once"])
def test_a_connection_that_is_cut_is_answered_to_nobody_and_stores_nothing(house: House, kind: str) -> None:
    before = house.rows()
    for call in with_bodies():
        body = json.dumps(call.body).encode()[:50]
        messages = [{"type": "http.request", "body": body, "more_body": True}] if kind == "mid-body" else []
        heard = house.ask_in_pieces("POST", call.target, messages, call.token)
        failed(heard, 400)
    assert house.rows() == before


def test_a_body_in_many_pieces_is_one_body(house: House) -> None:
    for call in with_bodies():
        body = json.dumps(call.body, ensure_ascii=False).encode()
        pieces = [
            {"type": "http.request", "body": body[at : at + 7], "more_body": True} for at in range(0, len(body), 7)
        ]
        pieces.append({"type": "http.request", "body": b"", "more_body": False})
        heard = house.ask_in_pieces("POST", call.target, pieces, call.token)
        assert 429 in (whole := {heard.status, house.good(call, "POST").status}) or len(whole) == 1, whole
        heard.told(call)


def test_503_when_storage_does_not_answer_and_nothing_was_stored(house: House) -> None:
    """Last in this file: its house has no storage any more."""
    for call in CALLS:  # the tokens are known from here on
        house.good(call, call.best_method)
    before = house.rows()
    for pool in (house.services.intake, house.services.reader, house.services.identity, house.services.oversight):
        pool.terminate()
    unavailable = {}
    for call in CALLS:
        if call.query.get("Action") == "RequestOTP":
            continue  # its token is no good whatever the storage says
        heard = house.good(call, call.best_method)
        unavailable[call.path] = heard.status
        heard.told(call)
    assert set(unavailable.values()) == {503}, unavailable
    assert house.run(asyncio.sleep(0)) is None and house.rows() == before
