"""Whatever arrives at a call that is made of items is read or refused, kept as sent, and told where it stands."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mophphr.item_uploading import ITEMS, body_of, call_of, documents, exactly, item, read, sound
from mophphr.test_upload_properties import ANY_JSON, ODD, places, resolves
from morprom.mophphr import ItemsUpload, Rejected, export_uploads

NAMES = list(ITEMS)
REWRITTEN = {"KEY_SPELLING", "DUPLICATE_REF", "OBJECT_FOR_LIST", "LIST_FOR_OBJECT", "MISSING_KEY", "WRONG_TYPE"}
"""What our own words say that the top level does not come out as it was sent, when it is told of the array itself."""


def check(name: str, sent: Any) -> ItemsUpload | Rejected:
    found = read(name, sent)
    assert isinstance(found, ItemsUpload | Rejected)
    if isinstance(found, Rejected):
        assert found.faults
        assert all(one.severity == "error" for one in found.faults)
        return found
    assert all(one.severity != "error" for one in found.findings)
    assert all(resolves(one.path, sent) for one in found.findings), [one.path for one in found.findings]
    assert found.identifiers
    assert len({part.ref for part in found.items}) == len(found.items)
    assert all(part.ref and not part.ref.startswith(f"{found.hcode}:") for part in found.items)
    check_export(name, sent, found)
    return found


def check_export(name: str, sent: Any, found: ItemsUpload) -> None:
    """What went in comes out, and is read as the same again."""
    exported = export_uploads(documents(found))
    again = [read(name, payload) for _, payload in exported]
    assert [call for call, _ in exported] == [found.call.name] * len(exported)
    parts = [part for one in again if isinstance(one, ItemsUpload) for part in one.items]
    assert parts == list(found.items)
    array = f"/{found.call.array}"
    rewritten = any(one.code in REWRITTEN and one.path.lower() == array.lower() for one in found.findings)
    odd_keys = {"KEY_SPELLING", "DUPLICATE_REF"} & {one.code for one in found.findings if one.path.count("/") <= 2}
    if found.items and not rewritten and not odd_keys:
        assert len(exported) == 1
        assert without_order(exactly(exported[0][1])) == without_order(exactly(body_of(sent)))


def without_order(value: tuple[str, list[tuple[str, Any]]]) -> list[tuple[str, Any]]:
    """The members of the top level, whose order means nothing."""
    return sorted(value[1], key=lambda member: member[0])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), ANY_JSON)
def test_any_json_is_read_or_refused(name: str, sent: Any) -> None:
    check(name, sent)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(name: str, body: bytes) -> None:
    assert isinstance(read(name, body), ItemsUpload | Rejected)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_an_upload_bent_anywhere_is_read_or_refused(name: str, data: st.DataObject) -> None:
    sent = copy.deepcopy(sound(name))
    for _ in range(data.draw(st.integers(1, 4))):
        container, key = data.draw(st.sampled_from(places(sent) or [(sent, "Patient")]))
        if data.draw(st.booleans()) and isinstance(container, dict):
            container.pop(key, None)
        else:
            container[key] = data.draw(ODD)
    check(name, sent)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_body_damaged_anywhere_is_read_or_refused(name: str, data: st.DataObject) -> None:
    body = bytearray(body_of(sound(name)))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(body) - 1))
        if data.draw(st.booleans()):
            body[place] = data.draw(st.sampled_from(b'{}[]":,\\0eu\x00\xff '))
        else:
            del body[place : place + data.draw(st.integers(1, 50))]
    found = read(name, bytes(body))
    if isinstance(found, ItemsUpload):
        check_export(name, bytes(body), found)


ODD_VALUES = [None, True, 0, -1, 1.5, 10**40, "", "null", "\u0000", "x" * 5000, [], [[]], {}, {"a": {}}, [None], ["x"]]


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_type_at_every_field_is_read_or_refused(name: str) -> None:
    for position, _ in enumerate(places(sound(name))):
        for value in ODD_VALUES:
            sent = copy.deepcopy(sound(name))
            container, key = places(sent)[position]
            container[key] = value
            check(name, sent)


@pytest.mark.parametrize("name", NAMES)
def test_only_what_identifies_is_missed_enough_to_refuse(name: str) -> None:
    for position, (_, key) in enumerate(places(sound(name))):
        sent = copy.deepcopy(sound(name))
        container, _ = places(sent)[position]
        del container[key]
        found = check(name, sent)
        if isinstance(found, Rejected):
            assert {one.code for one in found.faults} <= {
                "HCODE_MISSING", "CID_MISSING", "CID_INVALID", "ITEM_REF_MISSING", "REF_MISSING",
            }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("1e308", 200), ("1e400", 200), ("9" * 5000, 200), ('"\\u0000"', 200), ('"' + "x" * 5_000_000 + '"', 200),
        ('"\\ud800"', 400), ('"\x00"', 400), ("NaN", 400), ("[" * 10_000 + "]" * 10_000, 422), ("[" * 10_000, 422),
    ],
    ids=lambda value: str(value)[:12],
)  # fmt: skip
def test_odd_texts_and_numbers(name: str, text: str, status: int) -> None:
    sent = sound(name)
    sent["memo"] = "?"
    found = read(name, body_of(sent).replace(b'"?"', text.encode()))
    assert (found.status if isinstance(found, Rejected) else 200) == status
    if isinstance(found, ItemsUpload):
        assert text.encode() in export_uploads(documents(found))[0][1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encoding", ["cp874", "utf-16", "utf-8-sig"])
def test_other_encodings(name: str, encoding: str) -> None:
    text = json.dumps(sound(name), ensure_ascii=False)
    found = read(name, text.encode(encoding))
    if encoding == "utf-8-sig":
        assert isinstance(found, ItemsUpload)
        assert [one.code for one in found.findings] == ["BYTE_ORDER_MARK"]
    else:
        assert isinstance(found, Rejected)
        assert [one.code for one in found.faults] == ["NOT_UTF8"]


@pytest.mark.parametrize("name", [name for name in NAMES if not call_of(name).is_single])
def test_repeated_keys_lose_nothing(name: str) -> None:
    array = call_of(name).array
    other = item(name, identifier=[{"system": "x/eprescription", "value": "second"}])
    other |= dict.fromkeys(
        ("chronic_ref_code", "encounterRefCode", "referralRefCode", "drp_ref_code", "unknown"), "second"
    )
    body = body_of(sound(name))[:-1] + b', "memo": 1, "memo": 2, "%b": [' % array.encode() + body_of(other) + b"]}"
    found = read(name, body)
    assert isinstance(found, ItemsUpload)
    assert len(found.items) == 2
    [(_, payload)] = export_uploads(documents(found))
    assert b'"memo":1,"memo":2' in payload
    assert json.loads(payload)[array][1]["unknown"] == "second"
