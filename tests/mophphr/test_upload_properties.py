"""Whatever arrives, reading it ends in an Upload or a Rejected, keeps what was sent and points where it says."""

import json
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mophphr.uploading import HCODE, read
from morprom.mophphr import Rejected, Upload
from payloads import VENDORS, invented_cid, visit_body, visit_upload

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
ODD_SCALARS = SCALARS | st.sampled_from(
    ["null", "-", "0000-00-00", "2567-02-29T00:00:00Z", 10**40, 1e308, "\u0000", "VN", "1e400", "9" * 400]
)
ODD = st.recursive(
    ODD_SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["coding", "code", "text", "value", "system", "start", "0", "a/b~c"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
KEYS = ("managingOrganization", "Patient", "Encounter", "AllergyIntolerance", "identifier", "value", "period", "class")
ANY_JSON = st.recursive(
    ODD_SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=30,
)


def vendor_upload(vendor: str, seed: int = 1) -> dict[str, Any]:
    rng = Random(seed)
    return visit_upload(vendor, rng, hcode=HCODE, cid=invented_cid(seed), ref=f"VN{seed}", on=date(2024, 5, 1))


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a JSON tree."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in ((value, key), *places(value[key]))]


def resolves(pointer: str, sent: Any) -> bool:
    """Whether the pointer leads to something sent, or to a key beside something sent."""
    if pointer == "":
        return True
    *parents, _ = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    at = sent
    for step in parents:
        if isinstance(at, list) and step.isdigit() and int(step) < len(at):
            at = at[int(step)]
        elif isinstance(at, dict) and step in at:
            at = at[step]
        else:
            return False
    return isinstance(at, dict | list)


def check(sent: Any) -> Upload | Rejected:
    found = read(json.dumps(sent, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    assert isinstance(found, Upload | Rejected)
    if isinstance(found, Upload):
        assert all(one.severity != "error" for one in found.findings)
        assert all(resolves(one.path, sent) for one in found.findings), [one.path for one in found.findings]
        assert found.identifiers
        for visit in found.visits:
            assert visit.ref.startswith(f"{found.hcode}:")
            assert json.loads(visit.content) in (
                sent["Encounter"] if isinstance(sent["Encounter"], list) else [sent["Encounter"]]
            )
        kept = {
            key: value
            for key, value in sent.items()
            if not isinstance(value, list | dict) or key not in ("Encounter", "AllergyIntolerance")
        }
        assert json.loads(found.patient) == kept
        if found.allergies is not None:
            assert json.loads(found.allergies) in (sent["AllergyIntolerance"], [sent["AllergyIntolerance"]])
    else:
        assert found.faults
        assert all(one.severity == "error" for one in found.faults)
    return found


@settings(max_examples=300, deadline=None)
@given(ANY_JSON)
def test_any_json_is_read_or_refused(sent: Any) -> None:
    check(sent)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    assert isinstance(read(body), Upload | Rejected)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(VENDORS), st.data())
def test_a_vendors_upload_bent_anywhere_is_read_or_refused(vendor: str, data: st.DataObject) -> None:
    sent = vendor_upload(vendor)
    for _ in range(data.draw(st.integers(1, 4))):
        container, key = data.draw(st.sampled_from(places(sent) or [(sent, "Patient")]))
        if data.draw(st.booleans()) and isinstance(container, dict):
            container.pop(key, None)
        else:
            container[key] = data.draw(ODD)
    check(sent)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(VENDORS), st.data())
def test_a_vendors_body_damaged_anywhere_is_read_or_refused(vendor: str, data: st.DataObject) -> None:
    body = bytearray(json.dumps(vendor_upload(vendor), ensure_ascii=False).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(body) - 1))
        if data.draw(st.booleans()):
            body[place] = data.draw(st.sampled_from(b'{}[]":,\\0eu\x00\xff '))
        else:
            del body[place : place + data.draw(st.integers(1, 50))]
    assert isinstance(read(bytes(body)), Upload | Rejected)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendors_upload_is_accepted_and_says_the_same_after_white_space(vendor: str) -> None:
    sent = vendor_upload(vendor, seed=5)
    found = check(sent)
    assert isinstance(found, Upload)
    assert read(json.dumps(sent, indent=2).encode()) != found  # escaped, so not the same bytes
    assert read(json.dumps(sent, indent=2, ensure_ascii=False).encode()) == found
    assert found.hcode == HCODE
    assert found.visits[0].ref == f"{HCODE}:VN5"
    assert found.visits[0].day == date(2024, 5, 1)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendors_visit_is_about_10_kb(vendor: str) -> None:
    sizes = [
        len(visit_body(vendor, Random(seed), hcode=HCODE, cid=invented_cid(seed), ref=f"{seed}", on=date(2024, 5, 1)))
        for seed in range(30)
    ]
    assert 8_000 <= sum(sizes) / len(sizes) <= 15_500


def test_our_own_shape_has_nothing_to_remark() -> None:
    found = check(vendor_upload("agent"))
    assert isinstance(found, Upload)
    assert found.findings == ()
