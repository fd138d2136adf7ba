"""Examples a jurist writes: they pass when the packs say so, and say what differs when not."""

import tomllib
from pathlib import Path

import pytest

from mingzheng.core.regimes.examples import problems, run_examples
from tests.core.building import CALENDAR, PACKS, duty, library

STORY = """
[[example]]
title = "重大处罚先审核后决定"
pack = "local"
facts = { kind = "penalty", public_interest = true }
given = [
  { act = "case.opened", on = 2026-08-03 },
  { act = "review.passed", on = 2026-09-10, person = "王审", handler = ["张三", "李四"] },
  { act = "draft.amended", on = 2026-09-11 },
]
ask = { act = "decision.made", on = 2026-09-18 }
missing = ["LAW/review"]
major = true
owed = [{ rule = "LAW/limit", due = 2026-11-02 }]
"""
DECIDED = """
[[example]]
title = "决定后公开"
pack = "local"
facts = { kind = "penalty", of = "penalty" }
given = [
  { act = "case.opened", on = 2026-08-03 },
  { act = "decision.made", on = 2026-09-18 },
]
owed = [{ rule = "L/20", due = 2026-10-22, floor = 2026-09-29, light = 2026-09-29 },
        { rule = "LAW/service", due = 2026-09-29 }]
not_owed = ["LAW/limit"]
"""


def found(tmp_path: Path, text: str) -> list[str]:
    (example,) = tomllib.loads(text)["example"]
    return problems(example, library(tmp_path, duty("L/20")), CALENDAR)


@pytest.mark.parametrize("text", [STORY, DECIDED])
def test_an_example_that_comes_out_as_written_has_no_problem(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "old", "new", "says"),
    [
        (STORY, 'missing = ["LAW/review"]', "missing = []", "LAW/review"),
        (STORY, 'missing = ["LAW/review"]', 'missing = ["LAW/review", "LAW/x"]', "LAW/x"),
        (STORY, "due = 2026-11-02", "due = 2026-11-01", "2026-11-02"),
        (STORY, "major = true", "major = false", "重大"),
        (STORY, 'pack = "local"', 'pack = "locl"', "locl"),
        (STORY, "case.opened", "case.opend", "case.opened"),
        (STORY, "missing =", "mising =", "mising"),
        (DECIDED, 'not_owed = ["LAW/limit"]', 'not_owed = ["LAW/service"]', "LAW/service"),
        (DECIDED, "floor = 2026-09-29", "floor = 2026-09-30", "2026-09-29"),
    ],
)
def test_an_example_that_comes_out_otherwise_says_what_differs(
    tmp_path: Path, text: str, old: str, new: str, says: str
) -> None:
    assert old in text
    assert says in "\n".join(found(tmp_path, text.replace(old, new)))


def test_a_folder_of_examples_is_run_with_file_and_title(tmp_path: Path) -> None:
    held = library(tmp_path, duty("L/20"))
    folder = tmp_path / "examples"
    folder.mkdir()
    (folder / "story.toml").write_text(
        STORY.replace("major = true", "major = false") + DECIDED, encoding="utf-8"
    )
    assert [
        str(fault).startswith("story.toml: 重大处罚先审核后决定: ")
        for fault in run_examples([PACKS, tmp_path], held, CALENDAR)
    ] == [True]
