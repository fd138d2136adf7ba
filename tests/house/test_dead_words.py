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
from mingzheng.core.regimes.supply import Awaiting, Order, awaiting, supply
from mingzheng.procedures import registry
from mingzheng.records.models import Act, ActContent, Record
from mingzheng.site.demo import parties
from mingzheng.site.demo.play import Play
from mingzheng.site.demo.tour import Tour
from tests import supply as derived
from tests.cases.telling import TUESDAY, case

# The awaiting list may only shrink: this number goes down with it, and never up.
MOST = 124
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
    of = {act: {each for of in row.values() for each in of} for act, row in made["acts"].items()}
    assert "application.received" in of and "split" in of["source.registered"]
    assert "licence.withdrawn" in of and "self" in of["decision.revoked"]
    assert {"left", "post"} <= of["decision.served"]
    assert "*" in of["recording.taken"] and "*" not in of["payment.received"]
    assert {"fine", "social_risk", "party", "of", "holds"} <= set(made["facts"])


def test_an_act_a_fact_and_a_paper_live_in_their_own_kinds_of_matter() -> None:
    """A manner of an act is no manner of it elsewhere; a fact is told where a reader or a form of
    that kind tells it; the elements of a paper are those that its builder writes.
    """
    held = supply()
    assert held.acts["decision.made"].of(frozenset({"levy"})) == {"levied", "not-levied"}
    assert "transfer" not in held.acts["approval.given"].of(frozenset({"licence"}))
    assert held.facts["fine"] == {"penalty"} and held.facts["licence_sort"] == {"licence"}
    assert {"fine", "licence_sort", "holds"} - {
        fact for fact in held.facts if held.tells(fact, frozenset({"coercion"}))
    } == {"fine", "licence_sort"}
    assert {"remedies", "seal"} <= held.elements["penalty-decision"]
    assert "signature-or-reason" in held.elements["on-site-record"]
    assert not held.elements["joint-opinion"]


def test_what_surely_comes_later_is_what_the_tables_say() -> None:
    ordinary = next(each for each in supply().order if each.code == "penalty-ordinary")
    assert "decision.served" in ordinary.later["decision.made"]
    assert "review.passed" in ordinary.later["review.submitted"]
    # Urgent seizing needs no approval, so seizing does not surely come after one.
    assert "property.seized" not in ordinary.later.get("seizure.approved", ())


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
    bodies_of = ActContent.objects.values_list("act__record__kind", "body")
    told = {(kind, name) for kind, body in bodies_of for name in json.loads(body).get("facts", {})}
    asked = {"liberty", "life_health", "major_property", "random"}
    assert len(told) > 15
    assert not {
        (kind, name)
        for kind, name in told
        if name not in asked and not held.tells(name, frozenset({kind}))
    }
    early = [
        pair
        for table in held.order
        for each in Record.objects.filter(procedure=table.code)
        for pair in _out_of_order(table, each)
    ]
    assert not early and Record.objects.filter(procedure="penalty-ordinary").exists()


def _out_of_order(table: Order, record: Record) -> list[tuple[str, str]]:
    """Pairs of which the second happened although the first, which must precede it, had not."""
    found, seen = [], set[str]()
    for kind, of in Act.objects.filter(record=record).order_by("pk").values_list("kind", "of"):
        done = {kind, f"{kind}:{of}"}
        found += [
            (first, kind)
            for first, later in table.later.items()
            if done & later and first not in seen | done
        ]
        seen |= done
    return found


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
