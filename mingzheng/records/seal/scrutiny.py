"""The ledger against the record: tiles against the checkpoint, leaves against rows, the last head
beside the key.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Subquery

from mingzheng.core import clock
from mingzheng.core.ledger import sm2
from mingzheng.core.ledger.auditing import verify
from mingzheng.core.ledger.checkpoint import cosigners, opened
from mingzheng.core.ledger.notes import NATIONAL, Note, NoteFault, Verifier
from mingzheng.core.ledger.tiles import (
    WIDTH,
    Directory,
    Missing,
    Unreachable,
    read_tile,
    tile_path,
    unbundle,
)
from mingzheng.records.models import (
    Act,
    Cosignature,
    Effect,
    Head,
    Leaf,
    WitnessedLog,
    WitnessState,
)
from mingzheng.records.seal import keys, policy, witness_client
from mingzheng.records.seal.keys import KeyFault

# Two clocks that nobody moves differ by less.
ASTRAY = timedelta(minutes=10)


def ledger_faults() -> Iterator[str]:
    """Every disagreement in Chinese; nothing when all is well, also before the first head."""
    key = keys.verifier()
    newest = Head.objects.order_by("-size").first()
    if newest is None and key is None:
        return
    if key is None:
        yield "存证日志的公钥 log/vkey 不见了，无法核对存证。"
        return
    national = keys.verifier(NATIONAL)
    also = [national] if national else []
    try:
        if also:
            sm2.library()
    except sm2.Lacking as fault:
        also.clear()
        yield f"存证日志：{fault}。"
    try:
        # Whether a head has an SM2 line hung on the setting of its day: like a witness's, it need
        # not be there, but must hold.
        report = verify(Directory(Path(settings.LOG)), key, also)
    except Unreachable as fault:
        yield f"存证日志：{fault}。"
        return
    yield from (f"存证日志：{fault}" for fault in report.faults)
    size = report.head.size if report.head else 0
    yield from _leaves(size)
    yield from _heads(key)
    yield from _signed(key, also)
    yield from _times()
    yield from _unbound()


def _leaves(size: int) -> Iterator[str]:
    """Row by row: what the database calls number n must be entry n of the log."""
    source = Directory(Path(settings.LOG))
    for index in range((size + WIDTH - 1) // WIDTH):
        width = min(WIDTH, size - index * WIDTH)
        low = index * WIDTH
        rows = {
            number: (leaf, bytes(commitment))
            for number, leaf, commitment in Leaf.objects.filter(
                leaf_index__gte=low, leaf_index__lt=low + width
            ).values_list("leaf_index", "entry", "commitment")
        }
        try:
            entries = unbundle(
                read_tile(source, "entries", index, width), tile_path("entries", index, width)
            )
        except (Missing, Unreachable):
            continue  # said already, file by file
        for number, entry in enumerate(entries[:width], low):
            if number not in rows:
                yield f"第 {number} 号存证在数据库里没有对应的记录。"
            elif rows[number][1] != entry:
                yield f"{_named(rows[number][0])} {rows[number][0]} 与第 {number} 号存证不一致。"


def _named(leaf: int) -> str:
    return "改动" if Effect.objects.filter(pk=leaf).exists() else "行为"


def _unbound() -> Iterator[str]:
    """Acts without a leaf or with one of something else; leaves of nothing."""
    own = Leaf.objects.filter(entry=OuterRef("pk"))
    lacking = Act.objects.filter(~Exists(own)).count()
    if lacking:
        yield f"有 {lacking} 条行为没有排入存证。"
    other = Act.objects.annotate(
        bound=Subquery(own.values("commitment")[:1]), at=Subquery(own.values("leaf_index")[:1])
    )
    rows = other.exclude(bound=F("commitment")).filter(Exists(own))
    for act, at in rows.values_list("pk", "at"):
        yield f"行为 {act} 与{'待' if at is None else f'第 {at} 号'}存证不一致。"
    acts, effects = (model.objects.filter(pk=OuterRef("entry")) for model in (Act, Effect))
    for leaf in Leaf.objects.filter(~Exists(acts), ~Exists(effects)).values_list(
        "entry", flat=True
    ):
        yield f"第 {leaf} 号待存证在数据库里没有对应的行为或者改动。"


def _heads(key: Verifier) -> Iterator[str]:
    """Database, published checkpoint and the head beside the key tell of the same size; asked
    while no sealer moves.
    """
    try:
        with keys.alone("ledger"):
            signed = keys.last_signed()
            newest = Head.objects.order_by("-size").values_list("size", flat=True).first() or 0
            published = (
                opened(Directory(Path(settings.LOG)).read("checkpoint"), key)[0].size
                if newest
                else 0
            )
    except KeyFault as fault:
        yield str(fault)
        return
    except (NoteFault, Missing):
        return  # said already: the checkpoint itself is damaged
    sizes = {
        "数据库": newest,
        "检查点 checkpoint": published,
        "密钥旁的最后检查点": signed.size if signed else 0,
    }
    if len(set(sizes.values())) > 1:
        yield (
            "存证到第几条说法不一："
            + "，".join(f"{name} {count} 条" for name, count in sizes.items())
            + "。可能恢复了旧备份。"
        )


def _signed(key: Verifier, also: list[Verifier]) -> Iterator[str]:
    """Every head that the database keeps was signed by this key, by SM2 where it says so, and says
    what its row says.
    """
    for size, root, note in (
        Head.objects.order_by("size").values_list("size", "root", "note").iterator()
    ):
        try:
            head, read = opened(note, key)
            cosigners(read, also)
        except NoteFault as fault:
            yield f"数据库里 {size} 条的检查点：{fault}。"
            continue
        if (head.size, head.root) != (size, bytes(root)):
            yield f"数据库里 {size} 条的检查点与它的签名不一致。"


def _times() -> Iterator[str]:
    """No act after a witnessed head says that it is older than the witness, and none below it that
    it is younger; one pass.
    """
    heads = (
        Cosignature.objects.order_by("head_id", "stamped_at")
        .values_list("head_id", "stamped_at")
        .iterator()
    )
    before, after = None, next(heads, None)
    if after is None:
        return
    recorded_at = Act.objects.filter(pk=OuterRef("entry")).values("recorded_at")[:1]
    leaves = (
        Leaf.objects.exclude(leaf_index=None)
        .annotate(recorded_at=Subquery(recorded_at))
        .exclude(recorded_at=None)
        .order_by("leaf_index")
        .values_list("leaf_index", "entry", "recorded_at")
    )
    for index, act, recorded in leaves.iterator():
        while after is not None and after[0] <= index:
            before, after = after, next(heads, None)
        if before is not None and recorded < before[1] - ASTRAY:
            yield f"行为 {act} 记着比见证方见过的检查点（{before[0]} 条）更早的时间，机器的时钟可能被拨回。"
        if after is not None and recorded > after[1] + ASTRAY:
            yield f"行为 {act} 记着比见证方见过它的时候更晚的时间，机器的时钟可能被拨快。"


def complaints() -> Iterator[str]:
    """What a person must look after: refusal, keys, a head that does not move, witnesses."""
    if trouble := keys.last_trouble():
        yield f"存证已停：{trouble}"
    national = settings.SM and keys.verifier(NATIONAL) is not None
    for name in ("ledger.key", "head", *([keys.SM2_KEY] if national else [])):
        place = Path(settings.KEYS) / name
        if Head.objects.exists() and not place.exists():
            yield f"密钥目录里没有 {name}，请从密钥备份恢复。"
        elif place.exists() and place.stat().st_mode & 0o077:
            yield f"密钥文件 {name} 能被别人读取。请运行：chmod 600 {place}"
    recorded_at = Act.objects.filter(pk=OuterRef("entry")).values("recorded_at")[:1]
    waiting = Leaf.objects.filter(leaf_index=None).annotate(recorded_at=Subquery(recorded_at))
    oldest = (
        waiting.exclude(recorded_at=None)
        .order_by("id")
        .values_list("recorded_at", flat=True)
        .first()
    )
    if oldest and clock.now() - oldest > timedelta(minutes=2):
        yield (
            f"最早一条等待存证的记录已等了 {int((clock.now() - oldest).total_seconds() // 60)}"
            " 分钟，请检查存证进程。"
        )
    try:
        wanted = policy.read()
    except policy.PolicyFault as fault:
        yield f"{fault}。"
        return
    for witness in wanted.witnesses:
        behind, since = witness_client.lag(witness.name)
        said = (
            WitnessState.objects.filter(pk=witness.name).values_list("trouble", flat=True).first()
        )
        if said:
            when = f"，上次见证是 {clock.local(since):%Y-%m-%d %H:%M}" if since else ""
            yield f"见证方“{witness.name}”没有见证：{said}（落后 {behind} 条{when}）。"
    for origin in WitnessedLog.objects.exclude(forked="").values_list("origin", flat=True):
        yield f"日志 {origin} 提交过与此前见证不一致的检查点，它签名的原件已保存，请向对方核实。"


def remarks() -> Iterator[str]:
    """How far the ledger is."""
    newest = Head.objects.order_by("-size").first()
    if newest is not None:
        waiting = Leaf.objects.filter(leaf_index=None).count()
        yield (
            f"存证：共 {newest.size} 条，最近一次签署"
            f" {clock.local(newest.signed_at):%Y-%m-%d %H:%M:%S}，等待 {waiting} 条。"
        )
    national = keys.verifier(NATIONAL)
    signed = bool(
        newest and national and any(line.id == national.id for line in Note.read(newest.note).lines)
    )
    yield (
        f"国密：{'已开启' if settings.SM else '没有开启'}"
        + (f"，SM2 公钥 {national.id.hex()}" if national else "")
        + (f"，最近的检查点{'有' if signed else '没有'} SM2 签名。" if national else "。")
    )
