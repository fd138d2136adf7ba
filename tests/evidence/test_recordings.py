"""When a recording counts: never rejected, never lost, and no step is let through on half of
one.
"""

from __future__ import annotations

from typing import Any

import pytest

from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.evidence.acts.recordings import lacking
from mingzheng.evidence.models import Gap, Marker, Recording, Segment
from mingzheng.evidence.recording_requirements import kept
from mingzheng.notices.models import Task
from mingzheng.procedures import registry
from mingzheng.records import law
from mingzheng.records.models import Attachment
from mingzheng.site.demo.play import at
from tests.cases.telling import case, do, heard, refused
from tests.cases.test_coercion import answers, approved
from tests.clause import clause
from tests.evidence.filming import CALM, WG_MARKS, counts, film, held, photo, record


def missing(recording: Recording) -> str:
    """What the held recording lacks, as the page says it."""
    demand = kept(
        law.regime(recording.record),
        recording.step,
        recording.mode,
        clock.local(recording.began_at).date(),
        registry.facts_of(recording.record),
    )
    return "；".join(ground.say for ground in lacking(recording, demand))


@pytest.mark.sql
@clause("WG-B6", "LM-2.3")
def test_a_photograph_is_no_whole_process_recording_but_it_is_kept(
    bodies: dict[str, Agency],
) -> None:
    journey = approved(bodies)
    record(journey, files=photo())
    matter = journey.play.record
    assert not counts(matter) and "只有照片" in missing(held(matter))
    assert Attachment.objects.filter(record=matter, name="现场.jpg").exists()
    assert "全程音像记录" in refused(journey, "property.seized", **answers(journey))


def test_a_film_from_arrival_to_leaving_opens_the_gate(bodies: dict[str, Agency]) -> None:
    journey = approved(bodies)
    record(journey)
    assert counts(journey.play.record)
    do(journey, "property.seized", **answers(journey))


def test_a_gap_that_nobody_explains_keeps_the_step_shut(bodies: dict[str, Agency]) -> None:
    """Six minutes of ten: the rest was not filmed."""
    journey = approved(bodies)
    record(journey, files=film(360))
    assert "没有录到" in missing(held(journey.play.record))
    assert "全程音像记录" in refused(journey, "property.seized", **answers(journey))


@pytest.mark.sql
def test_an_explained_gap_counts_and_stays_on_the_record(bodies: dict[str, Agency]) -> None:
    journey = approved(bodies)
    record(journey, files=film(360), gap_ground="battery", gap_why="电池耗尽，更换后继续")
    assert counts(journey.play.record)
    row = Gap.objects.get(recording__record=journey.play.record)
    assert (row.until - row.since).total_seconds() == 240 and row.ground == "battery"


def test_two_files_one_after_the_other_are_one_recording(bodies: dict[str, Agency]) -> None:
    journey = approved(bodies)
    record(journey, files=[*film(300, "a"), *film(300, "b")])
    assert counts(journey.play.record)
    parts = list(
        Segment.objects.filter(recording__record=journey.play.record, medium="video").order_by(
            "began_at"
        )
    )[-2:]
    assert (parts[1].began_at - parts[0].began_at).total_seconds() == 300


def test_a_ground_outside_the_list_is_refused_and_one_needs_its_words(
    bodies: dict[str, Agency],
) -> None:
    journey = approved(bodies)
    assert "只能从列出的选项" in heard(
        lambda: record(journey, files=film(360), gap_ground="forgot", gap_why="忘了")
    )
    assert "中断的经过" in heard(lambda: record(journey, files=film(360), gap_ground="battery"))


def test_without_the_time_of_leaving_nobody_can_say_that_it_is_whole(
    bodies: dict[str, Agency],
) -> None:
    journey = approved(bodies)
    record(journey, ended_at="")
    assert "离开现场" in missing(held(journey.play.record))


def test_it_cannot_end_before_it_began_or_in_the_future(bodies: dict[str, Agency]) -> None:
    journey = approved(bodies)
    for ended in (f"{journey.day}T09:00", f"{journey.day}T23:00"):
        assert "结束时间" in heard(lambda ended=ended: record(journey, ended_at=ended))


@pytest.mark.sql
@clause("WG-B7")
def test_where_the_rules_name_points_each_must_be_marked(bodies: dict[str, Agency]) -> None:
    journey = approved(bodies)
    record(journey, marks="00:05 亮证情况 两人出示")
    words = missing(held(journey.play.record))
    assert "没有标出时间" in words and "亮证" not in words
    record(
        journey,
        key="recording.taken:completing",
        recording=held(journey.play.record).pk,
        marks=WG_MARKS,
        files=[],
    )
    assert counts(journey.play.record)
    assert Marker.objects.filter(recording__record=journey.play.record, kind="certificate").exists()


def test_a_mark_that_is_no_mark_is_named(bodies: dict[str, Agency]) -> None:
    journey = approved(bodies)
    assert "看不懂“亮证”" in heard(lambda: record(journey, marks="亮证"))


@clause("LG-2.2")
def test_lg_holds_a_recording_without_its_spoken_statement(bodies: dict[str, Agency]) -> None:
    """部门、人员、事由、时间、地点 and a description: what is missing is named, what came is kept;
    supplied later it counts.
    """
    journey = case(bodies, "lg").go("opened")
    record(
        journey,
        "evidence.taken",
        files=photo(),
        text="",
        marks="",
        **{"said-department": "县工信局", "said-officers": "甲、乙"},
    )
    matter = journey.play.record
    words = missing(held(matter))
    assert "没有说明事由" in words and "没有说明部门" not in words and "文字说明" in words
    assert Task.objects.filter(record=matter, title__contains="还不完整").exists()
    record(
        journey,
        key="recording.taken:completing",
        recording=held(matter).pk,
        files=[],
        text="当场调取台账",
        marks="",
        **{"said-matter": "节能检查", "said-time": "九时", "said-place": "厂区"},
    )
    assert counts(matter, "evidence.taken")


