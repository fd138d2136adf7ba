"""送达、执行、结案、归档."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from mingzheng.cases.models import Payment
from mingzheng.documents.models import Document
from mingzheng.records import law
from mingzheng.records.models import Act, Duty
from mingzheng.site.demo.play import at
from tests.cases.telling import case, do, duties, refused, state
from tests.clause import clause

LEFT = {"manner": "left", "place": "厂区大门"}


def test_a_decision_is_served_within_seven_workdays(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("decided")
    (owed,) = duties(journey, "decision/service")
    decided = journey.day
    assert owed.light_due == journey.forward(7) and owed.light_due > decided + timedelta(days=7)


def test_service_needs_the_one_who_took_it(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("decided")
    words = refused(journey, "decision.served", **{**journey.service(), "receiver": ""})
    assert "请写签收人姓名" in words


@clause("LG-2.2")
def test_leaving_a_paper_needs_the_reason_and_a_witness_or_a_recording(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("decided")
    words = refused(journey, "decision.served", **LEFT)
    assert "请写明拒收的理由" in words and "见证人签名，或者先存入送达过程的音像记录" in words
    with at(journey.day, 17):
        journey.record_clip("decision.served")
    do(journey, "decision.served", refusal_reason="称负责人不在", hour=18, **LEFT)
    assert Act.objects.get(record=journey.play.record, kind="service.refused").of == "recorded"
    assert state(journey) == "served"


def test_electronic_service_needs_a_signed_address(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("decided")
    assert "送达地址确认书" in refused(
        journey, "decision.served", manner="electronic", place="电子邮箱"
    )
    do(
        journey,
        "address.confirmed",
        officers=journey.play.officers_ids(),
        confirmed="汶上县",
        electronic="a@b.test",
        signed="signed",
        hour=17,
    )
    do(journey, "decision.served", manner="electronic", place="电子邮箱", hour=18)


def test_public_notice_comes_before_service_by_notice(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("decided")
    assert "公告送达须先办理公告" in refused(
        journey, "decision.served", manner="public-notice", place="公告栏"
    )


def test_service_entered_later_runs_from_the_day_it_happened(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("decided")
    journey.forward(1)
    happened = journey.day
    journey.forward(2)
    values = {**journey.service(), "happened_at": f"{happened}T10:00"}
    assert "请选择补录原因" in refused(journey, "decision.served", **values)
    do(
        journey,
        "decision.served",
        late_reason="post",
        files=journey.play.picture("邮寄回执"),
        **values,
    )
    (pay,) = duties(journey, "payment/limit")
    assert pay.due == law.calendar().add(happened, 15, "day", True).due and pay.by == "party"


def test_the_decision_names_remedies_with_body_court_and_days(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("decided")
    body = json.loads(
        Document.objects.get(record=journey.play.record, kind="penalty-decision").body
    )
    assert "汶上县人民政府" in body["remedy"] and "汶上县人民法院" in body["remedy"]
    assert "六十日" in body["remedy"] and "六个月" in body["remedy"]


def test_money_is_neither_nothing_nor_more_than_owed(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("served")
    assert "不能是零" in refused(journey, "payment.received", amount="0", receipt="P0", way="bank")
    assert "也不能超过" in refused(
        journey, "payment.received", amount="40001", receipt="P0", way="bank"
    )
    assert not Payment.objects.exists()


def test_a_decision_is_not_executed_while_money_is_owed(bodies: dict[str, Any]) -> None:
    journey = case(bodies, fine="20000").go("served")
    do(journey, "payment.received", amount="5000", receipt="P1", way="bank", hour=11)
    words = refused(journey, "decision.executed", text="缴清")
    assert "还差 15,000.00 元" in words
    do(journey, "payment.received", amount="15000", receipt="P2", way="bank", hour=12)
    do(journey, "decision.executed", text="缴清")
    assert list(
        Act.objects.filter(record=journey.play.record, kind="payment.received")
        .order_by("pk")
        .values_list("of", flat=True)
    ) == ["part", "full"]


def _outcome(journey: Any, act: str, **more: Any) -> None:
    do(
        journey,
        act,
        organ="汶上县人民政府",
        number="汶政复决〔2026〕3号",
        received_on=journey.day,
        reason="认定事实不清。",
        hour=11,
        **more,
    )


def test_a_fine_that_was_altered_is_owed_as_altered(bodies: dict[str, Any]) -> None:
    journey = case(bodies, fine="20000").go("served")
    _outcome(journey, "decision.altered", amount="8000")
    do(journey, "payment.received", amount="8000", receipt="P1", way="bank", hour=12)
    do(journey, "decision.executed", text="缴清")
    paid = Act.objects.get(record=journey.play.record, kind="payment.received")
    assert paid.of == "full"


def test_nobody_pays_a_fine_that_was_revoked(bodies: dict[str, Any]) -> None:
    journey = case(bodies, fine="20000").go("served")
    journey.later(60)
    journey.forward(1)
    _outcome(journey, "decision.revoked")
    assert "没有应缴的款项" in refused(
        journey, "payment.received", amount="20000", receipt="P1", way="bank"
    )
    assert "没有可以执行的义务" in refused(
        journey, "execution.urged", amount="20000", until="2026-08-01", **journey.service()
    )


def test_instalments_wait_for_approval_and_end_the_duty_to_pay(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("served")
    do(
        journey,
        "payment.deferred",
        way="instalments",
        until="2026-09-30",
        plan="每月 5000 元",
        reason="经营困难",
        hour=11,
    )
    assert duties(journey, "payment/limit")[0].state == Duty.OPEN
    with at(journey.day, 12):
        journey.play.approve()
    assert duties(journey, "payment/limit")[0].state == Duty.DONE
    assert Document.objects.filter(record=journey.play.record, kind="deferral-approval")


def test_the_additional_fine_never_exceeds_the_fine(bodies: dict[str, Any]) -> None:
    journey = case(bodies, fine="20000").go("served")
    journey.later(60)
    journey.forward(1)
    assert "还没有到这一步" in refused(
        journey, "additional-fine.decided", amount="100", **journey.service()
    )
    do(journey, "execution.urged", amount="20000", until="2026-08-01", hour=10, **journey.service())
    words = refused(journey, "additional-fine.decided", amount="20000.01", **journey.service())
    assert "不得超出罚款的数额" in words and "第七十二条" in words
    do(journey, "additional-fine.decided", amount="20000", **journey.service())


def test_the_court_is_asked_only_when_the_reminder_ran_out(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("served")
    request = {"court": "汶上县人民法院", "request": "强制执行罚款"}
    journey.forward(20)
    assert "还没有到这一步" in refused(journey, "court.applied", **request)
    do(journey, "execution.urged", amount="20000", until="2026-08-01", **journey.service())
    journey.forward(10)
    words = refused(journey, "court.applied", **request)
    assert "十个工作日" in words and "第五十四条" in words
    journey.forward(1)
    words = "" if _applies(journey, request) else refused(journey, "court.applied", **request)
    assert "催告" not in words


def _applies(journey: Any, request: dict[str, str]) -> bool:
    from mingzheng.records.refusal import Refused

    try:
        do(journey, "court.applied", **request)
    except Refused as error:
        assert "催告" not in str(error), error
        return False
    return True


def test_a_case_is_not_closed_before_it_is_executed(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("published")
    words = refused(journey, "case.closed", way="normal", text="结案")
    assert "决定执行完毕" in words


@pytest.mark.parametrize(
    "kind, accepted", [("reconsideration", "行政复议受理"), ("litigation", "行政诉讼立案")]
)
def test_a_remedy_is_decided_only_after_it_was_accepted(
    bodies: dict[str, Any], kind: str, accepted: str
) -> None:
    journey = case(bodies).go("served")
    words = refused(
        journey,
        f"{kind}.decided",
        organ="汶上县人民政府",
        number="1号",
        result="upheld",
        received_on=journey.day,
    )
    assert "还没有到这一步" in words
    do(journey, f"{kind}.accepted", organ="汶上县人民政府", number="1号", hour=11)
    do(
        journey,
        f"{kind}.decided",
        organ="汶上县人民政府",
        number="1号",
        result="upheld",
        received_on=journey.day,
        hour=12,
    )
    assert state(journey) == "served"
