"""The shipped packs load without a fault, their stories come out, and nothing is invented."""

import re
import tomllib
from pathlib import Path

import pytest

from mingzheng.core.regimes import load, shipped
from mingzheng.core.regimes.examples import example_files, run_examples
from tests.law.asking import AGENCIES, CALENDAR

ROOT = Path(__file__).parents[2]
LAW = ROOT / "law"
# Document numbers that stand in the source texts or in the norms they were made under.
KNOWN_NUMBERS = {
    "国发〔2004〕10号",
    "国办发〔2018〕118号",
    "国办发〔2024〕54号",
    "陵信发〔2021〕9号",
    "陵民字〔2019〕39号",
    "陵工信字〔2019〕101号",
    "民发〔2017〕45号",
    "发改办财金〔2018〕424号",
    "发改办财金〔2019〕527号",
}


def test_all_shipped_packs_load_and_fit_together() -> None:
    assert set(AGENCIES) | {"national"} <= set(load([LAW]).packs)


def test_every_story_comes_out_as_written() -> None:
    assert run_examples([LAW], shipped(), CALENDAR) == []
    stories = [
        row
        for file in example_files([LAW])
        for row in tomllib.loads(file.read_text(encoding="utf-8"))["example"]
    ]
    assert len(stories) >= 40


def test_no_document_number_is_invented() -> None:
    found = {
        number
        for file in LAW.rglob("*.toml")
        if "holidays" not in file.parts
        for number in re.findall(
            r"[\u4e00-\u9fff]+〔\d{4}〕\d+号", file.read_text(encoding="utf-8")
        )
    }
    assert found <= KNOWN_NUMBERS


@pytest.mark.parametrize("pack", AGENCIES)
def test_every_rule_of_an_agency_names_its_article_and_its_own_wording(pack: str) -> None:
    for rule in shipped().packs[pack].rules:
        if rule.table in ("duty", "gate", "term"):
            assert rule.source and rule.text, rule.id


def test_wordings_are_short_enough_to_read_on_a_phone() -> None:
    texts = {rule.text for pack in AGENCIES for rule in shipped().packs[pack].rules if rule.text}
    assert texts
    assert [text for text in texts if len(text) > 90] == []


def test_every_clause_row_has_a_short_title_and_its_clauses() -> None:
    rows = tomllib.loads((ROOT / "tests" / "clauses.toml").read_text(encoding="utf-8"))
    assert len(rows) == 143
    for key, row in rows.items():
        assert re.fullmatch(r"R\d\.\d-\d\d", key)
        assert row["clauses"] and 0 < len(row["title"]) <= 20, key


def test_files_of_packs_stay_readable() -> None:
    long = [
        file.name
        for file in LAW.rglob("*.toml")
        if len(file.read_text(encoding="utf-8").splitlines()) > 300
    ]
    assert long == []
