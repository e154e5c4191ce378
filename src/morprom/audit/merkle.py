"""Merkle trees as in RFC 9162, section 2.1. Pure; every hash is SHA-256, 32 bytes.

A tree of n leaves is the perfect subtrees of n's binary digits, largest first ("peaks"), so that it grows without
its old leaves, and a level with an odd node hands that node up unchanged.
"""

from collections.abc import Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256().digest()


def leaf_hash(content: bytes) -> bytes:
    """Hash of a leaf (section 2.1.1): a first byte keeps leaves and nodes apart."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def grown(peaks: Sequence[bytes], size: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """The peaks of a tree of `size` leaves after `leaves` were appended."""
    stack = list(peaks)
    for leaf in leaves:
        stack.append(leaf)
        size += 1
        for _ in range((size & -size).bit_length() - 1):
            right = stack.pop()
            stack[-1] = node_hash(stack[-1], right)
    return tuple(stack)


def root_of_peaks(peaks: Sequence[bytes]) -> bytes:
    """The root over peaks."""
    if not peaks:
        return EMPTY_ROOT
    *rest, root = peaks
    for peak in reversed(rest):
        root = node_hash(peak, root)
    return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root of a tree."""
    return root_of_peaks(grown((), 0, leaves))


def inclusion_path(leaves: Sequence[bytes], position: int) -> tuple[bytes, ...]:
    """The audit path of the leaf at `position` (section 2.1.3.1), nearest sibling first."""
    path: list[bytes] = []
    level = list(leaves)
    while len(level) > 1:
        sibling = position ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        level = _parents(level)
        position >>= 1
    return tuple(path)


def verify_inclusion(leaf: bytes, position: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `leaf` is at `position` of the tree with `size` leaves and this root (section 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    node, last = position, size - 1
    found = leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def consistency_path(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Proof that the tree of the first `old_size` leaves is a prefix of this one (section 2.1.4.1)."""
    if not 0 < old_size < len(leaves):
        return ()
    return tuple(_subproof(leaves, old_size, is_whole=True))


def verify_consistency(old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the old tree is a prefix of the new one (section 2.1.4.2)."""
    if old_size == size:
        return not path and old_root == root
    if not 0 < old_size < size:
        return old_size == 0 and not path
    nodes = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    if not nodes:
        return False
    shift = ((old_size - 1) ^ old_size).bit_length() - 1  # trailing ones of old_size - 1
    first, last = (old_size - 1) >> shift, (size - 1) >> shift
    from_old = from_new = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            from_old, from_new = node_hash(node, from_old), node_hash(node, from_new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            from_new = node_hash(from_new, node)
        first, last = first >> 1, last >> 1
    return last == 0 and from_old == old_root and from_new == root


def _parents(level: Sequence[bytes]) -> list[bytes]:
    parents = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return [*parents, level[-1]] if len(level) & 1 else parents


def _subproof(leaves: Sequence[bytes], old_size: int, *, is_whole: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = leaves[:split], leaves[split:]
    if old_size <= split:
        return [*_subproof(left, old_size, is_whole=is_whole), root_of(right)]
    return [*_subproof(right, old_size - split, is_whole=False), root_of(left)]
