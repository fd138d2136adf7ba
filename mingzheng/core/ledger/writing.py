"""Appending to a log in a directory: the right edge of the tree in memory, full tiles written once.

Order of a batch: the entries become durable in the edge and the tree is computed; `lay` writes
bundles and tiles before a checkpoint is signed; `settle` waits until they are on disk and
starts the edge anew. Whoever opens the log after a crash writes again what the edge holds, so
the same entries give the same files. A tile is read by others only once a checkpoint covers it,
so it needs no rename.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mingzheng.core.ledger.hash_cache import SHELVED, shelf_path
from mingzheng.core.ledger.suite import EMPTY, FANOUT_BITS, SIZE, leaves, node, parents
from mingzheng.core.ledger.tiles import (
    FULL,
    WIDTH,
    Directory,
    Missing,
    Tiles,
    framed,
    read_tile,
    tile_path,
    unbundle,
)
from mingzheng.core.ledger.write_ahead import Edge, durable, sync, write_all


class Log:
    """A log that one process at a time appends to. `size` entries, `root` of 32 bytes."""

    def __init__(self, folder: Path) -> None:
        """Open, or begin, the log in `folder`; Missing when its files contradict each other."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._edge = Edge(folder / "edge")
        base, entries = self._edge.read()
        self.size = base
        self.written: set[str] = set()
        self._right: dict[int, bytes] = {}
        self._peaks: dict[int, bytes] = {}
        self._shelf: list[tuple[int, int, bytes]] = []
        self._unlaid: dict[str, bytes] = {}
        self._unfinished: dict[int | str, str] = {}
        self._load()
        self.settled = base
        if entries:
            self._integrate(entries, framed(entries))
            self.lay(again=True)

    def _load(self) -> None:
        """The right edge as the tiles of this size say it."""
        source = Directory(self.folder)
        tiles = Tiles(source, self.size)
        for level in range(8):
            last = (self.size >> 8 * level) // WIDTH
            self._right[level] = tiles.tile(level, last) if tiles.width(level, last) else b""
        self._bundle = b""
        if width := self.size % WIDTH:
            self._bundle = read_tile(source, "entries", self.size // WIDTH, width)
        for height in range(self.size.bit_length()):
            if self.size >> height & 1:
                self._peaks[height] = tiles.at(height, (self.size >> height) - 1)

    @property
    def root(self) -> bytes:
        """Root of the tree as it is in memory."""
        found: bytes | None = None
        for height in sorted(height for height in self._peaks if self.size >> height & 1):
            found = self._peaks[height] if found is None else node(self._peaks[height], found)
        return EMPTY if found is None else found

    def append(self, entries: list[bytes]) -> int:
        """Add entries (each below 64 KiB); durable on return. Answers the number of the first."""
        first = self.size
        if entries:
            frames = framed(entries)
            self._edge.append(frames)
            self._integrate(entries, frames)
        return first

    def _integrate(self, entries: list[bytes], frames: list[bytes]) -> None:
        old, new = self.size, self.size + len(entries)
        self._put("entries", old // WIDTH, self._bundles(frames, old))
        fresh, height = leaves(entries), 0
        while fresh:
            if height % FANOUT_BITS == 0:
                level = height // FANOUT_BITS
                self._put(level, (old >> height) // WIDTH, self._cut(level, fresh))
            if height >= SHELVED:
                self._shelf.append((height, (old >> height) * SIZE, fresh))
            both = self._peaks[height] + fresh if old >> height & 1 else fresh
            if new >> height & 1:
                self._peaks[height] = both[-SIZE:]
            fresh, height = parents(both), height + 1
        self.size = new

    def _bundles(self, frames: list[bytes], old: int) -> Iterator[tuple[int, bytes]]:
        """Bundles from the last unfinished one on: (how many entries, bytes)."""
        room = WIDTH - old % WIDTH
        for at in range(room - WIDTH, len(frames), WIDTH):
            part = b"".join(frames[max(at, 0) : at + WIDTH])
            whole = self._bundle + part if at < 0 else part
            width = min(len(frames) - at, WIDTH)
            self._bundle = whole if width < WIDTH else b""
            yield width, whole

    def _cut(self, level: int, fresh: bytes) -> Iterator[tuple[int, bytes]]:
        """Tiles of one level from the last unfinished one on: (how many hashes, bytes)."""
        whole = self._right[level] + fresh
        for at in range(0, len(whole), FULL):
            piece = whole[at : at + FULL]
            yield len(piece) // SIZE, piece
        self._right[level] = whole[len(whole) - len(whole) % FULL :]

    def _put(self, level: int | str, index: int, pieces: Iterator[tuple[int, bytes]]) -> None:
        self._unlaid.pop(self._unfinished.pop(level, ""), None)
        for width, data in pieces:
            path = tile_path(level, index, width)
            self._unlaid[path] = data
            if width < WIDTH:
                self._unfinished[level] = path
            index += 1

    def lay(self, again: bool = False) -> None:
        """Write bundles and tiles as they are now; a checkpoint may be signed after that."""
        for path, data in self._unlaid.items():
            target = self.folder / path
            self.written.add(path)
            # Opened again after a crash: what lies there already is left as it is, what is torn is
            # written anew.
            if not (again and target.is_file() and target.read_bytes() == data):
                _write(target, data)
        for height, at, data in self._shelf:
            path = shelf_path(height)
            self.written.add(path)
            _write(self.folder / path, data, at)
        self._shelf.clear()
        self._unlaid.clear()
        self._unfinished.clear()

    @property
    def unsettled(self) -> int:
        """How many entries still rest on the edge alone."""
        return self.size - self.settled

    def settle(self) -> None:
        """Write what is not yet written, wait for every file, start the edge anew, clear partial
        tiles away whose full tile is there.
        """
        self.lay()
        files = [self.folder / path for path in self.written]
        folders = {
            folder
            for file in files
            for folder in file.parents
            if folder.is_relative_to(self.folder)
        }
        # Waiting side by side lets the file system write its journal once for many.
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(sync, [*files, *sorted(folders)]))
        self._edge.begin(self.size)
        for path in self.written:
            if not path.rpartition("/")[0].endswith(".p"):
                shutil.rmtree(self.folder / f"{path}.p", ignore_errors=True)
        self.written.clear()
        self.settled = self.size

    def publish(self, checkpoint: bytes) -> None:
        """Replace the checkpoint that readers see."""
        durable(self.folder / "checkpoint", checkpoint)

    def published(self) -> bytes:
        """The checkpoint as it lies there; empty when there is none."""
        try:
            return Directory(self.folder).read("checkpoint")
        except Missing:
            return b""

    def entries(self, low: int, high: int) -> Iterator[tuple[int, bytes]]:
        """The entries [low, high) as the bundles on disk hold them, with their numbers."""
        source = Directory(self.folder)
        for index in range(low // WIDTH, (high + WIDTH - 1) // WIDTH):
            width = min(WIDTH, self.size - index * WIDTH)
            path = tile_path("entries", index, width)
            for place, entry in enumerate(
                unbundle(read_tile(source, "entries", index, width), path)
            ):
                if low <= index * WIDTH + place < high:
                    yield index * WIDTH + place, entry

    def close(self) -> None:
        """Let go of the edge's file."""
        self._edge.close()


def _write(target: Path, data: bytes, at: int | None = None) -> None:
    """A whole file, or the bytes from place `at` on."""
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if at is None else 0)
    try:
        handle = os.open(target, flags, 0o644)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(target, flags, 0o644)
    try:
        os.lseek(handle, at or 0, os.SEEK_SET)
        write_all(handle, data)
    finally:
        os.close(handle)
