"""When a content or a file is lawfully destroyed, what this chapter made or noted from it goes
too.
"""

from __future__ import annotations

from mingzheng.evidence.models import Recording, Rendition
from mingzheng.records import erasing


def made_from(sha256: str) -> list[str]:
    """The thumbnails, waveforms and playable renditions of a file."""
    return list(Rendition.objects.filter(blob=sha256).values_list("made_id", flat=True))


def forget(act_id: int) -> None:
    """《个人信息保护法》第四十七条: the statement and description of a recording, kept beside the
    act for lists, go with its content.
    """
    Recording.objects.filter(stored_by=act_id).update(statement={}, description="")


erasing.register(made_from, forget)
