"""A list from Excel is taken in whole or not at all; the file is kept with the act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError

from mingzheng.agencies import acts as agency_acts
from mingzheng.agencies.acts import affairs
from mingzheng.agencies.models import Agency, Certificate, Unit
from mingzheng.catalogue import categories, discretion, importing, people, rights, sheets
from mingzheng.catalogue.acts import bases as basis_acts
from mingzheng.catalogue.acts.bases import KEEPERS
from mingzheng.catalogue.models import Item
from mingzheng.catalogue.pages import PAGE_KINDS
from mingzheng.catalogue.workbooks import Row
from mingzheng.core import clock
from mingzheng.core.regimes import vocabulary
from mingzheng.records import acts as record_acts
from mingzheng.records import store
from mingzheng.records.actors import Actor
from mingzheng.records.acts import Entry
from mingzheng.records.models import Act
from mingzheng.records.refusal import Ground, Refused, refuse
from mingzheng.records.unit import work

SOURCE = "国办发〔2018〕118号 二（二）"
# Whom a list of officers makes: somebody who may be named as present with his certificate. Accounts
# are opened by the administrators.
OFFICER = ["handler"]
Told = list[dict[str, Any]]


def require(by: Actor, agency: Agency, kind: str) -> None:
    """Refused unless this identity keeps the list: the unit that compiles it, in a post that keeps
    lists.
    """
    rights.require(by, agency, PAGE_KINDS[importing.SHEETS[kind].page])
    if not by.roles & KEEPERS:
        raise refuse(
            "清单由法制审核、公开发布人员或者本机关负责人导入。", SOURCE, title="您不能办理这一步"
        )


def may(by: Actor, agency: Agency, kind: str) -> bool:
    """Whether this identity keeps the list; asked before a link or a form is offered."""
    if not by.roles & KEEPERS:
        return False
    try:
        require(by, agency, kind)
    except Refused:
        return False
    return True


def take_in(by: Actor | None, agency: Agency, kind: str, stored: store.Stored, name: str) -> Act:
    """国办发〔2018〕118号 二（二）: every row of the file that says something new is taken in; a
    single fault, and nothing is.
    """
    if by is not None:
        require(by, agency, kind)
    try:
        with work():
            return _taken(by, agency, kind, stored, name)
    except IntegrityError as error:
        # Numbers of certificates are the same for every agency of the installation.
        raise refuse(
            "核对以后，别处登记了同样的编号，一行都没有导入。请重新上传核对。", SOURCE
        ) from error


def _taken(by: Actor | None, agency: Agency, kind: str, stored: store.Stored, name: str) -> Act:
    record, found = affairs(agency), importing.look(agency, kind, store.read(stored.sha256))
    if found.faults:
        raise Refused("表里还有错，一行都没有导入", tuple(map(Ground, found.said())))
    told = _TAKING[kind](
        by,
        agency,
        [row for row in found.rows if found.states[row.number] != sheets.SAME],
        found.rows,
    )
    return record_acts.append(
        record,
        by,
        Entry(
            kind="data.imported",
            of=kind,
            content={"list": importing.SHEET_NAMES[kind], "rows": told},
            files=[(store.register(stored), name, "导入的清单")],
        ),
    )


def _items(by: Actor | None, agency: Agency, rows: list[Row], every: list[Row]) -> Told:
    return [_item(agency, row) for row in rows]


def _item(agency: Agency, row: Row) -> dict[str, Any]:
    said = row.values
    held = Item.objects.select_for_update().filter(agency=agency, code=said["code"]).first()
    before = (
        {
            "name": held.name,
            "broken": held.broken,
            "applied": held.applied,
            "since": held.since,
            "until": held.until,
        }
        if held
        else {}
    )
    kind, sort = categories.meant(said["kind"]) or ("", "")
    made = held or Item(agency=agency, code=said["code"], kind=kind)
    articles = (said["broken"] or "", said["applied"])
    # Where the articles are the same, whatever else was said of them stays.
    if articles != (made.broken, made.applied):
        made.bases = [{"text": text} for text in articles if text]
    made.name, (made.broken, made.applied) = said["name"], articles
    made.since, made.until = said["since"], said["until"]
    details = {**made.details, **{key: said[key] for key in importing.DETAILS if said[key]}}
    if sort:
        details["sort"] = sort
    if said["ledger"]:
        details["ledger"] = {"code": said["ledger"], "name": said["ledger_name"] or made.name}
    made.details = details
    made.save()
    return {"code": made.code, "name": made.name, "new": held is None, "before": before}


def _randoms(by: Actor | None, agency: Agency, rows: list[Row], every: list[Row]) -> Told:
    return [_random(agency, row) for row in rows]


def _random(agency: Agency, row: Row) -> dict[str, Any]:
    made = Item.objects.select_for_update().get(agency=agency, code=row.values["code"])
    before = made.details.get("random", {})
    made.details = {
        **made.details,
        "random": {key: row.values[key] for key in importing.RANDOMS if row.values[key]},
    }
    made.save(update_fields=["details"])
    return {"code": made.code, "name": made.name, "new": not before, "before": before}


def _benchmark(by: Actor | None, agency: Agency, rows: list[Row], every: list[Row]) -> Told:
    """An item gets the steps of the sheet and no others; an item that the sheet does not name
    keeps its own.
    """
    told = []
    for code, steps in discretion.by_item(every).items():
        item = Item.objects.select_for_update().get(agency=agency, code=code)
        before = item.discretion
        if before != steps:
            item.discretion = steps
            item.save(update_fields=["discretion"])
            told.append({"code": code, "name": item.name, "steps": steps, "before": before})
    return told


def _officers(by: Actor | None, agency: Agency, rows: list[Row], every: list[Row]) -> Told:
    seats = people.seats(agency)
    return [_officer(agency, row, seats) for row in rows]


def _officer(agency: Agency, row: Row, seats: people.Seats) -> dict[str, Any]:
    """A person with post and certificate, as far as the register has not got them; never an
    account.
    """
    said, today = row.values, clock.today()
    held = (
        Certificate.objects.select_for_update()
        .filter(agency=agency, number=said["certificate"])
        .first()
    )
    there = seats.of(held.person_id) if held else seats.at(said)
    person = (
        held.person if held else there.person if there else agency_acts.add_person(said["name"])
    )
    if there is None:
        agency_acts.appoint(
            person,
            Unit.objects.get(agency=agency, name=said["unit"]),
            said["title"],
            OFFICER,
            today,
        )
    scope, before = people.scope_of(said["scope"])[0], {}
    if held is None:
        agency_acts.certify(
            person, agency, said["certificate"], scope, said["since"], said["until"]
        )
    else:
        before = {"scope": held.scope, "since": held.since, "until": held.until}
        agency_acts.renew(held, scope, said["since"], said["until"])
    return {
        "certificate": said["certificate"],
        "name": person.name,
        "unit": said["unit"],
        "title": said["title"],
        "appointed": there is None,
        "new": held is None,
        "before": before,
    }


def _bases(by: Actor | None, agency: Agency, rows: list[Row], every: list[Row]) -> Told:
    ranks = {name: code for code, name in vocabulary().ranks.items()}
    for row in rows:
        said = row.values
        basis_acts.enter(
            by,
            agency,
            said["name"],
            ranks[said["rank"]],
            said["effective_on"],
            said["number"] or "",
            said["url"] or "",
        )
    return [{"name": row.values["name"], "new": True} for row in rows]


_TAKING: dict[str, Callable[[Actor | None, Agency, list[Row], list[Row]], Told]] = {
    "items": _items,
    "random": _randoms,
    "benchmark": _benchmark,
    "officers": _officers,
    "bases": _bases,
}
