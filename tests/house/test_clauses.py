"""A mark says what it proves: @clause a user's way, @rule the rules alone."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests import clauses
from tests.clause import clause, rule
from tests.scenes import doors

ROOT = Path(__file__).resolve().parents[2]


def test_every_row_has_a_title_and_its_clauses() -> None:
    for id, row in clauses.rows().items():
        assert row["title"] and row["clauses"], id
        assert not set(row) - {"title", "clauses", "own"}, id


def test_a_row_of_its_own_is_proved_on_a_users_way_by_its_own_name_only() -> None:
    row = {"title": "x", "clauses": ["LG-2.3(3)"], "own": True}
    assert clauses.keys("R9", row, "clause") == {"R9"}
    assert clauses.keys("R9", row, "rule") == {"R9", "LG-2.3(3)", "LG-2.3"}


@pytest.mark.parametrize("mark", [clause, rule])
def test_a_mark_without_a_clause_is_refused(mark: object) -> None:
    with pytest.raises(ValueError, match="at least one"):
        mark()  # type: ignore[operator]


def test_a_door_that_was_used_is_no_fault() -> None:
    before = doors.count()
    assert doors.fault("a", True, before) and not doors.fault("a", False, before)
    doors.came("request")
    assert not doors.fault("a", True, before)


def test_a_clause_that_knocks_nowhere_fails(tmp_path: Path) -> None:
    """Planted: the same three lines with each mark, run as every test is run."""
    (tmp_path / "test_planted.py").write_text(
        textwrap.dedent(
            """
            from tests.clause import clause, rule

            @clause("LX-A3")
            def test_one():
                assert 1 + 1 == 2

            @rule("LX-A3")
            def test_two():
                assert 1 + 1 == 2
            """
        ),
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "tests.conftest",
            "-p",
            "no:cacheprovider",
            "-c",
            str(ROOT / "pyproject.toml"),
            "--rootdir",
            str(ROOT),
            str(tmp_path / "test_planted.py"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "test_one carries @clause" in done.stdout
