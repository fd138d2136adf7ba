"""Tiles of height 8 and entry bundles (C2SP tlog-tiles): where they lie, and how the tree is read
out of them.
"""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections import OrderedDict
from pathlib import Path
from typing import Protocol

from mingzheng.core.ledger.suite import SIZE, peak

WIDTH = 256
FULL = WIDTH * SIZE
NAME = re.compile(
    r"(?:entries|0|[1-9]|[1-5][0-9]|6[0-3])/(?:x[0-9]{3}/)*[0-9]{3}(?:\.p/(?:[1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
)


class Missing(Exception):
    """A tile, bundle or checkpoint that should be there is not, or has the wrong length; says
    which, in Chinese.
    """


class Unreachable(Exception):
    """The log as a whole could not be read; says why, in Chinese."""


class Source(Protocol):
    """Where a log's files come from; `read` takes a path below the log and raises Missing."""

    def read(self, path: str) -> bytes: ...


def number(index: int) -> str:
    """Index of a tile as path elements: 1234067 is x001/x234/067."""
    text = f"{index % 1000:03d}"
    while index >= 1000:
        index //= 1000
        text = f"x{index % 1000:03d}/{text}"
    return text


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Path of a tile below the log; `level` is a number or "entries"."""
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{number(index)}{partial}"


class Directory:
    """A log that lies in a directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, path: str) -> bytes:
        try:
            return (self.folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise Missing(f"{path} 不见了") from None
        except OSError as error:
            raise Unreachable(f"{path} 读不出来：{error.strerror}") from error


class Address:
    """A log behind a URL prefix."""

    LIMIT = 1 << 24

    def __init__(self, prefix: str, timeout: float = 10) -> None:
        self.prefix, self.timeout = prefix.rstrip("/"), timeout

    def read(self, path: str) -> bytes:
        try:
            with urllib.request.urlopen(f"{self.prefix}/{path}", timeout=self.timeout) as answer:
                return bytes(answer.read(self.LIMIT))
        except urllib.error.HTTPError as error:
            if error.code in (403, 404, 410):
                raise Missing(f"{path} 不见了") from None
            raise Unreachable(f"{path} 取不到：对方回答 {error.code}") from error
        except (OSError, ValueError) as error:
            raise Unreachable(f"{self.prefix} 连不上") from error


class Tiles:
    """The tree of `size` entries as its tiles say it; reads each tile once and keeps the last
    few.
    """

    KEPT = 64

    def __init__(self, source: Source, size: int) -> None:
        self.source, self.size = source, size
        self._kept: OrderedDict[tuple[int, int], bytes] = OrderedDict()

    def width(self, level: int, index: int) -> int:
        """How many hashes this tree's tile holds; 0 when there is no such tile."""
        return max(0, min(WIDTH, (self.size >> 8 * level) - index * WIDTH))

    def tile(self, level: int, index: int) -> bytes:
        """The hashes of a tile, joined."""
        key = (level, index)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        data = read_tile(self.source, level, index, self.width(level, index), SIZE)
        self._kept[key] = data
        if len(self._kept) > self.KEPT:
            self._kept.popitem(last=False)
        return data

    def at(self, height: int, index: int) -> bytes:
        """Root of the complete subtree over the entries [index·2^height, (index+1)·2^height)."""
        level, rest = divmod(height, 8)
        tile, first = divmod(index << rest, WIDTH)
        data = self.tile(level, tile)[first * SIZE : (first + (1 << rest)) * SIZE]
        if len(data) != SIZE << rest:
            raise Missing(f"{tile_path(level, tile)} 里没有要找的部分")
        return peak(data)


def read_tile(source: Source, level: int | str, index: int, width: int, unit: int = 0) -> bytes:
    """A tile or bundle of exactly `width` entries; where a partial one was cleared away, the head
    of the full one.

    `unit` is the length of one entry where it is fixed; 0 leaves the cutting to the reader of
    bundles.
    """
    path = tile_path(level, index, width)
    if not 0 < width <= WIDTH:
        raise Missing(f"{path} 不在这棵树里")
    try:
        data = source.read(path)
    except Missing:
        if width == WIDTH:
            raise
        try:
            data = source.read(tile_path(level, index))
        except Missing:
            raise Missing(f"{path} 不见了") from None
        data = (
            data[: width * unit]
            if unit
            else b"".join(framed(unbundle(data, tile_path(level, index))[:width]))
        )
    if unit and len(data) != width * unit:
        raise Missing(f"{path} 的长度不对：应为 {width * unit} 字节，实为 {len(data)} 字节")
    return data


def framed(entries: list[bytes]) -> list[bytes]:
    """Entries as bundles hold them: the length in two bytes, then the entry."""
    lengths = {len(entry) for entry in entries}
    if len(lengths) == 1:
        prefix = lengths.pop().to_bytes(2, "big")
        return [prefix + entry for entry in entries]
    return [len(entry).to_bytes(2, "big") + entry for entry in entries]


def unbundle(data: bytes, path: str) -> list[bytes]:
    """The entries of a bundle; Missing where a length does not fit, naming the entry."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        if at + 2 + length > len(data):
            raise Missing(f"{path} 从第 {len(entries)} 条起读不通")
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return entries
