"""A record is judged by the rules its agency adopted, and a bad pack replaces nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mingzheng.agencies import acts
from mingzheng.core import regimes
from mingzheng.records import law
from mingzheng.records.models import Act, AdoptedPack
from mingzheng.records.refusal import Refused
from mingzheng.site.demo.play import at
from tests.cases.telling import case, duties, state
from tests.clause import rule
from tests.records.rules import adopt, law_with

FIVE_DAYS = """
[pack]
id = "wenshang-industry"
title = "公示补充规定（测试）"
extends = ["national"]
rank = "normative-document"
agency = "汶上县工业和信息化局"
since = 2020-01-01
roll = true

[[duty]]
id = "WG-TEST/publish"
topic = "publication/decision"
after = "decision.made"
when = { kind = ["licence", "penalty"] }
then = "publication.published"
within = 3
unit = "workday"
by = "handling-unit"
displaces = ["WG-A7.1/licence-penalty"]
source = "公示补充规定（测试） 第一条"
text = "三个工作日内公开"
"""


def test_an_adopted_pack_keeps_the_text_of_its_whole_chain(bodies: dict[str, Any]) -> None:
    row = AdoptedPack.objects.filter(agency_id=bodies["wg"].pk).latest("pk")
    assert (
        row.act.kind == "pack.adopted"
        and row.version == regimes.shipped().regime("wenshang-industry").version
    )
    assert "national/administrative-penalty-law.toml" in row.files
    assert not [name for name in row.files if name.startswith("lingchuan")]


def test_rules_are_read_from_the_record_and_from_nothing_that_lies_about(
    bodies: dict[str, Any], tmp_path: Path, settings: Any
) -> None:
    """A process killed while it wrote rules down left a part of them behind, and the next one
    judged by that part.
    """
    row = AdoptedPack.objects.filter(agency_id=bodies["wg"].pk).latest("pk")
    settings.DATA = tmp_path
    left = tmp_path / "packs" / row.version / "national"
    left.mkdir(parents=True)
    (left / "administrative-penalty-law.toml").write_text("", encoding="utf-8")
    law._loaded.cache_clear()
    assert law.regime_of(bodies["wg"].pk, "wenshang-industry").version == row.version


@rule("WG-A7.1")
def test_rules_adopted_later_judge_from_that_day_on(bodies: dict[str, Any], tmp_path: Path) -> None:
    before = case(bodies).go("decided")
    (first,) = {row.rule for row in duties(before, "publication/decision")}
    assert first == "WG-A7.1/licence-penalty"
    version = Act.objects.filter(record=before.play.record).latest("pk").pack_version
    with at(before.day, 18):
        acts.adopt_pack(bodies["wg"], None, "wenshang-industry", law_with(tmp_path, FIVE_DAYS))
    after = case(bodies, start=before.day, party=None).go("decided")
    (second,) = {row.rule for row in duties(after, "publication/decision")}
    assert second == "WG-TEST/publish"
    assert {row.rule for row in duties(before, "publication/decision")} == {first}
    assert Act.objects.filter(record=after.play.record).latest("pk").pack_version != version


def test_a_pack_with_an_error_replaces_nothing(bodies: dict[str, Any], tmp_path: Path) -> None:
    rows = AdoptedPack.objects.count()
    broken = FIVE_DAYS.replace('unit = "workday"', 'unit = "workdays"')
    with at("2026-04-07"), pytest.raises(Exception) as found:
        acts.adopt_pack(bodies["wg"], None, "wenshang-industry", law_with(tmp_path, broken))
    assert "workdays" in str(found.value) and "WG-TEST/publish" in str(found.value)
    assert AdoptedPack.objects.count() == rows
    assert state(case(bodies).go("opened")) == "investigating"


def test_a_pack_that_slackens_a_statutory_limit_is_refused(
    bodies: dict[str, Any], tmp_path: Path
) -> None:
    slack = (
        FIVE_DAYS.replace("publication/decision", "decision/service")
        .replace('then = "publication.published"', 'then = "decision.served"')
        .replace("within = 3", "within = 30")
        .replace('displaces = ["WG-A7.1/licence-penalty"]\n', "")
    )
    with at("2026-04-07"), pytest.raises(Exception) as found:
        acts.adopt_pack(bodies["wg"], None, "wenshang-industry", law_with(tmp_path, slack))
    assert "WG-TEST/publish" in str(found.value)


def test_an_agency_without_adopted_rules_is_told_so(bodies: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="采用规则包"):
        law.regime_of(bodies["ws-gov"].pk, "wenshang-industry")


def test_what_an_agency_adopted_does_not_reach_another(
    bodies: dict[str, Any], tmp_path: Path
) -> None:
    mine = law.regime_of(bodies["lg"].pk, "lingchuan-industry-2019").version
    adopt(bodies, tmp_path)
    assert law.regime_of(bodies["lg"].pk, "lingchuan-industry-2019").version == mine
    assert law.regime_of(bodies["wg"].pk, "wenshang-industry").extensions("decision/limit")
