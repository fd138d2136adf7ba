"""Jobs that look at files and make from them what may be shown."""

from __future__ import annotations

import os
import secrets

from mingzheng.evidence import media, uploads
from mingzheng.evidence.acts import media as acts
from mingzheng.evidence.models import Rendition
from mingzheng.jobs.acts import job
from mingzheng.records import sandbox, store


@job("media.examine")
def look(sha256: str) -> None:
    """Examine a file that was stored."""
    media.examine(sha256)


@job("media.render")
def render(sha256: str, purpose: str) -> None:
    """Make one rendition; a file that has none of this kind is left without."""
    if Rendition.objects.filter(blob=sha256, purpose=purpose).exists():
        return
    path = uploads.folder() / f"made-{secrets.token_hex(8)}"
    try:
        with path.open("w+b") as made:
            answer = sandbox.ask(
                media.READER,
                purpose,
                store.path_of(sha256),
                made,
                pace=purpose == Rendition.PLAYABLE,
            )
            os.fsync(made.fileno())
        media_type = answer.said.get("type", "")
        if media_type in TYPES and path.stat().st_size:
            acts.keep_rendition(sha256, purpose, path, uploads.digest(path), media_type)
    finally:
        path.unlink(missing_ok=True)


# What we make; anything else that the process might say is not served.
TYPES = frozenset(
    {
        "image/jpeg",
        "image/png",
        "video/mp4",
        "audio/mp4",
        "video/webm",
        "audio/webm",
        "audio/mpeg",
        "audio/flac",
        "audio/wav",
    }
)