def test_wg_asks_for_no_spoken_statement(bodies: dict[str, Agency]) -> None:
    journey = case(bodies, "wg").go("opened")
    record(journey, "evidence.taken", files=photo())
    assert counts(journey.play.record, "evidence.taken")


@clause("LG-2.2", "WG-B11")
@pytest.mark.parametrize("code", ["wg", "lg"])
def test_text_may_suffice_where_the_rules_have_that_clause(
    bodies: dict[str, Agency], code: str
) -> None:
    """With a reason, and the section's head agrees."""
    journey = case(bodies, code).go("opened")
    do(journey, "recording.waived", step="evidence.taken", reason="询问笔录已经逐项记明", **CALM)
    with at(journey.day, 17, 30):
        journey.play.approve()
    assert journey.play.record.effective_acts.filter(
        kind="recording.waived", of="evidence.taken"
    ).exists()


def test_what_nobody_answered_counts_as_the_strictest(bodies: dict[str, Agency]) -> None:
    """WG: evidence that touches liberty, life or major property is filmed whole; unanswered, a
    photograph does not do.
    """
    journey = case(bodies, "wg").go("opened")
    record(journey, "evidence.taken", files=photo(), **{"fact-major_property": ""})
    assert held(journey.play.record).mode == "whole"
    words = heard(
        lambda: do(
            journey,
            "recording.waived",
            step="evidence.taken",
            reason="文字足够",
            **{**CALM, "fact-liberty": "yes"},
        )
    )
    assert "不能只用文字记录" in words


@clause("LM-2.3", "CX-2")
def test_lm_has_no_such_clause(bodies: dict[str, Agency]) -> None:
    journey = case(bodies, "lm").go("opened")
    assert "只能从列出的选项" in refused(
        journey, "recording.waived", step="evidence.taken", reason="文字足够"
    )


def test_text_never_stands_for_a_whole_process_recording(bodies: dict[str, Agency]) -> None:
    journey = approved(bodies)
    assert "只能从列出的选项" in refused(
        journey, "recording.waived", step="property.seized", reason="文字足够"
    )


def test_a_broken_camera_is_an_exception_with_approval(bodies: dict[str, Agency]) -> None:
    """The closed list, the head's agreement, and then the gate opens without a film."""
    journey = approved(bodies)
    do(
        journey,
        "exception.approved",
        hour=15,
        ground="device-failure",
        step="查封扣押",
        reason="到场后记录仪无法开机，现场没有备用设备",
    )
    with at(journey.day, 15, 30):
        journey.play.approve()
    do(journey, "property.seized", **answers(journey))
    assert (
        not counts(journey.play.record)
        and journey.play.record.effective_acts.filter(kind="property.seized").exists()
    )


def test_a_device_that_runs_fast_is_told(bodies: dict[str, Agency]) -> None:
    from mingzheng.agencies.acts import equipment

    body = bodies["wg"]
    journey = approved(bodies)
    device = equipment.register_device(body, None, "ZF-01", "执法记录仪", "DSJ-V8")
    record(journey, device=device.pk, clock_offset=42)
    row = Recording.objects.filter(record=journey.play.record, step="property.seized").get()
    assert row.device_id == device.pk and row.clock_offset_ms == 42_000


def test_not_telling_the_person_recorded_needs_a_reason(bodies: dict[str, Agency]) -> None:
    journey = approved(bodies)
    assert "没有告知被记录人的" in heard(lambda: record(journey, informed="no"))


def test_a_torn_film_is_kept_but_does_not_count(bodies: dict[str, Agency]) -> None:
    from mingzheng.evidence.media import examine
    from mingzheng.records import store
    from mingzheng.site.demo import clips

    journey = approved(bodies)
    torn = store.put_bytes(clips.video(600)[:20_000], "video/mp4")
    examine(store.register(torn).pk)
    record(journey, files=[(torn, "残缺.mp4", "音像记录")])
    assert (
        not counts(journey.play.record)
        and Attachment.objects.filter(record=journey.play.record, name="残缺.mp4").exists()
    )


def test_a_file_that_nobody_has_looked_at_yet_waits_without_being_lost(
    bodies: dict[str, Any],
) -> None:
    from mingzheng.records import store

    journey = approved(bodies)
    fresh = store.put_bytes(b"\x00\x01fresh", "video/mp4")
    assert "还在检查" in heard(lambda: record(journey, files=[(fresh, "新.mp4", "音像记录")]))
    assert store.read(fresh.sha256)


def test_a_recording_that_was_declared_void_opens_no_gate(bodies: dict[str, Agency]) -> None:
    """The film stays; it no longer counts for the step."""
    from mingzheng.cases.acts import mistakes
    from mingzheng.desk import evidence_page
    from mingzheng.records.models import Act
    from mingzheng.site.demo.play import who

    journey = approved(bodies)
    record(journey)
    act = Act.objects.filter(
        record=journey.play.record, kind="recording.taken", of="property.seized"
    ).get()
    with at(journey.day, 16):
        second = who(bodies["wg"], journey.play.officers[1])
        mistakes.void_entry(
            second, journey.play.record.pk, act.pk, "wrong-case", "录的是另一家企业", "void-film"
        )
    assert not counts(journey.play.record)
    assert [
        each.void
        for each in evidence_page.shown(journey.play.record)
        if each.row.taken_by_id == act.pk
    ] == [True]
    assert "全程音像记录" in refused(journey, "property.seized", **answers(journey))
