"""docs/clauses.md: every row of the comparison of the source documents with the tests that prove
it.

python -m tests.clauses            write the page
python -m tests.clauses --check    exit 1 when the page is not what would be written
"""

from __future__ import annotations

import contextlib
import io
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "clauses.md"
HEAD = """# 条款对照

由 `python -m tests.clauses` 生成，不要手改。五份文件的每一项要求占一行；“证明”列出用
`@clause` 标明证明这一行的测试，写“后续”的还没有测试，在以后的阶段补上。

已有测试的 {proved} 行，后续 {later} 行。

| 行 | 内容 | 条款 | 证明 |
|---|---|---|---|
"""


class Collector:
    """Notes which test carries which clause."""

    def __init__(self) -> None:
        self.found: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Called by pytest when every test is known."""
        for item in session.items:
            for mark in item.iter_markers("clause"):
                for clause in mark.args:
                    self.found[clause].add(item.nodeid.split("[")[0])


def rows() -> dict[str, dict[str, Any]]:
    """Row → title and clauses."""
    return tomllib.loads((ROOT / "tests" / "clauses.toml").read_text(encoding="utf-8"))


def proofs() -> dict[str, set[str]]:
    """Clause or row id → tests. Collected without running anything."""
    collector = Collector()
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = pytest.main(
            [
                "--collect-only",
                "-q",
                "--long",
                "-p",
                "no:xdist",
                "-p",
                "no:cacheprovider",
                str(ROOT / "tests"),
            ],
            plugins=[collector],
        )
    if code:
        raise SystemExit(f"测试收集失败：\n{out.getvalue()[-3000:]}")
    return collector.found


def names(clause: str) -> set[str]:
    """A clause with its item, LX-A12.1(2), is also proved by a test of the whole, LX-A12.1."""
    return {clause, clause.split("(")[0]}


def page() -> str:
    """The page as it should be."""
    found, table = proofs(), rows()
    known = set(table) | {
        name for row in table.values() for clause in row["clauses"] for name in names(clause)
    }
    if strange := sorted(set(found) - known):
        raise SystemExit(f"这些条款编号不在 tests/clauses.toml 里：{'、'.join(strange)}")
    lines, proved = [], 0
    for id, row in table.items():
        keys = {id, *(name for clause in row["clauses"] for name in names(clause))}
        tests = sorted(set().union(*(found.get(key, set()) for key in keys)))
        proved += bool(tests)
        said = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in tests) or "后续"
        lines.append(f"| {id} | {row['title']} | {'、'.join(row['clauses'])} | {said} |")
    return HEAD.format(proved=proved, later=len(table) - proved) + "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or compare it."""
    made = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != made:
            print("docs/clauses.md 过时了，请运行 python -m tests.clauses。")
            return 1
        print("docs/clauses.md 是最新的。")
        return 0
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
