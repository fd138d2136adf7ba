"""SC12: a seizure inside a case: what it waits for, how long it may last, how it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mingzheng.agencies.models import Agency
from mingzheng.cases.models import Property, PropertyMove, Seizure
from mingzheng.documents.models import Document
from mingzheng.records import duties as record_duties
from mingzheng.records.models import Duty
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import at
from tests.cases.telling import case, do, duties, heard, refused
from tests.scenes.seizing import LAWS, answers, approve

pytestmark = pytest.mark.django_db


def seized(bodies: dict[str, Agency]) -> Journey:
    """Things seized as they should be."""
    journey = case(bodies).go("investigated")
    journey.forward(1)
    approve(journey)
    with at(journey.day, 13):
        journey.record_clip("property.seized")
    do(journey, "property.seized", hour=14, **answers(journey))
    return journey


def seen_by_one(journey: Journey) -> None:
    """One officer showed his certificate, and nobody told the party its rights."""
    off = journey.play.officers_ids()
    with at(journey.day, 10):
        journey.play.step(
            "officer.identified",
            officers=off[:1],
            mode="shown",
            to=journey.contact(),
            place=journey.place(),
        )


def test_a_seizure_waits_for_approval_two_officers_rights_and_recording(
    bodies: dict[str, Agency],
) -> None:
    journey = case(bodies).go("opened")
    journey.forward(1)
    seen_by_one(journey)
    assert "要先办" in refused(journey, "property.seized", hour=11, **answers(journey))
    approve(journey)
    said = refused(journey, "property.seized", hour=13, **answers(journey))
    assert "两名以上" in said and "告知" in said and "全程音像记录" in said and "行政强制法" in said
    with at(journey.day, 14):
        assert "2 名" in heard(
            lambda: journey.play.step(
                "property.seized", **answers(journey, officers=journey.play.officers_ids()[:1])
            )
        )
        journey.play.step(
            "officer.identified",
            officers=journey.play.officers_ids(),
            mode="shown",
            to=journey.contact(),
            place=journey.place(),
        )
    said = refused(journey, "property.seized", hour=15, **answers(journey))
    assert "两名以上" not in said and "告知" in said
    with at(journey.day, 15, 30):
        journey.play.step(
            "party.notified:rights",
            officers=journey.play.officers_ids(),
            to=journey.contact(),
            signed="signed",
        )
        journey.record_clip("property.seized")
    do(journey, "property.seized", hour=16, **answers(journey))
    kinds = list(
        Document.objects.filter(record=journey.play.record, kind__startswith="seizure").values_list(
            "kind", flat=True
        )
    )
    assert sorted(kinds) == ["seizure-approval", "seizure-decision", "seizure-list"]


def test_in_urgency_it_is_reported_within_a_day_and_approved_afterwards(
    bodies: dict[str, Agency],
) -> None:
    journey = case(bodies).go("investigated")
    with at(journey.day, 15):
        journey.record_clip("property.seized")
    assert "why_urgent" in refused(journey, "property.seized:urgent", **answers(journey))
    do(journey, "property.seized:urgent", hour=18, why_urgent="正在装车转移", **answers(journey))
    report = duties(journey, "seizure/urgent-report")[0]
    assert (report.how["unit"], report.how["within"]) == (
        "hour",
        24,
    ) and report.due == journey.day + timedelta(days=1)
    do(journey, "urgent.reported", hour=20, to="陈局", text="正在装车转移涉案设备，已当场扣押。")
    journey.forward(1)
    approve(journey)
    assert {
        row.state
        for topic in ("seizure/urgent-report", "seizure/approval-afterwards")
        for row in duties(journey, topic)
    } == {Duty.DONE}


def test_the_light_turns_as_the_last_day_comes_near(bodies: dict[str, Agency]) -> None:
    """Days are counted down from thirty; the last ones are yellow, the day after is red."""
    journey = seized(bodies)
    due = duties(journey, "seizure/limit")[0]
    assert due.light_due is not None
    shown = [
        record_duties.light(due, due.light_due - timedelta(days=left)) for left in (7, 3, 1, 0)
    ]
    assert [light.words for light in shown] == ["还剩 7 日", "还剩 3 日", "还剩 1 日", "今天到期"]
    assert [light.colour for light in shown][0] == "g" and [light.colour for light in shown][
        2:
    ] == ["y", "y"]
    over = record_duties.light(due, due.light_due + timedelta(days=1))
    assert over.colour == "r" and "已超 1 日" in over.words


def test_testing_is_left_out_of_the_time_and_extension_comes_once(
    bodies: dict[str, Agency],
) -> None:
    journey = seized(bodies)
    first = duties(journey, "seizure/limit")[0].light_due
    assert first is not None
    with at(journey.forward(1), 9):
        journey.play.step(
            "testing.commissioned",
            laboratory="济宁市能源监测中心（示例）",
            items="变压器能效检测",
            told_on=journey.day,
        )
    began = journey.day
    assert duties(journey, "seizure/limit")[0].paused_since is not None
    assert (
        record_duties.light(duties(journey, "seizure/limit")[0], journey.day).words
        == "中止、扣除期间"
    )
    with at(journey.forward(8), 9):
        journey.play.step(
            "testing.reported", number="J1", conclusion="属于淘汰设备", files=journey.play.picture()
        )
    moved = duties(journey, "seizure/limit")[0].light_due
    assert moved is not None and moved >= first + (journey.day - began)
    with at(journey.forward(1), 9):
        journey.play.step(
            "limit.extended:seizure/limit", days=30, told_on=journey.day, reason="案情复杂"
        )
        journey.play.approve()
    assert (
        Seizure.objects.get(record=journey.play.record).until
        == duties(journey, "seizure/limit")[0].light_due
    )
    assert "只能延长 1 次" in refused(
        journey, "limit.extended:seizure/limit", days=5, told_on=journey.day, reason="再延长"
    )


def test_one_thing_given_back_leaves_the_clock_running_for_the_other(
    bodies: dict[str, Agency],
) -> None:
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
    assert Seizure.objects.get(record=journey.play.record).ended_by is None
    assert duties(journey, "seizure/limit")[0].state == Duty.OPEN
    journey.later(40)
    journey.forward(1)
    handling = {
        "things": [one.pk],
        "how": "transferred",
        "receiver": "财政局（示例）",
        "witnesses": "",
        "basis": LAWS,
        "note": "没收",
    }
    assert "期限已经届满" in refused(journey, "seizure.handled", **handling)


def test_when_the_time_is_over_everything_goes_back(bodies: dict[str, Agency]) -> None:
    """Neither handled nor extended any more; signed for by whoever takes it."""
    journey = seized(bodies)
    ids = list(Property.objects.filter(record=journey.play.record).values_list("pk", flat=True))
    due = duties(journey, "seizure/limit")[0].light_due
    assert due is not None
    journey.later((due - journey.day).days)
    journey.forward(1)
    handling = {
        "things": ids,
        "how": "transferred",
        "receiver": "财政局（示例）",
        "witnesses": "",
        "basis": LAWS,
        "note": "没收",
    }
    assert "期限已经届满" in refused(journey, "seizure.handled", **handling)
    assert "期限已经届满" in refused(
        journey, "limit.extended:seizure/limit", days=30, told_on=journey.day, reason="复杂"
    )
    do(
        journey,
        "seizure.lifted",
        officers=journey.play.officers_ids(),
        ground="expired",
        things=ids,
        receiver="负责人",
        signed="signed",
    )
    assert set(Property.objects.filter(pk__in=ids).values_list("state", flat=True)) == {"returned"}
    assert PropertyMove.objects.filter(property__in=ids, what="returned").count() == len(ids)
    assert Document.objects.filter(record=journey.play.record, kind="seizure-release").exists()
    assert duties(journey, "seizure/limit")[0].state == Duty.DONE
    assert list(verify_all()) == []


def test_the_last_day_is_still_in_time(bodies: dict[str, Agency]) -> None:
    journey = seized(bodies)
    due = duties(journey, "seizure/limit")[0].light_due
    assert due is not None and due > date(2026, 4, 7)
    ids = list(Property.objects.filter(record=journey.play.record).values_list("pk", flat=True))
    with at(due, 16):
        journey.play.step(
            "seizure.handled",
            things=ids,
            how="transferred",
            receiver="财政局（示例）",
            witnesses="",
            basis=LAWS,
            note="没收",
        )
        journey.play.approve()
    assert set(Property.objects.filter(pk__in=ids).values_list("state", flat=True)) == {
        "transferred"
    }
