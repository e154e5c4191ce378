"""From bytes to one minified object: how deep it is, and what of it is kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mophphr.uploading import faults, read
from morprom.mophphr.body import is_deeper_than
from morprom.mophphr.members import Member, members_of, object_of

TEXTS = st.text(alphabet='[]{}"\\a ', max_size=6)
NESTED = st.recursive(
    TEXTS | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=30,
)


def depth_of(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth_of, inner), default=0)


def wrapped(value: Any, times: int) -> Any:
    for number in range(times):
        value = [value] if number % 2 else {"]": value}
    return value


@given(NESTED, st.integers(0, 30), st.integers(1, 40))
def test_depth_is_seen_whatever_the_texts_hold(value: Any, times: int, limit: int) -> None:
    nested = wrapped(value, times)
    assert is_deeper_than(limit, json.dumps(nested).encode()) == (depth_of(nested) > limit)


@given(st.lists(st.tuples(st.text(max_size=4), NESTED), max_size=6))
def test_members_are_kept_in_order_and_repeated_keys_too(pairs: list[tuple[str, Any]]) -> None:
    sent = [f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}" for key, value in pairs]
    body = "{" + ",".join(sent) + "}"
    members = [Member(key, bytes(raw)) for key, raw in members_of(body.encode())]
    assert [(key, json.loads(raw)) for key, raw in members] == pairs
    assert json.loads(object_of(members), object_pairs_hook=list) == json.loads(body, object_pairs_hook=list)


@pytest.mark.parametrize("count", [1_001, 50_000])
def test_a_top_level_of_too_many_keys_is_refused(count: int) -> None:
    body = json.dumps({f"key{number}": number for number in range(count)}).encode()
    assert ("TOO_MANY_KEYS", "") in faults(body)


@pytest.mark.parametrize("key", ["Encounter", "encounter", "Patient", "x"])
def test_a_key_repeated_a_hundred_thousand_times_does_no_harm(key: str) -> None:
    body = b"{%b}" % b",".join([b'"%b":[]' % key.encode()] * 100_000)
    assert read(body) is not None
