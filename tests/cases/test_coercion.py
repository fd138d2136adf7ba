"""SC12: sealing and seizing with approval, recording, list; extended once; handled or lifted in
time; executed by day.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mingzheng.agencies.models import Agency
from mingzheng.cases.acts import store
from mingzheng.cases.models import Property, PropertyMove, Seizure, Stocktake
from mingzheng.documents.models import Document
from mingzheng.records.models import Duty
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.play import at, who
from tests.cases.telling import case, do, duties, heard, refused
from tests.scenes.seizing import LAWS, THINGS, answers, approve

pytestmark = pytest.mark.django_db


def approved(bodies: dict[str, Agency], **how: Any) -> Any:
    """A case whose seizure the head has approved."""
    journey = case(bodies, **how).go("investigated")
    journey.forward(1)
    approve(journey, 9)
    return journey


def seized(bodies: dict[str, Agency], **how: Any) -> Any:
    """Carried out on the day of the approval."""
    journey = approved(bodies, **how)
    clip(journey)
    do(journey, "property.seized", hour=16, **answers(journey))
    return journey


def clip(journey: Any) -> None:
    """The whole-process recording, small as it is."""
    with at(journey.day, 15):
        journey.record_clip("property.seized")


def test_nothing_is_seized_without_approval(bodies: dict[str, Agency]) -> None:
    """The step is not even there yet; urgency is another one."""
    journey = case(bodies).go("investigated")
    assert "要先办" in refused(journey, "property.seized", **answers(journey))


def test_nothing_is_seized_without_its_whole_recording(bodies: dict[str, Agency]) -> None:
    """SC12: refused without it, taken with it."""
    journey = approved(bodies)
    assert "全程音像记录" in refused(journey, "property.seized", **answers(journey))
    clip(journey)
    do(journey, "property.seized", **answers(journey))
    assert Seizure.objects.filter(record=journey.play.record).exists()


def test_decision_and_list_are_made_on_the_spot_and_the_things_are_in_the_books(
    bodies: dict[str, Agency],
) -> None:
    """Two things, two numbers, thirty calendar days."""
    journey = seized(bodies)
    record = journey.play.record
    kinds = set(Document.objects.filter(record=record).values_list("kind", flat=True))
    assert {"seizure-decision", "seizure-list", "seizure-approval"} <= kinds
    rows = list(Property.objects.filter(record=record).order_by("pk"))
    assert [row.name for row in rows] == ["变压器", "高压柜"] and len(
        {row.number for row in rows}
    ) == 2
    limit = duties(journey, "seizure/limit")[0]
    assert limit.due is not None and (limit.due - journey.day).days >= 30
    assert limit.how["unit"] == "day"
    assert PropertyMove.objects.filter(what="in").count() == 2
    assert duties(journey, "seizure/papers")[0].state == Duty.DONE


def test_an_absent_party_needs_a_witness(bodies: dict[str, Agency]) -> None:
    """And daily necessities stay where they are."""
    journey = approved(bodies)
    clip(journey)
    assert "见证人" in refused(journey, "property.seized", **answers(journey, present="no"))
    assert "生活必需品" in refused(journey, "property.seized", **answers(journey, contained="yes"))
    assert "名称和数量" in refused(journey, "property.seized", **answers(journey, things="变压器"))


def test_another_measure_than_the_approved_one_is_refused(bodies: dict[str, Agency]) -> None:
    """Approved to seize, not to seal."""
    journey = approved(bodies)
    clip(journey)
    assert "与批准的不同" in refused(journey, "property.seized", **answers(journey, way="seal"))


def test_an_urgent_seizure_is_reported_within_a_day_and_approved_afterwards(
    bodies: dict[str, Agency],
) -> None:
    """Both duties open; the report closes the one, the approval the other."""
    journey = case(bodies).go("investigated")
    clip(journey)
    do(journey, "property.seized:urgent", hour=16, why_urgent="正在装车转移", **answers(journey))
    report, approval = (
        duties(journey, "seizure/urgent-report")[0],
        duties(journey, "seizure/approval-afterwards")[0],
    )
    assert report.how["unit"] == "hour" and report.state == Duty.OPEN
    do(journey, "urgent.reported", hour=18, to="陈局", text="正在装车转移涉案设备，已当场扣押。")
    with at(journey.forward(1), 9):
        journey.play.step(
            "seizure.approved", way="seize", things=THINGS, basis=LAWS, reason="补办批准手续"
        )
        journey.play.approve()
    for duty in (report, approval):
        duty.refresh_from_db()
        assert duty.state == Duty.DONE


def test_it_is_extended_once_by_thirty_days_and_no_more(bodies: dict[str, Agency]) -> None:
    """Told in writing; thirty-one is too many; a second time is refused."""
    journey = seized(bodies)
    first = duties(journey, "seizure/limit")[0].due
    assert first is not None
    with at(journey.forward(10), 9):
        words = heard(
            lambda: journey.play.step(
                "limit.extended:seizure/limit", days=31, told_on=journey.day, reason="案情复杂"
            )
        )
        assert "最多延长 30" in words
        journey.play.step(
            "limit.extended:seizure/limit", days=30, told_on=journey.day, reason="案情复杂"
        )
        journey.play.approve()
    second = duties(journey, "seizure/limit")[0].due
    assert second is not None and 28 <= (second - first).days <= 33
    assert Seizure.objects.get(record=journey.play.record).until == second
    with at(journey.forward(1), 9):
        assert "只能延长 1 次" in heard(
            lambda: journey.play.step(
                "limit.extended:seizure/limit", days=5, told_on=journey.day, reason="再延长"
            )
        )


def test_testing_time_does_not_count_when_the_party_was_told(bodies: dict[str, Agency]) -> None:
    """Ten days of testing move the last day."""
    journey = seized(bodies)
    first = duties(journey, "seizure/limit")[0].due
    with at(journey.forward(1), 9):
        journey.play.step(
            "testing.commissioned",
            laboratory="济宁市能源监测中心（示例）",
            items="变压器能效检测",
            told_on=journey.day,
        )
    with at(journey.forward(8), 9):
        journey.play.step(
            "testing.reported", number="J1", conclusion="属于淘汰设备", files=journey.play.picture()
        )
    moved = duties(journey, "seizure/limit")[0].due
    assert first is not None and moved is not None and moved > first + timedelta(days=7)


def test_when_its_time_is_over_it_can_only_be_lifted(bodies: dict[str, Agency]) -> None:
    """Neither handled nor extended: released."""
    journey = seized(bodies)
    journey.later(40)
    journey.forward(1)
    ids = list(Property.objects.filter(record=journey.play.record).values_list("pk", flat=True))
    handling = {
        "things": ids,
        "how": "transferred",
        "receiver": "财政局（示例）",
        "witnesses": "",
        "basis": LAWS,
        "note": "没收",
    }
    with at(journey.day, 9):
        assert "期限已经届满" in heard(lambda: journey.play.step("seizure.handled", **handling))
        assert "期限已经届满" in heard(
            lambda: journey.play.step(
                "limit.extended:seizure/limit", days=30, told_on=journey.day, reason="复杂"
            )
        )
        journey.play.step(
            "seizure.lifted",
            officers=journey.play.officers_ids(),
            ground="expired",
            things=ids,
            receiver="负责人",
            signed="signed",
        )
    assert set(
        Property.objects.filter(record=journey.play.record).values_list("state", flat=True)
    ) == {"returned"}
    assert Seizure.objects.get(record=journey.play.record).ended_how == "lifted"
    assert list(verify_all()) == []


def test_part_of_it_goes_back_and_part_is_destroyed_before_two_people(
    bodies: dict[str, Agency],
) -> None:
    """One witness is not two; a thing that left the store does not leave twice."""
    journey = seized(bodies)
    one, two = Property.objects.filter(record=journey.play.record).order_by("pk")
    with at(journey.forward(2), 9):
        journey.play.step(
            "seizure.lifted",
            officers=journey.play.officers_ids(),
            ground="unrelated",
            things=[two.pk],
            receiver="负责人",
            signed="signed",
        )
    said = {
        "how": "destroyed",
        "receiver": "某再生资源公司（示例）",
        "basis": LAWS,
        "note": "国家明令淘汰设备",
    }
    with at(journey.forward(1), 9):
        assert "两名以上" in heard(
            lambda: journey.play.step("seizure.handled", things=[one.pk], witnesses="张三", **said)
        )
        assert "只能从列出的选项中选择" in heard(
            lambda: journey.play.step(
                "seizure.handled", things=[two.pk], witnesses="张三、李四", **said
            )
        )
        journey.play.step("seizure.handled", things=[one.pk], witnesses="张三、李四", **said)
        journey.play.approve()
    one.refresh_from_db()
    assert (
        one.state == "destroyed"
        and Seizure.objects.get(record=journey.play.record).ended_how == "destroyed"
    )
    assert duties(journey, "seizure/limit")[0].state == Duty.DONE


def test_a_move_in_the_store_leaves_its_trace(bodies: dict[str, Agency]) -> None:
    """From where to where, by whom."""
    journey = seized(bodies)
    ids = list(Property.objects.filter(record=journey.play.record).values_list("pk", flat=True))
    do(
        journey,
        "property.moved",
        hour=18,
        things=ids,
        place="二号库",
        receiver="郝档",
        note="一号库维修",
    )
    moves = PropertyMove.objects.filter(what="moved")
    assert {(row.origin, row.place) for row in moves} == {
        ("一号库", "二号库")
    } and moves.count() == 2


def test_a_count_explains_what_it_does_not_find(bodies: dict[str, Agency]) -> None:
    """Everything seen, or a note; an officer without the office does not count."""
    journey = seized(bodies)
    one, two = Property.objects.filter(record=journey.play.record).order_by("pk")
    with at(journey.day, 18):
        keeper = who(bodies["wg"], "郝档")
        assert "由保管人或者负责人办理" in heard(
            lambda: store.count(who(bodies["wg"], "张三"), "一号库", {}, "c0")
        )
        assert "没有见到实物" in heard(
            lambda: store.count(keeper, "一号库", {one.pk: (True, "")}, "c1")
        )
        made = store.count(
            keeper, "一号库", {one.pk: (True, ""), two.pk: (False, "送检未回")}, "c2"
        )
        assert store.count(keeper, "一号库", {one.pk: (True, "")}, "c2").pk == made.pk
        assert "不用盘点" in heard(lambda: store.count(keeper, "五号库", {}, "c3"))
    assert Stocktake.objects.count() == 1 and [line["found"] for line in made.lines] == [
        True,
        False,
    ]


def urged(bodies: dict[str, Agency]) -> Any:
    """A decision that was served, not carried out, and urged."""
    journey = case(bodies).go("served")
    with at(journey.forward(18), 9):
        journey.play.step(
            "execution.urged",
            amount="10000",
            until=journey.day + timedelta(days=14),
            **journey.service(),
        )
    return journey


def force(journey: Any, **more: Any) -> dict[str, Any]:
    """What the form of execution asks."""
    return {
        "officers": journey.play.officers_ids(),
        "manner": "restore",
        "basis": LAWS,
        "on": journey.day,
        "night": "no",
        "urgent": "no",
        "text": "排除妨碍",
        **more,
    }


def test_nothing_is_executed_before_the_party_was_heard_on_the_urging(
    bodies: dict[str, Agency],
) -> None:
    """Not by night, not on a day off."""
    journey = urged(bodies)
    with at(journey.forward(11), 9):
        assert "陈述" in heard(lambda: journey.play.step("coercion.executed", **force(journey)))
        journey.play.step(
            "statement.waived:urging", text="当事人书面表示没有意见。", files=journey.play.picture()
        )
        assert "不得在夜间" in heard(
            lambda: journey.play.step("coercion.executed", **force(journey, night="yes"))
        )
        saturday = journey.day + timedelta(days=(5 - journey.day.weekday()) % 7)
        assert "休息日" in heard(
            lambda: journey.play.step("coercion.executed", **force(journey, on=saturday))
        )
        journey.play.step("coercion.executed", **force(journey))
        journey.play.approve()


def test_more_is_never_added_than_was_owed(bodies: dict[str, Agency]) -> None:
    """The added fine ends at the fine."""
    journey = urged(bodies)
    with at(journey.forward(11), 9):
        journey.play.step(
            "statement.waived:urging", text="当事人书面表示没有意见。", files=journey.play.picture()
        )
        words = heard(
            lambda: journey.play.step(
                "coercion.executed", **force(journey, manner="additional-fine", amount="9999999")
            )
        )
    assert "不得超出" in words


def test_the_court_is_asked_after_the_remedies_and_within_three_months(
    bodies: dict[str, Agency],
) -> None:
    """Too early, in time, too late."""
    journey = urged(bodies)
    assert "才届满" in refused(journey, "remedy.expired", checked="on")
    journey.later(190)
    journey.forward(1)
    do(journey, "remedy.expired", checked="on")
    limit = duties(journey, "court/limit")[0]
    assert limit.due is not None
    journey.later((limit.due - journey.day).days + 1)
    journey.forward(1)
    assert "法院不再受理" in refused(
        journey, "court.applied", court="汶上县人民法院", request="强制执行罚款"
    )


def test_an_agreement_is_kept_with_its_paper(bodies: dict[str, Agency]) -> None:
    """Instalments, under the law on coercion."""
    journey = urged(bodies)
    do(journey, "execution.agreed", text="分两期缴纳。", until=date(2026, 9, 30))
    assert Document.objects.filter(record=journey.play.record, kind="execution-agreement").exists()


def test_the_handlers_are_told_seven_and_three_days_before_and_when_it_is_over(
    bodies: dict[str, Agency],
) -> None:
    """Once each, not twice; an extension moves the reminders."""
    from mingzheng.cases.acts.reminding import remind
    from mingzheng.notices.models import Task

    journey = seized(bodies)
    due = duties(journey, "seizure/limit")[0].light_due
    assert due is not None

    def told() -> list[str]:
        rows = Task.objects.filter(
            record=journey.play.record, kind=Task.URGE, person_id=journey.play.officers_ids()[0]
        )
        return [row.title for row in rows.order_by("pk")]

    for days, expected in ((8, 0), (7, 1), (6, 1), (3, 2), (2, 2), (0, 2), (-1, 3), (-2, 3)):
        with at(due - timedelta(days=days), 8):
            remind()
            remind()
        assert len(told()) == expected, days
    assert "还有 7 日" in told()[0] and "还有 3 日" in told()[1] and "已经届满" in told()[2]
    assert list(verify_all()) == []
