"""Evidence items: collected, monitored, handed on, sealed; originals released."""

from __future__ import annotations

from typing import Any

from mingzheng.evidence import item_forms as forms
from mingzheng.evidence.acts import opening
from mingzheng.evidence.acts.transfers import claim
from mingzheng.evidence.models import Custody, Item, ItemFile
from mingzheng.jobs.acts import enqueue
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act, Blob
from mingzheng.records.refusal import refuse


def received(context: StepContext, purpose: str = "证据") -> list[tuple[Blob, str, str]]:
    """The files of the form and the finished uploads that it names."""
    out = [(blob, name, "desk") for blob, name, _ in context.files]
    for code in context.form.sent():
        upload = claim(code, context.by, context.record)
        assert upload.blob is not None
        out.append((upload.blob, upload.name, str(upload.meta.get("source", "desk"))[:10]))
    context.files = [(blob, name, purpose) for blob, name, _ in out]
    for blob, _, _ in out:
        enqueue("media.examine", blob.pk, context.record.agency_id, sha256=blob.pk)
    return out


def _keep(context: StepContext, act: Act, files: list[tuple[Blob, str, str]], **said: Any) -> Item:
    last = (
        Item.objects.filter(record=context.record)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
        or 0
    )
    made: Item = Item.objects.create(
        record=context.record,
        agency_id=context.record.agency_id,
        number=last + 1,
        act=act,
        name=context.data["name"],
        proves=context.data["proves"],
        **said,
    )
    for blob, name, source in files:
        ItemFile.objects.create(
            item=made, agency_id=made.agency_id, blob=blob, name=name, source=source
        )
    opening.stored(context, act, [blob for blob, _, _ in files])
    return made


@verb("evidence.taken:documentary", forms.CollectForm)
def collect(context: StepContext) -> Act:
    """《行政处罚法》第四十六条: evidence of one of the eight kinds, with origin, carrier and what
    it proves.
    """
    people = context.officers
    files, data = received(context), context.data
    act = context.append()
    carrier = {
        name: data[name] for name in ("carrier", "extracted", "original", "why_not") if data[name]
    }
    _keep(
        context,
        act,
        files,
        kind=data["kind_of_evidence"],
        origin=data["origin"],
        carrier=carrier,
        keeper=data["keeper"] or people[0]["name"],
        place=data["place"],
    )
    context.leave(act)
    return act


@verb("evidence.taken:monitoring", forms.MonitoringForm)
def monitor(context: StepContext) -> Act:
    """《行政处罚法》第四十一条: data of a fixed device counts after legal and technical review,
    its place being public.
    """
    people, data = context.officers, context.data
    if data["published_on"] > context.happened_at.date():
        raise refuse(
            "监控设备的设置地点要先向社会公布，公布之前收集的记录不能作为证据。",
            "《行政处罚法》第四十一条第一款",
            field="published_on",
        )
    files = received(context)
    keep = (
        "site",
        "published_on",
        "standard",
        "legal_review",
        "technical_review",
        "checked",
        "told_on",
    )
    said = {
        name: data[name].isoformat() if hasattr(data[name], "isoformat") else data[name]
        for name in keep
    }
    act = context.append(content=said)
    _keep(
        context,
        act,
        files,
        kind="电子数据",
        origin=data["site"],
        monitoring=said,
        keeper=people[0]["name"],
    )
    return act


@verb("evidence.moved", forms.CustodyForm)
def hand_on(context: StepContext) -> Act:
    """《行政处罚法》第四十六条第三款: one more link of the chain of custody."""
    item, data = _item(context), context.data
    act = context.append(subject=str(item.pk))
    Custody.objects.create(
        item=item,
        agency_id=item.agency_id,
        giver=data["giver"],
        taker=data["taker"],
        place=data["place"],
        why=data["why"],
        at=context.happened_at,
        act=act,
    )
    item.keeper, item.place = data["taker"], data["place"]
    item.save(update_fields=["keeper", "place"])
    return act


@verb("evidence.sealed", forms.SealForm)
def seal(context: StepContext) -> Act:
    """《行政处罚法》第四十六条第三款: the item is sealed before witnesses, under a numbered
    strip.
    """
    item, data = _item(context), context.data
    act = context.append(subject=str(item.pk))
    item.sealed_by, item.seal_number, item.place = act, data["seal_number"], data["place"]
    item.save(update_fields=["sealed_by", "seal_number", "place"])
    return act


def _item(context: StepContext) -> Item:
    found: Item = Item.objects.select_for_update().get(
        pk=int(context.data["item"]), record=context.record
    )
    return found
