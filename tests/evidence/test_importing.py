"""A collection folder of body cameras: what the names say, what is matched, what stays where it
is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mingzheng.agencies import access
from mingzheng.agencies.acts import equipment
from mingzheng.agencies.models import Agency, Person
from mingzheng.core import clock
from mingzheng.evidence.forms import RecordingForm
from mingzheng.evidence.media import examine
from mingzheng.evidence.models import Segment, Upload
from mingzheng.notices.models import Task
from mingzheng.site import command_line
from mingzheng.site.demo import clips
from mingzheng.site.demo.play import at, who
from tests.cases.telling import case
from tests.clause import clause
from tests.evidence.filming import CALM, WG_MARKS, counts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder that a collection station fills."""
    made = tmp_path / "采集站"
    made.mkdir()
    return made


def film(folder: Path, name: str, seconds: int = 60) -> None:
    """One file."""
    (folder / name).write_bytes(clips.video(seconds, name[-8:-4]))


def run(folder: Path, *more: str) -> int:
    """The command."""
    return command_line.main(
        ["import", str(folder), "--kind", "recordings", "--agency", "wg", *more]
    )


@clause("LM-2.3.4")
def test_a_folder_is_looked_at_first_and_then_taken_in_once(
    bodies: dict[str, Agency], folder: Path, capsys: Any
) -> None:
    journey = case(bodies).go("investigated")
    officer = Person.objects.get(posts__agency=bodies["wg"], name=journey.play.officers[0])
    film(folder, f"WG-01_{officer.name}_{journey.day:%Y%m%d}150500.mp4")
    with at(journey.day, 18):
        assert run(folder) == 0 and not Upload.objects.filter(meta__source="import").exists()
        assert run(folder, "--yes") == 0
        made = Upload.objects.get(meta__source="import")
        assert (
            made.person_id == officer.pk
            and made.meta["matched"] == journey.play.record.pk
            and made.receipt
        )
        assert Task.objects.filter(
            record=journey.play.record, title__contains="执法记录仪导入"
        ).exists()
        assert (
            run(folder, "--yes") == 0 and Upload.objects.filter(meta__source="import").count() == 1
        )
        assert "已经导入过" in capsys.readouterr().out


@pytest.mark.sql
def test_what_was_imported_is_put_to_its_recording_by_the_officer(
    bodies: dict[str, Agency], folder: Path
) -> None:
    journey = case(bodies).go("investigated")
    name = journey.play.officers[0]
    film(folder, f"WG-01_{name}_{journey.day:%Y%m%d}150500.mp4")
    with at(journey.day, 18):
        run(folder, "--yes")
        made = Upload.objects.get(meta__source="import")
        examine(str(made.blob_id))
        form = RecordingForm(None, record=journey.play.record, actor=who(bodies["wg"], name))
        assert form.fields["waiting"].initial == [made.code]
        journey.play.step(
            "recording.taken",
            step="party.questioned",
            waiting=[made.code],
            text="询问全程",
            marks=WG_MARKS,
            **CALM,
        )
    assert counts(journey.play.record, "party.questioned")
    part = Segment.objects.get(blob=made.blob_id)
    assert part.source == "import" and clock.local(part.began_at).strftime("%H:%M:%S") == "15:05:00"


def test_the_camera_s_holder_tells_whose_it_is(bodies: dict[str, Agency], folder: Path) -> None:
    body = bodies["wg"]
    with at("2026-04-07", 9):
        keeper = next(
            access.actor_of(post)
            for post in body.posts.select_related("person", "unit")
            if "unit-head" in post.roles
        )
        officer = next(
            post.person for post in body.posts.select_related("person") if "handler" in post.roles
        )
        equipment.lend(
            body, keeper, equipment.register_device(body, None, "WG-07", "执法记录仪", ""), officer
        )
    film(folder, "WG-07__20260407100000.mp4")
    with at("2026-04-07", 18):
        run(folder, "--yes")
    assert Upload.objects.get(meta__source="import").person_id == officer.pk


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("DCIM0001.mp4", "认不出"),
        ("WG-01_无此人_20260407100000.mp4", "不知道是谁录的"),
        ("WG-01_张三_20261340990000.mp4", "不是一个日期"),
        ("WG-01_张三_20991231100000.mp4", "在将来"),
    ],
)
def test_what_cannot_be_told_stays_and_says_why(
    bodies: dict[str, Agency], folder: Path, capsys: Any, name: str, why: str
) -> None:
    film(folder, name)
    with at("2026-04-07", 18):
        assert run(folder, "--yes") == 1
    assert (
        why in capsys.readouterr().out
        and not Upload.objects.filter(meta__source="import").exists()
        and (folder / name).exists()
    )


def test_a_wrong_folder_agency_or_pattern_is_said(
    bodies: dict[str, Agency], folder: Path, capsys: Any
) -> None:
    assert (
        command_line.main(["import", str(folder), "--kind", "recordings", "--agency", "none"]) == 1
    )
    assert (
        run(folder / "nothing") == 1
        and run(folder, "--pattern", "(") == 1
        and run(folder, "--pattern", ".*") == 1
    )
    words = capsys.readouterr().err
    assert (
        "没有代码" in words
        and "不是文件夹" in words
        and "写得不对" in words
        and "三个命名分组" in words
    )
    assert command_line.main(["import", "--kind", "x"]) == 2
