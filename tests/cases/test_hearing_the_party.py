"""告知、陈述申辩、听证: the party is told and heard before anything is decided."""

from __future__ import annotations

from typing import Any

import pytest

from mingzheng.records.models import EffectiveAct
from mingzheng.site.demo.play import at
from tests.cases.telling import MAJOR, case, do, refused, state
from tests.clause import clause

HEARING = {
    **MAJOR,
    "hearing": "told",
    "penalties": ["没收非法财物"],
    "draft": {"confiscated": "30000"},
}


def notice(journey: Any) -> dict[str, Any]:
    """The answers of a notice handed to the party."""
    return {"contact": journey.telephone(), **journey.service()}


def test_no_notice_before_there_is_a_draft(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("ended")
    assert "还没有到这一步" in refused(journey, "party.notified:penalty", **notice(journey))


def test_no_decision_without_notice(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("drafted")
    words = refused(journey, "decision.made:penalty")
    assert "没有告知的不得作出处罚决定" in words and "第四十四条" in words


@clause("LM-1.3.1")
def test_no_decision_while_the_defence_period_runs(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("noticed")
    told = journey.day
    for _ in range(3):
        journey.forward(1)
        words = refused(journey, "decision.made:penalty")
        assert "告知后三个工作日内没有提出的" in words
    journey.forward(1)
    assert (journey.day - told).days >= 4
    do(journey, "decision.made:penalty")
    assert state(journey) == "deciding"


def test_the_refusal_names_the_day_from_which_it_may_be_decided(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("noticed")
    words = refused(journey, "decision.made:penalty")
    day = journey.forward(4)
    assert day.isoformat() in words


def test_a_defence_that_was_heard_ends_the_waiting(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("noticed")
    journey.forward(1)
    do(
        journey,
        "statement.heard",
        officers=journey.play.officers_ids(),
        speaker="牛晋川",
        text="请求从轻。",
        finding="已在裁量中考虑。",
        accepted="partly",
        signed="signed",
        hour=10,
    )
    do(journey, "decision.made:penalty", hour=11)
    assert (
        EffectiveAct.objects.filter(
            record=journey.play.record, kind="approval.requested", of="decision.made"
        ).count()
        == 1
    )


def test_only_an_express_waiver_on_paper_ends_the_waiting(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("noticed")
    journey.forward(1)
    assert "请上传当事人签名的书面表示" in refused(
        journey, "statement.waived", text="当事人说不用了"
    )
    do(
        journey,
        "statement.waived",
        text="本人放弃陈述申辩",
        files=journey.play.picture("放弃声明"),
        hour=10,
    )
    do(journey, "decision.made:penalty", hour=11)


def test_no_defence_is_heard_before_the_notice(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("drafted")
    assert "还没有到这一步" in refused(
        journey,
        "statement.heard",
        officers=journey.play.officers_ids(),
        speaker="牛晋川",
        text="有意见",
        finding="无",
        accepted="no",
        signed="signed",
    )


def amend(journey: Any, **changes: Any) -> dict[str, Any]:
    """The answers of an amended draft."""
    return {**journey.draft(), "substance_changed": "no", "heavier": "no", **changes}


def test_a_defence_never_makes_it_heavier(bodies: dict[str, Any]) -> None:
    journey = case(bodies, statement="请求从轻处罚。").go("heard")
    words = refused(
        journey,
        "draft.amended",
        **amend(journey, fine="50000", substance_changed="yes", heavier="yes"),
    )
    assert "第四十五条" in words


def test_a_changed_substance_is_told_anew(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("heard")
    do(journey, "draft.amended", **amend(journey, fine="15000", substance_changed="yes"), hour=10)
    assert "没有告知的不得作出处罚决定" in refused(journey, "decision.made:penalty")
    do(journey, "party.notified:penalty", hour=18, **notice(journey))
    assert "三个工作日" in refused(journey, "decision.made:penalty", hour=19)


def test_a_heavy_penalty_needs_the_notice_of_the_right_to_a_hearing(bodies: dict[str, Any]) -> None:
    journey = case(bodies, draft={"hearing_right": "yes"}).go("heard")
    words = refused(journey, "decision.made:penalty")
    assert "要求听证的权利" in words and "第六十三条" in words


def test_no_decision_while_a_hearing_may_still_be_asked_for(bodies: dict[str, Any]) -> None:
    journey = case(bodies, "wg", "jn-71", **HEARING).go("noticed")
    journey.forward(5)
    words = refused(journey, "decision.made:penalty")
    assert "五个工作日内可以要求听证" in words
    journey.forward(1)
    assert "五个工作日内可以要求听证" not in refused(journey, "decision.made:penalty")


def asked(bodies: dict[str, Any]) -> Any:
    """A case in which the party asked for a hearing."""
    journey = case(bodies, "wg", "jn-71", **HEARING).go("noticed")
    journey.forward(2)
    do(journey, "hearing.requested", applicant="牛晋川", text="要求听证", hour=10)
    return journey


def test_who_asked_for_a_hearing_is_heard(bodies: dict[str, Any]) -> None:
    journey = asked(bodies)
    journey.forward(6)
    words = refused(journey, "decision.made:penalty")
    assert "要先组织听证" in words


def test_nobody_asks_for_a_hearing_who_was_not_told(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("noticed")
    assert "还没有到这一步" in refused(
        journey, "hearing.requested", applicant="牛晋川", text="要求听证"
    )


def invite(journey: Any, **more: Any) -> dict[str, Any]:
    """The answers of a notice of hearing."""
    return {
        "hearing_on": "2026-05-20",
        "hearing_place": "听证室",
        "host": "王审",
        "clerk": "记录员",
        **journey.service(),
        **more,
    }


def held(journey: Any, **more: Any) -> dict[str, Any]:
    """The answers of the hearing's record."""
    return {
        "officers": journey.play.officers_ids(),
        "host": "王审",
        "attended": "yes",
        "text": "双方陈述。",
        "signed": "signed",
        **more,
    }


def test_a_hearing_is_announced_seven_workdays_ahead(bodies: dict[str, Any]) -> None:
    journey = asked(bodies)
    do(journey, "party.notified:hearing", **invite(journey), hour=11)
    told = journey.day
    journey.forward(6)
    words = refused(journey, "hearing.held", by="王审", **held(journey))
    assert "七个工作日前" in words and "第六十四条" in words
    journey.forward(1)
    assert (journey.day - told).days >= 9
    do(journey, "hearing.held", by="王审", **held(journey))


def test_an_investigator_does_not_host_the_hearing(bodies: dict[str, Any]) -> None:
    journey = asked(bodies)
    assert "非本案调查人员主持" in refused(
        journey, "party.notified:hearing", **invite(journey, host="张三")
    )
    do(journey, "party.notified:hearing", **invite(journey), hour=11)
    journey.forward(8)
    assert "您不能办理这一步" in refused(
        journey, "hearing.held", by="张三", **held(journey, host="张三")
    )


def test_a_hearing_without_its_report_decides_nothing(bodies: dict[str, Any]) -> None:
    journey = case(bodies, "wg", "jn-71", **{**HEARING, "hearing": "held"}).go("reviewed")
    EffectiveAct.objects.filter(record=journey.play.record, kind="hearing.reported").update(
        voided_by=EffectiveAct.objects.filter(record=journey.play.record).latest("pk").act
    )
    assert "听证报告" in refused(journey, "decision.made:penalty")


def test_a_hearing_given_up_on_paper_needs_no_hearing(bodies: dict[str, Any]) -> None:
    journey = asked(bodies)
    assert "请上传" in refused(journey, "hearing.waived", text="放弃听证")
    do(journey, "hearing.waived", text="放弃听证", files=journey.play.picture("放弃声明"))
    journey.forward(6)
    words = refused(journey, "decision.made:penalty")
    assert "听证" not in words.replace("没有听证", "") or "法制审核" in words


@pytest.mark.parametrize(
    "answers, words",
    [
        ({"penalties": []}, "请选择处罚种类"),
        ({"penalties": ["罚款"], "fine": ""}, "请填罚款金额"),
        ({"penalties": ["警告"], "fine": "100"}, "请勾选“罚款”"),
        ({"penalties": ["没收违法所得"], "fine": ""}, "请填没收金额"),
        ({"penalties": ["其他"], "fine": ""}, "请写明其他处罚的内容"),
        ({"fine": "很多"}, "请填数字，单位是元"),
        ({"fine": "-5"}, "大于或者等于 0"),
        ({"hearing_right": ""}, "请填写是否属于应当告知听证权利的处罚"),
    ],
)
def test_a_draft_with_a_fault_says_what_to_mend(
    bodies: dict[str, Any], answers: dict[str, Any], words: str
) -> None:
    journey = case(bodies).go("ended")
    found = refused(journey, "draft.made", **{**journey.draft(), **answers})
    assert words in found or words == "大于或者等于 0" and "0" in found


def test_money_is_kept_in_fen(bodies: dict[str, Any]) -> None:
    journey = case(bodies, fine="20000.05").go("drafted")
    from mingzheng.cases.models import Case

    assert Case.objects.get(pk=journey.play.record.pk).fine == 2_000_005
    with at(journey.day, 18):
        from mingzheng.procedures.registry import facts_of

        journey.play.record.refresh_from_db()
        assert facts_of(journey.play.record)["fine"] == 20_001
