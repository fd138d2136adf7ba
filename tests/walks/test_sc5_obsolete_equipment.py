"""SC5: an energy check finds equipment that must no longer be used; it is seized, confiscated,
destroyed, published.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mingzheng.agencies.models import Agency
from mingzheng.cases.models import Property, Seizure
from mingzheng.catalogue.models import Item
from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from mingzheng.records.models import Duty, Link, Record
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import parties, stories
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import Play, at
from mingzheng.site.demo.tour import Tour
from tests.cases.telling import duties, heard
from tests.clause import clause

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 7, 6)
OFFICERS = ("侯野", "曹越")
PLANT = parties.company("lg", 0)
THING = "变压器，S7-315/10，1台"
FOUND = "配电室内运行一台铭牌型号属于淘汰目录的变压器"


def found_at_the_plant(bodies: dict[str, Agency]) -> Journey:
    """The visit with its problem, and the case that it begins."""
    trip = Tour(Play(bodies["lg"], OFFICERS, PLANT, "jc-jn"), MONDAY, problem=True, found=FOUND).go(
        "visited"
    )
    item = Item.objects.get(agency=bodies["lg"], code="jn-71")
    with at(trip.forward(1), 9):
        trip.play.step(
            "matter.followed-up", item=item.pk, cause="使用国家明令淘汰的用能设备", summary=FOUND
        )
        trip.play.step(
            "result.formed", conclusion="发现使用淘汰设备，已转立案线索", handling="转为立案线索"
        )
    play = Play(
        bodies["lg"], OFFICERS, PLANT, "jn-71", cause="使用国家明令淘汰的用能设备", summary=FOUND
    )
    play.record = Record.objects.get(
        pk=Link.objects.get(source=trip.play.record, kind="follow-up").target_id
    )
    return Journey(
        play,
        trip.day,
        **{
            **stories.TEXTS["jn-71"],
            **stories.MAJOR,
            "broken": item.broken,
            "applied": item.applied,
            "hearing": "told",
            "self_check": True,
            "penalties": ["没收非法财物"],
            "other": "责令停止使用该设备",
            "draft": {"confiscated": "18000"},
        },
    )


def seized(journey: Journey) -> None:
    """Approved, recorded from beginning to end, listed."""
    play = journey.play
    values = {
        "officers": play.officers_ids(),
        "way": "seize",
        "things": THING,
        "place": journey.place(),
        "kept_at": "局一号库",
        "present": "yes",
        "basis": "《中华人民共和国节约能源法》（示例）",
        "reason": "防止转移涉案设备",
        "contained": "no",
        "signed": "signed",
    }
    with at(journey.forward(1), 9):
        assert "要先办" in heard(lambda: play.step("property.seized", **values))
        play.step(
            "seizure.approved",
            way="seize",
            things=THING,
            basis=values["basis"],
            reason="防止转移涉案设备",
        )
        play.approve()
    with at(journey.day, 10):
        assert "全程音像记录" in heard(lambda: play.step("property.seized", **values))
        journey.record_clip("property.seized")
    with at(journey.day, 11):
        play.step("property.seized", **values)


def waited_for(journey: Journey) -> None:
    """Self-check, notice, hearing right, review, discussion: the decision waits for each of them
    in turn.
    """
    play = journey.play
    with at(journey.forward(1), 9):
        play.step("draft.made", **journey.draft())
    with at(journey.day, 10):
        assert "自查" in heard(
            lambda: play.step("review.submitted", materials="调查终结报告", note="")
        )
        play.step(
            "self-check.done",
            text="主体、程序、证据、适用、裁量、权限、文书逐项自查，符合要求。",
            passed="yes",
        )
    journey.noticed()
    with at(journey.day, 17):
        assert "五个工作日内可以要求听证" in heard(lambda: play.step("decision.made:penalty"))
    journey.heard()
    with at(journey.day, 17):
        assert "法制审核" in heard(lambda: play.step("decision.made:penalty"))
    journey.how["discussion"] = False
    journey.reviewed()
    with at(journey.day, 17):
        assert "集体讨论" in heard(lambda: play.step("decision.made:penalty"))


def discussed_and_decided(journey: Journey) -> None:
    """The heads talk it over; the letter says what is confiscated and what is forbidden."""
    journey.how |= {"discussion": True, "review": False}
    journey.reviewed()
    journey.decided()
    text = Document.objects.get(record=journey.play.record, kind="penalty-decision").body
    assert "没收非法财物" in text and "责令停止使用该设备" in text and "18,000" in text


def destroyed(journey: Journey) -> None:
    """Within the extended time, before two witnesses, with the head's agreement."""
    play = journey.play
    thing = Property.objects.get(record=play.record)
    said = {
        "things": [thing.pk],
        "how": "destroyed",
        "receiver": "某再生资源公司（示例）",
        "basis": "《中华人民共和国节约能源法》第七十一条",
        "note": "国家明令淘汰设备，就地拆解",
    }
    with at(journey.forward(1), 10):
        assert "两名以上" in heard(lambda: play.step("seizure.handled", witnesses="侯野", **said))
        play.step("seizure.handled", witnesses="申雷、路档", **said)
        thing.refresh_from_db()
        assert thing.state == Property.KEPT, "报批还不是批准"
        play.approve()
    thing.refresh_from_db()
    assert (
        thing.state == "destroyed"
        and Seizure.objects.get(record=play.record).ended_how == "destroyed"
    )
    assert duties(journey, "seizure/limit")[0].state == Duty.DONE
    assert Document.objects.filter(record=play.record, kind="seizure-handling").exists()


