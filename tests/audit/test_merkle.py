"""The tree of RFC 9162, held to the certificate-transparency test vectors and to its own proofs."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morprom.audit.merkle import (
    consistency_path,
    grown,
    inclusion_path,
    leaf_hash,
    root_of,
    root_of_peaks,
    verify_consistency,
    verify_inclusion,
)

# The inputs and roots of the reference trees of certificate transparency, sizes 0 to 8.
INPUTS = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference_trees(size: int) -> None:
    assert root_of([leaf_hash(content) for content in INPUTS[:size]]).hex() == ROOTS[size]


@given(st.integers(0, 70), st.integers(0, 70))
def test_a_tree_that_grows_in_two_steps_is_the_tree_that_grew_in_one(first: int, second: int) -> None:
    every = leaves(first + second)
    peaks = grown(grown((), 0, every[:first]), first, every[first:])
    assert root_of_peaks(peaks) == root_of(every)
    assert len(peaks) == (first + second).bit_count()


@given(st.integers(1, 130), st.data())
def test_every_leaf_proves_that_it_is_included_and_nothing_else_does(size: int, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, size - 1))
    every = leaves(size)
    path, root = inclusion_path(every, position), root_of(every)
    assert verify_inclusion(every[position], position, size, path, root)
    assert not verify_inclusion(sha256(b"forged").digest(), position, size, path, root)
    assert not verify_inclusion(every[position], size, size, path, root)
    assert not verify_inclusion(every[position], position, size, (*path, root), root)
    other = (position + 1) % size
    assert other == position or not verify_inclusion(every[position], other, size, path, root)


@given(st.integers(1, 130), st.data())
def test_every_earlier_tree_proves_that_it_is_a_prefix(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    every = leaves(size)
    path, old_root, root = consistency_path(every, old), root_of(every[:old]), root_of(every)
    assert verify_consistency(old, old_root, size, root, path)
    rewritten = [leaf_hash(b"rewritten"), *every[1:]]
    assert not verify_consistency(old, old_root, size, root_of(rewritten), consistency_path(rewritten, old))
