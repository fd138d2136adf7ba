"""A list from Excel is taken in whole or not at all; the file is kept with the act."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from mingzheng.agencies.acts import affairs
from mingzheng.agencies.models import Body
from mingzheng.catalogue import importing, rights
from mingzheng.catalogue.acts.bases import KEEPERS
from mingzheng.catalogue.models import Item
from mingzheng.catalogue.pages import KINDS
from mingzheng.catalogue.sheets import Row
from mingzheng.records import acts as record_acts
from mingzheng.records import store
from mingzheng.records.actors import Actor
from mingzheng.records.acts import Entry
from mingzheng.records.models import Act
from mingzheng.records.refusal import Ground, Refused, refuse

SOURCE = "国办发〔2018〕118号 二（二）"
PAGES = {"items": "item-list", "random": "random-list"}


def require(by: Actor, agency: Body, kind: str) -> None:
    """Refused unless this identity keeps the list: the unit that compiles it, in a post that keeps lists."""
    rights.require(by, agency, KINDS[PAGES[kind]])
    if not by.roles & KEEPERS:
        raise refuse("清单由法制审核、公开发布人员或者本机关负责人导入。", SOURCE, title="您不能办理这一步")


def take_in(by: Actor | None, agency: Body, kind: str, stored: store.Stored, name: str) -> Act:
    """国办发〔2018〕118号 二（二）: every row of the file becomes an item or changes one; a single fault, and nothing is taken in."""
    if by is not None:
        require(by, agency, kind)
    with transaction.atomic():
        record = affairs(agency)
        found = importing.look(agency, kind, store.read(stored.sha256))
        if found.faults:
            raise Refused("表里还有错，一行都没有导入", tuple(
                Ground(f"第 {number} 行：{text}" if number else text) for number, text in found.faults[:50]))
        told = [(_item if kind == "items" else _random)(agency, row) for row in found.rows]
        return record_acts.append(record, by, Entry(
            kind="data.imported", of=kind, content={"list": importing.NAMES[kind], "rows": told},
            files=[(store.register(stored), name, "导入的清单")]))


def _item(agency: Body, row: Row) -> dict[str, Any]:
    said = row.values
    held = Item.objects.select_for_update().filter(agency=agency, code=said["code"]).first()
    before = {"name": held.name, "broken": held.broken, "applied": held.applied, "since": held.since, "until": held.until} if held else {}
    made = held or Item(agency=agency, code=said["code"], kind=importing.KINDS[said["kind"]])
    articles = (said["broken"] or "", said["applied"])
    # Where the articles are the same, whatever else was said of them stays.
    if articles != (made.broken, made.applied):
        made.bases = [{"text": text} for text in articles if text]
    made.name, (made.broken, made.applied) = said["name"], articles
    made.since, made.until = said["since"], said["until"]
    details = {**made.details, **{key: said[key] for key in importing.DETAILS if said[key]}}
    if said["ledger"]:
        details["ledger"] = {"code": said["ledger"], "name": said["ledger_name"] or made.name}
    made.details = details
    made.save()
    return {"code": made.code, "name": made.name, "new": held is None, "before": before}


def _random(agency: Body, row: Row) -> dict[str, Any]:
    made = Item.objects.select_for_update().get(agency=agency, code=row.values["code"])
    before = made.details.get("random", {})
    made.details = {**made.details, "random": {key: row.values[key] for key in importing.RANDOMS if row.values[key]}}
    made.save(update_fields=["details"])
    return {"code": made.code, "name": made.name, "new": not before, "before": before}
