"""Section 1, conventions: envelope on every reply, names without case, bodies and queries however they come."""

import gzip
import json
from urllib.parse import quote

import pytest

from conformance.calls import CALLS, PATHS, WireCall
from conformance.house import House
from conformance.tokens import KINDS
from conformance.uploads import CID, HCODE, REF, upload
from morprom.app.asgi import DOORS
from morprom_wire import paths

BOM = b"\xef\xbb\xbf"
CONTENT_TYPES = (
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain; charset=tis-620", "image/png",
    "application/json; charset=utf-16", "nonsense", "", "application/msgpack",
)  # fmt: skip
QUERIES = {
    "huge": "x=" + "y" * 100_000,
    "huge and encoded": "x=" + "%E0%B8%81" * 12_000,
    "many": "&".join(f"p{number}=1" for number in range(20_000)),
    "the same again": "&".join(["hospital_code=10670"] * 3_000),
    "empty names": "=&==&&&=x&",
    "no value": "Action&mode&data&date&month&cid&System",
    "UTF-8": "Action=" + quote("ผู้ป่วย") + "&" + quote("ชื่อ") + "=1",
    "UTF-8 not encoded": "Action=\xe0\xb8\x81",
    "not UTF-8": "Action=%ff%fe&data=%c0%80&%80=%e0%b8",
    "surrogates": "Action=%ed%a0%80&data=%ed%b0%80&hospital_code=%ed%a0%80",
    "NUL": "Action=%00&data=x%00y&hospital_code=10670%00&%00=1&encounter_ref_code=%00&date=%00&code=%00",
    "controls": "Action=%01%1f%7f%0d%0aSet-Cookie:x&data=%0a&mode=%e2%80%a8",
    "brackets": "Action[]=a&Action[x]=b&data[0][1]=c&[=&]=&{}=1",
    "half an escape": "Action=%&data=%z&mode=%e",
    "plus and semicolon": "Action=a+b;data=c;mode=d",
    "a question": "a?b?c=d?",
    "SQL": "Action=';drop table person--&data=' or ''='&encounter_ref_code=x' or '1'='1&hospital_code=10670'",
    "long number": "date=" + "9" * 5_000 + "&month=-" + "1" * 5_000,
    "far date": "date=9999-12-31&month=9999-12&data=month_summary",
    "first date": "date=0001-01-01&month=0001-01&data=month_summary",
}
ODD_PATHS = (
    "/", "/nothing", "/api", "/api/", "/api/NoSuchCall", "/api/updatephrv1", "//", "/api/%00", "/api/%ff%fe", "/api/%",
    "/api/%zz", "/%2e%2e/%2e%2e/etc/passwd", "/api/../../etc/passwd", "/api/WebApp%3FAction=x", "/api/WebApp;x=1",
    "/api/" + "x" * 60_000, "/" + "a/" * 5_000, "/api/%E0%B8%81", "/token%20", "/.git/config", "/api/UpdatePHRv1%00",
)  # fmt: skip


def test_every_call_that_is_served_is_in_the_table(house: House) -> None:
    served = {route.path for door in ("units", "reader") for router in DOORS[door]() for route in router.routes}
    assert served | {paths.UPDATE_PHR} == set(PATHS)
    assert [path for path in PATHS if not house.serves(path)] == []


@pytest.mark.parametrize("token", KINDS)
def test_every_reply_is_an_envelope_whoever_comes(house: House, token: str) -> None:
    for call in CALLS:
        for method in call.methods:
            if method != "HEAD":
                heard = house.good(call, method, token=token)
                assert heard.status in {200, 400, 401, 403, 404, 409, 422, 429}, (call.path, method, heard.status)
                heard.told(call)


