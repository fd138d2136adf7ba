"""No dead word in the shipped packs and the vocabulary, but those that wait by name for a chapter to
come; and what the product supplies is read off the product, not off a second list.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mingzheng.core.regimes import ActRef, load, shipped, vocabulary
from mingzheng.core.regimes.dead_words import complaints, dead_words, list_faults
from mingzheng.core.regimes.supply import Awaiting, awaiting, supply
from mingzheng.procedures import registry
from mingzheng.records.models import Act, ActContent
from mingzheng.site.demo import parties
from mingzheng.site.demo.play import Play
from mingzheng.site.demo.tour import Tour
from tests import supply as derived
from tests.cases.telling import TUESDAY, case

# The awaiting list may only shrink: this number goes down with it, and never up.
MOST = 123
LAW = Path(__file__).resolve().parents[2] / "law"


def test_no_word_of_a_shipped_pack_is_dead() -> None:
    found = dead_words(shipped(), list(shipped().packs), supply(), awaiting(), shipped())
    assert not found.faults


def test_the_vocabulary_has_no_dead_word_and_the_list_none_that_lives() -> None:
    assert not list_faults(shipped(), supply(), awaiting())


def test_what_waits_only_grows_less() -> None:
    assert len(awaiting()) <= MOST
    assert awaiting().most == len(awaiting()), "改小 most 和这里的 MOST"


def test_an_entry_that_waits_for_nothing_any_more_is_told() -> None:
    row = {"name": "某章", "acts": ["case.opened"], "lists": ["recordings"]}
    faults = list_faults(shipped(), supply(), Awaiting({"most": 2, "some": row}))
    told = [fault.text for fault in faults if fault.rule == "some"]
    assert len(told) == 2 and all("不用再等了" in text for text in told)


def test_a_list_that_says_more_than_it_holds_is_told() -> None:
    faults = list_faults(shipped(), supply(), Awaiting({"most": 7}))
    assert [fault.text for fault in faults if fault.rule == "most"] == ["写的是 7，实际 0 个词"]


def test_an_act_that_loses_its_step_is_dead_in_every_rule_that_names_it() -> None:
    """Were a step taken out of the tables, the packs that count on it would be told."""
    less = replace(
        supply(), acts={act: done for act, done in supply().acts.items() if act != "review.passed"}
    )
    rules = {
        each.rule.id
        for pack in shipped().packs.values()
        for each in complaints(shipped(), pack, less)
        if ("acts", "review.passed") in each.words
    }
    assert {"GB118/review", "LG-3.1/review"} & rules


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, Any]]:
    """What the product supplies, read off it now."""
    return derived.made()


def test_the_kept_file_is_what_the_product_supplies(made: dict[str, dict[str, Any]]) -> None:
    assert derived.PAGE.read_text(encoding="utf-8") == derived.page(), "python -m tests.supply"


def test_every_step_of_every_table_is_in_it(made: dict[str, dict[str, Any]]) -> None:
    steps = {step.act for each in registry.procedures() for step in each.steps}
    assert steps <= set(made["acts"])


def test_a_word_is_followed_to_where_it_stands(made: dict[str, dict[str, Any]]) -> None:
    """Through a plain object, a table, a form's choices and a parameter; what the moment tells
    stays open.
    """
    of = {act: set(row["of"]) for act, row in made["acts"].items()}
    assert "application.received" in of and "split" in of["source.registered"]
    assert "licence.withdrawn" in of and "self" in of["decision.revoked"]
    assert {"left", "post"} <= of["decision.served"]
    assert "page" not in made["acts"]["case.opened"]["kinds"]
    assert "*" in of["recording.taken"] and "*" not in of["payment.received"]
    assert {"fine", "social_risk", "party", "of", "holds"} <= set(made["words"]["facts"])


def test_what_really_comes_out_of_cases_and_visits_is_what_the_file_says(
    bodies: dict[str, Any],
) -> None:
    """A case from its source to the bound volume and a visit to its result."""
    case(bodies, "wg").go("bound")
    party = parties.company("wg", 3)
    officers = ("张三", "李四")
    Tour(Play(bodies["wg"], officers, party, "jc-jn"), TUESDAY, problem=True).go("visited")
    held, words = supply(), vocabulary()
    done = {(act.kind, act.of, act.record.kind) for act in Act.objects.select_related("record")}
    judged = [each for each in done if each[0] in words.acts]
    assert len({kind for kind, _, _ in judged}) > 30
    strange = [
        each for each in judged if not held.does(ActRef(*each[:2]), {each[1]}, frozenset(each[2:]))
    ]
    assert not strange
    told = {
        name
        for body in ActContent.objects.values_list("body", flat=True)
        for name in json.loads(body).get("facts", {})
    }
    asked = {"liberty", "life_health", "major_property"}
    assert len(told) > 15 and not told - held.facts - asked


def test_every_time_limit_of_a_step_is_a_topic_of_the_packs() -> None:
    topics = {rule.topic for pack in shipped().packs.values() for rule in pack.rules}
    limits = {step.limit for each in registry.procedures() for step in each.steps} - {""}
    assert not limits - topics


def test_a_planted_typo_in_a_shipped_pack_is_told(tmp_path: Path) -> None:
    """A copy of all of law/, with one word misspelt at a time."""
    source = (LAW / "wenshang-industry" / "disclosure.toml").read_text(encoding="utf-8")
    for right, wrong in (
        ('topic = "publication/decision"', 'topic = "publication/decison"'),
        ('id = "officer-fields"', 'id = "officers-fields"'),
    ):
        assert right in source
        file = tmp_path / "disclosure.toml"
        file.write_text(source.replace(right, wrong, 1), encoding="utf-8")
        rest = [
            path for path in (LAW / "wenshang-industry").glob("*.toml") if path.name != file.name
        ]
        library = load([file, *rest], base=shipped())
        found = dead_words(library, ["wenshang-industry"], supply(), awaiting(), shipped())
        word = right.split('"')[1]
        assert any(f"是否应为“{word}”" in fault.text for fault in found.faults), right
