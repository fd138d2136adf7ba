"""Public search by pairs against LIKE over the same texts (and tantivy, where it is installed):
every class of question.
"""

from __future__ import annotations

import importlib
import itertools
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mingzheng.search.building import Doc, build
from mingzheng.search.reading import Asked, Index, current
from mingzheng.site.bench.clockwork import percentile

SIZES = (100_000, 1_000_000)
ROUNDS, SLOW = 200, 3
PAGE, CAP = 20, 1000
COMMON = (
    "的当事人未按规定依据处罚款决定行政机关县局工业和信息化节能法第条"
    "违反监督检查责令改正企业有限公司能源利用状况报告"
)
# Two words that half of the texts have each, and one text in five thousand has both.
FIRST, SECOND, SELDOM = "甲乙", "丙丁", 5000


def words() -> tuple[list[str], list[float]]:
    """A vocabulary with the long tail of written Chinese: few words very often, most of them
    seldom.
    """
    chance = random.Random(5)
    rare = [chr(code) for code in range(0x4E00, 0x4E00 + 6000)]
    found = [
        "".join(chance.choice(COMMON) for _ in range(chance.choice([2, 2, 3, 4])))
        for _ in range(800)
    ]
    found += [
        "".join(chance.choice(rare) for _ in range(chance.choice([2, 3, 4]))) for _ in range(20_000)
    ]
    return found, list(itertools.accumulate(1 / (rank + 1) ** 0.7 for rank in range(len(found))))


def texts(size: int) -> Iterator[str]:
    """Texts of about 230 characters."""
    chance, (vocabulary, weights) = random.Random(7), words()
    for n in range(size):
        text = "".join(chance.choices(vocabulary, cum_weights=weights, k=80))
        yield text + (FIRST if n % 2 else SECOND) + (FIRST + SECOND if n % SELDOM == 0 else "")


def questions() -> dict[str, list[tuple[str, ...]]]:
    """Each class with its questions."""
    vocabulary, _ = words()
    return {
        "two characters": [(vocabulary[n][:2],) for n in (3, 50, 300)],
        "four characters": [((vocabulary[n] + vocabulary[n + 1])[:4],) for n in (5, 90)],
        "rare": [(vocabulary[n],) for n in (9000, 15_000, 20_000)],
        "frequent": [(vocabulary[0][:2],), (FIRST,)],
        "none": [("龘龘龘",), ("电磁炉灶",)],
        "two that rarely meet": [(FIRST, SECOND)],
        "frequent, one agency": [(FIRST,)],
    }


def run() -> dict[str, Any]:
    """For each size and class: p50 and p99 in ms, those of LIKE, and the ratio."""
    found: dict[str, Any] = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="mingzheng-search-") as folder:
            place = Path(folder)
            began = time.perf_counter()
            build(
                place / "index",
                (
                    Doc(size - n, text, 740_000 - n // 200, n % 9)
                    for n, text in enumerate(texts(size))
                ),
                {"receipt": 0},
            )
            spent = time.perf_counter() - began
            index = current(place)
            assert index is not None
            found[str(size)] = {
                "build_s": round(spent, 1),
                "bytes": sum(file.stat().st_size for file in place.rglob("*") if file.is_file()),
                "deep page_ms": _timed(
                    lambda index=index, size=size: index.find(  # type: ignore[misc]
                        Asked((FIRST,), after=(740_000 - size // 400, size // 2)), PAGE, CAP
                    ),
                    ROUNDS,
                ),
                "classes": _classes(index, _like(place, size), _tantivy(place, size)),
            }
    return found


def _classes(
    index: Index,
    like: Callable[[tuple[str, ...]], list[int]],
    other: Callable[[tuple[str, ...]], Any] | None,
) -> dict[str, Any]:
    out = {}
    for name, asked in questions().items():
        equal = (("agency", 3),) if "agency" in name else ()
        ours = _timed(
            lambda asked=asked, equal=equal: [  # type: ignore[misc]
                index.find(Asked(each, equal), PAGE, CAP) for each in asked
            ],
            ROUNDS,
            len(asked),
        )
        theirs = _timed(lambda asked=asked: [like(each) for each in asked], SLOW, len(asked))  # type: ignore[misc]
        row = {
            **ours,
            "like_p50": theirs["p50"],
            "times_faster_than_like": round(theirs["p50"] / max(ours["p50"], 1e-6)),
        }
        if other is not None and "agency" not in name:
            rival = _timed(lambda asked=asked: [other(each) for each in asked], ROUNDS, len(asked))  # type: ignore[misc]
            row |= {
                "tantivy_p50": rival["p50"],
                "of_tantivy": round(ours["p50"] / max(rival["p50"], 1e-6), 2),
            }
        out[name] = row
    return out


def _timed(work: Callable[[], Any], rounds: int, each: int = 1) -> dict[str, float]:
    spent = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        spent.append((time.perf_counter() - began) * 1000 / each)
    return {"p50": round(statistics.median(spent), 3), "p99": round(percentile(spent, 0.99), 3)}


def _like(place: Path, size: int) -> Callable[[tuple[str, ...]], list[int]]:
    base = sqlite3.connect(place / "like.sqlite3")
    base.execute("CREATE TABLE doc (id INTEGER PRIMARY KEY, text TEXT)")
    base.executemany(
        "INSERT INTO doc VALUES (?, ?)", ((size - n, text) for n, text in enumerate(texts(size)))
    )
    base.commit()

    def ask(asked: tuple[str, ...]) -> list[int]:
        where = " AND ".join("text LIKE ?" for _ in asked)
        like = [f"%{word}%" for word in asked]
        base.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM doc WHERE {where} LIMIT {CAP + 1})", like
        ).fetchone()
        return [
            row[0]
            for row in base.execute(
                f"SELECT id FROM doc WHERE {where} ORDER BY id DESC LIMIT {PAGE}", like
            )
        ]

    return ask


def _tantivy(place: Path, size: int) -> Callable[[tuple[str, ...]], Any] | None:
    """The rival, where it is installed: pairs with their positions, so that a longer word is a
    phrase of pairs; newest first by a fast field.
    """
    try:
        tantivy = importlib.import_module("tantivy")
    except ImportError:
        return None
    schema = (
        tantivy.SchemaBuilder()
        .add_text_field("text", tokenizer_name="pairs")
        .add_integer_field("id", fast=True, stored=True)
        .build()
    )
    folder = place / "tantivy"
    folder.mkdir()
    index = tantivy.Index(schema, path=str(folder))
    index.register_tokenizer(
        "pairs", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    )
    writer = index.writer()
    for n, text in enumerate(texts(size)):
        writer.add_document(tantivy.Document(text=" ".join(_pairs(text)), id=size - n))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def query(word: str) -> Any:
        found = _pairs(word)
        if len(found) == 1:
            return tantivy.Query.term_query(schema, "text", found[0])
        return tantivy.Query.phrase_query(schema, "text", found)

    def ask(asked: tuple[str, ...]) -> Any:
        return searcher.search(
            tantivy.Query.boolean_query([(tantivy.Occur.Must, query(word)) for word in asked]),
            PAGE,
            order_by_field="id",
        )

    return ask


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]
