"""Whether the ledger still stands where it stood: nothing older is ever signed over."""

from __future__ import annotations

from mingzheng.core.ledger.checkpoint import Checkpoint, opened
from mingzheng.core.ledger.notes import NoteFault, Signer
from mingzheng.core.ledger.tiles import Directory, Missing, Tiles
from mingzheng.core.ledger.tree import span
from mingzheng.core.ledger.writing import Log
from mingzheng.records.models import Head, Leaf, WitnessState


class SealRefused(Exception):
    """The sealer does not sign; the message says in Chinese why and what to do."""


RESTORE = "请恢复最新的备份；在此之前不再签署新的检查点，已有的办理不受影响。"


def refuse_going_back(log: Log, head: Checkpoint, signer: Signer) -> None:
    """SealRefused when database, tiles, the head beside the key or a witness tell of different
    pasts.
    """
    older = []
    if numbered() < max(head.size, log.size) or head.size and not _same_leaf(log, head):
        older.append(f"数据库（到第 {numbered()} 条）")
    if log.size < head.size:
        older.append(f"日志文件（到第 {log.size} 条）")
    if older:
        raise SealRefused(
            f"{'和'.join(older)}比已经写下的存证（检查点 {head.size} 条，日志 {log.size}"
            f" 条）旧或者与它不同，可能是恢复了旧备份。{RESTORE}"
        )
    _refuse_other_tree(log, head)
    ahead = Head.objects.order_by("-size").values_list("size", flat=True).first() or 0
    if ahead > head.size or _published(log, signer) > head.size:
        raise SealRefused(
            f"密钥旁的最后检查点只有 {head.size} 条，数据库或者日志文件里已有更新的。"
            f"密钥目录可能是旧备份。{RESTORE}"
        )
    for name, shown in WitnessState.objects.exclude(shown="").values_list("witness", "shown"):
        _refuse_shown(name, shown, head, signer)


def numbered() -> int:
    """How many leaves have a number."""
    last = (
        Leaf.objects.exclude(leaf_index=None)
        .order_by("-leaf_index")
        .values_list("leaf_index", flat=True)
        .first()
    )
    return 0 if last is None else last + 1


def _same_leaf(log: Log, head: Checkpoint) -> bool:
    """Whether the last sealed leaf of the database is the log's: a database of another past
    differs there.
    """
    if log.size < head.size:
        return True
    found = (
        Leaf.objects.filter(leaf_index=head.size - 1).values_list("commitment", flat=True).first()
    )
    try:
        return found is not None and dict(log.entries(head.size - 1, head.size)) == {
            head.size - 1: bytes(found)
        }
    except Missing as fault:
        raise SealRefused(f"存证日志的文件不完整：{fault}。{RESTORE}") from fault


def _refuse_other_tree(log: Log, head: Checkpoint) -> None:
    try:
        root = span(Tiles(Directory(log.folder), log.size), 0, head.size)
    except Missing as fault:
        raise SealRefused(f"存证日志的文件不完整：{fault}。{RESTORE}") from fault
    if root != head.root:
        raise SealRefused(
            f"日志文件与最后签署的检查点（{head.size} 条）不一致，有文件被改过。{RESTORE}"
        )


def _published(log: Log, signer: Signer) -> int:
    data = log.published()
    try:
        return opened(data, signer.verifier)[0].size if data else 0
    except NoteFault:
        # A damaged checkpoint is written anew from the head beside the key.
        return 0


def _refuse_shown(name: str, shown: str, head: Checkpoint, signer: Signer) -> None:
    """A witness's word alone stops nothing: only a head that our own key signed does."""
    try:
        theirs, _ = opened(shown, signer.verifier)
    except NoteFault:
        return
    if theirs.size > head.size or theirs.size == head.size and theirs.root != head.root:
        raise SealRefused(
            f"见证方“{name}”出示了本机签过的 {theirs.size} 条的检查点，本机只到 {head.size}"
            " 条或者与它不同，"
            f"数据、日志和密钥可能都是旧备份。{RESTORE}"
        )
