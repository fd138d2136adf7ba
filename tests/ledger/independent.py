"""A second implementation of the formats, from the C2SP texts and RFC 6962 alone: nothing of the
product is used here.

`check_log` reads a log through a function path → bytes; `check_proof` opens a proof file. Both
raise Broken.
"""

from __future__ import annotations

import base64
import hashlib
import urllib.request
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Read = Callable[[str], bytes]


class Broken(Exception):
    """The log or proof is not what it should be."""


def need(condition: object, what: str) -> None:
    if not condition:
        raise Broken(what)


def directory(folder: Path) -> Read:
    return lambda path: (folder / path).read_bytes()


def address(url: str) -> Read:
    def read(path: str) -> bytes:
        with urllib.request.urlopen(f"{url}/{path}", timeout=10) as answer:
            return bytes(answer.read())

    return read


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def tree_head(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 over leaf hashes, by its recursive definition."""
    if not leaves:
        return sha()
    if len(leaves) == 1:
        return leaves[0]
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return sha(b"\x01", tree_head(leaves[:cut]), tree_head(leaves[cut:]))


def key(vkey: str) -> tuple[str, bytes, int, bytes]:
    name, identity, rest = vkey.strip().split("+", 2)
    data = base64.b64decode(rest, validate=True)
    need(sha(name.encode(), b"\n", data)[:4].hex() == identity, "key id")
    return name, bytes.fromhex(identity), data[0], data[1:]


def signed_text(note: str, vkeys: list[str], least: int) -> str:
    """The text of a note that the first key signed and at least `least` of the others cosigned."""
    need(not any(ord(letter) < 32 and letter != "\n" for letter in note), "control character")
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    need(lines.endswith("\n"), "last newline")
    good = []
    for vkey in vkeys:
        name, identity, kind, public = key(vkey)
        for line in lines[:-1].split("\n"):
            dash, who, blob = line.split(" ")
            data = base64.b64decode(blob, validate=True)
            need(dash == "\u2014" and base64.b64encode(data).decode() == blob, "signature line")
            if who != name or data[:4] != identity:
                continue
            message, signature = text.encode(), data[4:]
            if kind == 4:
                moment, signature = int.from_bytes(data[4:12], "big"), data[12:]
                message = f"cosignature/v1\ntime {moment}\n{text}".encode()
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
            except Exception as error:
                raise Broken("signature") from error
            good.append(vkey)
    need(vkeys[0] in good and len(set(good)) - 1 >= least, "not enough signatures")
    return text


def head(note: str, vkeys: list[str], least: int = 0) -> tuple[int, bytes]:
    rows = signed_text(note, vkeys, least).split("\n")
    need(rows[0] == key(vkeys[0])[0] and str(int(rows[1])) == rows[1], "checkpoint body")
    root = base64.b64decode(rows[2], validate=True)
    need(base64.b64encode(root).decode() == rows[2], "checkpoint root")
    return int(rows[1]), root


def name(level: str, index: int, width: int) -> str:
    digits = f"{index:0{(len(str(index)) + 2) // 3 * 3}d}"
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{path}" + (f".p/{width}" if width < 256 else "")


def entries(read: Read, size: int) -> list[bytes]:
    found: list[bytes] = []
    for index in range(-(-size // 256)):
        width = min(256, size - index * 256)
        data, count = read(name("entries", index, width)), 0
        while data:
            length = int.from_bytes(data[:2], "big")
            need(len(data) >= 2 + length, "entry length")
            found.append(data[2 : 2 + length])
            data, count = data[2 + length :], count + 1
        need(count == width, "entries in a bundle")
    return found


def check_log(read: Read, vkeys: list[str], least: int = 0) -> tuple[int, list[bytes]]:
    """Size and entries of a log whose every tile, entry and signature holds."""
    try:
        size, root = head(read("checkpoint").decode(), vkeys, least)
        found = entries(read, size)
        level, hashes = 0, [sha(b"\x00", entry) for entry in found]
        need(tree_head(hashes) == root, "root")
        while hashes:
            for index in range(-(-len(hashes) // 256)):
                tile = hashes[index * 256 :][:256]
                need(
                    read(name(str(level), index, len(tile))) == b"".join(tile),
                    f"tile {level}/{index}",
                )
            hashes = [tree_head(hashes[at : at + 256]) for at in range(0, len(hashes) - 255, 256)]
            level += 1
        return size, found
    except (OSError, ValueError, IndexError) as error:
        raise Broken(str(error)) from error


def check_proof(
    text: str, entry_of: Callable[[bytes], bytes], vkeys: list[str], least: int = 0
) -> int:
    """Number of the entry that a proof opens; `entry_of` makes the entry out of the extra data."""
    above, _, note = text.partition("\n\n")
    rows = above.split("\n")
    need(
        rows[0] == "c2sp.org/tlog-proof@v1"
        and rows[1].startswith("extra ")
        and rows[2].startswith("index "),
        "proof form",
    )
    size, root = head(note, vkeys, least)
    index = int(rows[2][6:])
    need(
        root
        == climb(
            sha(b"\x00", entry_of(base64.b64decode(rows[1][6:]))),
            index,
            size,
            [base64.b64decode(row, validate=True) for row in rows[3:]],
        ),
        "inclusion",
    )
    return index


def climb(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """PATH of RFC 6962 undone, by its recursive definition: the last element stands beside the
    biggest half.
    """
    if size == 1:
        need(not path, "path too long")
        return leaf
    need(path, "path too short")
    cut = 1
    while cut * 2 < size:
        cut *= 2
    if index < cut:
        return sha(b"\x01", climb(leaf, index, cut, path[:-1]), path[-1])
    return sha(b"\x01", path[-1], climb(leaf, index - cut, size - cut, path[:-1]))
