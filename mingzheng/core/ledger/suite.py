"""The hash suite of the tree, named once: RFC 6962 over SHA-256, which every outsider's tool
reads.
"""

from __future__ import annotations

from hashlib import sha256

NAME = "sha256"
SIZE = 32
FANOUT_BITS = 8
EMPTY = sha256(b"").digest()


def leaf(entry: bytes) -> bytes:
    """Hash of one entry (RFC 6962, 2.1)."""
    return sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees side by side (RFC 6962, 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def leaves(entries: list[bytes]) -> bytes:
    """The hashes of many entries, joined."""
    return b"".join([sha256(b"\x00" + entry).digest() for entry in entries])


def parents(hashes: bytes) -> bytes:
    """The hashes one level up, joined; a last hash without a neighbour is left out."""
    return b"".join(
        [sha256(b"\x01" + hashes[at : at + 64]).digest() for at in range(0, len(hashes) - 63, 64)]
    )


def peak(hashes: bytes) -> bytes:
    """The root of 2^k joined hashes."""
    while len(hashes) > SIZE:
        hashes = parents(hashes)
    return hashes


def split(hashes: bytes) -> list[bytes]:
    """Joined hashes one by one."""
    return [hashes[at : at + SIZE] for at in range(0, len(hashes), SIZE)]
