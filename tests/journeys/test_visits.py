"""What becomes of a visit between hospital and reader, through the doors of a running platform."""

import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from random import Random
from typing import Any

import httpx
import pytest

from payloads import invented_cid, visit_upload
from platform_process import PATIENCE, READINGS, Platform, refs_of, web_app
from privacy import bad_words

HCODE = "10670"
OTHER = "11000"
ON = date(2026, 10, 5)
DAY = ON.isoformat()

pytestmark = pytest.mark.xdist_group("journeys")


@pytest.fixture(scope="module")
def sender(server: Platform) -> httpx.Client:
    """The hospital's own software."""
    server.hospital(HCODE, "โรงพยาบาลขอนแก่น")
    return server.client(HCODE)


@pytest.fixture(scope="module")
def reader(server: Platform, sender: httpx.Client) -> httpx.Client:
    """The software of another hospital."""
    server.hospital(OTHER, "โรงพยาบาลปลายทาง")
    return server.client(OTHER)


def visit(serial: int, ref: str, vendor: str = "agent", seed: int = 1) -> dict[str, Any]:
    return visit_upload(vendor, Random(seed), hcode=HCODE, cid=invented_cid(serial), ref=ref, on=ON)


def upload(client: httpx.Client, body: dict[str, Any]) -> dict[str, Any]:
    """The whole reply to an upload that is taken."""
    reply = client.post("/api/UpdatePHRv1", json=body)
    assert reply.status_code == 200, reply.text[:500]
    return reply.json()


def counts(reply: dict[str, Any]) -> dict[str, int]:
    """What an upload changed, without what it did not."""
    return {name: n for name in ("new", "same", "changed", "moved", "removed") if (n := reply["result"][name])}


def seen(server: Platform, client: httpx.Client, serial: int) -> dict[str, dict[str, Any]]:
    """A person's visits as a reader with a fresh code sees them, by ref."""
    cid = invented_cid(serial)
    rows = web_app(client, cid, server.ask_for_code(client, cid), "Encounter")
    return {row["encounter_ref_code"]: row for row in rows}


def test_a_visit_arrives_once_however_often_it_is_sent(
    server: Platform, sender: httpx.Client, reader: httpx.Client
) -> None:
    body = visit(100, "once")
    assert counts(upload(sender, body)) == {"new": 1}
    assert counts(upload(sender, body)) == {"same": 1}
    body["Encounter"][0]["financeTotalAmount"] = 4321
    assert counts(upload(sender, body)) == {"changed": 1}
    assert seen(server, reader, 100)["10670:once"]["finance_total_amount"] == 4321
    assert refs_of(sender, HCODE, DAY).count("10670:once") == 1


