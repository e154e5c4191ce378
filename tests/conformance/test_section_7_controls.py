"""Section 7, the owner's controls: by every way out, what is masked or sensitive stays in; a closed record is closed.

One table has every call that tells of a person. `tests/mophphr/withholding.py` has the cases in which something is
withheld; here each withheld thing carries a word that must come out nowhere. Every read and refusal adds its line.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

import pytest

from conformance.house import Heard, House, house_on
from conformance.tokens import OWNER, owner_token
from conformance.uploads import CID, HCODE, OTHER, upload
from conftest import KeysInMemory
from morprom.access import current_policy
from morprom.kernel import utc_now
from morprom.storage import EmbeddedPostgres, KeyRing
from payloads import invented_cid, visit_upload

MASKED, SENSITIVE, OPEN = "MASKEDREF", "SENSITIVEREF", "OPENREF"
WORDS = {MASKED: "คำลับที่ปิดไว้", SENSITIVE: "คำลับอ่อนไหว", OPEN: "คำเปิดเผย"}
HIV = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "B20", "display": "HIV disease"}]}
NOBODY = invented_cid(4_199_999)
MODES = ("", "Detail", "Encounter", "1", "2")
ITEMS_OF_VISIT = ("ImmunizationRegisterv1", "ReferralRequest", "MedicationRequest")


@dataclass(frozen=True, slots=True)
class Way:
    """One way out: a call, with whose token, and whether a closed record closes it."""

    name: str
    target: str
    token: str
    body: dict[str, Any] = field(default_factory=dict)
    is_read: bool = True
    closes: bool = True

    def __str__(self) -> str:
        return self.name


def ways() -> Iterator[Way]:
    """Every call that answers with something of a person."""
    for action in current_policy().action:
        for mode in MODES:
            for code in ("", *(f"{HCODE}:{ref}" for ref in (MASKED, SENSITIVE))):
                query = f"Action={action}&mode={mode}" + (f"&Code={code}" if code else "")
                yield Way(f"{action} {mode} {code} code", f"/api/WebApp?{query}", "reader", {"otp": "CODE"})
                yield Way(f"{action} {mode} {code} Health ID", f"/api/WebApp?{query}", "owner")
    yield Way("referral of its recipient", "/api/WebApp?Action=Referral", "other")
    yield Way("ValidateOTP", "/api/WebApp?Action=ValidateOTP", "reader", {"otp": "CODE"}, is_read=False)
    yield Way("RequestOTP", "/api/WebApp?Action=RequestOTP", "reader", {"idp_jwt": "OWNER"}, is_read=False)
    yield Way("RequestTokenv1", "/api/RequestTokenv1", "reader", is_read=False, closes=False)
    yield Way("GetPHROTP", "/api/GetPHROTP", "reader", {"access_token": "x"}, is_read=False)
    yield Way("PHRSetting", "/api/PHRSetting?mode=get", "owner", is_read=False, closes=False)


WAYS = list(ways())
OWNERS_LISTS = ("/api/MaskEncounter?mode=get", "/api/WebApp?Action=ReportEncounter&mode=LIST")


def marked(ref: str) -> dict[str, Any]:
    """A visit in which every text that is shown has the word of its ref in it."""
    sent = visit_upload("agent", Random(ref), hcode=HCODE, cid=OWNER, ref=ref, on=date(2026, 3, 1))
    visit, word = sent["Encounter"][0], WORDS[ref]
    for place in ("Condition", "Medication", "Observation"):
        for item in visit[place]:
            item["code"]["text"] = word
            item["code"]["coding"][0]["display"] = word
    visit["Appointment"][0]["description"] = word
    visit["Coverage"][0]["class"][0]["name"] = word
    visit["division"]["display"] = visit["subclass"]["display"] = word
    if ref == SENSITIVE:
        visit["Condition"].append({"code": {**HIV, "text": word}, "category": [], "clinicalStatus": None})
    return sent


def item_of(call: str, ref: str) -> dict[str, Any]:
    """An item that was made at that visit."""
    sent = json.loads(json.dumps(upload(f"/api/{call}"), ensure_ascii=False).replace("690401081500", ref))
    owner = visit_upload("agent", Random(1), hcode=HCODE, cid=OWNER, ref=ref, on=date(2026, 3, 1))["Patient"]
    (array,) = [name for name in sent if isinstance(sent[name], list)]
    item = sent[array][0]
    for name in ("referralRefCode", "lotNumber"):
        item[name] = f"{name}{ref}"
    if call == "MedicationRequest":
        item["identifier"][0]["value"] = f"RX{ref}"
    item["note"] = [{"text": WORDS[ref]}]
    item["description"] = WORDS[ref]
    item.pop("occurrencePeriod", None)  # whose end would close a referral
    return {**sent, "Patient": owner, array: [item]}


def ask(house: House, way: Way) -> Heard:
    known = {"CODE": house.code_for(OWNER), "OWNER": house.tokens.of("owner")}
    body = {"cid": OWNER, **{name: known.get(value, value) for name, value in way.body.items()}}
    return house.ask("POST", way.target, json.dumps(body).encode(), way.token)


def lines(house: House) -> int:
    return house.rows()["history"]


def own(house: House, target: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    house.clock.unix = utc_now().timestamp()
    house.tokens.by_kind["owner"] = house.run(owner_token(house.services, house.owner, OWNER))
    reply = house.ask_json("POST", target, {"cid": OWNER, **(body or {})}, "owner")
    assert reply["MessageCode"] == 200, reply["Message"]
    return reply


@pytest.fixture(scope="module")
def told(postgres: EmbeddedPostgres) -> Iterator[tuple[House, dict[str, Heard]]]:
    """A house in which the owner masked a visit, and what every way out says there."""
    with house_on(postgres, KeyRing(KeysInMemory())) as house:
        for ref in (OPEN, MASKED, SENSITIVE):
            assert house.ask_json("POST", "/api/UpdatePHRv1", marked(ref), "sender")["MessageCode"] == 200
        for call in ITEMS_OF_VISIT:
            sent = [item_of(call, ref) for ref in (OPEN, MASKED, SENSITIVE)]
            (array,) = [name for name in sent[0] if isinstance(sent[0][name], list)]
            whole = {**sent[0], array: [item for one in sent for item in one[array]]}
            assert house.ask_json("POST", f"/api/{call}", whole, "sender")["MessageCode"] == 200
        own(house, "/api/MaskEncounter?mode=set", {"encounter_ref_code": f"{HCODE}:{MASKED}"})
        yield house, {way.name: ask(house, way) for way in WAYS}


def test_every_way_out_keeps_what_is_masked_or_sensitive(told: tuple[House, dict[str, Heard]]) -> None:
    shown = set()
    for name, heard in told[1].items():
        text = heard.body.decode()
        assert heard.status in {200, 403}, (name, heard.status)
        shown |= {ref for ref, word in WORDS.items() if word in text or f"{HCODE}:{ref}" in text}
        for ref in (MASKED, SENSITIVE):
            assert WORDS[ref] not in text and ref not in text, name
    assert shown == {OPEN}


def test_what_is_not_withheld_comes_out(told: tuple[House, dict[str, Heard]]) -> None:
    for action in ("Encounter", "Condition", "Medication", "Observation", "Appointment", "Coverage", "Immunization",
                   "Referral", "MedicationRequest"):  # fmt: skip
        for who in ("code", "Health ID"):
            heard = told[1][f"{action} Detail  {who}" if action in ("Coverage", "Appointment") else f"{action}   {who}"]
            assert heard.status == 200 and heard.json["result"], (action, who)
    assert told[1]["referral of its recipient"].status == 200


def test_the_owner_finds_what_they_masked_in_their_own_lists(told: tuple[House, dict[str, Heard]]) -> None:
    house = told[0]
    reported = {"encounter_ref_code": f"{HCODE}:{MASKED}", "reason_text": "ไม่เคยไป"}
    assert own(house, "/api/WebApp?Action=ReportEncounter&mode=ADD", reported)["result"] == 1
    for target in OWNERS_LISTS:
        (row,) = own(house, target)["result"]
        assert row["encounter_ref_code"] == f"{HCODE}:{MASKED}"


def test_its_hospital_still_reconciles_it_and_nobody_else_hears_of_it(told: tuple[House, dict[str, Heard]]) -> None:
    house, day = told[0], "/api/OrganizationSummary?date=2026-03-01&data=encounter_ref_code"
    refs = house.ask_json("GET", day, token="sender")["result"]
    assert sorted(refs) == sorted(f"{HCODE}:{ref}" for ref in (MASKED, SENSITIVE, OPEN))
    disputed = "/api/OrganizationSummary?data=disputed"
    assert [row["encounter_ref_code"] for row in house.ask_json("GET", disputed, token="sender")["result"]] == [
        f"{HCODE}:{MASKED}"
    ]
    assert house.ask_json("GET", day, token="other")["result"] == []
    assert house.ask_json("GET", disputed, token="other")["result"] == []


def test_an_upload_tells_nothing_of_masks(told: tuple[House, dict[str, Heard]]) -> None:
    house = told[0]
    replies = [house.ask_json("POST", "/api/UpdatePHRv1", marked(ref), "sender") for ref in (OPEN, MASKED)]
    for reply in replies:
        assert reply["result"] == {"receipt_id": None, "new": 0, "same": 1, "changed": 0, "moved": 0, "removed": 0}
    assert replies[0]["processing_issue"] == replies[1]["processing_issue"]
    changed = marked(MASKED)
    changed["Encounter"][0]["financePaidAmount"] = 5
    assert house.ask_json("POST", "/api/UpdatePHRv1", changed, "sender")["result"]["changed"] == 1
    assert MASKED not in json.dumps(house.read("Encounter", OWNER))


def test_an_explanation_tells_another_hospital_nothing_of_what_is_stored(told: tuple[House, dict[str, Heard]]) -> None:
    house = told[0]
    for ref in (MASKED, SENSITIVE, "NOSUCHREF"):
        asked = json.loads(json.dumps(marked(OPEN)).replace(HCODE, OTHER).replace(OPEN, ref))
        changes = house.ask_json("POST", "/api/Explain", asked, "other")["result"]["changes"]
        assert changes is None or {change["outcome"] for change in changes} <= {"new"}


def test_every_read_and_every_refusal_adds_its_line(told: tuple[House, dict[str, Heard]]) -> None:
    house = told[0]
    code = house.code_for(OWNER)
    wrong = code[:-1] + ("1" if code[-1] == "0" else "0")
    for action in current_policy().action:
        target = f"/api/WebApp?Action={action}"
        right, guessed = {"otp": code}, {"otp": wrong}
        for token, body, status in (
            ("reader", right, 200), ("owner", {}, 200), ("other", right, 403), ("other", guessed, 403),
        ):  # fmt: skip
            before = lines(house)
            assert house.ask_json("POST", target, {"cid": OWNER, **body}, token)["MessageCode"] == status
            assert lines(house) == before + 1, (action, token, status)
        for cid in (CID, NOBODY):
            before = lines(house)
            assert house.ask_json("POST", target, {"cid": cid}, "owner")["MessageCode"] == 403
            assert lines(house) == before + 1, (action, "another person")


@pytest.mark.parametrize("way", [way for way in WAYS if not way.is_read], ids=str)
def test_asking_for_permission_leaves_a_line_too(told: tuple[House, dict[str, Heard]], way: Way) -> None:
    before = lines(told[0])
    ask(told[0], way)
    assert lines(told[0]) == before + 1


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/api/MaskEncounter?mode=get", {}),
        ("/api/MaskEncounter?mode=set", {"encounter_ref_code": f"{HCODE}:{OPEN}", "mask": False}),
        ("/api/WebApp?Action=ReportEncounter&mode=LIST", {}),
        ("/api/WebApp?Action=ReportEncounter&mode=DELETE", {"encounter_ref_code": f"{HCODE}:{OPEN}"}),
        ("/api/PHRSetting?mode=set", {"share_phr": True}),
    ],
)
def test_what_the_owner_does_leaves_a_line(
    told: tuple[House, dict[str, Heard]], target: str, body: dict[str, Any]
) -> None:
    house = told[0]
    own(house, "/api/PHRSetting?mode=get")
    before = lines(house)
    house.ask_json("POST", target, {"cid": OWNER, **body}, "owner")
    assert lines(house) == before + 1
    before = lines(house)
    assert house.ask_json("POST", target, {**body, "cid": NOBODY}, "owner")["MessageCode"] in {403, 404}
    assert lines(house) == before + 1


def test_a_record_that_is_not_shared_is_closed_by_every_way(told: tuple[House, dict[str, Heard]]) -> None:
    """Last in this file: the owner closes their record."""
    house = told[0]
    own(house, "/api/PHRSetting?mode=set", {"share_phr": False})
    for way in WAYS:
        before = lines(house)
        heard = ask(house, way)
        assert heard.status in ({403} if way.closes else {200, 429}), (way.name, heard.status)
        assert not any(word in heard.body.decode() for word in WORDS.values()), way.name
        assert lines(house) == before + 1, way.name
    assert own(house, "/api/PHRSetting?mode=get")["result"]["share_phr"] is False
