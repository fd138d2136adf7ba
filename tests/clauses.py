"""docs/clauses.md: every row of the comparison of the source documents with the tests that prove
it, on a user's way or of the rules alone.

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
MARKS = ("clause", "rule")
HEAD = """# 条款对照

由 `python -m tests.clauses` 生成，不要手改。五份文件的每一项要求占一行，共 {rows} 行。

- **用户路径**：用 `@clause` 标明的测试，经过页面、请求、命令或者手机，这一项做不到时测试就不通过。
  没有发出任何请求、也没有运行任何命令的测试标 `@clause`，运行时判为不通过。
- **规则**：用 `@rule` 标明的测试，只证明规则包、计算或者单个函数是对的，用户还不一定用得上。

用户路径已证明 {clause} 行，只有规则证明的 {rule} 行，两样都没有的 {none} 行（写“后续”）。

| 行 | 内容 | 条款 | 用户路径 | 规则 |
|---|---|---|---|---|
"""


class Collector:
    """Notes which test carries which clause, by mark."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, set[str]]] = {mark: defaultdict(set) for mark in MARKS}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Called by pytest when every test is known."""
        for item in session.items:
            for name in MARKS:
                for mark in item.iter_markers(name):
                    for clause in mark.args:
                        self.found[name][clause].add(item.nodeid.split("[")[0])


def rows() -> dict[str, dict[str, Any]]:
    """Row → title and clauses."""
    return tomllib.loads((ROOT / "tests" / "clauses.toml").read_text(encoding="utf-8"))


def proofs() -> dict[str, dict[str, set[str]]]:
    """Mark → clause or row id → tests. Collected without running anything."""
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


def keys(id: str, row: dict[str, Any], mark: str = "rule") -> set[str]:
    """Every name under which a test may prove a row. Many rows share a clause; one that is `own` is
    proved on a user's way by a test that names the row itself only.
    """
    if mark == "clause" and row.get("own"):
        return {id}
    return {id, *(name for clause in row["clauses"] for name in names(clause))}


def page() -> str:
    """The page as it should be."""
    found, table = proofs(), rows()
    known = set().union(*(keys(id, row) for id, row in table.items()))
    if strange := sorted({name for mark in MARKS for name in found[mark]} - known):
        raise SystemExit(f"这些条款编号不在 tests/clauses.toml 里：{'、'.join(strange)}")
    lines, counts = [], {"clause": 0, "rule": 0, "none": 0}
    for id, row in table.items():
        proved = [
            sorted(set().union(*(found[mark].get(key, set()) for key in keys(id, row, mark))))
            for mark in MARKS
        ]
        counts["clause" if proved[0] else "rule" if proved[1] else "none"] += 1
        users, rules = (
            "<br>".join(f"`{test.removeprefix('tests/')}`" for test in tests) or "后续"
            for tests in proved
        )
        lines.append(f"| {id} | {row['title']} | {'、'.join(row['clauses'])} | {users} | {rules} |")
    return HEAD.format(rows=len(table), **counts) + "\n".join(lines) + "\n"


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
