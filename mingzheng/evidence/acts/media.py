"""What was seen in a file is kept once; what was made from it is stored, then said."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from mingzheng.core import clock
from mingzheng.core.digests import Fingerprint
from mingzheng.evidence.models import Media, Rendition
from mingzheng.jobs.acts import enqueue
from mingzheng.records import store
from mingzheng.records.unit import work

# Which renditions each kind has.
MADE = {
    Media.PHOTO: (Rendition.THUMBNAIL, Rendition.PLAYABLE),
    Media.AUDIO: (Rendition.WAVEFORM, Rendition.PLAYABLE),
    Media.VIDEO: (Rendition.THUMBNAIL, Rendition.WAVEFORM, Rendition.PLAYABLE),
}


def keep(sha256: str, seen: dict[str, Any]) -> Media:
    """The row of an examined file, and jobs for its renditions. `seen` comes from bytes that may
    lie: only plain values enter.
    """
    kind = _text(seen, "kind", 10)
    with work():
        row, fresh = Media.objects.get_or_create(
            blob_id=sha256,
            defaults={
                "kind": kind if kind in Media.KINDS else Media.OTHER,
                "codec": _text(seen, "codec", 60),
                "duration_ms": _number(seen, "duration_ms", 1 << 50),
                "created_at": _moment(seen),
                "place": _text(seen, "place", 60),
                "width": _number(seen, "width", 1 << 20),
                "height": _number(seen, "height", 1 << 20),
                "showable": seen.get("showable") is True,
                "note": _text(seen, "note", 200),
                "examined_at": clock.now(),
            },
        )
        if fresh and row.showable:
            for purpose in MADE.get(row.kind, ()):
                enqueue("media.render", f"{sha256}:{purpose}", sha256=sha256, purpose=purpose)
    return row


def keep_rendition(
    sha256: str, purpose: str, made: Path, digests: Fingerprint, media_type: str
) -> Rendition:
    """Store a synced file that we made from another; made twice, the first stays."""
    kept = store.adopt(made, digests, media_type)
    with work():
        row, _ = Rendition.objects.get_or_create(
            blob_id=sha256,
            purpose=purpose,
            defaults={
                "made": store.register(kept),
                "media_type": media_type,
                "made_at": clock.now(),
            },
        )
    return row


def _text(seen: dict[str, Any], name: str, most: int) -> str:
    value = seen.get(name)
    return (
        "".join(each for each in value if each.isprintable())[:most]
        if isinstance(value, str)
        else ""
    )


def _number(seen: dict[str, Any], name: str, most: int) -> int | None:
    value = seen.get(name)
    return value if isinstance(value, int) and 0 < value < most else None


def _moment(seen: dict[str, Any]) -> datetime | None:
    """A device without a clock writes the beginning of its era: that is no statement."""
    try:
        moment = clock.local(datetime.fromisoformat(_text(seen, "created_at", 40)))
    except (ValueError, OverflowError):
        return None
    return moment if moment.year > 2000 else None
