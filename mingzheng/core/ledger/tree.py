"""Proofs of RFC 6962: made from any source of complete subtrees, checked without one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mingzheng.core.ledger.suite import EMPTY, node


class Nodes(Protocol):
    """Roots of complete subtrees: `at(h, i)` covers the entries [i·2^h, (i+1)·2^h)."""

    def at(self, height: int, index: int) -> bytes: ...


def span(nodes: Nodes, low: int, high: int) -> bytes:
    """Root of the entries [low, high); `low` lies where a subtree of that size may begin."""
    if high <= low:
        return EMPTY
    found: list[bytes] = []
    while low < high:
        height = (high - low).bit_length() - 1
        found.append(nodes.at(height, low >> height))
        low += 1 << height
    root = found.pop()
    while found:
        root = node(found.pop(), root)
    return root


def inclusion(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Audit path of entry `index` in the tree of `size` entries, from the leaf upwards; ValueError
    outside the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"第 {index} 号不在 {size} 条的树里")
    path: list[bytes] = []
    height = 0
    while (1 << height) < size:
        beside = (index >> height) ^ 1
        if (beside + 1) << height <= size:
            path.append(nodes.at(height, beside))
        elif beside << height < size:
            path.append(span(nodes, beside << height, size))
        height += 1
    return path


def consistency(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """Proof that the tree of `new` entries begins with the tree of `old`; empty when there is
    nothing to prove.
    """
    if not 0 <= old <= new:
        raise ValueError(f"{old} 条的树不会在 {new} 条的树之前")
    if old in (0, new):
        return []
    path: list[bytes] = []
    low, high, whole = 0, new, True
    while old != high - low:
        cut = 1 << (high - low - 1).bit_length() - 1
        if old <= cut:
            path.append(span(nodes, low + cut, high))
            high = low + cut
        else:
            path.append(span(nodes, low, low + cut))
            low, old, whole = low + cut, old - cut, False
    if not whole:
        path.append(span(nodes, low, high))
    return path[::-1]


def root_of(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that an audit path leads to (RFC 9162, 2.1.3.2); None when the path has the wrong
    length.
    """
    if not 0 <= index < size:
        return None
    here, last, root = index, size - 1, leaf_hash
    for step in path:
        if last == 0:
            return None
        if here & 1 or here == last:
            root = node(step, root)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            root = node(root, step)
        here, last = here >> 1, last >> 1
    return root if last == 0 else None


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path proves that the tree of `new` entries begins with that of `old` (RFC 9162,
    2.1.4.2).
    """
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY
    if not 0 < old < new or not path:
        return False
    steps = list(path) if old & (old - 1) else [old_root, *path]
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node(step, first), node(step, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = node(second, step)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root
