"""The scrubber: every stored file, every file of the log and every commitment is read again within
ninety days.

It goes a little at a time, from a cursor in the database, so that a restart goes on where it
was. What is damaged is repaired only from a copy (MINGZHENG_COPY=file:…, with `store/` and
`log/` below it) whose bytes match the ledger, and the doctor is told of everything else.
Nothing is ever taken from a copy unchecked, and what was erased is never brought back.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max, Sum

from mingzheng.core import clock
from mingzheng.core.canonical import canonical, commitment
from mingzheng.core.ledger.auditing import verify
from mingzheng.core.ledger.tiles import Directory, Unreachable
from mingzheng.records import erasing, store
from mingzheng.records.acts import committed
from mingzheng.records.models import Act, Blob, Scrub
from mingzheng.records.seal import keys
from mingzheng.records.unit import work

# The budget: everything once in so many days, a piece at a time, twice as fast as needed, within
# these bytes a piece.
DAYS, EVERY = 90, timedelta(minutes=10)
LEAST, MOST = 64 << 20, 4 << 30
CONTENTS = 2000
CHUNK = 1 << 20


@dataclass(frozen=True)
class Found:
    """One damaged thing: what it is in Chinese, and whether it was repaired from the copy."""

    what: str
    repaired: bool


def scrub(budget: int | None = None) -> list[Found]:
    """One piece of so many bytes (its share unless said): files, then contents, then the log; the
    cursor is kept.
    """
    row, _ = Scrub.objects.get_or_create(
        pk=1, defaults={"began_at": clock.now(), "moved_at": clock.now()}
    )
    left = share() if budget is None else budget
    found: list[Found] = []
    while left > 0:
        before = row.stage, row.at
        step = {Scrub.FILES: _files, Scrub.CONTENTS: _contents, Scrub.LOG: _log}[row.stage]
        cost, seen = step(row, left)
        found += seen
        left -= cost
        _keep(row, seen)
        if row.stage == Scrub.FILES and before[0] == Scrub.LOG:
            break  # once round is enough for one piece
    return found


def share() -> int:
    """Bytes a piece so that everything is read once in the budget's days."""
    total = Blob.objects.aggregate(total=Sum("size"))["total"] or 0
    return int(min(MOST, max(LEAST, 2 * total // (timedelta(days=DAYS) // EVERY))))


def _keep(row: Scrub, found: list[Found]) -> None:
    with work():
        row.moved_at = clock.now()
        damaged = [each.what for each in found if not each.repaired]
        row.damaged = list(dict.fromkeys([*row.damaged, *damaged]))[:200]
        row.repaired += sum(each.repaired for each in found)
        row.save()


def _files(row: Scrub, left: int) -> tuple[int, list[Found]]:
    found, cost = [], 0
    gone = erasing.erased_files()
    for sha256, size in (
        Blob.objects.filter(pk__gt=row.at).order_by("pk").values_list("sha256", "size").iterator()
    ):
        row.at, cost = sha256, cost + size
        if not whole(sha256) and not (sha256 in gone and not store.path_of(sha256).exists()):
            found.append(Found(f"文件 {sha256}", sha256 not in gone and repair_file(sha256)))
        elif f"文件 {sha256}" in row.damaged:
            row.damaged.remove(f"文件 {sha256}")
        if cost >= left:
            return cost, found
    row.stage, row.at = Scrub.CONTENTS, ""
    return max(cost, 1), found


def whole(sha256: str, path: Path | None = None) -> bool:
    """Whether the bytes on disk have their hash; read in pieces, so memory stays flat."""
    digest = hashlib.sha256()
    try:
        with (path or store.path_of(sha256)).open("rb") as source:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
    except OSError:
        return False
    return digest.hexdigest() == sha256


def _copy() -> Path | None:
    wanted = str(settings.COPY).removeprefix("file:")
    return Path(wanted) if wanted else None


def repair_file(sha256: str) -> bool:
    """Put the bytes back from the copy, if the copy's have this hash; the damaged ones stay beside
    for whoever looks into it.
    """
    copy = _copy()
    source = copy / "store" / sha256[:2] / sha256[2:4] / sha256 if copy else None
    if source is None or not whole(sha256, source):
        return False
    target = store.path_of(sha256)
    if target.exists():
        os.replace(target, store.root() / f"damaged-{sha256[:16]}-{secrets.token_hex(4)}")
    with source.open("rb") as chunks:
        kept = store.put(iter(lambda: chunks.read(CHUNK), b""), "application/octet-stream")
    return kept.sha256 == sha256 and whole(sha256)


def _contents(row: Scrub, left: int) -> tuple[int, list[Found]]:
    found, cost, seen = [], 0, 0
    rows = (
        Act.objects.select_related("content")
        .filter(pk__gt=int(row.at or 0))
        .order_by("pk")[:CONTENTS]
    )
    for act in rows:
        row.at, seen = str(act.pk), seen + 1
        if not hasattr(act, "content"):
            continue
        cost += len(act.content.body)
        text = canonical(committed(act, json.loads(act.content.body)))
        if commitment(bytes(act.content.salt), text) != bytes(act.commitment):
            found.append(Found(f"行为 {act.pk} 的内容", False))
    if seen < CONTENTS:
        row.stage, row.at = Scrub.LOG, ""
    return max(cost, 1), found


def _log(row: Scrub, left: int) -> tuple[int, list[Found]]:
    """The whole log at once: it is small beside the files, and a hash means something only up to
    the signed root.
    """
    key, folder = keys.verifier(), Path(settings.LOG)
    faults = _log_faults(folder) if key else []
    found = [Found(f"存证日志：{fault}", False) for fault in faults]
    if faults and _repair_log(folder) and not _log_faults(folder):
        found = [Found(each.what, True) for each in found]
    row.stage, row.at, row.rounds, row.done_at = Scrub.FILES, "", row.rounds + 1, clock.now()
    if not faults:
        row.damaged = [each for each in row.damaged if not each.startswith("存证日志")]
    return (
        sum(path.stat().st_size for path in (folder / "tile").rglob("*") if path.is_file()) or 1,
        found,
    )


def _log_faults(folder: Path) -> list[str]:
    key = keys.verifier()
    try:
        return verify(Directory(folder), key).faults if key else []
    except Unreachable as fault:
        return [str(fault)]


def _repair_log(folder: Path) -> bool:
    """Tiles and bundles that the copy has otherwise, taken over only where the copy's log holds up
    to a root our key signed.
    """
    copy = _copy()
    if copy is None or _log_faults(copy / "log"):
        return False
    for source in sorted((copy / "log" / "tile").rglob("*")):
        target = folder / source.relative_to(copy / "log")
        if (
            source.is_file()
            and target.parent.is_dir()
            and (not target.exists() or target.read_bytes() != source.read_bytes())
        ):
            fresh = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
            fresh.write_bytes(source.read_bytes())
            os.replace(fresh, target)
    return True


def complaints() -> Iterator[str]:
    """What the doctor says: damage that no copy could repair, and a round that takes longer than
    the budget.
    """
    row = Scrub.objects.filter(pk=1).first()
    if row is None:
        return
    for what in row.damaged[:10]:
        yield f"{what} 已经损坏，副本里也没有完好的。请从备份找回，并查清原因。"
    if len(row.damaged) > 10:
        yield f"另有 {len(row.damaged) - 10} 处损坏。"
    if clock.now() - (row.done_at or row.began_at) > timedelta(days=DAYS):
        yield f"存储已有 {DAYS} 天没有完整重读一遍，请检查后台进程。"


def remarks() -> Iterator[str]:
    """How far the round is."""
    row = Scrub.objects.filter(pk=1).first()
    if row is not None:
        files = Blob.objects.aggregate(all=Count("pk"), last=Max("pk"))["all"]
        read = Blob.objects.filter(pk__lte=row.at).count() if row.stage == Scrub.FILES else files
        done = f"，上一遍 {clock.local(row.done_at):%Y-%m-%d} 读完" if row.done_at else ""
        yield f"重读：第 {row.rounds + 1} 遍，文件 {read}/{files}，修复过 {row.repaired} 处{done}。"
