"""Files that go public are made anew from what can be seen, in the sandboxed process, by a job;
only these are ever published.
"""

from __future__ import annotations

import os
import tempfile
from typing import Any

from mingzheng.core.redaction import Known
from mingzheng.disclosure import redaction
from mingzheng.disclosure.acts import files
from mingzheng.disclosure.models import PublicFile
from mingzheng.jobs.acts import job
from mingzheng.records import sandbox, store

MAKER = "mingzheng.core.redaction.files.alone"
TYPES = frozenset(
    {
        "application/pdf",
        "image/jpeg",
        "image/png",
        "text/plain",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
# The first bytes choose the maker, never a name or a declared type.
HEADS = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)
OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)


@job("disclosure.rebuild")
def rebuild(file: int) -> None:
    """Make the public form of a file, or say why it cannot be made."""
    row = PublicFile.objects.select_related("record").get(pk=file)
    if row.state != PublicFile.WAITING:
        return
    source = store.path_of(row.original_id)
    with tempfile.TemporaryFile() as out:
        answer = sandbox.ask(
            MAKER, media_of(source.open("rb").read(1 << 16)), source, out, told=told(row)
        )
        os.fsync(out.fileno())
        out.seek(0)
        data = out.read()
    if answer.late or answer.died:
        files.refused(row, "制作用时过长或者占用内存过多，请拆分成小一些的文件")
    elif answer.said.get("media") not in TYPES or not data:
        files.refused(
            row, str(answer.said.get("refused") or "这个文件不能安全地打开，请重新保存后上传")[:200]
        )
    else:
        files.made(
            row,
            store.put((data,), str(answer.said["media"])),
            str(answer.said["name"])[:60],
            [str(note)[:300] for note in answer.said.get("notes", [])][:10],
        )


def media_of(head: bytes) -> str:
    """The media type that the first bytes say; plain text where they say nothing."""
    if head.startswith(b"PK\x03\x04"):
        return next((media for mark, media in OFFICE if mark in head), "application/zip")
    return next(
        (media for start, media in HEADS if head.startswith(start)),
        "text/plain" if b"\0" not in head else "application/octet-stream",
    )


def told(row: PublicFile) -> dict[str, Any]:
    """What the process must know of the matter."""
    held = redaction.sources_of(row.record)
    fields = Known.__dataclass_fields__
    return {
        "policy": {"id": held.policy.id, "shows": sorted(held.policy.shows)},
        "said": held.reads,
        "number": row.number,
        "regions": [] if row.looked else None,
        "known": [{name: getattr(each, name) for name in fields} for each in held.known],
    }
