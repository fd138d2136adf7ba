"""The edge: the entries that are durable although their tiles may not be yet, one fdatasync for a
whole batch.

A file of frames behind an 8-byte number, the tree's size at which it begins. Each frame is
length, SHA-256 and the batch's entries as bundles hold them, so a frame cut off by a crash is
noticed and left out.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from mingzheng.core.ledger.tiles import Missing, unbundle


def durable(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace a file at once and for good."""
    temporary = path.with_name(path.name + ".new")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
    os.replace(temporary, path)
    sync(path.parent)


def write_all(handle: int, data: bytes) -> None:
    """Write every byte: a disk that fills up takes a part first and complains only then."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def sync(path: Path) -> None:
    """Wait until a file or directory is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Edge:
    """What was appended since `base` entries, in `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def read(self) -> tuple[int, list[bytes]]:
        """The size it begins at, and the entries of its whole frames."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return 0, []
        if len(data) < 8:
            raise Missing(f"{self.path.name} 不完整")
        at, entries = 8, []
        while at + 36 <= len(data):
            length = int.from_bytes(data[at : at + 4], "big")
            body = data[at + 36 : at + 36 + length]
            if len(body) != length or sha256(body).digest() != data[at + 4 : at + 36]:
                break
            entries += unbundle(body, self.path.name)
            at += 36 + length
        if at < len(data):
            # Cut off what a crash left half written, or the next frame would follow rubbish.
            os.truncate(self.path, at)
        return int.from_bytes(data[:8], "big"), entries

    def append(self, frames: list[bytes]) -> None:
        """Keep a batch, framed as bundles hold it, for good."""
        body = b"".join(frames)
        if self._handle is None:
            if not self.path.exists():
                self.begin(0)
            self._handle = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        whole = os.fstat(self._handle).st_size
        try:
            write_all(self._handle, len(body).to_bytes(4, "big") + sha256(body).digest() + body)
            os.fdatasync(self._handle)
        except OSError:
            # A frame cut off by a full disk must not lie before the next one.
            os.ftruncate(self._handle, whole)
            raise

    def begin(self, base: int) -> None:
        """Start anew at a size whose tiles are on disk."""
        self.close()
        durable(self.path, base.to_bytes(8, "big"))

    def close(self) -> None:
        """Let go of the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
