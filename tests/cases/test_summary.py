"""简易程序: on the spot, within its limits (SC11)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mingzheng.documents.models import Document
from mingzheng.records.models import Act, Duty
from mingzheng.site.demo import parties, turns
from mingzheng.site.demo.play import at
from tests.cases.telling import case, do, duties, refused, state
from tests.clause import clause

SHOWN = {"mode": "shown", "place": "路边"}


def begun(bodies: dict[str, Any], **how: Any) -> Any:
    """Officers have shown their certificates and told the party on the spot."""
    journey = case(bodies, "fc", **how)
    off = journey.play.officers_ids()
    with at(journey.day, 9):
        journey.play.register(procedure="penalty-summary")
    do(journey, "officer.identified", officers=off, to=journey.contact(), hour=10, **SHOWN)
    return journey


def tell(journey: Any) -> None:
    """The party is told and heard."""
    do(
        journey,
        "party.notified:penalty",
        text="拟罚款，理由和依据已告知，您有权陈述和申辩。",
        hour=11,
    )
    do(
        journey,
        "statement.heard",
        officers=journey.play.officers_ids(),
        speaker=journey.contact(),
        text="没有意见。",
        finding="没有异议。",
        accepted="no",
        signed="signed",
        hour=12,
    )


def decision(journey: Any, **more: Any) -> dict[str, Any]:
    """The answers of a decision on the spot."""
    return {
        "officers": journey.play.officers_ids(),
        "facts_text": journey.how["facts"],
        "broken": journey.how["broken"],
        "applied": journey.how["applied"],
        "penalties": ["罚款"],
        "fine": "100",
        "collected": "spot",
        "signed": "signed",
        **more,
    }


def test_a_case_on_the_spot_runs_to_its_end(bodies: dict[str, Any]) -> None:
    journey = case(bodies, "fc")
    turns.on_the_spot(journey, "100", "closed")
    assert state(journey) == "closed"
    assert not Act.objects.filter(record=journey.play.record, kind="review.passed")


def test_the_paper_names_reconsideration_first(bodies: dict[str, Any]) -> None:
    journey = begun(bodies)
    tell(journey)
    do(journey, "decision.made:penalty", **decision(journey))
    body = json.loads(
        Document.objects.get(record=journey.play.record, kind="on-the-spot-decision").body
    )
    remedy = body["remedy"]
    assert "陵川县人民政府" in remedy and "先" in remedy and "复议" in remedy
    assert "对复议决定不服" in remedy and "人民法院" in remedy
    assert remedy.index("复议") < remedy.index("人民法院")


def test_an_ordinary_decision_leaves_the_choice(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("decided")
    remedy = json.loads(
        Document.objects.get(record=journey.play.record, kind="penalty-decision").body
    )["remedy"]
    assert "也可以" in remedy or "或者" in remedy


@pytest.mark.parametrize(
    "party, fine, refuses",
    [
        (parties.citizen(2), "200", False),
        (parties.citizen(2), "201", True),
        (parties.citizen(2), "200.01", True),
        (parties.company("fc", 0), "201", True),
        (parties.company("wg", 3), "3000", False),
        (parties.company("wg", 3), "3001", True),
    ],
)
def test_the_limit_on_the_spot_depends_on_who_it_is(
    bodies: dict[str, Any], party: dict[str, Any], fine: str, refuses: bool
) -> None:
    journey = begun(bodies, party=party)
    tell(journey)
    if refuses:
        words = refused(journey, "decision.made:penalty", **decision(journey, fine=fine))
        assert "第五十一条" in words
    else:
        do(journey, "decision.made:penalty", **decision(journey, fine=fine))


def test_the_party_is_heard_on_the_spot_too(bodies: dict[str, Any]) -> None:
    journey = begun(bodies)
    words = refused(journey, "decision.made:penalty", **decision(journey))
    assert "没有告知" in words and "当场听取陈述申辩" in words


def test_the_paper_is_handed_over_the_same_day_and_reported_promptly(
    bodies: dict[str, Any],
) -> None:
    journey = begun(bodies)
    tell(journey)
    do(journey, "decision.made:penalty", hour=13, **decision(journey))
    (handed,) = duties(journey, "decision/service")
    (filed,) = duties(journey, "decision/filing")
    assert handed.due == journey.day and filed.due is None
    do(journey, "decision.served", receiver=journey.contact(), hour=14)
    do(journey, "decision.filed", to="综合行政执法队", hour=15)
    assert {
        row.state
        for row in duties(journey, "decision/service") + duties(journey, "decision/filing")
    } == {Duty.DONE}


@clause("LG-2.1")
def test_a_refused_signature_on_the_spot_needs_its_witness(bodies: dict[str, Any]) -> None:
    journey = begun(bodies)
    tell(journey)
    assert "请写见证人姓名" in refused(
        journey,
        "decision.made:penalty",
        **decision(journey, signed="refused", refusal_reason="不服"),
    )


def test_only_warning_and_fine_are_given_on_the_spot(bodies: dict[str, Any]) -> None:
    journey = begun(bodies)
    tell(journey)
    assert "只能从列出的选项中选择" in refused(
        journey, "decision.made:penalty", **decision(journey, penalties=["责令停产停业"])
    )
