"""The envelope of every reply."""

import json
import re
import time

import msgspec

from mophphr.uploading import accepted, bent
from morprom.mophphr import envelope, upload_notes


def test_the_envelope_has_the_seven_members_of_the_protocol_first() -> None:
    reply = json.loads(envelope([1], started=time.monotonic() - 0.25, label="phr", port=8000, extra={"note": "x"}))
    assert list(reply) == [
        "result", "MessageCode", "Message", "RequestTime", "EndpointIP", "EndpointPort", "processing_time_ms", "note",
    ]  # fmt: skip
    assert reply["result"] == [1]
    assert (reply["MessageCode"], reply["Message"]) == (200, "OK")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", reply["RequestTime"])
    assert 250 <= reply["processing_time_ms"] < 5_000


def test_a_failure_has_no_result_and_json_passes_through() -> None:
    failed = json.loads(envelope(None, status=403, message="no", started=0, label="", port=1))
    assert (failed["result"], failed["MessageCode"]) == (None, 403)
    assert b'"result":{"a":1.10}' in envelope(msgspec.Raw(b'{"a":1.10}'), started=0, label="", port=1)


def test_an_uploads_reply_tells_warnings_as_text_and_everything_as_objects() -> None:
    sent = bent("/Encounter/0/Condition/0/severity", drop=True)
    sent["Encounter"][0]["period"]["start"] = "2024-05-01T08:00:00Z"
    notes = upload_notes(accepted(sent).findings, {"read": 0.12345})
    reply = json.loads(envelope(None, started=0, label="", port=1, extra=notes))
    assert reply["processing_warning"] == ["/Encounter/0/Condition/0/severity: severity is missing"]
    assert reply["processing_issue"][0] == {
        "severity": "warning",
        "path": "/Encounter/0/Condition/0/severity",
        "code": "MISSING_KEY",
        "text_th": "ไม่มี severity",
        "text_en": "severity is missing",
    }
    assert [one["code"] for one in reply["processing_issue"]] == ["MISSING_KEY", "FALSE_ZONE"]
    assert reply["note"] == "Normal processing"
    assert reply["profiler"] == [{"read": 0.123}]
    assert upload_notes(())["processing_warning"] == []
