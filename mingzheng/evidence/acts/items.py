"""Evidence items: collected, monitored, handed on, sealed; originals released."""

from __future__ import annotations

from typing import Any

from mingzheng.evidence import item_forms as forms
from mingzheng.evidence.acts import opening
from mingzheng.evidence.acts.transfers import claim
from mingzheng.evidence.models import Custody, Item, ItemFile
from mingzheng.jobs.acts import enqueue
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import verb
from mingzheng.records.models import Act, Blob
from mingzheng.records.refusal import refuse


def received(doing: Doing, purpose: str = "证据") -> list[tuple[Blob, str, str]]:
    """The files of the form and the finished uploads that it names."""
    out = [(blob, name, "desk") for blob, name, _ in doing.files]
    for code in doing.form.sent():
        upload = claim(code, doing.by, doing.record)
        assert upload.blob is not None
        out.append((upload.blob, upload.name, str(upload.meta.get("source", "desk"))[:10]))
    doing.files = [(blob, name, purpose) for blob, name, _ in out]
    for blob, _, _ in out:
        enqueue("media.examine", blob.pk, doing.record.agency_id, sha256=blob.pk)
    return out


def _keep(doing: Doing, act: Act, files: list[tuple[Blob, str, str]], **said: Any) -> Item:
    last = (
        Item.objects.filter(record=doing.record)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
        or 0
    )
    made: Item = Item.objects.create(
        record=doing.record,
        agency_id=doing.record.agency_id,
        number=last + 1,
        act=act,
        name=doing.data["name"],
        proves=doing.data["proves"],
        **said,
    )
    for blob, name, source in files:
        ItemFile.objects.create(
            item=made, agency_id=made.agency_id, blob=blob, name=name, source=source
        )
    opening.stored(doing, act, [blob for blob, _, _ in files])
    return made


@verb("evidence.taken:documentary", forms.CollectForm)
def collect(doing: Doing) -> Act:
    """《行政处罚法》第四十六条: evidence of one of the eight kinds, with origin, carrier and what
    it proves.
    """
    people = doing.officers
    files, data = received(doing), doing.data
    act = doing.append()
    carrier = {
        name: data[name] for name in ("carrier", "extracted", "original", "why_not") if data[name]
    }
    _keep(
        doing,
        act,
        files,
        kind=data["kind_of_evidence"],
        origin=data["origin"],
        carrier=carrier,
        keeper=data["keeper"] or people[0]["name"],
        place=data["place"],
    )
    doing.leave(act)
    return act


@verb("evidence.taken:monitoring", forms.MonitoringForm)
def monitor(doing: Doing) -> Act:
    """《行政处罚法》第四十一条: data of a fixed device counts after legal and technical review,
    its place being public.
    """
    people, data = doing.officers, doing.data
    if data["published_on"] > doing.happened_at.date():
        raise refuse(
            "监控设备的设置地点要先向社会公布，公布之前收集的记录不能作为证据。",
            "《行政处罚法》第四十一条第一款",
            field="published_on",
        )
    files = received(doing)
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
    act = doing.append(content=said)
    _keep(
        doing,
        act,
        files,
        kind="电子数据",
        origin=data["site"],
        monitoring=said,
        keeper=people[0]["name"],
    )
    return act


@verb("evidence.moved", forms.CustodyForm)
def hand_on(doing: Doing) -> Act:
    """《行政处罚法》第四十六条第三款: one more link of the chain of custody."""
    item, data = _item(doing), doing.data
    act = doing.append(subject=str(item.pk))
    Custody.objects.create(
        item=item,
        agency_id=item.agency_id,
        giver=data["giver"],
        taker=data["taker"],
        place=data["place"],
        why=data["why"],
        at=doing.happened_at,
        act=act,
    )
    item.keeper, item.place = data["taker"], data["place"]
    item.save(update_fields=["keeper", "place"])
    return act


@verb("evidence.sealed", forms.SealForm)
def seal(doing: Doing) -> Act:
    """《行政处罚法》第四十六条第三款: the item is sealed before witnesses, under a numbered
    strip.
    """
    item, data = _item(doing), doing.data
    act = doing.append(subject=str(item.pk))
    item.sealed_by, item.seal_number, item.place = act, data["seal_number"], data["place"]
    item.save(update_fields=["sealed_by", "seal_number", "place"])
    return act


def _item(doing: Doing) -> Item:
    found: Item = Item.objects.select_for_update().get(
        pk=int(doing.data["item"]), record=doing.record
    )
    return found
