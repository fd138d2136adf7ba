"""More parties and items, successors, merging, splitting, suspected crime, people from outside,
redoing, staff leaving.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mingzheng.agencies.models import Agency
from mingzheng.cases.models import CaseItem, CaseParty
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.procedures import acts as procedure_acts
from mingzheng.records.models import Duty, EffectiveAct, Link, Record
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import parties
from mingzheng.site.demo.play import at, form_data, who
from tests.cases.telling import case, do, duties, heard, refused, state

pytestmark = pytest.mark.django_db


def party_of(journey: Any) -> list[str]:
    """Names of the counterparts that stand now."""
    return list(
        CaseParty.objects.filter(record=journey.play.record, until=None)
        .order_by("pk")
        .values_list("name", flat=True)
    )


def second(number: int = 9) -> dict[str, Any]:
    """Answers that name another company."""
    other = parties.company("wg", number)
    return {
        "party_kind": other["kind"],
        "party_name": other["name"],
        "identifier": other["identifier"],
        "representative": other["representative"],
        "address": other["address"],
    }


def test_a_second_party_stands_beside_the_first(bodies: dict[str, Agency]) -> None:
    """Added with a reason, once."""
    journey = case(bodies).go("opened")
    do(journey, "party.added", role="respondent", reason="共同实施", **second())
    assert len(party_of(journey)) == 2
    assert "已经在本案里" in refused(
        journey, "party.added", role="respondent", reason="共同实施", **second()
    )


def test_a_wrong_check_digit_is_named(bodies: dict[str, Agency]) -> None:
    """An identifier that cannot be."""
    journey = case(bodies).go("opened")
    wrong = second() | {"identifier": "91370830MA009X333A"}
    assert "校验" in refused(journey, "party.added", role="respondent", reason="共同实施", **wrong)


def test_one_enterprise_is_not_registered_under_two_names(bodies: dict[str, Agency]) -> None:
    """The register knows the number."""
    first = case(bodies, party=parties.company("wg", 9)).go("opened")
    assert first.play.record.pk
    journey = case(bodies).go("opened")
    words = refused(
        journey,
        "party.added",
        role="respondent",
        reason="共同实施",
        **(second() | {"party_name": "另一个名称有限公司"}),
    )
    assert "已登记为" in words


def test_a_new_name_keeps_the_old_row(bodies: dict[str, Agency]) -> None:
    """Renamed, same number."""
    journey = case(bodies).go("opened")
    before = party_of(journey)[0]
    do(
        journey,
        "party.changed",
        way="name",
        name="汶上新名有限公司",
        address="汶上县某路1号",
        reason="登记机关核准更名",
        files=journey.play.picture(),
    )
    rows = CaseParty.objects.filter(record=journey.play.record).order_by("pk")
    assert [row.name for row in rows] == [before, "汶上新名有限公司"]
    assert (
        rows[1].succeeds == rows[0]
        and rows[1].identifier == rows[0].identifier
        and rows[0].until is not None
    )


def test_after_a_merger_another_body_answers(bodies: dict[str, Agency]) -> None:
    """Its own number, and not the old one again."""
    journey = case(bodies).go("opened")
    old = CaseParty.objects.get(record=journey.play.record)
    same = refused(
        journey,
        "party.changed",
        way="merger",
        name="合并后公司",
        identifier=old.identifier,
        address="甲路",
        reason="吸收合并",
    )
    assert "只是更名的" in same
    other = parties.company("wg", 12)
    do(
        journey,
        "party.changed",
        way="merger",
        name=other["name"],
        identifier=other["identifier"],
        address=other["address"],
        reason="吸收合并",
    )
    now = CaseParty.objects.get(record=journey.play.record, until=None)
    assert now.identifier == other["identifier"] and now.party_id != old.party_id


def test_a_second_violation_joins_the_case_once(bodies: dict[str, Agency]) -> None:
    """Only items that are not in the case are offered."""
    journey = case(bodies).go("opened")
    item = Item.objects.get(agency=bodies["wg"], code="jn-84")
    do(
        journey,
        "item.added",
        item=item.pk,
        cause="未按规定设立能源管理岗位",
        reason="同一检查中发现",
    )
    assert CaseItem.objects.get(record=journey.play.record).item == item
    assert "只能从列出的选项中选择" in refused(
        journey, "item.added", item=item.pk, cause="再来一次", reason="重复"
    )


def test_a_case_goes_into_one_opened_no_later_and_its_limit_does_not_grow(
    bodies: dict[str, Agency],
) -> None:
    """The younger one ends; its counterpart stands in the older; its own limit is void."""
    main = case(bodies, start=date(2026, 4, 7)).go("opened")
    young = case(bodies, item="jn-84", party=parties.company("wg", 5), start=date(2026, 4, 14)).go(
        "opened"
    )
    due = duties(main, "decision/limit")[0].light_due
    assert "只能从列出的选项中选择" in refused_proposal(
        main, "case.merged", into=young.play.record.pk, reason="关联"
    )
    with at(young.day, 15):
        young.play.step(
            "case.merged", into=main.play.record.pk, reason="同一批检查发现，当事人关联，合并办理。"
        )
    with at(young.forward(1), 10):
        young.play.approve()
    assert state(young) == "merged"
    assert len(party_of(main)) == 2 and CaseItem.objects.filter(record=main.play.record).exists()
    assert duties(main, "decision/limit")[0].light_due == due
    assert not Duty.objects.filter(record=young.play.record, state=Duty.OPEN).exists()
    assert Link.objects.filter(
        source=young.play.record, target=main.play.record, kind="merged"
    ).exists()
    assert list(verify_all()) == []


def refused_proposal(journey: Any, key: str, **values: Any) -> str:
    """Refused already when it is proposed."""
    with at(journey.day, 16):
        return heard(lambda: journey.play.step(key, **values))


def test_a_split_case_counts_from_the_first_opening(bodies: dict[str, Agency]) -> None:
    """Ninety days from the day the first case was opened, not from the split."""
    journey = case(bodies).go("investigated")
    do(journey, "party.added", role="respondent", reason="共同实施", **second())
    row = CaseParty.objects.filter(record=journey.play.record, until=None).latest("pk")
    first = duties(journey, "decision/limit")[0].light_due
    with at(journey.forward(3), 10):
        journey.play.step(
            "case.split", what=f"party-{row.pk}", cause="另案处理", reason="案情不同，分别办理。"
        )
        journey.play.approve()
    began = Record.objects.get(
        pk=Link.objects.get(source=journey.play.record, kind="split").target_id
    )
    assert began.state == "investigating" and len(party_of(journey)) == 1
    assert Duty.objects.get(record=began, topic="decision/limit").light_due == first
    assert began.case.opened_on == journey.play.record.case.opened_on
    assert list(verify_all()) == []


def test_one_counterpart_alone_cannot_be_split_off(bodies: dict[str, Agency]) -> None:
    """Nothing would stay behind."""
    journey = case(bodies).go("opened")
    row = CaseParty.objects.get(record=journey.play.record)
    assert "只能从列出的选项中选择" in refused_proposal(
        journey, "case.split", what=f"party-{row.pk}", cause="另案", reason="分开"
    )


def test_a_case_that_the_police_return_goes_on_and_its_limit_still_runs(
    bodies: dict[str, Agency],
) -> None:
    """Receipt, refusal, back to the investigation; the limit counts from the opening."""
    journey = case(bodies).go("investigated")
    with at(journey.forward(1), 10):
        journey.play.step(
            "matter.transferred",
            to="汶上县公安局",
            suspected="涉嫌犯罪（示例）",
            reason="数额可能达到追诉标准。",
            materials="移送书\n调查报告\n物品清单",
        )
        journey.play.approve()
    assert state(journey) == "transferred"
    do(
        journey,
        "transfer.receipted",
        organ="汶上县公安局",
        number="汶公收〔2026〕1号",
        files=journey.play.picture(),
    )
    assert Duty.objects.get(record=journey.play.record, topic="transfer/answer").awaited
    with at(journey.forward(2), 10):
        journey.play.step(
            "transfer.returned",
            organ="汶上县公安局",
            number="汶公不立〔2026〕1号",
            reason="情节显著轻微",
            after="accept",
            files=journey.play.picture(),
        )
    assert state(journey) == "investigating"
    opened = journey.play.record.case.opened_on
    limit = duties(journey, "decision/limit", Duty.OPEN)[0].light_due
    assert limit is not None and limit >= opened + timedelta(days=90) and (limit - opened).days < 97


def test_without_its_receipt_an_answer_of_the_police_is_not_entered(
    bodies: dict[str, Agency],
) -> None:
    """The paper comes along."""
    journey = case(bodies).go("investigated")
    with at(journey.forward(1), 10):
        journey.play.step(
            "matter.transferred",
            to="汶上县公安局",
            suspected="涉嫌犯罪（示例）",
            reason="数额可能达到追诉标准。",
            materials="移送书",
        )
        journey.play.approve()
    assert "请上传" in refused(journey, "transfer.receipted", organ="汶上县公安局", number="1")


def test_an_order_to_decide_anew_reopens_a_closed_case(bodies: dict[str, Agency]) -> None:
    """Back to deciding, the notice and the hearing of the party are owed again."""
    journey = case(bodies).go("closed")
    do(journey, "reconsideration.accepted", organ="汶上县人民政府", number="1")
    do(
        journey,
        "decision.ordered-redone",
        organ="汶上县人民政府",
        number="汶政复〔2026〕1号",
        received_on=journey.day,
        reason="告知不当",
    )
    assert state(journey) == "deciding"
    journey.play.record.refresh_from_db()
    assert journey.play.record.closed_on is None
    assert not EffectiveAct.objects.filter(
        record=journey.play.record, kind="decision.made", voided_by=None
    ).exists()
    words = refused(journey, "decision.made:penalty")
    assert "告知" in words
    assert Duty.objects.filter(record=journey.play.record, rule="FY/redo", state=Duty.OPEN).exists()
    assert list(verify_all()) == []


def test_a_mediation_is_recorded_and_decides_nothing(bodies: dict[str, Agency]) -> None:
    """The case stays where it is."""
    journey = case(bodies).go("opened")
    do(journey, "mediation.held", parties="当事人、相邻单位", text="双方协商。", agreed="yes")
    assert state(journey) == "investigating"


def test_a_township_acts_only_on_what_its_decision_names(bodies: dict[str, Agency]) -> None:
    """Outside the days of the decision it rests on, nothing begins."""
    body = bodies["fc"]
    body.basis = body.basis | {"until": "2026-03-31"}
    body.save()
    journey = case(bodies, "fc")
    with at(journey.day, 9):
        assert "赋权" in heard(lambda: journey.play.register())


def two(bodies: dict[str, Agency]) -> Any:
    """A case of two counterparts, drafted."""
    journey = case(bodies).go("opened")
    do(journey, "party.added", role="respondent", reason="共同实施", **second())
    for stage in ("investigated", "ended", "drafted"):
        getattr(journey, stage)()
    return journey


def test_each_of_several_counterparts_is_told_before_the_decision(
    bodies: dict[str, Agency],
) -> None:
    """One of two is not both; the letter names them both."""
    journey = two(bodies)
    rows = list(CaseParty.objects.filter(record=journey.play.record, until=None).order_by("pk"))
    with at(journey.forward(1), 10):
        assert "请填写送达给谁" in heard(
            lambda: journey.play.step("party.notified:penalty", contact="张三", **journey.service())
        )
        journey.play.step(
            "party.notified:penalty", contact="张三", to_party=rows[0].pk, **journey.service()
        )
    journey.forward(6)
    with at(journey.day, 10):
        journey.play.step("decision.made:penalty")
        approver = journey.play.approver
        while (
            found := journey.play.record.proposals.filter(state="open").first()
        ) and found.position + 1 < len(found.route):
            journey.play.agree(approver(found))
        assert "还没有收到处罚事先告知" in heard(lambda: journey.play.approve())


def test_a_decision_is_served_when_the_last_counterpart_has_it(bodies: dict[str, Agency]) -> None:
    """Told twice, decided once, served twice."""
    journey = two(bodies)
    rows = list(CaseParty.objects.filter(record=journey.play.record, until=None).order_by("pk"))
    for row in rows:
        with at(journey.forward(1), 10):
            journey.play.step(
                "party.notified:penalty", contact="张三", to_party=row.pk, **journey.service()
            )
    journey.forward(6)
    journey.decided()
    letter = journey.play.record.documents.get(kind="penalty-decision")
    assert all(row.name in letter.body for row in rows)
    for index, row in enumerate(rows):
        assert state(journey) == "decided"
        with at(journey.forward(1), 10 + index):
            journey.record_clip("decision.served")
            journey.play.step(
                "decision.served",
                to_party=row.pk,
                files=journey.play.picture("送达回证"),
                **journey.service(),
            )
    assert state(journey) == "served"
    assert duties(journey, "decision/service")[0].state == Duty.DONE
    assert list(verify_all()) == []


def test_a_joint_decision_waits_for_the_agency_that_was_called_in(
    bodies: dict[str, Agency],
) -> None:
    """Its person agrees to this very text; a changed text loses it; the letter bears both names."""
    journey = case(bodies).go("drafted")
    guest = who(bodies["lg"], "魏清")
    with at(journey.day, 16):
        journey.play.step(
            "grant.made",
            by="陈局",
            person=guest.person_id,
            purpose="joint",
            why="联合作出决定",
            until=journey.day + timedelta(days=90),
        )
    journey.noticed()
    journey.forward(6)
    with at(journey.day, 9):
        journey.play.step("draft.amended", **journey.draft(), substance_changed="no", heavier="no")
        journey.play.step("decision.made:penalty")
        while (
            found := journey.play.record.proposals.filter(state="open").first()
        ) and found.position + 1 < len(found.route):
            journey.play.agree(journey.play.approver(found))
        assert "还没有审核同意" in heard(lambda: journey.play.approve())
        record = Record.objects.get(pk=journey.play.record.pk)
        procedure_acts.take_step(
            guest,
            record.pk,
            "joint.agreed",
            form_data(
                {
                    "review": "passed",
                    "opinion": "同意",
                    "happened_at": clock.now().strftime("%Y-%m-%dT%H:%M"),
                }
            ),
            form_key="joint-1",
            seen=record.head,
        )
        journey.play.approve()
    letter = journey.play.record.documents.get(kind="penalty-decision")
    assert bodies["lg"].name in letter.body and bodies["wg"].name in letter.body


def test_a_delegated_body_acts_in_the_name_of_whoever_delegated_it(
    bodies: dict[str, Agency],
) -> None:
    """And only on the items its paper names."""
    body = bodies["wg"]
    body.kind, body.superior, body.basis = (
        "delegated",
        bodies["ws-gov"],
        {"title": "委托书（示例）", "from": "2024-01-01", "codes": ["jn-82"]},
    )
    body.save()
    journey = case(bodies).go("opened")
    assert bodies["ws-gov"].name in journey.play.record.documents.get(kind="filing-approval").body
    other = case(bodies, item="jn-84")
    with at(other.day, 9):
        assert "没有列明这一事项" in heard(lambda: other.play.register())


def test_late_payment_stops_growing_while_a_remedy_runs(bodies: dict[str, Agency]) -> None:
    """Three per cent a day, not in the days of the reconsideration, never above the fine."""
    from mingzheng.cases.facts.late_payment import accrued

    journey = case(bodies).go("served")
    fine = journey.play.record.case.__class__.objects.get(pk=journey.play.record.pk).fine
    due = duties(journey, "payment/limit")[0].light_due
    assert due is not None and accrued(journey.play.record, due) is None
    with at(due + timedelta(days=2), 9):
        do_now = journey.play.step
        do_now("reconsideration.accepted", organ="汶上县人民政府", number="1")
    with at(due + timedelta(days=12), 9):
        do_now(
            "reconsideration.decided",
            organ="汶上县人民政府",
            number="1",
            result="upheld",
            received_on=due + timedelta(days=12),
            files=journey.play.picture(),
        )
    found = accrued(journey.play.record, due + timedelta(days=14))
    assert found is not None and (found.stopped, found.days) == (10, 4)
    assert found.amount == fine * 12 // 100
    most = accrued(journey.play.record, due + timedelta(days=200))
    assert most is not None and most.capped and most.amount == fine
