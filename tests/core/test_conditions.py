"""Conditions: true, false, unknown; bounds; several parties; what the law keeps beside the
local.
"""

from datetime import date
from pathlib import Path

import pytest

from mingzheng.core.regimes import Regime
from mingzheng.core.regimes.conditions import NO, YES, Verdict, all_of, any_of, negated
from tests.clause import rule
from tests.core.building import FRIDAY, regime

UNKNOWN = Verdict(None, unknown=frozenset({"x"}))
LOCAL = """
[[condition]]
id = "major"
when = { kind = ["penalty", "licence"] }
any = [
  { id = "L-over", source = "第二条", party = "natural", fine = { over = 10000 } },
  { id = "L-least", source = "第二条", party = "organisation", fine = { at_least = 100000 } },
  { id = "L-money", source = "第二条", money = { over = 500000 } },
  { id = "L-kinds", source = "第二条", penalties = ["责令停产停业", "吊销许可证件"] },
]
[[condition]]
id = "only-mild"
any = [{ id = "m", penalties = { only = ["警告", "通报批评"] }, not = { mitigated = true } }]
[[condition]]
id = "listed"
any = [{ id = "l", item = { listed = "review-catalogue" } }]
[[condition]]
id = "published"
any = [{ id = "p", holds = "publication.published", procedure = { not = "summary" } }]
[[list]]
id = "review-catalogue"
source = "目录"
rows = [{ id = "item-1", name = "煤矿关闭" }]
"""
KNOWN = {"public_interest": False, "major_rights": False}


@pytest.fixture
def held(tmp_path: Path) -> Regime:
    return regime(tmp_path, LOCAL)


def test_unknown_never_makes_false() -> None:
    assert (all_of([YES, UNKNOWN]).value, any_of([NO, UNKNOWN]).value) == (None, None)
    assert (all_of([NO, UNKNOWN]).value, any_of([YES, UNKNOWN]).value) == (False, True)
    assert negated(UNKNOWN).value is None
    assert all_of([YES, UNKNOWN]).unknown == {"x"}
    assert all_of([NO, UNKNOWN]).unknown == frozenset()


@pytest.mark.parametrize(
    ("facts", "because"),
    [
        ({"party": "natural", "fine": 10000, "confiscated": 0, "penalties": []}, []),
        ({"party": "natural", "fine": 10001}, ["L-over"]),
        ({"party": "organisation", "fine": 99999, "confiscated": 0, "penalties": ["罚款"]}, []),
        ({"party": "organisation", "fine": 100000}, ["L-least"]),
        ({"fine": 300000, "confiscated": 300000, "party": "individual-business"}, ["L-money"]),
        ({"party": "natural", "fine": 1, "penalties": ["罚款", "吊销许可证件"]}, ["L-kinds"]),
    ],
)
def test_over_leaves_the_bound_out_and_at_least_takes_it_in(
    held: Regime, facts: dict[str, object], because: list[str]
) -> None:
    major = held.major(FRIDAY, {"kind": "penalty", **KNOWN, **facts})
    assert [each["id"] for each in major.because] == because
    assert major.is_ is bool(because)


def test_a_sum_over_the_bound_by_one_known_part_is_over(held: Regime) -> None:
    facts = {"kind": "penalty", "fine": 600000, "party": "individual-business", "penalties": []}
    assert held.major(FRIDAY, {**KNOWN, **facts}).is_ is True
    less = held.major(FRIDAY, {**KNOWN, **facts, "fine": 100})
    assert (less.is_, less.would_decide) == (None, ("confiscated",))


@rule("LM-3.2.1", "LG-3.2")
def test_a_local_list_cannot_remove_what_the_law_calls_major(held: Regime) -> None:
    facts = {"kind": "penalty", "public_interest": True, "fine": 1, "party": "natural"}
    assert [each["id"] for each in held.major(FRIDAY, facts).because] == ["LAW58-1"]


def test_important_rights_alone_are_not_enough_without_a_hearing(held: Regime) -> None:
    mild = {
        "kind": "penalty",
        "public_interest": False,
        "fine": 0,
        "confiscated": 0,
        "party": "natural",
        "penalties": ["警告"],
    }
    assert held.major(FRIDAY, {**mild, "major_rights": True, "hearing": False}).is_ is False
    assert held.major(FRIDAY, {**mild, "major_rights": True, "hearing": True}).is_ is True
    waits = held.major(FRIDAY, {**mild, "major_rights": True})
    assert (waits.is_, waits.would_decide) == (None, ("hearing",))


def test_a_matter_is_major_if_it_is_for_any_party(held: Regime) -> None:
    facts = {
        "kind": "penalty",
        **KNOWN,
        "confiscated": 0,
        "penalties": ["罚款"],
        "parties": [
            {"id": "甲", "party": "natural", "fine": 5000},
            {"id": "乙", "party": "natural", "fine": 20000},
        ],
    }
    major = held.major(FRIDAY, facts)
    assert (major.is_, major.because[0]["party"]) == (True, "乙")


def test_another_kind_of_matter_is_not_major_by_the_penalty_law(held: Regime) -> None:
    assert held.major(FRIDAY, {"kind": "inspection", "public_interest": True}).is_ is False


@pytest.mark.parametrize(
    ("condition", "facts", "answer"),
    [
        ("only-mild", {"penalties": ["警告"], "mitigated": False}, True),
        ("only-mild", {"penalties": ["警告", "罚款"], "mitigated": False}, False),
        ("only-mild", {"penalties": ["警告"], "mitigated": True}, False),
        ("only-mild", {"penalties": [], "mitigated": False}, False),
        ("only-mild", {"penalties": ["警告"]}, None),
        ("listed", {"item": "煤矿关闭"}, True),
        ("listed", {"item": "item-1"}, True),
        ("listed", {"item": "其他事项"}, False),
        ("listed", {}, None),
        ("published", {"holds": ["publication.published"], "procedure": "ordinary"}, True),
        ("published", {"holds": [], "procedure": "ordinary"}, False),
        ("published", {"holds": ["publication.published"], "procedure": "summary"}, False),
        ("published", {"procedure": "ordinary"}, None),
    ],
)
def test_each_comparison(
    held: Regime, condition: str, facts: dict[str, object], answer: bool | None
) -> None:
    assert held.holds(condition, FRIDAY, facts) is answer


def test_a_condition_holds_only_in_its_time(tmp_path: Path) -> None:
    local = """
[[condition]]
id = "dated"
any = [{ id = "d", urgent = true, since = 2026-02-01 }]
"""
    held = regime(tmp_path, local)
    assert held.holds("dated", date(2026, 1, 31), {"urgent": True}) is False
    assert held.holds("dated", date(2026, 2, 1), {"urgent": True}) is True
