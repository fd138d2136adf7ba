"""1 a second notice of the same amount; 2 a second notice that raises the fine; 3 and 4 periods
cut short.
"""

from __future__ import annotations

from typing import Any

from tests.cases.telling import MAJOR, case, do, refused

HEARING = {
    **MAJOR,
    "hearing": "told",
    "penalties": ["没收非法财物"],
    "draft": {"confiscated": "30000"},
}


def notice(journey: Any) -> dict[str, Any]:
    """A notice handed to the party."""
    return {"contact": journey.telephone(), **journey.service()}


def amend(journey: Any, **changes: Any) -> dict[str, Any]:
    """An amended draft."""
    return {**journey.draft(), "substance_changed": "no", "heavier": "no", **changes}


def test_1_a_second_notice_of_the_same_amount_does_not_replace_the_hearing(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies, "wg", "jn-71", **HEARING).go("noticed")
    journey.forward(2)
    do(journey, "hearing.requested", applicant="牛晋川", text="要求听证", hour=10)
    do(journey, "party.notified:penalty", hour=11, **notice(journey))
    do(journey, "party.notified:hearing-right", hour=12, **notice(journey))
    journey.forward(8)
    assert "再发一份相同的告知书不能代替听证" in refused(journey, "decision.made:penalty")


def test_1_nor_does_a_redrafted_text(bodies: dict[str, Any]) -> None:
    journey = case(bodies, "wg", "jn-71", **HEARING).go("noticed")
    journey.forward(2)
    do(journey, "hearing.requested", applicant="牛晋川", text="要求听证", hour=10)
    do(journey, "draft.amended", hour=11, **amend(journey, discretion="重新表述"))
    do(journey, "party.notified:penalty", hour=12, **notice(journey))
    journey.forward(8)
    assert "要先组织听证" in refused(journey, "decision.made:penalty")


def test_2_a_fine_is_not_raised_after_the_defence_whatever_the_officer_ticks(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies, statement="请求从轻。").go("heard")
    words = refused(journey, "draft.amended", **amend(journey, fine="50000"))
    assert "请选“是”" in words and "没有新的证据，处罚却加重了" in words
    assert "第四十五条" in refused(
        journey,
        "draft.amended",
        **amend(journey, fine="50000", substance_changed="yes", heavier="yes"),
    )
    assert "处罚却加重了" in refused(
        journey,
        "draft.amended",
        **amend(journey, penalties=["罚款", "通报批评"], substance_changed="yes"),
    )


def test_2_new_evidence_may_raise_it_and_then_everything_is_told_again(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies, statement="请求从轻。").go("heard")
    journey.forward(1)
    do(
        journey,
        "evidence.taken:documentary",
        officers=journey.play.officers_ids(),
        kind_of_evidence="书证",
        name="另一处台账",
        origin="另案移送",
        proves="违法时间更长",
        files=journey.play.picture(),
        hour=10,
    )
    do(journey, "draft.amended", hour=11, **amend(journey, fine="50000", substance_changed="yes"))
    words = refused(journey, "decision.made:penalty")
    assert "没有告知的不得作出处罚决定" in words and "听取陈述申辩" in words
    do(journey, "party.notified:penalty", hour=18, **notice(journey))
    journey.forward(3)
    assert "三个工作日" in refused(journey, "decision.made:penalty")


def test_3_a_decision_waits_for_the_whole_last_day_of_the_defence(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("noticed")
    journey.forward(3)
    assert "三个工作日" in refused(journey, "decision.made:penalty", hour=23)
    journey.forward(1)
    do(journey, "decision.made:penalty", hour=9)


def test_4_a_hearing_on_the_sixth_workday_after_its_notice_is_too_soon(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies, "wg", "jn-71", **HEARING).go("noticed")
    journey.forward(2)
    do(journey, "hearing.requested", applicant="牛晋川", text="要求听证", hour=10)
    do(
        journey,
        "party.notified:hearing",
        hour=11,
        hearing_on="2026-05-20",
        hearing_place="听证室",
        host="王审",
        clerk="记录员",
        **journey.service(),
    )
    held = {
        "officers": journey.play.officers_ids(),
        "host": "王审",
        "attended": "yes",
        "text": "记录",
        "signed": "signed",
    }
    journey.later(9)
    told_and_gone = journey.day
    words = refused(journey, "hearing.held", by="王审", **held)
    assert "七个工作日前" in words
    day = journey.forward(1)
    assert day > told_and_gone
