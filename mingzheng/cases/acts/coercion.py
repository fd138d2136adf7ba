"""Coercion: approved or urgent, carried out with a list in two copies, extended once, handled or
lifted, executed.
"""

from __future__ import annotations

import json
from typing import Any

from mingzheng.cases.acts import matters, store
from mingzheng.cases.acts.handlers import assign
from mingzheng.cases.forms.coercion import (
    CoercionForm,
    ExtendForm,
    HandleForm,
    LiftForm,
    OpenForm,
    SeizeForm,
    UrgentSeizeForm,
)
from mingzheng.cases.models import Case, Property, Seizure
from mingzheng.cases.procedures.coercion import COERCION
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.forms import lines
from mingzheng.procedures.presence import ids
from mingzheng.procedures.registry import opening, verb
from mingzheng.records import acts as record_acts
from mingzheng.records import duties as record_duties
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import Ground, Refused, refuse

QZ = "《行政强制法》"


@opening(
    "coercion",
    "coercion",
    "登记行政强制",
    "查封、扣押等强制措施：先审批，情况紧急的当场实施、事后补报",
    CoercionForm,
)
def register(by: Actor, data: dict[str, Any], form_key: str = "") -> Record:
    """《行政强制法》第十八条: a matter of coercion of its own; inside a penalty case the same
    steps stand in its table.
    """
    return matters.begin(
        by,
        data,
        matters.Beginning(
            COERCION,
            "source.registered",
            of="coercion",
            content={name: data[name] for name in ("cause", "place", "summary")},
            case={"source": "other", "cause": data["cause"], "place": data["place"]},
        ),
        form_key,
    )


@verb("case.opened:coercion", OpenForm)
def open_case(doing: Doing) -> Act:
    """《行政强制法》第十八条第二项: two officers take the matter in hand."""
    people = doing.officers
    act = doing.append(attrs={"handler": ids(people)})
    assign(doing.record, act, ids(people))
    Case.objects.filter(pk=doing.record.pk).update(opened_on=doing.happened_at.date())
    return act


@verb("property.seized", SeizeForm)
def seize(doing: Doing) -> Act:
    """《行政强制法》第十八条、第二十四条: two officers, party or witness present, decision and
    list handed over on the spot.
    """
    return _seize(doing)


@verb("property.seized:urgent", UrgentSeizeForm)
def seize_urgently(doing: Doing) -> Act:
    """《行政强制法》第十九条: in urgency at once; the report within a day and the approval
    follow.
    """
    return _seize(doing)


def _seize(doing: Doing) -> Act:
    data = doing.data
    _same_as_approved(doing)
    act = doing.append()
    duty = act.duties_opened.filter(topic="seizure/limit").first()
    made = Seizure.objects.create(
        record=doing.record,
        agency_id=doing.record.agency_id,
        act=act,
        way=data["way"],
        urgent=doing.form.facts()["urgent"],
        place=data["place"],
        until=duty.light_due if duty else None,
    )
    store.take_in(doing, act, made, lines(data["things"]), data["kept_at"])
    doing.leave(act)
    return act


def _same_as_approved(doing: Doing) -> None:
    if doing.form.facts()["urgent"]:
        return
    held = doing.record.standings.filter(
        kind="seizure.approved", of=doing.data["way"], voided_by=None
    )
    said = "\n".join(
        json.loads(row.act.content.body)["things"] for row in held.select_related("act__content")
    )
    if not said:
        raise refuse("实施的措施与批准的不同，请重新审批。", QZ + "第十八条第一项", field="way")
    names = [line.replace(",", "，").split("，")[0].strip() for line in lines(doing.data["things"])]
    if more := [name for name in names if name not in said]:
        raise refuse(
            f"清单里的“{more[0]}”不在审批的范围里，请对它另行审批。",
            QZ + "第十八条第一项",
            field="things",
        )


def running(doing: Doing) -> Seizure:
    """The measure that still runs; Refused when there is none."""
    found: Seizure | None = (
        Seizure.objects.filter(record=doing.record, ended_by=None).order_by("-pk").first()
    )
    if found is None:
        raise refuse("本案没有正在进行的查封、扣押。", QZ + "第二十五条")
    return found


@verb("limit.extended:seizure/limit", ExtendForm)
def extend(doing: Doing) -> Act:
    """《行政强制法》第二十五条第一款、第二款: extended once, the party told in writing why."""
    measure = running(doing)
    doing.append(
        kind="party.told-of-extension",
        of="seizure/limit",
        to_state="",
        content={"told_on": doing.data["told_on"]},
    )
    act = doing.append()
    duty = doing.record.duties.filter(topic="seizure/limit", opened_by=measure.act).first()
    measure.until = duty.light_due if duty else None
    measure.save(update_fields=["until"])
    doing.leave(act, until=measure.until)
    return act


@verb("seizure.handled", HandleForm)
def handle(doing: Doing) -> Act:
    """《行政强制法》第二十七条: confiscated, destroyed, sold or handed on, before the time is
    over.
    """
    measure, data = running(doing), doing.data
    things = _picked(doing)
    act = doing.append(of=data["how"], content={"things": [row.number for row in things]})
    store.give_out(doing, act, things, data["how"], data["receiver"], data["note"])
    _end_if_empty(doing, measure, act, data["how"])
    doing.leave(act, things=things)
    return act


@verb("seizure.lifted", LiftForm)
def lift(doing: Doing) -> Act:
    """《行政强制法》第二十八条: lifted at once where its reason is gone or its time is over, the
    things given back.
    """
    measure, data = running(doing), doing.data
    things = _picked(doing)
    act = doing.append(of=data["ground"], content={"things": [row.number for row in things]})
    store.give_out(doing, act, things, "returned", data["receiver"], "解除查封扣押")
    _end_if_empty(doing, measure, act, "lifted")
    doing.leave(act, things=things)
    return act


def _picked(doing: Doing) -> list[Property]:
    rows = list(
        Property.objects.select_for_update()
        .filter(record=doing.record, pk__in=[int(pk) for pk in doing.data["things"]])
        .order_by("pk")
    )
    away = [row for row in rows if row.state != Property.KEPT]
    if away:
        first = f"{away[0].number} {away[0].name}：{Property.STATES[away[0].state]}。"
        raise Refused("有的财物不在库", (Ground(first, QZ + "第二十六条", field="things"),))
    return rows


def _end_if_empty(doing: Doing, measure: Seizure, act: Act, how: str) -> None:
    if Property.objects.filter(record=doing.record, state__in=(Property.KEPT, "testing")).exists():
        # One thing gone does not end the time that runs for the others.
        record_duties.reopen(doing.record, act)
        record_acts.remember_due(doing.record)
        return
    measure.ended_by, measure.ended_how = act, how
    measure.save(update_fields=["ended_by", "ended_how"])
