"""What was just written, read again from disk: entries, tiles, and the root that follows from
them.
"""

from __future__ import annotations

from collections.abc import Mapping

from mingzheng.core.ledger.suite import SIZE, leaves, peak
from mingzheng.core.ledger.tiles import (
    WIDTH,
    Missing,
    Source,
    Tiles,
    read_tile,
    tile_path,
    unbundle,
)
from mingzheng.core.ledger.tree import span


def reread(source: Source, low: int, high: int, wanted: Mapping[int, bytes]) -> bytes:
    """Root of the `high` entries on disk, after everything from entry `low` on was recomputed from
    `wanted`.

    Raises Missing, naming the file, where an entry is not the wanted one or a tile not the hash
    of what is below it.
    """
    tiles = Tiles(source, high)
    for index in range(low // WIDTH, (high + WIDTH - 1) // WIDTH):
        _bundle(source, tiles, index, low, wanted)
    level = 0
    while (high >> 8 * (level + 1)) > 0:
        for index in range((low >> 8 * level) // WIDTH, (high >> 8 * level) // WIDTH):
            above = tiles.tile(level + 1, index // WIDTH)
            if peak(tiles.tile(level, index)) != above[index % WIDTH * SIZE :][:SIZE]:
                raise Missing(f"{tile_path(level, index)} 与上一层不一致")
        level += 1
    return span(tiles, 0, high)


def _bundle(
    source: Source, tiles: Tiles, index: int, low: int, wanted: Mapping[int, bytes]
) -> None:
    width = tiles.width(0, index)
    path = tile_path("entries", index, width)
    entries = unbundle(read_tile(source, "entries", index, width), path)
    for place, entry in enumerate(entries, index * WIDTH):
        if place >= low and wanted.get(place) != entry:
            raise Missing(f"{path} 的第 {place % WIDTH} 条与数据库不一致")
    if leaves(entries) != tiles.tile(0, index):
        raise Missing(f"{path} 与 {tile_path(0, index, width)} 不一致")
