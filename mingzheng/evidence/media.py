"""What is in a stored file: looked at once, safely, outside every transaction."""

from __future__ import annotations

import contextlib

from django.db.models import Q

from mingzheng.evidence.acts import media as acts
from mingzheng.evidence.models import Media, Rendition, Upload
from mingzheng.procedures.forms import codes_in
from mingzheng.records import sandbox, store

# What runs in the sandboxed process.
READER = "mingzheng.evidence.examining"


def examine(sha256: str) -> Media:
    """The Media row of a stored file, made at the first call. Takes up to `sandbox.SECONDS`; not
    inside a transaction.

    A file that is hostile, torn or unknown gets a row too: `showable` is False and `note` says
    why in Chinese. StoreError when the store has no such file, Unconfined when nothing may be read
    on this machine: no row is kept then.
    """
    found: Media | None = Media.objects.filter(pk=sha256).first()
    if found is not None:
        return found
    answer = sandbox.ask(READER, "examine", store.path_of(sha256))
    if answer.late:
        return acts.keep(
            sha256, {"note": "查看这个文件用时过长，已停止；文件已原样保存，不在页面中打开"}
        )
    if answer.died:
        return acts.keep(sha256, {"note": "这个文件不能安全地打开，已原样保存，不在页面中打开"})
    return acts.keep(sha256, answer.said)


def shown(sha256: str) -> dict[str, Rendition]:
    """What may be shown of a stored file, by purpose; empty while the jobs are at work and where
    nothing can be shown.
    """
    return {row.purpose: row for row in Rendition.objects.filter(blob=sha256)}


def holding(sha256: str) -> Q:
    """A condition on records: those that an act has given this file to."""
    return (
        Q(attachments__blob=sha256)
        | Q(recordings__segments__blob=sha256)
        | Q(evidence__files__blob=sha256)
        | Q(uploads__blob=sha256, uploads__claimed_at__isnull=False)
    )


# How many fresh files a request looks at itself before it leaves the rest to the worker; each takes
# a part of a second.
AT_ONCE = 4


def examine_sent(person_id: int, said: str) -> None:
    """Look at uploads that a form names and the worker has not come to yet, so that nobody is sent
    away for a second.
    """
    fresh = Upload.objects.filter(
        person_id=person_id, code__in=codes_in(said), state=Upload.STORED, blob__media=None
    )
    for upload in fresh[:AT_ONCE]:
        glance(str(upload.blob_id))


def glance(sha256: str) -> None:
    """Examine a file where files can be read safely; elsewhere it stays unread, and steps that
    need it wait.
    """
    with contextlib.suppress(sandbox.Unconfined):
        examine(sha256)
