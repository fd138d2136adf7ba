"""One round of the sealer: number, write, read again, compare, sign, publish. Safe to stop after
any step.

Numbers are given once in the database; the same numbers make the same files; the signed head is
kept beside the key before it is published. So a round that was cut off is finished by the next
one, and no head is ever signed twice for different trees.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection

from mingzheng.core import clock
from mingzheng.core.ledger.checkpoint import Checkpoint
from mingzheng.core.ledger.notes import Note, Signer, read_line
from mingzheng.core.ledger.rereading import reread
from mingzheng.core.ledger.suite import EMPTY
from mingzheng.core.ledger.tiles import Directory, Missing, Tiles, Unreachable
from mingzheng.core.ledger.tree import consistency, consistent
from mingzheng.core.ledger.writing import Log
from mingzheng.records.models import Cosignature, Head, Leaf
from mingzheng.records.seal import keys
from mingzheng.records.seal.rollback_guard import RESTORE, SealRefused, numbered, refuse_going_back
from mingzheng.records.unit import work

BATCH = 5000
# So many entries may rest on the edge before the sealer waits for their tiles: opening again reads
# them anew.
UNSETTLED = 1024


def seal_all() -> int:
    """Rounds until nothing waits; answers the size of the signed head. SealRefused or KeyFault, in
    Chinese.
    """
    while True:
        size, more = seal_once()
        if not more:
            return size


def seal_once() -> tuple[int, bool]:
    """One round: size of the signed head after it, and whether more waits."""
    with keys.alone("ledger"):
        folder = Path(settings.LOG)
        signer = keys.ledger(begun=Head.objects.exists() or (folder / "checkpoint").exists())
        national = keys.national(signer.name)
        signers = (signer, national) if national else (signer,)
        for each in signers:
            keys.publish_verifier(each)
        try:
            log = Log(folder)
        except (Missing, Unreachable) as fault:
            raise SealRefused(
                f"存证日志的文件不完整：{fault}。请恢复最新的备份，或者从与账本一致的副本修复。"
            ) from fault
        try:
            return _round(log, *signers)
        finally:
            log.close()


def _round(log: Log, signer: Signer, *also: Signer) -> tuple[int, bool]:
    last = keys.last_head(signer)
    head = last[0] if last else Checkpoint(signer.name, 0, EMPTY)
    refuse_going_back(log, head, signer)
    if last:
        _publish(log, *last)
    _number()
    total = numbered()
    high = min(total, max(log.size, head.size + BATCH))
    if high == head.size:
        return head.size, False
    wanted = _commitments(head.size, high)
    log.append([wanted[number] for number in range(log.size, high)])
    log.lay()
    new = _checked(log, head, high, wanted)
    note = str(Note(new.text, tuple(each.sign(new.text) for each in (signer, *also))))
    keys.remember_head(note)
    _publish(log, new, note)
    if log.unsettled >= UNSETTLED:
        log.settle()
    return new.size, total > high or waiting()


def _number() -> None:
    """Give the next numbers to leaves that have none, each once; one transaction, short for
    whoever writes meanwhile.
    """
    if not waiting():
        return
    with work():
        leaves = (
            Leaf.objects.filter(leaf_index=None).order_by("id").values_list("id", flat=True)[:BATCH]
        )
        rows = [(number, leaf) for number, leaf in enumerate(leaves, numbered())]
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE records_leaf SET leaf_index = %s WHERE id = %s", rows)


def waiting() -> bool:
    """Whether a leaf has no number yet."""
    return Leaf.objects.filter(leaf_index=None).exists()


def _commitments(low: int, high: int) -> dict[int, bytes]:
    """The entries [low, high) as the database has them, by number."""
    rows = Leaf.objects.filter(leaf_index__gte=low, leaf_index__lt=high).values_list(
        "leaf_index", "commitment"
    )
    wanted = {number: bytes(commitment) for number, commitment in rows if number is not None}
    if len(wanted) != high - low:
        raise SealRefused(f"数据库里第 {low} 至 {high - 1} 号存证不连续，有记录不见了。{RESTORE}")
    return wanted


def _checked(log: Log, head: Checkpoint, high: int, wanted: dict[int, bytes]) -> Checkpoint:
    """The new head after everything written was read again, recomputed and compared with the last
    head.
    """
    source = Directory(log.folder)
    try:
        root = reread(source, head.size, high, wanted)
        path = consistency(Tiles(source, high), head.size, high)
    except (Missing, Unreachable) as fault:
        raise SealRefused(f"刚写下的日志文件读回来不对：{fault}。请检查磁盘。") from fault
    if root != log.root or not consistent(head.size, high, head.root, root, path):
        raise SealRefused(
            f"新的树与最后签署的检查点（{head.size} 条）不衔接，有日志文件被改过。{RESTORE}"
        )
    return Checkpoint(head.origin, high, root)


def _publish(log: Log, head: Checkpoint, note: str) -> None:
    """The head's row, and the checkpoint with the cosignatures that came in; nothing where all of
    it is there.
    """
    row = Head.objects.filter(pk=head.size).first()
    if row is None:
        row = Head.objects.create(size=head.size, root=head.root, note=note, signed_at=clock.now())
    stored = Cosignature.objects.filter(head=row).order_by("pk").values_list("line", flat=True)
    lines = tuple(read_line(line.rstrip("\n")) for line in stored)
    wanted = str(Note.read(note).with_lines(lines)).encode()
    if log.published() != wanted:
        log.publish(wanted)
