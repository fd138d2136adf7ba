"""What the rules want of the recording of a step, and what a recording still lacks. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from mingzheng.core import clock
from mingzheng.records.refusal import Ground

Row = Mapping[str, Any]
STRICT = ("whole", "required", "photo", "as-needed")
MOVING = ("audio", "video")


@dataclass(frozen=True)
class Demand:
    """The mode of one step with the rows that ask for it, and what its recording must say and
    show.
    """

    step: str
    mode: str
    rows: tuple[Row, ...]
    statement: tuple[Row, ...]
    markers: tuple[Row, ...]
    grounds: tuple[Row, ...]
    tolerance: timedelta
    waiver: Mapping[str, Any] | None

    @property
    def unknown(self) -> tuple[str, ...]:
        """The facts nobody has answered that decide the mode; unanswered, the strictest row
        counts.
        """
        return tuple(dict.fromkeys(name for row in self.rows for name in row.get("unknown", ())))

    @property
    def source(self) -> str:
        """The article that asks for the mode."""
        return str(self.rows[0]["source"]) if self.rows else ""

    @property
    def waivable(self) -> bool:
        """Whether text may stand instead: only where the pack says so, never over the modes it
        names.
        """
        return (
            self.waiver is not None
            and bool(self.rows)
            and self.mode not in tuple(self.waiver.get("never", ()))
        )


@dataclass(frozen=True)
class Break:
    """A stretch of a whole-process recording in which nothing was recorded."""

    since: datetime
    until: datetime

    def __str__(self) -> str:
        seconds = int((self.until - self.since).total_seconds())
        return (
            f"{clock.local(self.since):%H:%M:%S} 至"
            f" {clock.local(self.until):%H:%M:%S}（{seconds} 秒）"
        )


def of(regime: Any, step: str, on: date, facts: Mapping[str, Any]) -> Demand:
    """What the pack wants of the recording of `step` on that day; the strictest row counts."""
    answer = regime.rows("recordings", on, facts)
    rows = [row for row in answer.rows if row.get("act") == step]
    rows.sort(
        key=lambda row: STRICT.index(row["mode"]) if row.get("mode") in STRICT else len(STRICT)
    )
    said = tuple(
        row
        for row in regime.rows("recording-statement", on, facts).rows
        if row["id"] != "description"
    )
    allowed = regime.rows("recording-tolerance", on, facts).rows
    return Demand(
        step=step,
        mode=str(rows[0]["mode"]) if rows else "",
        rows=tuple(rows),
        statement=said,
        markers=tuple(regime.rows("recording-markers", on, facts).rows),
        grounds=tuple(regime.rows("recording-gap-grounds", on, facts).rows),
        tolerance=timedelta(seconds=int(allowed[0]["lasts"])) if allowed else timedelta(),
        waiver=answer.waiver,
    )


def kept(regime: Any, step: str, mode: str, on: date, facts: Mapping[str, Any]) -> Demand:
    """The demands on a recording whose mode was settled when it came in."""
    found = of(regime, step, on, facts)
    return replace(
        found, mode=mode, rows=tuple(row for row in found.rows if row.get("mode") == mode)
    )


def unanswered(regime: Any, on: date, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Every fact that some row of the recording list asks for and nobody has answered."""
    rows = regime.rows("recordings", on, facts).rows
    return tuple(dict.fromkeys(name for row in rows for name in row.get("unknown", ())))


def breaks(
    began: datetime,
    ended: datetime | None,
    parts: Iterable[tuple[datetime, int | None]],
    tolerance: timedelta,
) -> list[Break]:
    """Where between `began` and `ended` nothing was recorded; `parts` are (start, length in ms)."""
    out, at = [], began
    for start, length in sorted(parts, key=lambda part: part[0]):
        if start - at > tolerance:
            out.append(Break(at, start))
        at = max(at, start + timedelta(milliseconds=length or 0))
    if ended is not None and ended - at > tolerance:
        out.append(Break(at, ended))
    return out


@dataclass(frozen=True)
class Seen:
    """What a recording has, as `lacking` looks at it: media kinds, what was said and marked,
    unexplained breaks.
    """

    media: Sequence[str]
    statement: Mapping[str, str]
    markers: Iterable[str]
    description: str
    ended: bool
    unexplained: Sequence[Break]


def lacking(demand: Demand, seen: Seen) -> list[Ground]:
    """What keeps the recording from counting, each with its article; empty when it is whole."""
    out: list[Ground] = []
    if demand.mode == "whole":
        out += _whole(demand, seen)
    elif not set(seen.media) & {*MOVING, "photo"}:
        out.append(Ground("没有能够播放的录音、录像或者照片", demand.source, field="files"))
    marked = set(seen.markers)
    for row in demand.statement:
        if not str(seen.statement.get(str(row["id"]), "")).strip():
            out.append(
                Ground(
                    f"开始时没有说明{row['name']}", str(row["source"]), field=f"said-{row['id']}"
                )
            )
    for row in demand.markers:
        if str(row["id"]) not in marked:
            out.append(Ground(f"没有标出{row['name']}", str(row["source"]), field="marks"))
    if not seen.description.strip():
        out.append(Ground("没有事后文字说明", _described(demand), field="text"))
    return out


def _whole(demand: Demand, seen: Seen) -> list[Ground]:
    out = []
    if not set(seen.media) & set(MOVING):
        out.append(
            Ground(
                "这一环节必须全程录音录像，只有照片或者不能播放的文件不算",
                demand.source,
                field="files",
            )
        )
    if not seen.ended:
        out.append(
            Ground(
                "没有填离开现场（结束记录）的时间，无法核对是否全程",
                demand.source,
                field="ended_at",
            )
        )
    out += [
        Ground(f"{each} 没有录到，也没有说明原因", demand.source, field="gap_ground")
        for each in seen.unexplained
    ]
    return out


def _described(demand: Demand) -> str:
    return (
        str(demand.statement[0]["source"]) if demand.statement else "国办发〔2018〕118号 三（二）"
    )