def test_an_upload_token_uploads_and_does_nothing_else(server: Platform, sender: httpx.Client) -> None:
    printed = server.operator("token", "new", HCODE)
    assert re.fullmatch(r"10670:[^\s:]{32,}\n", printed)
    headers = {"authorization": f"Bearer {printed.strip()}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=PATIENCE, trust_env=False) as client:
        assert counts(upload(client, visit(101, "by-token"))) == {"new": 1}
        query = {"hospital_code": HCODE, "encounter_ref_code": "10670:by-token"}
        assert client.post("/api/RemoveEncounter", params=query).status_code == 401
        assert client.get("/api/OrganizationSummary", params={"data": "month_summary"}).status_code == 401
        assert client.post("/api/RequestTokenv1", json={"cid": invented_cid(101)}).status_code == 401
        whole = visit(101, "another")
        whole["managingOrganization"]["scope"] = "ALL"
        told = upload(client, whole)
        assert "REMOVAL_NEEDS_ACCOUNT" in {issue["code"] for issue in told["processing_issue"]}
    assert {"10670:by-token", "10670:another"} <= set(refs_of(sender, HCODE, DAY))


def test_a_visit_under_another_number_moves_to_its_person(
    server: Platform, sender: httpx.Client, reader: httpx.Client
) -> None:
    upload(sender, visit(102, "mistaken"))
    upload(sender, visit(102, "right"))
    assert counts(upload(sender, visit(103, "mistaken")))["moved"] == 1
    assert set(seen(server, reader, 102)) == {"10670:right"}
    assert set(seen(server, reader, 103)) == {"10670:mistaken"}
    assert refs_of(sender, HCODE, DAY).count("10670:mistaken") == 1
    history = [json.loads(line) for line in server.operator("history", "prove", invented_cid(102)).splitlines()]
    assert any(line["outcome"] == "moved" for line in history)


def test_a_removed_visit_is_gone_until_it_is_restored(
    server: Platform, sender: httpx.Client, reader: httpx.Client
) -> None:
    upload(sender, visit(104, "kept"))
    upload(sender, visit(104, "removed"))
    query = {"hospital_code": HCODE, "encounter_ref_code": "10670:removed"}
    sender.head("/api/RemoveEncounter", params=query)
    assert "10670:removed" in refs_of(sender, HCODE, DAY)
    assert sender.get("/api/RemoveEncounter", params=query).json()["result"] == 1
    assert sender.delete("/api/RemoveEncounter", params=query).json()["result"] == 0
    assert "10670:removed" not in refs_of(sender, HCODE, DAY)
    assert set(seen(server, reader, 104)) == {"10670:kept"}
    newest = json.loads(server.operator("removal", "list", "--unit", HCODE, "--json").splitlines()[0])
    assert (newest["state"], newest["kind"], newest["items"]) == ("done", "visit", 1)
    assert json.loads(server.operator("removal", "restore", newest["id"], "--json")) == {"restored": 1}
    assert set(seen(server, reader, 104)) == {"10670:kept", "10670:removed"}
    assert "10670:removed" in refs_of(sender, HCODE, DAY)


def test_a_whole_history_takes_back_what_it_leaves_out(
    server: Platform, sender: httpx.Client, reader: httpx.Client
) -> None:
    for ref in ("first", "second", "third"):
        upload(sender, visit(105, ref))
    whole = visit(105, "second")
    whole["managingOrganization"]["scope"] = "ALL"
    assert counts(upload(sender, whole)) == {"same": 1, "removed": 2}
    assert set(seen(server, reader, 105)) == {"10670:second"}


def test_every_action_and_mode_answers_one_who_has_the_code(
    server: Platform, sender: httpx.Client, reader: httpx.Client
) -> None:
    cid = invented_cid(106)
    for vendor in ("agent", "hosxp", "flat", "jhcis", "fhirish"):
        upload(sender, visit(106, f"of-{vendor}", vendor))
    otp = server.ask_for_code(reader, cid)
    assert reader.post("/api/WebApp?Action=ValidateOTP", json={"cid": cid, "otp": otp}).json()["result"]["valid"]
    results = {(action, mode): web_app(reader, cid, otp, action, mode=mode) for action, mode in READINGS}
    assert results["PatientSummary", ""]["patient"]["encounter_count"] == 5
    for reading in (("Encounter", ""), ("VitalSign", ""), ("Coverage", "Detail"), ("Observation", "Detail")):
        assert len(results[reading]) >= 5, reading
    for action in ("Condition", "Observation", "Medication"):
        rows = web_app(reader, cid, otp, action, mode="Encounter", Code="10670:of-flat")
        assert {row["encounter_ref_code"] for row in rows} == {"10670:of-flat"}


def test_the_code_goes_to_the_person_and_opens_for_the_one_who_asked_alone(
    server: Platform, sender: httpx.Client, reader: httpx.Client
) -> None:
    cid = invented_cid(107)
    upload(sender, visit(107, "private"))
    asked = reader.post("/api/RequestTokenv1", json={"cid": cid})
    code = server.newest_code(cid)
    assert re.fullmatch(r"[A-Z]{2}\d{6}", code)
    assert code not in asked.text
    body = {"cid": cid, "otp": code}
    assert sender.post("/api/WebApp?Action=Encounter", json=body).status_code == 403
    assert reader.post("/api/WebApp?Action=Encounter", json=body).status_code == 200
    with httpx.Client(base_url=server.url, timeout=PATIENCE, trust_env=False) as nobody:
        assert nobody.post("/api/WebApp?Action=Encounter", json=body).status_code == 401
    unknown = reader.post("/api/RequestTokenv1", json={"cid": invented_cid(9_999_999)})
    assert (unknown.status_code, unknown.json()["result"]) == (asked.status_code, asked.json()["result"])


def test_of_a_hundred_guesses_at_once_five_are_counted_and_the_code_is_spent(
    server: Platform, sender: httpx.Client, reader: httpx.Client
) -> None:
    cid = invented_cid(108)
    upload(sender, visit(108, "guarded"))
    code = server.ask_for_code(reader, cid)
    guesses = [f"ZZ{n:06}" for n in range(100) if f"ZZ{n:06}" != code]

    def guess(otp: str) -> int:
        return reader.post("/api/WebApp?Action=PatientSummary", json={"cid": cid, "otp": otp}).status_code

    with ThreadPoolExecutor(25) as crowd:
        assert set(crowd.map(guess, guesses)) == {403}
    assert guess(code) == 403
    history = [json.loads(line) for line in server.operator("history", "prove", cid).splitlines()]
    reasons = Counter(line["reason"] for line in history if line["action"] == "PatientSummary")
    assert reasons == {"WRONG_CODE": 5, "NO_LIVE_CODE": len(guesses) + 1 - 5}


def test_a_sensitive_visit_changes_no_byte_of_what_a_code_opens(
    server: Platform, sender: httpx.Client, reader: httpx.Client
) -> None:
    cid = invented_cid(109)
    upload(sender, visit(109, "plain"))
    otp = server.ask_for_code(reader, cid)

    def record() -> bytes:
        return json.dumps([web_app(reader, cid, otp, action, mode=mode) for action, mode in READINGS]).encode()

    before = record()
    sensitive = visit(109, "sensitive", seed=2)
    coding = sensitive["Encounter"][0]["Condition"][0]["code"]["coding"][0]
    coding["code"], coding["display"] = "B20", "Human immunodeficiency virus [HIV] disease"
    assert counts(upload(sender, sensitive)) == {"new": 1}
    assert record() == before
    assert {"10670:plain", "10670:sensitive"} <= set(refs_of(sender, HCODE, DAY))


def test_another_hospital_s_visits_cannot_be_sent_or_removed(sender: httpx.Client, reader: httpx.Client) -> None:
    assert reader.post("/api/UpdatePHRv1", json=visit(110, "foreign")).status_code == 403
    upload(sender, visit(110, "own"))
    for code in ("10670:own", "own"):
        query = {"hospital_code": HCODE, "encounter_ref_code": code}
        assert reader.get("/api/RemoveEncounter", params=query).status_code == 403
    assert "10670:own" in refs_of(sender, HCODE, DAY)


def test_a_rejection_tells_every_fault_and_stores_nothing(sender: httpx.Client) -> None:
    body = visit(111, "faulty")
    body["Encounter"] += [{"identifier": []}, {"period": {"start": DAY}}]
    body["Patient"]["identifier"][0]["value"] = "1990000000000"
    reply = sender.post("/api/UpdatePHRv1", json=body)
    assert reply.status_code == 422
    issues = reply.json()["processing_issue"]
    assert {issue["path"].split("/")[1] for issue in issues} == {"Patient", "Encounter"}
    assert len(issues) >= 3
    assert all(issue["text_th"] and issue["text_en"] for issue in issues)
    assert "10670:faulty" not in refs_of(sender, HCODE, DAY)


def test_the_history_of_all_this_holds_and_its_log_names_nobody(server: Platform, reader: httpx.Client) -> None:
    assert json.loads(server.operator("history", "verify", "--json"))["holds"]
    assert not bad_words(server.said()) and "โรงพยาบาลขอนแก่น" not in server.said()