@clause("LG-3.2")
def test_obsolete_equipment_from_the_check_to_its_destruction(bodies: dict[str, Agency]) -> None:
    journey = found_at_the_plant(bodies)
    for stage in ("proposed", "opened", "investigated"):
        getattr(journey, stage)()
    seized(journey)
    first = duties(journey, "seizure/limit")[0].due
    assert first is not None
    journey.ended()
    waited_for(journey)
    with at(journey.day, 17, 30):
        journey.play.step(
            "limit.extended:seizure/limit",
            days=30,
            told_on=journey.day,
            reason="案情复杂，听证权利告知和审核尚需时间",
        )
        journey.play.approve()
    assert duties(journey, "seizure/limit")[0].due == first + timedelta(days=30)
    discussed_and_decided(journey)
    journey.served()
    destroyed(journey)
    journey.published()
    journey.executed()
    record = journey.play.record
    live = Publication.objects.get(record=record, state="live")
    assert (
        "没收非法财物" in live.body
        and PLANT["name"] in live.body
        and PLANT["phone"] not in live.body
    )
    due = Duty.objects.filter(record=record, topic="publication/decision")
    assert due.exists() and {row.state for row in due} == {Duty.DONE}
    assert list(verify_all()) == []


def test_industry_of_wenshang_keeps_the_nameplate_as_evidence_for_seven_workdays(
    bodies: dict[str, Agency],
) -> None:
    """Where nothing may be seized, evidence is registered and kept: approved, listed, handled in
    time.
    """
    from mingzheng.site.demo import turns
    from tests.cases.telling import case, do

    journey = case(bodies, item="jn-71").go("investigated")
    turns.preserved(journey)
    due = duties(journey, "preservation/limit")[0]
    assert (due.how["unit"], due.how["within"]) == ("workday", 7)
    kinds = set(Document.objects.filter(record=journey.play.record).values_list("kind", flat=True))
    assert {"preservation-notice", "preservation-list"} <= kinds
    journey.forward(3)
    do(
        journey,
        "preservation.handled",
        officers=journey.play.officers_ids(),
        handling="return",
        detail="已提取铭牌照片，退还设备。",
    )
    due.refresh_from_db()
    assert due.state == Duty.DONE
