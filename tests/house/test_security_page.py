"""docs/security.md names what shows each sentence: every test that it names is there, and every
section of the two standards has a row.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_is_there() -> None:
    named = set(re.findall(r"`(tests/[a-z_/0-9.]+)`", PAGE))
    assert len(named) > 30
    assert sorted(each for each in named if not (ROOT / each).exists()) == []


def test_no_chapter_of_the_standards_is_passed_over() -> None:
    assert [n for n in range(1, 18) if not re.search(rf"V{n}\b", PAGE)] == []
    clauses = [f"8.1.{n}" for n in (1, 2, 3)] + [f"8.1.4.{n}" for n in range(1, 12)]
    assert [each for each in (*clauses, "8.1.5.4", "8.1.6") if each not in PAGE] == []
