"""What isn't known never makes false: telling more facts may only narrow an answer."""

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mingzheng.core.regimes import Regime, load, shipped
from mingzheng.core.regimes.vocabulary import FactKind
from tests.core.building import CALENDAR, FRIDAY, PACKS
from tests.scenes.once import ROOT, proof

AMOUNTS = (0, 200, 3000, 10000, 10001, 500000)
ACTS = (
    "case.opened",
    "decision.made",
    "decision.revoked",
    "publication.published",
    "case.closed",
    "inspection.ended",
    "party.questioned",
    "hearing.held",
    "review.submitted",
    "year.ended",
    "property.seized",
    "application.accepted",
    "basis.changed",
    "publication.proposed",
)


def some_value(kind: FactKind, choose: random.Random) -> Any:
    if kind.type == "yes-no":
        return choose.choice([True, False])
    if kind.type in ("number", "money"):
        return choose.choice(AMOUNTS)
    if kind.type == "choice":
        return choose.choice(sorted(kind.choices))
    if kind.type == "choices":
        return choose.sample(sorted(kind.choices), choose.randint(0, 2))
    if kind.type == "date":
        return choose.choice(["2026-03-02", "2025-05-05"])
    if kind.type == "acts":
        return choose.sample(
            [
                "statement.heard",
                "hearing.requested",
                "hearing.held",
                "publication.published",
                "decision.served",
            ],
            2,
        )
    return choose.choice(["penalty", "no-penalty", "hearing", "own-site"])


def everything(regime: Regime, choose: random.Random) -> dict[str, Any]:
    """A value for every fact; sums agree with their parts."""
    skipped = ("parties", "elements", "money", "happened_at", "channels")
    return {
        kind.id: some_value(kind, choose)
        for kind in regime.words.facts.values()
        if kind.id not in skipped and kind.type != "table"
    }


def part_of(facts: dict[str, Any], choose: random.Random) -> dict[str, Any]:
    # Dates stay: a day 0 that isn't known gives way to the next one by rule.
    return {
        name: value
        for name, value in facts.items()
        if name.endswith("_on") or choose.random() < 0.5
    }


def compare(regime: Regime, act: str, on: date, seed: int) -> None:
    choose = random.Random(f"{act}{seed}")
    full = everything(regime, choose)
    less = part_of(full, choose)
    known, partly = (regime.explain(act, on, facts, CALENDAR) for facts in (full, less))
    if not known["applicable"]:
        return
    for table in ("gates", "duties", "terms"):
        ids = {row["id"] for row in partly[table]}
        lost = [row["id"] for row in known[table] if row["id"] and row["id"] not in ids]
        assert lost == [], f"{table} lost by not telling {sorted(set(full) - set(less))}"
        sure = {row["id"] for row in partly[table] if row["id"] and not row["unknown"]}
        assert sure <= {row["id"] for row in known[table]}
    if partly["major"]["is"] is not None:
        assert known["major"]["is"] is partly["major"]["is"]
    assert known["major"]["is"] is not None
    dates = [row["light_due"] for row in partly["duties"] if row.get("light_due")]
    first = min((row["light_due"] for row in known["duties"] if row.get("light_due")), default=None)
    assert first is None or min(dates) <= first


@pytest.mark.parametrize("act", ACTS)
def test_telling_less_never_hides_what_telling_all_would_show(act: str) -> None:
    regime = load([PACKS]).regime("national")
    for seed in range(20):
        compare(regime, act, FRIDAY, seed)


@pytest.mark.parametrize(
    "pack",
    [
        "national",
        "lingchuan-petition-2021",
        "lingchuan-civil-2019",
        "lingchuan-industry-2019",
        "wenshang-industry",
        "changzhi-petition-2020",
    ],
)
def test_no_shipped_pack_hides_a_rule_behind_an_unknown_fact(
    pack: str, request: pytest.FixtureRequest
) -> None:
    """Up to ten seconds a pack, so once for each content of the packs and of the engine."""
    with proof(request, [ROOT / "law", ROOT / "mingzheng" / "core", Path(__file__)]) as wanted:
        if wanted:
            regime = shipped().regime(pack)
            for act in ACTS:
                for seed in range(4):
                    compare(regime, act, FRIDAY, seed)
