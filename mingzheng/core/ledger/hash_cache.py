"""The shelf: hashes within and above the tiles, kept beside them so that a proof need not compute
them again.

Not published and never believed: whoever makes a proof checks where it leads, and falls back on
the tiles. One file a height, the i-th hash at 32·i; the three lowest heights are computed from
the tile, which is cheaper than keeping them.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType

from mingzheng.core.ledger.suite import SIZE, peak
from mingzheng.core.ledger.tiles import WIDTH, Directory, Tiles, tile_path

SHELVED = 3
GROUP = 1 << SHELVED
SMALL = 1 << 18


def shelf_path(height: int) -> str:
    """Where the hashes of a height lie, below the log."""
    return f"nodes/{height}"


class Shelf:
    """The tree of `size` entries in a directory, read hash by hash. Close it, or use it as a
    context.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.tiles = folder, Tiles(Directory(folder), size)
        self._kept: dict[int, int | bytes] = {}
        self._near: tuple[int, bytes] = (-1, b"")

    def at(self, height: int, index: int) -> bytes:
        """Root of the complete subtree over the entries [index·2^height, (index+1)·2^height)."""
        try:
            if height < SHELVED:
                return self._low(height, index)
            kept = self._kept.get(height)
            if kept is None:
                kept = self._open(height)
            found = (
                os.pread(kept, SIZE, index * SIZE)
                if isinstance(kept, int)
                else kept[index * SIZE : index * SIZE + SIZE]
            )
        except OSError:
            return self.tiles.at(height, index)
        return found if len(found) == SIZE else self.tiles.at(height, index)

    def _open(self, height: int) -> int | bytes:
        """The file of a height; a small one, of the upper heights, whole."""
        handle = os.open(self.folder / shelf_path(height), os.O_RDONLY)
        if os.fstat(handle).st_size > SMALL:
            self._kept[height] = handle
            return handle
        try:
            self._kept[height] = whole = os.read(handle, SMALL)
        finally:
            os.close(handle)
        return whole

    def _low(self, height: int, index: int) -> bytes:
        """Out of the eight leaves around, read from their tile."""
        group = (index << height) // GROUP
        if self._near[0] != group:
            tile, first = divmod(group * GROUP, WIDTH)
            handle = os.open(
                f"{self.folder}/{tile_path(0, tile, self.tiles.width(0, tile))}", os.O_RDONLY
            )
            try:
                self._near = group, os.pread(handle, GROUP * SIZE, first * SIZE)
            finally:
                os.close(handle)
        first = (index << height) % GROUP * SIZE
        data = self._near[1][first : first + (SIZE << height)]
        return peak(data) if len(data) == SIZE << height else self.tiles.at(height, index)

    def close(self) -> None:
        """Let go of the files."""
        for kept in self._kept.values():
            if isinstance(kept, int):
                os.close(kept)
        self._kept.clear()

    def __enter__(self) -> Shelf:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
