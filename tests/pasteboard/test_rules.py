"""How a note is kept."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from morprom.pasteboard.rules import code_hash, key_of


@given(st.uuids(), st.uuids())
def test_what_is_kept_of_a_code_is_not_its_key(code: UUID, other: UUID) -> None:
    assert len(code_hash(code)) == len(key_of(code)) == 32
    assert code_hash(code) != key_of(code)
    assert (code_hash(code) == code_hash(other)) is (key_of(code) == key_of(other)) is (code == other)
