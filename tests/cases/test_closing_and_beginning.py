"""A matter ends over nothing silently, begins twice only knowingly, and its volume is not lying open."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mingzheng.archive.models import Volume
from mingzheng.records.models import Act, Duty, Record
from mingzheng.site.demo.play import at, person_id
from tests.cases.telling import case, heard, refused
from tests.desk.test_unsent import browser

ENDS = {"way": "normal", "text": "办结。"}


def executed(bodies: dict[str, Any]) -> Any:
    """A case that was carried out before its decision was published and reported."""
    journey = case(bodies).go("served")
    journey.paid()
    journey.executed()
    return journey


def test_a_case_is_not_closed_silently_over_what_is_owed(bodies: dict[str, Any]) -> None:
    journey = executed(bodies)
    open_now = Duty.objects.filter(record=journey.play.record, state=Duty.OPEN)
    assert open_now.exists()
    with at(journey.day, 17):
        page = browser(bodies["wg"], "张三").get(
            f"/desk/cases/{journey.play.record.pk}/do/case.closed"
        )
    assert "没有了结，办结以后继续办" in page.content.decode()
    words = refused(journey, "case.closed", **ENDS, left_open="")
    assert "请核对后勾选：还有" in words


def test_what_is_late_needs_a_reason_and_stands_on_the_act(bodies: dict[str, Any]) -> None:
    journey = executed(bodies)
    journey.forward(60)
    words = refused(journey, "case.closed", **ENDS, left_why="")
    assert "为什么现在办结" in words
    with at(journey.day, 17):
        journey.play.step("case.closed", **ENDS, left_why="报送平台停机，恢复后补报。")
        journey.play.approve()
    act = Act.objects.filter(record=journey.play.record, kind="case.closed").latest("pk")
    said = json.loads(act.content.body)
    assert said["left_open"] and said["left_why"] == "报送平台停机，恢复后补报。"


def test_the_same_matter_of_the_same_day_is_made_twice_only_knowingly(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("registered")
    before = Record.objects.count()
    with at(journey.day, 10):
        hidden_in = f"{journey.play.party['name']}\u200b"
        for more in ({}, {"party_name": hidden_in}):
            asked = {"not_duplicate": "", **more}
            assert "今天已经" in heard(lambda asked=asked: journey.play.register(**asked))  # type: ignore[misc]
        words = heard(lambda: journey.play.register(not_duplicate=""))
        assert "今天已经为同一当事人登记过同一事项" in words
        assert Record.objects.count() == before
        journey.play.register(not_duplicate="on")
    assert Record.objects.count() == before + 1


def test_another_day_is_another_matter(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("registered")
    before = Record.objects.count()
    with at(journey.forward(1), 10):
        journey.play.register()
    assert Record.objects.count() == before + 1


@pytest.mark.parametrize(
    "attendees,says",
    [
        ("陈局，局长\n陈局，局长", "写了两次"),
        ("陈局，局长", "至少要写两名"),
        ("陈局，局长\n王大锤，群众", "不是本机关现任人员"),
        ("\u200b\n\u200b", "请填写出席人员"),
        (".\n.", "没有写内容"),
    ],
)
def test_a_discussion_is_held_by_several_real_people(
    bodies: dict[str, Any], attendees: str, says: str
) -> None:
    journey = case(bodies).go("heard")
    said = {"host": "陈局", "text": "一致同意。", "conclusion": "同意。"}
    words = refused(
        journey, "discussion.held", by=journey.role("head"), attendees=attendees, **said
    )
    assert says in words


@pytest.mark.parametrize("text", ["\u200b", ".", "……"])
def test_a_record_of_a_discussion_says_something(bodies: dict[str, Any], text: str) -> None:
    journey = case(bodies).go("heard")
    head, deputy = journey.role("head"), journey.role("deputy-head")
    words = refused(
        journey,
        "discussion.held",
        by=head,
        host=head,
        attendees=f"{head}\n{deputy}",
        text=text,
        conclusion="同意。",
    )
    assert "text：" in words


def test_a_bound_volume_opens_for_archivist_and_handlers_only_and_each_time_on_the_record(
    bodies: dict[str, Any],
) -> None:
    from mingzheng.jobs.acts import drain

    journey = case(bodies).go("bound")
    drain()
    volume = Volume.objects.get(record=journey.play.record)
    with at(journey.day, 17):
        for name, status in (("张三", 200), (journey.role("archivist"), 200), ("陈局", 404)):
            answer = browser(bodies["wg"], name).get(f"/desk/volumes/{volume.pk}")
            assert answer.status_code == status, name
            reads = Act.objects.filter(record=volume.record_id, kind="volume.read")
            mine = reads.filter(actor_id=person_id(bodies["wg"], name))
            assert mine.count() == (status == 200)
        page = browser(bodies["wg"], "陈局").get(f"/desk/cases/{volume.record_id}")
        assert "查阅要先办调阅" in page.content.decode()
        assert f"/desk/volumes/{volume.pk}" not in page.content.decode()
