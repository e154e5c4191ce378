"""Sections 3 and 10, bad input: a clear error or a warning at every place, never a 5xx, nothing stored by halves."""

import json
from collections import Counter
from typing import Any
from urllib.parse import quote

import pytest

from conformance.broken import REPLACEMENTS, broken, replaced
from conformance.calls import CALLS, WireCall
from conformance.house import Heard, House
from conformance.run_length import CASES
from conformance.uploads import CID, HCODE, OTHER, SOMEBODY_ELSE, UPLOADS, upload
from morprom.access import current_policy

BODIES = [call for call in CALLS if call.body is not None and call.takes != "form"]
WITH_QUERY = [call for call in CALLS if call.query]
CLEAR = {200, 400, 401, 403, 404, 409, 413, 422, 429}
WRITTEN_ON_REFUSAL = {"history", "otp_grant", "sign_in_attempt", "attempt", "inbox_notice"}
"""What a refused read or sign-in leaves on purpose: the line of history, the counted try."""
NEVER_READ = ("cut at", "ff", "c0", "ed", "e0", "f4", "utf-", "cp874", "twice", "in a", "a form", "ten thousand lists")

VALUES = (
    "", " ", "0", "-1", "null", "NaN", "1e308", "9" * 400, "x" * 5_000, "\0", "ก", "'", '"', "%", "\\", "{}", "[]",
    "2026-02-30", "0000-00-00", "9999-12-31", "2569-03-01", "13814", "13814:1", ":", "::", "../..", "\u200b", "𐍈",
    "1; drop table person", "${x}", "<script>", "\r\nSet-Cookie: x=1", SOMEBODY_ELSE,
)  # fmt: skip

pytestmark = pytest.mark.xdist_group("bad input")


def stored(house: House, is_upload: bool) -> dict[str, int]:
    return {table: rows for table, rows in house.rows().items() if is_upload or table not in WRITTEN_ON_REFUSAL}


class Watch:
    """Asks and sees to it that every answer is clear and that nothing is stored by what was not accepted."""

    def __init__(self, house: House, call: WireCall) -> None:
        self.house, self.call = house, call
        self.before = stored(house, call.is_upload)
        self.seen: Counter[int] = Counter()

    def ask(self, named: str, method: str = "POST", **changed: Any) -> Heard:
        heard = self.house.good(self.call, method, **changed)
        self.seen[heard.status] += 1
        assert heard.status in CLEAR, (named, heard.status)
        reply = {} if method == "HEAD" else heard.told(self.call)
        assert all(type(text) is str for text in reply.get("processing_warning", []))
        now = stored(self.house, self.call.is_upload)
        if heard.status != 200:
            assert now == self.before, (named, heard.status, {t: n for t, n in now.items() if n != self.before.get(t)})
        self.before = now
        return heard


@pytest.mark.parametrize("call", BODIES, ids=str)
def test_anything_at_any_place_of_a_body(house: House, call: WireCall) -> None:
    watch = Watch(house, call)
    for named, body in replaced(call.body, CASES, call.path):
        watch.ask(named, body=body)
    if call.is_upload:
        assert watch.seen[200] > sum(watch.seen.values()) / 2, watch.seen  # odd is not wrong


@pytest.mark.parametrize("call", BODIES, ids=str)
def test_bodies_that_are_broken_as_bytes(house: House, call: WireCall) -> None:
    watch = Watch(house, call)
    for named, body, encoding in broken(call.body):
        heard = watch.ask(named, body=body, headers=[("content-encoding", encoding)] if encoding else [])
        if call.path != "/api/Explain" and (encoding or (named.startswith(NEVER_READ) and call.takes == "object")):
            assert heard.status in {400, 401, 403, 422}, named


@pytest.mark.parametrize("call", WITH_QUERY, ids=str)
def test_anything_in_any_parameter(house: House, call: WireCall) -> None:
    watch = Watch(house, call)
    for name in call.query:
        for value in VALUES:
            query = "&".join(f"{key}={quote(value if key == name else text)}" for key, text in call.query.items())
            for method in call.methods:
                watch.ask(f"{name}={value[:20]}", method, target=f"{call.path}?{query}")
        for method in call.methods:
            query = "&".join(f"{key}={quote(text)}" for key, text in call.query.items() if key != name)
            watch.ask(f"no {name}", method, target=f"{call.path}?{query}")


@pytest.mark.parametrize("replacement", REPLACEMENTS)
def test_a_payload_that_is_only_one_thing(house: House, replacement: str) -> None:
    for call in BODIES:
        if REPLACEMENTS[replacement] is not REPLACEMENTS["missing"]:
            body = json.dumps(REPLACEMENTS[replacement]).encode()
            Watch(house, call).ask(replacement, body=body)


def test_the_code_of_one_person_opens_nobody_elses_record(house: House) -> None:
    house.ask_json("POST", "/api/UpdatePHRv1", upload("/api/UpdatePHRv1"), "sender")
    code = house.code_for(CID)
    for action in current_policy().action:
        body = {"cid": SOMEBODY_ELSE, "otp": code}
        reply = house.ask_json("POST", f"/api/WebApp?Action={action}", body, "reader")
        assert (reply["MessageCode"], reply["result"]) == (403, None)
        reply = house.ask_json("POST", f"/api/WebApp?Action={action}", {"cid": CID, "otp": code}, "other")
        assert (reply["MessageCode"], reply["result"]) == (403, None)


def test_a_ref_of_another_hospital_removes_and_shows_nothing(house: House) -> None:
    house.ask_json("POST", "/api/UpdatePHRv1", upload("/api/UpdatePHRv1"), "sender")
    before = house.rows()
    for ref in (f"{OTHER}:690401081500", f"{OTHER}:x"):
        for method in ("GET", "POST", "DELETE"):
            target = f"/api/RemoveEncounter?hospital_code={HCODE}&encounter_ref_code={ref}"
            assert house.ask_json(method, target, None, "sender")["MessageCode"] == 403
    reply = house.ask_json("GET", f"/api/RemoveEncounter?encounter_ref_code={HCODE}:690401081500", None, "other")
    assert reply["MessageCode"] == 403 and house.rows() == before


def test_whatever_was_kept_can_be_read(house: House) -> None:
    """After all that was sent in this file: what was taken with a warning is shown by every view."""
    for action in current_policy().action:
        for mode in ("", "Detail", "Encounter", "1", "2"):
            house.read(action, CID, mode=mode)


def test_every_upload_of_the_protocol_is_looked_at() -> None:
    assert {call.path for call in BODIES if call.is_upload} == set(UPLOADS)
