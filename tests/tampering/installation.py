"""A sealed installation of its own, what outsiders hold of it, and everything that looks for
tampering.
"""

from __future__ import annotations

import base64
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from mingzheng.agencies.models import Agency
from mingzheng.cases.memos import disagreements
from mingzheng.core import clock
from mingzheng.core.ledger.notes import COSIGNED, Signer
from mingzheng.jobs.acts import drain
from mingzheng.portal import checking
from mingzheng.records.models import Cosignature, Head
from mingzheng.records.seal import scrutiny, seal_pending
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.journey import ROAD
from mingzheng.site.demo.play import at
from tests.cases.telling import case
from tests.ledger import independent

WITNESS = Signer("bureau.test/witness", COSIGNED, bytes(range(32)))


@dataclass(frozen=True)
class Outside:
    """What lies elsewhere: the printed key, an export of the log of some days ago, the last head
    that a witness signed.
    """

    vkey: str
    export: Path
    size: int
    root: bytes


@contextmanager
def entered(folder: Path, blocker: Any) -> Iterator[None]:
    """This process is the installation in `folder`."""
    kept = {name: getattr(settings, name) for name in ("DATA", "LOG", "KEYS", "STORE")}
    with blocker.unblock():
        name = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = str(folder / "mingzheng.sqlite3")
        settings.DATA, settings.LOG, settings.KEYS, settings.STORE = (
            folder,
            folder / "log",
            folder / "keys",
            str(folder / "store"),
        )
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = name
            for key, value in kept.items():
                setattr(settings, key, value)


def build(folder: Path, blocker: Any) -> tuple[Path, Path, Outside]:
    """(the installation, a backup of some days ago, what outsiders hold): a case on its road,
    sealed and witnessed on the way.
    """
    now, old = folder / "now", folder / "old"
    now.mkdir(parents=True)
    with blocker.unblock():
        connection.ensure_connection()
        with sqlite3.connect(now / "mingzheng.sqlite3") as copy:
            connection.connection.backup(copy)
        copy.close()
    with entered(now, blocker):
        journey = case({body.code: body for body in Agency.objects.all()}).go("investigated")
        with at(journey.day, 17):
            journey.play.record_step("party.questioned", text="现场照片")
        _sealed(journey)
        connection.close()
        shutil.copytree(now, old)
        for stage in ROAD[ROAD.index("investigated") + 1 : ROAD.index("published") + 1]:
            getattr(journey, stage)()
        _sealed(journey)
        head = Head.objects.latest("size")
        outside = Outside((now / "log/vkey").read_text(), old / "log", head.size, bytes(head.root))
        connection.close()
    with sqlite3.connect(now / "mingzheng.sqlite3") as plain:
        plain.execute("PRAGMA journal_mode = DELETE")
    plain.close()
    return now, old, outside


def _sealed(journey: Any) -> None:
    with at(journey.day, 20):
        drain()
        seal_pending()
        head, moment = Head.objects.latest("size"), clock.now()
        text = head.note.rpartition("\n\n")[0] + "\n"
        Cosignature.objects.create(
            head=head,
            witness="市司法局",
            line=str(WITNESS.sign(text, int(moment.timestamp()))),
            stamped_at=moment,
        )


def inside(folder: Path, blocker: Any) -> list[str]:
    """What `mingzheng verify` says on the spot."""
    with entered(folder, blocker):
        return [
            *verify_all(),
            *scrutiny.ledger_faults(),
            *disagreements(),
            *checking.disagreements(),
        ]


def offline(log: Path, outside: Outside) -> list[str]:
    """What somebody finds who has a copy of the log, the printed key, an older export and a
    witness's head; no product code.
    """
    try:
        size, entries = independent.check_log(independent.directory(log), [outside.vkey])
    except (independent.Broken, OSError, ValueError) as broken:
        return [f"日志本身不成立：{broken}"]
    found = []
    leaves = [independent.sha(b"\x00", each) for each in entries]
    if size < outside.size or independent.tree_head(leaves[: outside.size]) != outside.root:
        found.append(f"与见证方签过的 {outside.size} 条的检查点不一致")
    old, _ = independent.check_log(independent.directory(outside.export), [outside.vkey])
    if size < old or independent.tree_head(leaves[:old]) != _root(outside.export):
        found.append(f"与早先导出的 {old} 条不一致")
    return found


def _root(log: Path) -> bytes:
    return base64.b64decode((log / "checkpoint").read_text(encoding="utf-8").split("\n")[2])
