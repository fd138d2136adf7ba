"""Asking an index: pairs are intersected, filters applied, longer words held against the text
itself; newest first.
"""

from __future__ import annotations

import bisect
import itertools
import json
import mmap
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mingzheng.search import grams
from mingzheng.search.building import CODING, INDEX_COLUMNS, TEXT

Places = NDArray[np.int64]
# Places are looked at in stretches that grow, so that frequent words stop early and rare ones are
# done in few.
FIRST, GROWTH = 1 << 14, 4
# How many entries of the rarest pair are held against the others before it is asked whether that is
# enough; grows likewise.
SOME = 1 << 11
# How many texts are looked up before it is asked whether that is enough.
FEW = 512


@dataclass(frozen=True)
class Asked:
    """Words (each of two characters or more) and filters: equal columns, days from and until, the
    key after which to go on.
    """

    words: tuple[str, ...] = ()
    equal: tuple[tuple[str, int], ...] = ()
    since: int | None = None
    until: int | None = None
    after: tuple[int, int] | None = None
    gone: Collection[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Answer:
    """Ids of a page, whether there are more, and how many there are in all; `capped` when only
    that many were counted.
    """

    ids: tuple[int, ...]
    more: bool
    count: int
    capped: bool


class Index:
    """An index as it was written; several processes read the same files."""

    def __init__(self, folder: Path) -> None:
        def load(name: str) -> Any:
            return np.load(folder / f"{name}.npy", mmap_mode="r")

        self.about: dict[str, Any] = json.loads((folder / "about.json").read_text())
        self.ids, self.known, self.ends = load("ids"), load("known"), load("ends")
        self.columns = {name: load(name) for name in INDEX_COLUMNS}
        self.keys, self.starts, self.rows, self.lists, self.maps = (
            load(name) for name in ("keys", "starts", "rows", "lists", "maps")
        )
        with (folder / TEXT).open("rb") as text:
            self.text = mmap.mmap(text.fileno(), 0, access=mmap.ACCESS_READ)

    def holds(self, ids: Collection[int]) -> set[int]:
        """Those of these ids that the index knows."""
        asked = np.array(sorted(ids), dtype=np.int64)
        at = np.searchsorted(self.known, asked)
        return (
            set(asked[self.known[np.minimum(at, len(self.known) - 1)] == asked].tolist())
            if len(self.known)
            else set()
        )

    def find(self, asked: Asked, limit: int, cap: int) -> Answer:
        """A page of `limit` after the key, and a count that stops at `cap`; the first page and the
        count are one pass.
        """
        page: list[int] = []
        if asked.after is not None:
            for places in self._matching(asked, self._begin(asked.after)):
                page += self.ids[places[: limit + 1 - len(page)]].tolist()
                if len(page) > limit:
                    break
        count = 0
        for places in self._matching(asked, 0):
            if asked.after is None and len(page) <= limit:
                page += self.ids[places[: limit + 1 - len(page)]].tolist()
            count += len(places)
            if count > cap:
                break
        return Answer(tuple(page[:limit]), len(page) > limit, min(count, cap), count > cap)

    def _matching(self, asked: Asked, begin: int) -> Iterator[Places]:
        """Places from `begin` on that fit in every way, newest first, as many at a time as cost
        little to look at.
        """
        words = [grams.plain(word) for word in asked.words]
        long = [word for word in words if len(word) != 2]
        gone = np.array(sorted(asked.gone), dtype=np.int64)
        for places in self._stretches(words, begin):
            found = self._filtered(places, asked, gone)
            # Two characters are a pair already; other words have to be looked up in the text, a few
            # documents at a time.
            for low in range(0, len(found), FEW) if long else (0,):
                yield self._true(found[low : low + FEW], long) if long else found

    def _begin(self, after: tuple[int, int] | None) -> int:
        """The place that follows a key (day, id); days and ids fall along the places."""
        if after is None:
            return 0
        day, last = after
        days = self.columns["day"]
        # Looked up step by step: the newest is first, and numpy would copy the whole column to turn
        # it round.
        low = bisect.bisect_left(days, -day, key=lambda value: -int(value))
        high = bisect.bisect_right(days, -day, lo=low, key=lambda value: -int(value))
        return bisect.bisect_right(self.ids, -last, lo=low, hi=high, key=lambda value: -int(value))

    def _stretches(self, words: Sequence[str], begin: int) -> Iterator[Places]:
        """Places from `begin` on at which every pair of the words stands, newest first, stretch by
        stretch.
        """
        lists: list[Any] = []
        maps: list[Any] = []
        for code in grams.of_words(words):
            at = int(np.searchsorted(self.keys, np.uint64(code)))
            if at == len(self.keys) or int(self.keys[at]) != code:
                return
            if self.rows[at] >= 0:
                maps.append(self.maps[self.rows[at]])
            else:
                lists.append(self.lists[self.starts[at] : self.starts[at + 1]])
        if lists:
            yield from self._by_list(sorted(lists, key=len), maps, begin)
            return
        low, step, number = begin & ~7, FIRST, len(self.ids)
        while low < number:
            found = self._by_map(maps, low, min(low + step, number))
            yield found[found >= begin] if low < begin else found
            low, step = low + step, step * GROWTH

    @staticmethod
    def _by_list(lists: list[Any], maps: list[Any], begin: int) -> Iterator[Places]:
        """Along the shortest list, stretch by stretch."""
        first, *others = lists
        low, step = int(np.searchsorted(first, begin)), SOME
        while low < len(first):
            found = np.asarray(first[low : low + step], dtype=np.int64)
            for other in others:
                at = np.searchsorted(other, found.astype(other.dtype))
                found = found[(at < len(other)) & (other[np.minimum(at, len(other) - 1)] == found)]
            for bits in maps:
                found = found[(bits[found >> 3] >> (found & 7)) & 1 == 1]
            yield found
            low, step = low + step, step * GROWTH

    @staticmethod
    def _by_map(maps: list[Any], low: int, high: int) -> Places:
        """`low` is a multiple of eight. Where the maps have little in common, most of it is passed
        over eight bytes at a time.
        """
        if not maps:
            return np.arange(low, high, dtype=np.int64)
        bits = np.array(maps[0][low >> 3 : (high + 7) >> 3])
        for other in maps[1:]:
            bits &= other[low >> 3 : (high + 7) >> 3]
        whole = len(bits) & ~7
        wide = np.flatnonzero(bits[:whole].view(np.uint64))
        if len(wide) * 4 > len(bits) >> 3:
            return np.flatnonzero(np.unpackbits(bits, bitorder="little")) + low
        at = np.concatenate(
            [(wide[:, None] * 8 + np.arange(8)).ravel(), np.arange(whole, len(bits))]
        )
        held, bit = np.nonzero(np.unpackbits(bits[at][:, None], axis=1, bitorder="little"))
        return at[held] * 8 + bit + low

    def _filtered(self, places: Places, asked: Asked, gone: Places) -> Places:
        for name, value in asked.equal:
            places = places[self.columns[name][places] == value]
        if asked.since is not None:
            places = places[self.columns["day"][places] >= asked.since]
        if asked.until is not None:
            places = places[self.columns["day"][places] <= asked.until]
        return places[~np.isin(self.ids[places], gone)] if len(gone) and len(places) else places

    def _true(self, places: Places, words: Sequence[str]) -> Places:
        """Those whose text really has every word."""
        find = self.text.find
        for word in words:
            needle = word.encode(CODING, "surrogatepass")
            begins, ends = self.ends[places], self.ends[places + 1]
            hits = np.array(
                [*map(find, itertools.repeat(needle), begins.tolist(), ends.tolist())],
                dtype=np.int64,
            )
            # Two bytes a unit: a hit between two of them is none, and is looked for further on.
            for n in np.flatnonzero((hits >= 0) & (hits & 1 == 1)).tolist():
                hits[n] = _whole(self.text, needle, int(hits[n]), int(ends[n]))
            places = places[hits >= 0]
        return places


def _whole(text: mmap.mmap, needle: bytes, at: int, high: int) -> int:
    while at >= 0 and at % 2:
        at = text.find(needle, at + 1, high)
    return at


def current(folder: Path) -> Index | None:
    """The newest index in `folder`; None before the first."""
    try:
        return _opened(folder, (folder / "current").read_text())
    except OSError:
        return None


@lru_cache(maxsize=4)
def _opened(folder: Path, name: str) -> Index:
    return Index(folder / name)
