"""Writing an index: one pass over the texts in pieces, then every pair's list of documents in one
file.

A document is known by its place in the order of the list (0 is the newest), so lists of
documents are in the order in which they are shown. A pair that stands in many documents has a
bitmap instead of a list.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mingzheng.search.grams import characters, pairs, plain

PIECE = 20_000
# From one document in so many on, a bitmap is smaller than a list of 32-bit places.
DENSE = 32
# Texts are kept two bytes a unit: half of what has to be looked through, and a hit on a unit is a
# hit on a character.
TEXT, CODING = "text.u2", "utf-16-le"
INDEX_COLUMNS = ("day", "agency", "kind", "party")


@dataclass(frozen=True)
class Doc:
    """A text with what lists filter by: `day` as a proleptic ordinal, the others small numbers of
    the caller's choosing.
    """

    id: int
    text: str
    day: int
    agency: int = 0
    kind: int = 0
    party: int = 0


def build(folder: Path, docs: Iterable[Doc], about: dict[str, Any]) -> None:
    """Write the index of `docs`, which come newest first (day and id falling), and put it in place
    of the old one at once.
    """
    work = folder.with_name(f"{folder.name}.{os.getpid()}")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        ids, columns, number = _texts(work, docs)
        np.save(work / "ids.npy", np.array(ids, dtype=np.int64))
        np.save(work / "known.npy", np.sort(np.array(ids, dtype=np.int64)))
        for name, values in zip(INDEX_COLUMNS, columns, strict=True):
            np.save(work / f"{name}.npy", np.array(values, dtype=np.int32))
        _lists(work, number, len(ids))
        (work / "about.json").write_text(json.dumps({**about, "documents": len(ids)}))
        _swap(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _swap(work: Path, folder: Path) -> None:
    """Readers hold the files they opened; new ones are found under a new name that `current`
    names.
    """
    name = f"{folder.name}-{os.urandom(4).hex()}"
    os.replace(work, folder.with_name(name))
    pointer = folder.with_name("current.tmp")
    pointer.write_text(name)
    before = folder.with_name("current").read_text() if folder.with_name("current").exists() else ""
    os.replace(pointer, folder.with_name("current"))
    for old in folder.parent.glob(f"{folder.name}-*"):
        if old.name not in (name, before):
            shutil.rmtree(old, ignore_errors=True)


def _texts(work: Path, docs: Iterable[Doc]) -> tuple[list[int], list[list[int]], int]:
    """Every text one after another, where each begins, and a sorted piece of pairs for each so
    many documents.
    """
    ids: list[int] = []
    columns: list[list[int]] = [[] for _ in INDEX_COLUMNS]
    ends, at, pieces = [0], 0, 0
    with (work / TEXT).open("wb") as out:
        for piece in _by(docs, PIECE):
            points: list[NDArray[np.uint32]] = []
            for doc in piece:
                ids.append(doc.id)
                for values, name in zip(columns, INDEX_COLUMNS, strict=True):
                    values.append(getattr(doc, name))
                text = plain(doc.text)
                points.append(characters(text))
                written = text.encode(CODING, "surrogatepass")
                out.write(written)
                at += len(written)
                ends.append(at)
            _piece(work, pieces, points, len(ids) - len(piece))
            pieces += 1
        # An empty file cannot be mapped into memory.
        out.write(b"\0\0")
    np.save(work / "ends.npy", np.array(ends, dtype=np.int64))
    return ids, columns, pieces


def _by(docs: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    piece: list[Doc] = []
    for doc in docs:
        piece.append(doc)
        if len(piece) == size:
            yield piece
            piece = []
    if piece:
        yield piece


def _piece(work: Path, number: int, points: Sequence[NDArray[np.uint32]], first: int) -> None:
    """The pairs of these documents, each once a document, sorted by pair and place."""
    codes = [np.unique(pairs(each)) if len(each) > 1 else np.empty(0, np.uint64) for each in points]
    places = np.repeat(
        np.arange(first, first + len(points), dtype=np.uint32), [len(each) for each in codes]
    )
    joined = np.concatenate(codes) if codes else np.empty(0, np.uint64)
    order = np.argsort(joined, kind="stable")
    np.save(work / f"codes-{number}.npy", joined[order])
    np.save(work / f"places-{number}.npy", places[order])


def _lists(work: Path, pieces: int, documents: int) -> None:
    """The pieces put together: every pair with its list of places, or with its bitmap."""
    tables = [
        np.unique(np.load(work / f"codes-{n}.npy", mmap_mode="r"), return_counts=True)
        for n in range(pieces)
    ]
    keys = (
        np.unique(np.concatenate([table[0] for table in tables]))
        if tables
        else np.empty(0, np.uint64)
    )
    counts = np.zeros(len(keys), dtype=np.int64)
    for codes, number in tables:
        counts[np.searchsorted(keys, codes)] += number
    starts = np.concatenate([[0], np.cumsum(counts)])
    found = np.lib.format.open_memmap(
        work / "places.npy", mode="w+", dtype=np.uint32, shape=(int(starts[-1]),)
    )
    filled = starts[:-1].copy()
    for n, (codes, number) in enumerate(tables):
        where = np.searchsorted(keys, codes)
        places = np.load(work / f"places-{n}.npy", mmap_mode="r")
        runs = np.concatenate([[0], np.cumsum(number)])[:-1]
        found[np.repeat(filled[where] - runs, number) + np.arange(len(places))] = places
        filled[where] += number
        for name in ("codes", "places"):
            (work / f"{name}-{n}.npy").unlink()
    np.save(work / "keys.npy", keys)
    _dense(work, found, keys, starts, counts, documents)


def _dense(work: Path, found: Any, keys: Any, starts: Any, counts: Any, documents: int) -> None:
    """Bitmaps of the pairs that stand in many documents; the lists keep only the others."""
    many = counts * DENSE > documents
    width = (documents + 7) // 8
    maps = np.lib.format.open_memmap(
        work / "maps.npy", mode="w+", dtype=np.uint8, shape=(int(many.sum()), width)
    )
    for row, key in enumerate(np.flatnonzero(many)):
        bits = np.zeros(width * 8, dtype=np.uint8)
        bits[found[starts[key] : starts[key + 1]]] = 1
        maps[row] = np.packbits(bits, bitorder="little")
    kept = np.repeat(~many, counts)
    lists = np.lib.format.open_memmap(
        work / "lists.npy", mode="w+", dtype=np.uint32, shape=(int(kept.sum()),)
    )
    at = 0
    for low in range(0, len(kept), 1 << 24):
        some = found[low : low + (1 << 24)][kept[low : low + (1 << 24)]]
        lists[at : at + len(some)] = some
        at += len(some)
    (work / "places.npy").unlink()
    np.save(work / "starts.npy", np.concatenate([[0], np.cumsum(np.where(many, 0, counts))]))
    # For each key: its row among the bitmaps, or -1 where it has a list.
    np.save(work / "rows.npy", np.where(many, np.cumsum(many) - 1, -1).astype(np.int32))