@pytest.mark.parametrize("path", ODD_PATHS, ids=range(len(ODD_PATHS)))
def test_a_path_where_nothing_is_answers_in_an_envelope(house: House, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        heard = house.ask(method, path, b"{}", "reader")
        assert heard.status == 404
        heard.enveloped()


@pytest.mark.parametrize("query", QUERIES)
def test_odd_queries_are_answered_by_every_call(house: House, query: str) -> None:
    for call in CALLS:
        for method in set(call.methods) - {"HEAD"}:
            for target in (
                f"{call.path}?{QUERIES[query]}",
                f"{call.target}{'&' if call.query else '?'}{QUERIES[query]}",
            ):
                heard = house.good(call, method, target=target)
                assert heard.status < 500, (call.path, method, heard.status)
                heard.told(call)


def cased(text: str) -> tuple[str, ...]:
    return text.lower(), text.upper(), text.swapcase(), text.title()


@pytest.mark.parametrize("call", [call for call in CALLS if call.query], ids=str)
def test_names_and_values_of_parameters_have_no_case(house: House, call: WireCall) -> None:
    plain = house.good(call, call.methods[-1])
    named = {"action", "data", "mode", "system"}
    for names, values in zip(zip(*map(cased, call.query), strict=True), range(4), strict=True):
        query = dict(zip(names, call.query.values(), strict=True))
        query = {name: cased(text)[values] if name.lower() in named else text for name, text in query.items()}
        target = call.path + "?" + "&".join(f"{name}={quote(text)}" for name, text in query.items())
        assert house.good(call, call.methods[-1], target=target).status in {plain.status, 429}


@pytest.mark.parametrize("mode", ["Detail", "ENCOUNTER", "detail", ""])
def test_modes_have_no_case(house: House, mode: str) -> None:
    house.ask_json("POST", "/api/UpdatePHRv1", upload("/api/UpdatePHRv1"), "sender")
    rows = house.read("Observation", CID, mode=mode)
    assert rows == house.read("oBSERVATION", CID, MODE=mode.swapcase())


def posts() -> list[WireCall]:
    """Calls with a body, one for each path."""
    return list({call.path: call for call in CALLS if call.body is not None and call.takes != "form"}.values())


@pytest.mark.parametrize("call", posts(), ids=str)
def test_a_body_is_read_however_it_is_wrapped(house: House, call: WireCall) -> None:
    plain = house.good(call, "POST")
    body = json.dumps(call.body, ensure_ascii=False).encode()
    escaped = json.dumps(call.body, ensure_ascii=True, indent=2).encode()
    wrapped = [
        {"body": BOM + body}, {"body": b"\r\n " + body + b" \n\t"}, {"body": escaped},
        {"body": gzip.compress(body), "headers": [("content-encoding", "gzip")]},
        {"body": gzip.compress(BOM + body), "headers": [("Content-Encoding", " GZIP ")]},
        {"headers": [("content-encoding", "identity")]},
        *({"headers": [("content-type", kind)]} for kind in CONTENT_TYPES),
    ]  # fmt: skip
    for change in wrapped:
        heard = house.good(call, "POST", **change)
        assert heard.status in {plain.status, 429}, change.get("headers")
        heard.told(call)


@pytest.mark.parametrize("call", posts(), ids=str)
def test_a_byte_order_mark_that_is_no_first_thing_is_no_json(house: House, call: WireCall) -> None:
    reply = house.good(call, "POST", body=b"{" + BOM + b"}").enveloped()
    assert 400 in (reply["MessageCode"], (reply["result"] or {}).get("status"))  # Explain says what would be answered


def test_a_slash_at_the_end_changes_nothing(house: House) -> None:
    for call in CALLS:
        for method in call.methods:
            query = call.target.partition("?")[2]
            plain, slashed = house.good(call, method), house.good(call, method, target=f"{call.path}/?{query}")
            assert slashed.status in {plain.status, 429}, call.path


def test_the_body_of_a_get_is_not_looked_at(house: House) -> None:
    for call in CALLS:
        if "GET" in call.methods:
            plain = house.good(call, "GET")
            for body in (b"{", b"\xff", b'{"hospital_code":"13814","data":"x"}', b"x" * 10_000):
                assert house.good(call, "GET", body=body).status in {plain.status, 429}, call.path


@pytest.mark.parametrize("ref", [REF, f"{HCODE}:{REF}"])
def test_a_ref_is_given_back_with_one_hospital_before_it(house: House, ref: str) -> None:
    sent = upload("/api/UpdatePHRv1")
    sent["Encounter"][0]["identifier"][0]["value"] = ref
    assert house.ask_json("POST", "/api/UpdatePHRv1", sent, "sender")["MessageCode"] == 200
    target = "/api/OrganizationSummary?date=2026-03-01&data=encounter_ref_code&hospital_code=10670"
    assert house.ask_json("GET", target, token="sender")["result"] == [f"{HCODE}:{REF}"]
    assert {row["encounter_ref_code"] for row in house.read("Encounter", CID)} == {f"{HCODE}:{REF}"}


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        ("2026-03-02T08:15:17.000Z", "2026-03-02T08:15:17"),  # the false Z: wall-clock
        ("2026-03-02T08:15:17", "2026-03-02T08:15:17"),
        ("2026-03-02T08:15:17+07:00", "2026-03-02T08:15:17"),
        ("2026-03-02T01:15:17+00:00", "2026-03-02T08:15:17"),
        ("2569-03-02T08:15:17", "2026-03-02T08:15:17"),
        ("2026-03-02 08:15:17", "2026-03-02T08:15:17"),
    ],
)
def test_times_are_bangkok_wall_clock_times(house: House, start: str, shown: str) -> None:
    sent = upload("/api/UpdatePHRv1")
    sent["Encounter"][0]["identifier"][0]["value"] = "TIMES"
    sent["Encounter"][0]["period"] = {"start": start, "end": "0000-00-00T00:00:00.000Z"}
    assert house.ask_json("POST", "/api/UpdatePHRv1", sent, "sender")["MessageCode"] == 200
    (row,) = [row for row in house.read("Encounter", CID) if row["encounter_ref_code"] == f"{HCODE}:TIMES"]
    assert row["period_start"] == shown and row["period_end"] in (None, "")
