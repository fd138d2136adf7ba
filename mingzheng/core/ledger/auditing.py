"""A whole log against its checkpoint: every entry, every tile, the root, the signatures; says
where it breaks.

The tree is computed upwards from the entries and held against the tiles as they lie there.
Where the two differ, the level above decides which of them is right; where there is no level
above, the signed root does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from mingzheng.core.ledger.checkpoint import Checkpoint, cosigners, opened
from mingzheng.core.ledger.notes import Note, NoteFault, Verifier
from mingzheng.core.ledger.suite import EMPTY, SIZE, leaf, peak, split
from mingzheng.core.ledger.tiles import WIDTH, Missing, Source, read_tile, tile_path, unbundle
from mingzheng.core.ledger.tree import span


@dataclass
class Report:
    """What was found: faults in Chinese, the head, and who cosigned it when (POSIX seconds)."""

    faults: list[str] = field(default_factory=list)
    head: Checkpoint | None = None
    witnesses: dict[str, int] = field(default_factory=dict)

    @property
    def well(self) -> bool:
        """No fault at all."""
        return not self.faults


def verify(
    source: Source,
    key: Verifier,
    witnesses: Sequence[Verifier] = (),
    quorum: int = 0,
    also: Sequence[Verifier] = (),
) -> Report:
    """Read and recompute everything a log publishes; it must be signed by `key` and each of
    `also`. Unreachable when it cannot be read at all.
    """
    report = Report()
    try:
        report.head, note = opened(source.read("checkpoint"), key, *also)
        report.witnesses = cosigners(note, list(witnesses))
    except (NoteFault, Missing) as fault:
        report.faults.append(f"检查点 checkpoint：{fault}。")
        report.head = report.head or _unsigned(source)
        if report.head is None:
            return report
    if len(report.witnesses) < quorum and not report.faults:
        report.faults.append(
            f"检查点 checkpoint：要求 {quorum} 个见证，只有 {len(report.witnesses)} 个。"
        )
    report.faults += Audit(source, report.head.size).against(report.head.root)
    return report


def _unsigned(source: Source) -> Checkpoint | None:
    """The head as it stands there although its signature does not hold: the tiles can be looked at
    all the same.
    """
    try:
        return Checkpoint.read(Note.read(source.read("checkpoint")).text)
    except (NoteFault, Missing):
        return None


@dataclass
class _Doubt:
    """An unfinished tile that is not what the level below gives: two candidates, and what to say
    of each.
    """

    level: int
    below: bytes
    lying: bytes
    if_below: list[str]
    if_lying: list[str]


class Audit:
    """One pass over a log of `size` entries; reads each file once."""

    def __init__(self, source: Source, size: int) -> None:
        self.source, self.size = source, size
        self.faults: list[str] = []
        self.doubts: list[_Doubt] = []
        self.rests: dict[int, bytes] = {}

    def against(self, root: bytes) -> list[str]:
        """Every fault of a log that should have this root."""
        self._climb()
        choices = [
            ((doubt.below, doubt.if_below), (doubt.lying, doubt.if_lying)) for doubt in self.doubts
        ]
        for chosen in product(*choices):
            for doubt, (data, _) in zip(self.doubts, chosen, strict=True):
                self.rests[doubt.level] = data
            if self._root() == root:
                return self.faults + [text for _, said in chosen for text in said]
        said = [text for doubt in self.doubts for text in doubt.if_below]
        return [
            *self.faults,
            *said,
            "检查点 checkpoint：签名的树根与条目算出的不一致，检查点与条目至少有一方被改过。",
        ]

    def _climb(self) -> None:
        """Hold every level against the one below."""
        hashes, level = b"", 0
        while (self.size >> 8 * level) > 0:
            count, next_level = self.size >> 8 * level, b""
            stored_above = self._stored(level + 1)
            for index in range((count + WIDTH - 1) // WIDTH):
                width = min(WIDTH, count - index * WIDTH)
                below = (
                    self._entries(index, width)
                    if level == 0
                    else hashes[index * WIDTH * SIZE :][: width * SIZE]
                )
                next_level += self._tile(
                    level, index, width, below, stored_above[index * SIZE :][:SIZE]
                )
            hashes, level = next_level, level + 1

    def _stored(self, level: int) -> bytes:
        """All hashes of a level as its tiles hold them; zeros where one is missing (that is said
        when it is its turn).
        """
        count, found = self.size >> 8 * level, b""
        for index in range((count + WIDTH - 1) // WIDTH):
            width = min(WIDTH, count - index * WIDTH)
            try:
                found += read_tile(self.source, level, index, width, SIZE)
            except Missing:
                found += bytes(width * SIZE)
        return found

    def _entries(self, index: int, width: int) -> bytes:
        """Leaf hashes of a bundle; one that cannot be read is said, and its tile believed."""
        path = tile_path("entries", index, width)
        try:
            entries = unbundle(read_tile(self.source, "entries", index, width), path)
        except Missing as fault:
            self.faults.append(f"条目包 {fault}。")
            return b""
        if len(entries) != width:
            self.faults.append(f"条目包 {path} 应有 {width} 条，实有 {len(entries)} 条。")
            return b""
        return b"".join(map(leaf, entries))

    def _tile(self, level: int, index: int, width: int, below: bytes, above: bytes) -> bytes:
        """Judge one tile; answers its root when it is full."""
        path = tile_path(level, index, width)
        try:
            lying = read_tile(self.source, level, index, width, SIZE)
        except Missing as fault:
            self.faults.append(f"散列块 {fault}。")
            lying = below
        below = below or lying
        if width < WIDTH:
            self.rests[level] = below
            if below != lying:
                self.doubts.append(
                    _Doubt(
                        level,
                        below,
                        lying,
                        list(_wrong_tile(path, below, lying)),
                        list(_wrong_below(level, index, below, lying)),
                    )
                )
            return b""
        if below == lying:
            return peak(below)
        if peak(lying) == above:
            self.faults += _wrong_below(level, index, below, lying)
            return above
        self.faults += _wrong_tile(path, below, lying)
        return peak(below)

    def _root(self) -> bytes:
        """The root over the unfinished tiles."""
        if self.size == 0:
            return EMPTY
        return span(_Peaks(self.rests, self.size), 0, self.size)


@dataclass(frozen=True)
class _Peaks:
    """The right edge of a tree out of its unfinished tiles."""

    rests: dict[int, bytes]
    size: int

    def at(self, height: int, index: int) -> bytes:
        level, rest = divmod(height, 8)
        first = (index << rest) % WIDTH
        return peak(self.rests[level][first * SIZE : (first + (1 << rest)) * SIZE])


def _unlike(below: bytes, lying: bytes) -> Iterator[int]:
    return (
        at
        for at, (one, other) in enumerate(zip(split(below), split(lying), strict=True))
        if one != other
    )


def _wrong_tile(path: str, below: bytes, lying: bytes) -> Iterator[str]:
    for at in _unlike(below, lying):
        yield f"散列块 {path} 的第 {at} 个散列与下一层算出的不一致。"


def _wrong_below(level: int, index: int, below: bytes, lying: bytes) -> Iterator[str]:
    for at in _unlike(below, lying):
        place = index * WIDTH + at
        yield (
            f"第 {place} 号条目与散列块不一致：{tile_path('entries', index, len(below) // SIZE)}"
            f" 的第 {at} 条被改过。"
            if level == 0
            else f"散列块 {tile_path(level - 1, place)} 与上一层不一致。"
        )
