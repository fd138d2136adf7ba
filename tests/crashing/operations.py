"""The five operations that are broken: each makes ready, says so with READY, then does its work
and says every acknowledgement.

An operation is told only what its story left behind (`Scene`), so the same function does it
again after a crash, as a person would who presses the same button of the same form once more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from mingzheng.agencies.models import Agency
from mingzheng.archive.models import Volume
from mingzheng.core import clock
from mingzheng.disclosure.models import Publication
from mingzheng.evidence.models import Upload
from mingzheng.jobs.acts import drain
from mingzheng.jobs.models import Job
from mingzheng.pages import store as pages
from mingzheng.portal.cache_audit import unfitting
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures.models import Proposal
from mingzheng.records import store
from mingzheng.records.seal import seal_pending
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import at, form_data, who
from tests.cases.telling import case
from tests.evidence.sending import Sender

READY = "ready"
BODY = bytes(range(256)) * 3000
SCAN = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400
Scene = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """`story` tells a new installation up to the operation; `files` says what must lie on the disk
    beside the rows.
    """

    name: str
    history: Callable[[], Scene]
    run: Callable[[Scene], Iterator[str]]
    last: str
    files: Callable[[Path, list[str]], list[str]] = lambda folder, said: []
    # Columns whose values depend on where a transfer broke off; what they promise is looked at by
    # `files`.
    unfixed: frozenset[str] = frozenset()


class NotDone(Exception):
    """The operation answered with an error, as it should when a call failed."""


def _scene(journey: Journey, **more: Any) -> Scene:
    """Everything sealed, as in a living installation."""
    with at(journey.day, 16, 30):
        seal_pending()
    journey.play.record.refresh_from_db()
    return {
        "record": journey.play.record.pk,
        "head": journey.play.record.head,
        "day": str(journey.day),
        **more,
    }


def journey(stage: str) -> Journey:
    return case({body.code: body for body in Agency.objects.all()}).go(stage)


def _press(scene: Scene, key: str, files: Any = (), **values: Any) -> None:
    agency = Agency.objects.get(code="wg")
    procedure_acts.take_step(
        who(agency, scene.get("by", "张三")),
        scene["record"],
        key,
        form_data({"happened_at": clock.now().strftime("%Y-%m-%dT%H:%M"), **values}),
        form_key="crash",
        seen=scene["head"],
        files=files,
    )


def _answered() -> None:
    """A request is over: the server lets go of its connection, and SQLite moves the log into the
    database.
    """
    connection.close()


def signed_in() -> Scene:
    sender = Sender()
    with at("2026-04-07"):
        seal_pending()
    return {"day": "2026-04-07", "cookie": sender.client.cookies["sessionid"].value}


def upload(scene: Scene) -> Iterator[str]:
    """A file in three requests over tus: begun, half of it, all of it."""
    sender = Sender(cookie=scene["cookie"])
    yield READY
    begun = sender.begin(len(BODY), client="crash", sha256="")
    if begun.status_code != 201:
        raise NotDone(begun.status_code)
    _answered()
    yield "begun"
    offset = int(sender.head(begun.code)["Upload-Offset"])
    while offset < len(BODY):
        end = len(BODY) // 2 if offset < len(BODY) // 2 else len(BODY)
        answer = sender.patch(begun.code, offset, BODY[offset:end])
        if answer.status_code != 204:
            raise NotDone(answer.status_code)
        _answered()
        offset = end
        yield f"offset {offset}"
    yield "stored"


def _received(folder: Path, said: list[str]) -> list[str]:
    """Every acknowledged byte lies in the transfer; of a stored file `mingzheng verify` reads the
    bytes.
    """
    told = max((int(each.split()[1]) for each in said if each.startswith("offset ")), default=0)
    found = []
    for row in Upload.objects.all():
        part = folder / "uploads" / f"{row.code}.part"
        there = part.read_bytes() if part.exists() else b""
        if row.state == Upload.OPEN and (
            row.offset < told
            or there[: row.offset] != BODY[: row.offset]
            or len(there) < row.offset
        ):
            found.append("已经确认收到的字节不见了")
        if row.state == Upload.STORED and (
            hashlib.sha256(BODY).hexdigest() != row.blob_id or not row.receipt
        ):
            found.append("收妥的不是发来的文件")
    return found


def _investigated() -> Scene:
    told = journey("investigated")
    return _scene(told, officers=told.play.officers_ids())


def append(scene: Scene) -> Iterator[str]:
    """An act with an attached file."""
    yield READY
    kept = [(store.put_bytes(SCAN, "image/png"), "合同.png", "书证扫描件")]
    _press(
        scene,
        "evidence.taken:documentary",
        kept,
        officers=scene["officers"],
        kind_of_evidence="书证",
        name="合同复印件",
        origin="当事人提供，原件核对无误",
        proves="违法事实",
    )
    yield "done"
    _answered()


def _approved() -> Scene:
    told = journey("served")
    with at(told.day, 15):
        told.play.propose()
        told.play.step("publication.approved")
        told.play.approve()
    return _scene(told)


def _pages(folder: Path, said: list[str]) -> list[str]:
    """No kept page says that something is public which is not, or gone which is public."""
    return [f"留存的页面与数据库不符：{wrong}" for wrong in unfitting()]


def publish(scene: Scene) -> Iterator[str]:
    """The approved text goes public on this platform."""
    yield READY
    _press(scene, "publication.published:decision", channel="own-site", receipt="")
    yield "done"
    _answered()


def _proposed_to_withdraw() -> Scene:
    told = journey("published")
    with at(told.day, 16, 10):
        told.play.step("publication.withdrawn", cause="wrong", reason="公示内容有误。")
        found = Proposal.objects.get(record=told.play.record, state=Proposal.OPEN)
        while found.position < len(found.route) - 1:
            told.play.agree(told.play.approver(found))
            found.refresh_from_db()
    live = Publication.objects.get(record=told.play.record, state=Publication.LIVE)
    pages.keep(
        live.code, "normal", pages.turn(live.code), "200 OK", [], "", b"what the public reads"
    )
    return _scene(told, by=told.play.approver(found), proposal=found.pk, text_hash=found.text_hash)


def withdraw(scene: Scene) -> Iterator[str]:
    """The last agreement takes the publication down on every channel."""
    actor = who(Agency.objects.get(code="wg"), scene["by"])
    yield READY
    procedure_acts.answer(
        actor, scene["proposal"], "agree", "同意", text_hash=scene["text_hash"], form_key="crash"
    )
    yield "done"
    _answered()


def _closed() -> Scene:
    told = journey("closed")
    with at(told.forward(4), 16):
        drain()
    return _scene(told, checker=told.role("unit-head"))


def bind(scene: Scene) -> Iterator[str]:
    """The record is bound; then a worker makes the volume. A worker that died or failed is
    followed by another when its lease is over.
    """
    yield READY
    _press(
        scene, "volume.bound", keep="30", checker=scene["checker"], note="本卷材料齐全，次序正确"
    )
    yield "bound"
    _answered()
    drain()
    if Volume.objects.get(record=scene["record"]).blob_id is None:
        raise NotDone("volume.render")
    yield "rendered"
    _answered()


def time_passes() -> None:
    """Leases run out and waiting jobs come up again."""
    before = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(state=Job.RUNNING).update(lease_until=before)
    Job.objects.filter(state=Job.WAITING).update(run_after=before)


OPERATIONS = {
    each.name: each
    for each in (
        Operation(
            "upload",
            signed_in,
            upload,
            "stored",
            _received,
            frozenset(("evidence_upload.offset", "evidence_upload.expires_at")),
        ),
        Operation("append", _investigated, append, "done"),
        Operation("publish", _approved, publish, "done", _pages),
        Operation("withdraw", _proposed_to_withdraw, withdraw, "done", _pages),
        # Two bindings are different files, which by chance may be equally long.
        Operation("bind", _closed, bind, "rendered", unfixed=frozenset(("records_blob.size",))),
    )
}
