"""The whole record against itself: replay, commitments, standings, files."""

from __future__ import annotations

import json
from collections.abc import Iterator

from mingzheng.core.canonical import canonical, commitment
from mingzheng.records import duties, effects, erasing, store
from mingzheng.records.acts import committed
from mingzheng.records.models import Act, ActContent, Duty, EffectiveAct, Record
from mingzheng.records.unit import work


def verify_all() -> Iterator[str]:
    """Every disagreement in Chinese; nothing when all is well."""
    yield from map(str, effects.faults())
    yield from disagreements()


def disagreements() -> Iterator[str]:
    """What does not fit together, whether or not it was the platform that wrote it: replay,
    commitments, standings, files.
    """
    for record in Record.objects.order_by("pk").iterator():
        if list(_replay(record)):
            yield from _again(record.pk)
    yield from _contents()
    yield from _standings()
    gone = erasing.erased_files()
    for sha256 in store.damaged(_national()):
        if sha256 in gone and not store.path_of(sha256).exists():
            continue
        yield f"文件 {sha256} 缺失或者与登记的指纹不一致。"


def _again(pk: int) -> list[str]:
    """What still disagrees when nobody writes meanwhile: on a running installation a row may have
    been read before its act.
    """
    with work():
        return list(_replay(Record.objects.select_for_update().get(pk=pk)))


def _replay(record: Record) -> Iterator[str]:
    acts = list(
        Act.objects.filter(record=record).order_by("pk").values_list("pk", "from_state", "to_state")
    )
    if not acts:
        yield f"案件 {record.pk} 没有任何行为记录。"
        return
    state = acts[0][2]
    for pk, before, after in acts[1:]:
        if before != state:
            yield f"案件 {record.pk} 的行为 {pk} 从“{before}”开始，但此前的记录停在“{state}”。"
        state = after or state
    if state != record.state:
        yield f"案件 {record.pk} 的状态是“{record.state}”，按记录重放应为“{state}”。"
    if record.head != acts[-1][0]:
        yield f"案件 {record.pk} 的最后一条记录与实际不符。"
    if duties.nearest(record) != (record.due, record.due_unit, record.paused):
        yield f"案件 {record.pk} 的最近期限与期限表不符。"


def _contents() -> Iterator[str]:
    erased = set(Act.objects.filter(kind="erasure.executed").values_list("subject", flat=True))
    for act in Act.objects.select_related("content").order_by("pk").iterator():
        if not hasattr(act, "content"):
            if str(act.pk) not in erased:
                yield f"行为 {act.pk} 的内容不见了，也没有依法销毁的记录。"
            continue
        text = canonical(committed(act, json.loads(act.content.body)))
        if commitment(bytes(act.content.salt), text) != bytes(act.commitment):
            yield f"行为 {act.pk} 的内容与登记的指纹不一致。"
        if act.content.body != canonical(json.loads(act.content.body)):
            yield f"行为 {act.pk} 的内容不是规范写法。"


def _national() -> dict[str, set[str]]:
    """The SM3 digests that acts name beside SHA-256, by the latter."""
    found: dict[str, set[str]] = {}
    for body in (
        ActContent.objects.filter(body__contains='"sm3"').values_list("body", flat=True).iterator()
    ):
        content = json.loads(body)
        for each in (content, *content.get("files", ())):
            if "sm3" in each and "sha256" in each:
                found.setdefault(each["sha256"], set()).add(each["sm3"])
    return found


def _standings() -> Iterator[str]:
    lacking = Act.objects.filter(effective=None).count()
    if lacking:
        yield f"有 {lacking} 条行为没有登记效力。"
    for row in EffectiveAct.objects.select_related("act").exclude(voided_by=None).iterator():
        if row.voided_by_id <= row.act_id:
            yield f"行为 {row.act_id} 被更早的行为 {row.voided_by_id} 作废，次序不对。"
    for row in EffectiveAct.objects.select_related("act").iterator():
        if (row.kind, row.of, row.subject, row.record_id) != (
            row.act.kind,
            row.act.of,
            row.act.subject,
            row.act.record_id,
        ):
            yield f"行为 {row.act_id} 的效力登记与行为不符。"
    orphan = Duty.objects.filter(state=Duty.DONE, closed_by=None).count()
    if orphan:
        yield f"有 {orphan} 项期限标为已办，却没有对应的行为。"
