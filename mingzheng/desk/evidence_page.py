"""What the evidence page of a matter shows: recordings on their timelines, items with their chain,
originals released.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from mingzheng.agencies.models import Device
from mingzheng.core import clock
from mingzheng.evidence import recording_requirements
from mingzheng.evidence.acts import recordings
from mingzheng.evidence.models import Item, Media, Recording, Rendition, Segment
from mingzheng.procedures import registry
from mingzheng.records import law
from mingzheng.records.models import Act, EffectiveAct, Record
from mingzheng.records.seal.reading import Seal, seals
from mingzheng.records.words import act_name


@dataclass
class File:
    """A stored file with what we made from it: addresses are renditions of ours, never the
    original.
    """

    sha256: str
    name: str
    medium: str
    note: str = ""
    thumb: Rendition | None = None
    wave: Rendition | None = None
    play: Rendition | None = None
    source: str = ""


@dataclass
class Shown:
    """One recording: what it is of, whether it counts, its parts in time."""

    row: Recording
    name: str
    mode: str
    missing: list[Any]
    files: list[File]
    marks: list[dict[str, Any]] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)
    void: bool = False
    device: str = ""
    moving: bool = False
    seal: Seal | None = None


def files(rows: list[tuple[str, str, str]]) -> list[File]:
    """(hash, name, source) with media and renditions, in two queries."""
    wanted = [sha for sha, _, _ in rows]
    seen = {row.pk: row for row in Media.objects.filter(pk__in=wanted)}
    made: dict[tuple[str, str], Rendition] = {
        (row.blob_id, row.purpose): row for row in Rendition.objects.filter(blob__in=wanted)
    }
    out = []
    for sha, name, source in rows:
        media = seen.get(sha)
        out.append(
            File(
                sha,
                name,
                media.kind if media else "other",
                media.note if media else "还在检查",
                made.get((sha, Rendition.THUMBNAIL)),
                made.get((sha, Rendition.WAVEFORM)),
                made.get((sha, Rendition.PLAYABLE)),
                source,
            )
        )
    return out


def shown(record: Record) -> list[Shown]:
    """The recordings of a matter, newest first."""
    rows = list(
        Recording.objects.filter(record=record)
        .order_by("-pk")
        .prefetch_related("segments", "markers", "gaps")
    )
    regime, facts = law.regime(record), registry.facts_of(record)
    sealed = seals([row.taken_by_id or row.stored_by_id for row in rows])
    names = dict(
        Device.objects.filter(pk__in=[row.device_id for row in rows if row.device_id]).values_list(
            "pk", "number"
        )
    )
    voided = set(
        EffectiveAct.objects.filter(act__in=[row.taken_by_id for row in rows if row.taken_by_id])
        .exclude(voided_by=None)
        .values_list("act_id", flat=True)
    )
    out = []
    for row in rows:
        demand = recording_requirements.kept(
            regime, row.step, row.mode, clock.local(row.began_at).date(), facts
        )
        parts = sorted(row.segments.all(), key=lambda part: part.began_at)
        out.append(
            Shown(
                row,
                act_name(row.step),
                Recording.MODES.get(row.mode, ""),
                [] if row.taken_by_id else recordings.lacking(row, demand),
                files(
                    [
                        (part.blob_id, part.name, Segment.SOURCES.get(part.source, ""))
                        for part in parts
                    ]
                ),
                [
                    _mark(row, parts, each)
                    for each in sorted(row.markers.all(), key=lambda each: each.at_ms)
                ],
                [
                    f"{clock.local(gap.since):%H:%M:%S} 至"
                    f" {clock.local(gap.until):%H:%M:%S}：{gap.why}"
                    for gap in row.gaps.all()
                ],
                row.taken_by_id in voided,
                names.get(row.device_id or 0, ""),
                any(part.medium in recording_requirements.MOVING for part in parts),
                sealed.get(row.taken_by_id or row.stored_by_id),
            )
        )
    return out


def _mark(row: Recording, parts: list[Segment], mark: Any) -> dict[str, Any]:
    """A marker as the player needs it: which part of the recording, and how far into it
    (seconds).
    """
    at = row.began_at + timedelta(milliseconds=mark.at_ms)
    index = max((n for n, part in enumerate(parts) if part.began_at <= at), default=0)
    into = max((at - parts[index].began_at).total_seconds(), 0) if parts else 0
    return {
        "name": mark.name,
        "note": mark.note,
        "at": f"{mark.at_ms // 60000:02d}:{mark.at_ms // 1000 % 60:02d}",
        "part": index,
        "into": int(into),
    }


def items(record: Record) -> list[dict[str, Any]]:
    """Evidence items with files and the chain of custody."""
    rows = list(
        Item.objects.filter(record=record).order_by("number").prefetch_related("files", "custody")
    )
    sealed = seals([row.act_id for row in rows])
    return [
        {
            "row": row,
            "files": files(
                [
                    (each.blob_id, each.name, Segment.SOURCES.get(each.source, ""))
                    for each in row.files.all()
                ]
            ),
            "chain": sorted(row.custody.all(), key=lambda link: link.at),
            "seal": sealed.get(row.act_id),
        }
        for row in rows
    ]


def original(record: Record, sha256: str) -> bool:
    """Whether these bytes are an original of a recording or an item here, which leaves only by an
    approved act.
    """
    return (
        Segment.objects.filter(recording__record=record, blob=sha256).exists()
        or Item.objects.filter(record=record, files__blob=sha256).exists()
    )


def released(record: Record, sha256: str) -> Act | None:
    """The standing act that lets this original leave, or None."""
    found = (
        EffectiveAct.objects.filter(
            record=record, kind="original.released", subject=sha256, voided_by=None
        )
        .select_related("act")
        .last()
    )
    return found.act if found else None
