"""What the ledger says of acts: sealed or not yet, and proof files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count, OuterRef, Subquery

from mingzheng.core.canonical import canonical
from mingzheng.core.ledger.checkpoint import Checkpoint
from mingzheng.core.ledger.hash_cache import Shelf
from mingzheng.core.ledger.notes import Note, read_line
from mingzheng.core.ledger.opening import SUFFIX, Opening
from mingzheng.core.ledger.suite import leaf
from mingzheng.core.ledger.tiles import Directory, Missing, Tiles
from mingzheng.core.ledger.tree import inclusion, root_of
from mingzheng.records.acts import committed
from mingzheng.records.models import Act, Head, Leaf
from mingzheng.records.seal import keys, policy


class NotProvable(Exception):
    """There is no proof of this act now; the message says why, in Chinese."""


@dataclass(frozen=True)
class Seal:
    """已封存: number of the leaf, and when the first head that covers it was signed."""

    index: int
    signed_at: datetime


def seals(act_ids: Iterable[int]) -> dict[int, Seal | None]:
    """The seal of each act, None while it waits (存证中); one query."""
    wanted = list(act_ids)
    first = (
        Head.objects.filter(size__gt=OuterRef("leaf_index"))
        .order_by("size")
        .values("signed_at")[:1]
    )
    rows = (
        Leaf.objects.filter(entry__in=wanted)
        .annotate(signed_at=Subquery(first))
        .values_list("entry", "leaf_index", "signed_at")
    )
    known = {
        act: Seal(index, signed_at)
        for act, index, signed_at in rows
        if index is not None and signed_at is not None
    }
    return {act: known.get(act) for act in wanted}


def proof(act: Act) -> str:
    """A tlog-proof that opens the act's own leaf (its JSON and salt); NotProvable while it waits
    or after erasure.
    """
    index = Leaf.objects.filter(entry=act.pk).values_list("leaf_index", flat=True).first()
    head = None if index is None else _head_over(index)
    if index is None or head is None:
        raise NotProvable("这条记录正在存证，稍后即可下载证明。")
    if not hasattr(act, "content"):
        raise NotProvable("这条记录的内容已依法销毁，封存记录仍在，但不能再出示原文。")
    path = _path(leaf(bytes(act.commitment)), index, head)
    lines = tuple(
        read_line(line.rstrip("\n"))
        for line in head.cosignatures.order_by("pk").values_list("line", flat=True)
    )
    return str(
        Opening(
            bytes(act.content.salt),
            canonical(committed(act, _content(act))),
            index,
            tuple(path),
            Note.read(head.note).with_lines(lines),
            _keys(),
        )
    )


def _keys() -> dict[str, object]:
    """The keys that a proof names for its reader, who compares them with printed ones."""
    return {
        "vkey": str(keys.verifier() or ""),
        "witnesses": {each.name: str(each.key) for each in policy.read().witnesses},
    }


def _path(leaf_hash: bytes, index: int, head: Head) -> list[bytes]:
    """The audit path, checked: from the shelf where that leads to the signed root, else from the
    tiles.
    """
    folder = Path(settings.LOG)
    try:
        with Shelf(folder, head.size) as shelf:
            path = inclusion(shelf, index, head.size)
        if root_of(leaf_hash, index, head.size, path) != bytes(head.root):
            path = inclusion(Tiles(Directory(folder), head.size), index, head.size)
    except Missing as fault:
        raise NotProvable("存证日志的文件不完整，暂时出不了证明。请联系系统管理员。") from fault
    if root_of(leaf_hash, index, head.size, path) != bytes(head.root):
        raise NotProvable("这条记录与存证日志不一致，出不了证明。请立即联系系统管理员核查。")
    return path


def _content(act: Act) -> dict[str, object]:
    found: dict[str, object] = json.loads(act.content.body)
    return found


def _head_over(index: int) -> Head | None:
    """The first head over a leaf with the quorum of witnesses; until there is one, the newest."""
    over = Head.objects.filter(size__gt=index)
    quorum = policy.read().quorum
    if quorum:
        seen: Head | None = (
            over.annotate(seen=Count("cosignatures"))
            .filter(seen__gte=quorum)
            .order_by("size")
            .first()
        )
        if seen is not None:
            return seen
    newest: Head | None = over.order_by("-size").first()
    return newest


def proof_file_name(act: Act) -> str:
    """Name under which a proof is handed out."""
    return f"{act.pk}{SUFFIX}"


def newest_head() -> Checkpoint | None:
    """The newest signed head; None before the first."""
    found = Head.objects.order_by("-size").first()
    return None if found is None else Checkpoint.read(Note.read(found.note).text)
