"""How the tests film: clips of so many seconds that lie in the store and have been looked at."""

from __future__ import annotations

from typing import Any

from mingzheng.core import clock
from mingzheng.evidence.media import examine
from mingzheng.evidence.models import Recording
from mingzheng.records import store
from mingzheng.records.models import EffectiveAct, Record
from mingzheng.site.demo import clips
from mingzheng.site.demo.play import at

WG_MARKS = (
    "00:00 时间 九时四十分\n00:02 地点 厂区大门\n00:05 亮证情况 两人出示证件\n00:09 检查重点内容"
    " 变压器铭牌"
)

CALM = {f"fact-{name}": "no" for name in ("liberty", "life_health", "major_property")}


def film(seconds: int = 600, mark: str = "") -> list[Any]:
    """A film to attach."""
    stored = clips.kept("video", seconds, mark)
    examine(store.register(stored).pk)
    return [(stored, f"现场{mark}.mp4", "音像记录")]


def photo() -> list[Any]:
    """A photograph to attach."""
    stored = clips.kept("photo")
    examine(store.register(stored).pk)
    return [(stored, "现场.jpg", "音像记录")]


def record(
    journey: Any,
    step: str = "property.seized",
    files: Any = None,
    minutes: int = 10,
    key: str = "recording.taken",
    **said: Any,
) -> Any:
    """Take in a recording that began `minutes` ago at three in the afternoon and ends now."""
    with at(journey.day, 15):
        began = clock.now().replace(hour=14, minute=60 - minutes)
        return journey.play.step(
            key,
            **{  # type: ignore[arg-type]
                "step": step,
                "happened_at": began.strftime("%Y-%m-%dT%H:%M:%S"),
                "ended_at": clock.now().strftime("%Y-%m-%dT%H:%M:%S"),
                "text": "从到场到离场全程录像",
                "marks": WG_MARKS,
                **CALM,
                "files": film() if files is None else files,
                **said,
            },
        )


def counts(matter: Record, step: str = "property.seized") -> bool:
    """Whether a recording of the step stands for the gates."""
    return EffectiveAct.objects.filter(
        record=matter, kind="recording.taken", of=step, voided_by=None
    ).exists()


def held(matter: Record) -> Recording:
    """The recording that is held as incomplete."""
    return Recording.objects.get(record=matter, taken_by=None)
