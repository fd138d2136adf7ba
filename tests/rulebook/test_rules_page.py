"""The worked regulation of docs/rules.md is a real one: it loads, and its stories come out."""

import re
from datetime import date
from pathlib import Path

import pytest

from mingzheng.core.regimes import Library, load, shipped
from mingzheng.core.regimes.dead_words import dead_words
from mingzheng.core.regimes.examples import run_examples
from mingzheng.core.regimes.supply import awaiting, supply
from tests.law.asking import CALENDAR, FRIDAY

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"```toml\n# 文件：([\w.-]+)\n(.*?)```", PAGE, re.DOTALL))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    for name, text in BLOCKS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return load([tmp_path], base=shipped())


def test_the_page_shows_a_regulation_its_stories_and_its_choices(library: Library) -> None:
    assert set(BLOCKS) == {"qingyan-culture.toml", "qingyan-examples.toml", "qingyan-choices.toml"}
    assert {"qingyan-culture", "qingyan-choices"} <= set(library.packs)


def test_the_stories_of_the_page_come_out(library: Library, tmp_path: Path) -> None:
    assert BLOCKS["qingyan-examples.toml"].count("[[example]]") >= 7
    assert run_examples([tmp_path], library, CALENDAR) == []


def test_the_page_uses_living_words_and_says_what_waits(library: Library) -> None:
    own = ["qingyan-culture", "qingyan-choices"]
    found = dead_words(library, own, supply(), awaiting(), shipped())
    assert not found.faults
    assert [note.rule for note in found.notes] == ["qingyan-penalties"]


def test_the_choice_of_the_page_changes_the_reading(library: Library) -> None:
    found = library.regime("qingyan-choices").explain("case.closed", FRIDAY, {"kind": "penalty"})
    held = {row["topic"]: (row["id"], row["due"]) for row in found["duties"]}
    assert held["archive/limit"] == ("QY-16/workdays", "2026-10-15")


def test_a_statutory_limit_cannot_be_slackened_by_a_county(tmp_path: Path) -> None:
    from mingzheng.core.regimes import PackFaults

    longer = (
        BLOCKS["qingyan-culture.toml"]
        + '\n[[duty]]\nid = "QY-20/serve"\ntopic = "decision/service"\nafter ='
        ' "decision.made"\nwhen = { kind = "penalty", procedure = "ordinary" }\nthen ='
        ' "decision.served"\nwithin = 10\nunit = "workday"\nsource = "实施办法 第二十条"\n'
    )
    (tmp_path / "longer.toml").write_text(longer, encoding="utf-8")
    with pytest.raises(PackFaults) as refused:
        load([tmp_path], base=shipped())
    assert "CF61/serve" in str(refused.value)
    assert "QY-20/serve" in str(refused.value)


@pytest.mark.parametrize(("rank", "loads"), [("normative-document", False), ("rule", True)])
def test_ninety_days_may_be_changed_by_a_rule_but_not_by_a_county_paper(
    tmp_path: Path, rank: str, loads: bool
) -> None:
    from mingzheng.core.regimes import PackFaults

    (tmp_path / "limit.toml").write_text(
        f'[pack]\nid = "limit"\ntitle = "程序规定"\nrank = "{rank}"\nextends = ["national"]\n'
        '[[duty]]\nid = "X-1"\ntopic = "decision/limit"\nafter = "case.opened"\n'
        'when = { kind = "penalty" }\nthen = "decision.made"\nwithin = 120\nunit = "day"\n'
        'source = "程序规定 第一条"\n',
        encoding="utf-8",
    )
    if not loads:
        with pytest.raises(PackFaults):
            load([tmp_path], base=shipped())
        return
    regime = load([tmp_path], base=shipped()).regime("limit")
    (row,) = [
        each
        for each in regime.owed("case.opened", date(2026, 9, 18), {"kind": "penalty"}, CALENDAR)
        if each.topic == "decision/limit"
    ]
    assert (row.rule, row.within, row.floor) == ("X-1", 120, None)
