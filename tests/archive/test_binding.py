"""组卷归档: when a file is bound, what waits for it, and that nothing is added afterwards."""

from __future__ import annotations

from typing import Any

from mingzheng.archive.models import Volume
from mingzheng.documents.models import Document
from mingzheng.jobs.acts import drain
from mingzheng.records.models import Duty
from mingzheng.records.verify import verify_all
from tests.cases.telling import case, do, duties, refused
from tests.clause import clause


@clause("WG-B12")
def test_a_closed_case_is_bound_within_thirty_days(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("closed")
    (owed,) = duties(journey, "archive/limit")
    assert (
        (owed.due - journey.day).days >= 30
        and owed.how["unit"] == "day"
        and owed.source == "全过程记录规定 第十二条"
    )


@clause("LM-2.3.2", "WG-B8")
def test_a_volume_is_not_bound_while_papers_are_being_made(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("closed")
    words = refused(journey, "volume.bound", keep="30", checker="秦望舒")
    assert "份文书正在制作" in words
    drain()
    do(journey, "volume.bound", keep="30", checker="秦望舒")
    assert not [
        row
        for row in Duty.objects.filter(
            record=journey.play.record, topic__startswith="archive/", state=Duty.OPEN
        )
        if "volume.bound" in row.then
    ], "一次组卷了结所有归档义务"
    drain()
    volume = Volume.objects.get(record=journey.play.record)
    assert (
        volume.blob_id
        and volume.pages > Document.objects.filter(record=journey.play.record).count()
    )
    papers = {row["sha256"] for row in volume.catalogue}
    assert set(
        Document.objects.filter(record=journey.play.record).values_list("blob_id", flat=True)
    ) <= papers | {None} | set(
        Document.objects.filter(record=journey.play.record, kind="closing-approval").values_list(
            "blob_id", flat=True
        )
    )


def test_nothing_is_added_to_a_bound_case(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("bound")
    assert refused(journey, "volume.bound", keep="30", checker="秦望舒")
    assert "本案现在处于“已结案”" in refused(journey, "decision.executed", text="再执行")
    assert list(verify_all()) == []


def test_a_file_is_checked_by_somebody_and_kept_for_a_term(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("closed")
    drain()
    for lacking in ({"keep": ""}, {"checker": ""}):
        assert refused(journey, "volume.bound", **{"keep": "30", "checker": "秦望舒", **lacking})
    assert not Volume.objects.filter(record=journey.play.record).exists()
