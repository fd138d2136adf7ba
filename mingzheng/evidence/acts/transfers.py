"""Transfers begin, advance, are stored, given up, and taken up by an act. Nothing here is part of
the record.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import IntegrityError
from django.db.models import F

from mingzheng.core import clock
from mingzheng.core.digests import Fingerprint
from mingzheng.evidence import names, receipts, uploads
from mingzheng.evidence.models import Upload
from mingzheng.jobs.acts import enqueue, job
from mingzheng.records import scanning, store
from mingzheng.records.actors import Actor
from mingzheng.records.models import Record
from mingzheng.records.refusal import Refused, refuse
from mingzheng.records.unit import work

log = logging.getLogger(__name__)
# How long an unfinished transfer waits for the rest: the disk's affair, not a term of law.
KEEP = timedelta(days=7)


@dataclass(frozen=True)
class Wanted:
    """A transfer as its sender describes it; `length` in bytes, `sha256` lower-case hex or
    empty.
    """

    client: str
    length: int
    name: str = ""
    media_type: str = ""
    sha256: str = ""
    record: Record | None = None
    meta: dict[str, Any] = field(default_factory=dict)


def begin(actor: Actor, wanted: Wanted) -> Upload:
    """A new transfer, or the one that this sender began under the same name. Refused when that was
    another file.
    """
    now = clock.now()
    # PostgreSQL keeps no NUL; everything else of the name stays as it was given.
    given = wanted.name.replace("\0", "␀")[:4000]
    fresh = Upload(
        agency_id=actor.agency_id,
        person_id=actor.person_id,
        record=wanted.record,
        client=wanted.client,
        length=wanted.length,
        name=names.clean(given),
        given_name=given,
        media_type=wanted.media_type,
        sha256=wanted.sha256,
        meta=wanted.meta,
        created_at=now,
        expires_at=now + KEEP,
    )
    try:
        with work():
            fresh.save(force_insert=True)
    except IntegrityError:
        found = Upload.objects.get(
            person_id=actor.person_id, client=wanted.client, state__in=[Upload.OPEN, Upload.STORED]
        )
        if found.length != wanted.length or (
            wanted.sha256 and found.sha256 and wanted.sha256 != found.sha256
        ):
            raise refuse(
                "同一个编号已经用来上传另一个文件，没有开始。请重新选择文件后再传。",
                title="没有开始上传",
            ) from None
        return found
    return fresh


def advance(upload: Upload, offset: int) -> None:
    """Bytes up to `offset` are durable, or no more than these are left."""
    upload.offset, upload.expires_at = offset, clock.now() + KEEP
    Upload.objects.filter(pk=upload.pk, state=Upload.OPEN).update(
        offset=offset, expires_at=upload.expires_at
    )


def finish(upload: Upload, made: Fingerprint) -> None:
    """Every byte is durable and has these digests: store, then row, then receipt. The caller holds
    the lease.

    Refused when the sender declared another hash or a virus was found; StoreError when the store
    takes nothing or the scanner is silent, and then the bytes wait.
    """
    if upload.sha256 and upload.sha256 != made.sha256:
        Upload.objects.filter(pk=upload.pk).update(state=Upload.REFUSED)
        upload.state = Upload.REFUSED
        raise refuse(
            "收到的内容与设备上的指纹不一致，没有收下。请在设备上重新上传；原文件请先不要删除。",
            title="没有收妥",
        )
    try:
        scanning.look(uploads.part(upload.code))
    except scanning.Infected as found:
        Upload.objects.filter(pk=upload.pk).update(state=Upload.REFUSED)
        upload.state = Upload.REFUSED
        raise refuse(str(found), title="没有收妥") from found
    kept = store.adopt(uploads.part(upload.code), made)
    upload.stored_at = clock.now()
    upload.receipt = receipts.sign(
        {
            "code": upload.code,
            "sha256": made.sha256,
            "size": kept.size,
            "at": upload.stored_at.isoformat(),
            "name": upload.name,
        }
    )
    with work():
        upload.blob, upload.state = store.register(kept), Upload.STORED
        changed = Upload.objects.filter(pk=upload.pk, state=Upload.OPEN).update(
            state=Upload.STORED,
            blob=upload.blob,
            offset=upload.length,
            stored_at=upload.stored_at,
            receipt=upload.receipt,
        )
        if changed:
            enqueue("media.examine", made.sha256, upload.agency_id, sha256=made.sha256)
    if changed:
        uploads.discard(upload.code)
    else:
        upload.refresh_from_db()


def terminate(upload: Upload) -> None:
    """The sender gives the transfer up; what was stored stays."""
    with uploads.leased(upload.code):
        if Upload.objects.filter(pk=upload.pk, state__in=[Upload.OPEN, Upload.REFUSED]).update(
            state=Upload.TERMINATED
        ):
            uploads.discard(upload.code)


def claim(code: str, actor: Actor, record: Record) -> Upload:
    """Take a stored file up for a matter, in the transaction of the act that names it. A second
    time it is the same.
    """
    found = Upload.objects.select_for_update().filter(code=code, person_id=actor.person_id).first()
    if found is None:
        raise refuse("没有找到这次上传，请重新选择文件上传。")
    if found.state != Upload.STORED:
        raise refuse(
            f"“{found.name}”还没有收妥（{Upload.STATES[found.state]}），请等它传完后再提交。"
        )
    if (
        found.claimed_at is None
        and found.record_id in (None, record.pk)
        and found.agency_id == actor.agency_id
    ):
        found.record, found.claimed_at = record, clock.now()
        found.save(update_fields=["record", "claimed_at"])
    if found.record_id != record.pk or found.agency_id != actor.agency_id:
        raise refuse(f"“{found.name}”是为另一件事上传的，不能用在这里。请为这件事重新上传。")
    return found


@job("uploads.expire", every=timedelta(hours=1))
def expire() -> None:
    """Let go of transfers whose rest never came, and of the bytes that were refused a while ago."""
    for found in Upload.objects.filter(
        state__in=[Upload.OPEN, Upload.REFUSED], expires_at__lt=clock.now()
    ).iterator():
        _under_lease(found, _let_go)


def _let_go(found: Upload) -> None:
    # Asked again under the lease: the sender may have come back in the meantime.
    state = Upload.REFUSED if found.state == Upload.REFUSED else Upload.EXPIRED
    if Upload.objects.filter(pk=found.pk, state=found.state, expires_at__lt=clock.now()).update(
        state=state
    ):
        uploads.discard(found.code)


def _under_lease(found: Upload, work: Callable[[Upload], None]) -> None:
    try:
        with uploads.leased(found.code):
            work(found)
    except uploads.Busy:
        log.info("transfer %s is being written, left alone", found.pk)


@job("uploads.finish", every=timedelta(minutes=5))
def finish_left() -> None:
    """Finish what was whole when a process died."""

    def work(found: Upload) -> None:
        found.refresh_from_db()
        if found.state == Upload.OPEN and os.path.exists(uploads.part(found.code)):
            try:
                finish(found, uploads.digest(uploads.part(found.code)))
            except (Refused, store.StoreError) as error:
                log.warning("transfer %s not finished: %s", found.pk, type(error).__name__)

    for found in Upload.objects.filter(state=Upload.OPEN, offset=F("length")).iterator():
        _under_lease(found, work)


@job("store.sweep", every=timedelta(days=1))
def sweep() -> None:
    """Say how many files of the store, and of transfers, no row speaks of. Nothing is removed."""
    lost = sum(1 for _ in store.orphans())
    known = set(
        Upload.objects.filter(state__in=[Upload.OPEN, Upload.REFUSED]).values_list(
            "code", flat=True
        )
    )
    parts = sum(1 for path in uploads.folder().glob("*.part") if path.stem not in known)
    if lost or parts:
        log.warning("store: %d files without a row, %d transfers without one", lost, parts)
