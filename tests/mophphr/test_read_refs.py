"""The list of references that a removal from the chronic register sends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morprom.mophphr import Rejected, read_ref_list


def found(body: bytes) -> tuple[str, ...] | list[tuple[int, str, str]]:
    refs = read_ref_list(body, nesting_limit=64)
    return [(refs.status, one.code, one.path) for one in refs.faults] if isinstance(refs, Rejected) else refs


@pytest.mark.parametrize(
    ("body", "refs"),
    [
        (b"[]", ()),
        (b"\xef\xbb\xbf [ ] ", ()),
        (b'["C1", "10670:C2", 17, " C1 "]', ("C1", "10670:C2", "17")),
    ],
)
def test_references_are_read_each_once(body: bytes, refs: tuple[str, ...]) -> None:
    assert found(body) == refs


@pytest.mark.parametrize("item", ["null", '""', '"null"', '"-"', "{}", "[]", "true", '"a\\u0000b"', "1e400", "1.5"])
def test_what_is_no_reference_never_makes_the_list_empty(item: str) -> None:
    assert found(f"[{item}]".encode()) == [(422, "REF_UNREADABLE", "/0")]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "NOT_JSON"),
        (b"{}", 400, "NOT_A_LIST"),
        (b'"C1"', 400, "NOT_A_LIST"),
        (b"null", 400, "NOT_A_LIST"),
        ('["ไข้"]'.encode("cp874"), 400, "NOT_UTF8"),
        (b"[" * 100_000, 422, "TOO_DEEP"),
    ],
)
def test_what_is_no_list_is_refused(body: bytes, status: int, code: str) -> None:
    assert found(body) == [(status, code, "")]


def test_an_endless_reference_is_refused() -> None:
    assert found(b'["C1","' + b"9" * 5_000_000 + b'"]') == [(422, "REF_TOO_LONG", "/1")]


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    read_ref_list(body, nesting_limit=64)
