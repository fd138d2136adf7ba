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
from mingzheng.cases.things import read as read_things
from mingzheng.procedures.forms import lines
from mingzheng.procedures.presence import ids
from mingzheng.procedures.registry import opening, verb
from mingzheng.procedures.step_context import StepContext
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
def open_case(context: StepContext) -> Act:
    """《行政强制法》第十八条第二项: two officers take the matter in hand."""
    people = context.officers
    act = context.append(attrs={"handler": ids(people)})
    assign(context.record, act, ids(people))
    Case.objects.filter(pk=context.record.pk).update(opened_on=context.happened_at.date())
    return act


@verb("property.seized", SeizeForm)
def seize(context: StepContext) -> Act:
    """《行政强制法》第十八条、第二十四条: two officers, party or witness present, decision and
    list handed over on the spot.
    """
    return _seize(context)


@verb("property.seized:urgent", UrgentSeizeForm)
def seize_urgently(context: StepContext) -> Act:
    """《行政强制法》第十九条: in urgency at once; the report within a day and the approval
    follow.
    """
    return _seize(context)


def _seize(context: StepContext) -> Act:
    data = context.data
    _same_as_approved(context)
    act = context.append()
    duty = act.duties_opened.filter(topic="seizure/limit").first()
    made = Seizure.objects.create(
        record=context.record,
        agency_id=context.record.agency_id,
        act=act,
        way=data["way"],
        urgent=context.form.facts()["urgent"],
        place=data["place"],
        until=duty.light_due if duty else None,
    )
    store.take_in(context, act, made, lines(data["things"]), data["kept_at"])
    context.leave(act)
    return act


def _same_as_approved(context: StepContext) -> None:
    if context.form.facts()["urgent"]:
        return
    held = context.record.effective_acts.filter(
        kind="seizure.approved", of=context.data["way"], voided_by=None
    )
    said = "\n".join(
        json.loads(row.act.content.body)["things"] for row in held.select_related("act__content")
    )
    if not said:
        raise refuse("实施的措施与批准的不同，请重新审批。", QZ + "第十八条第一项", field="way")
    names = [each.name for each in read_things(context.data["things"])]
    if more := [name for name in names if name not in said]:
        raise refuse(
            f"清单里的“{more[0]}”不在审批的范围里，请对它另行审批。",
            QZ + "第十八条第一项",
            field="things",
        )


def running(context: StepContext) -> Seizure:
    """The measure that still runs; Refused when there is none."""
    found: Seizure | None = (
        Seizure.objects.filter(record=context.record, ended_by=None).order_by("-pk").first()
    )
    if found is None:
        raise refuse("本案没有正在进行的查封、扣押。", QZ + "第二十五条")
    return found


@verb("limit.extended:seizure/limit", ExtendForm)
def extend(context: StepContext) -> Act:
    """《行政强制法》第二十五条第一款、第二款: extended once, the party told in writing why."""
    measure = running(context)
    context.append(
        kind="party.told-of-extension",
        of="seizure/limit",
        to_state="",
        content={"told_on": context.data["told_on"]},
    )
    act = context.append()
    duty = context.record.duties.filter(topic="seizure/limit", opened_by=measure.act).first()
    measure.until = duty.light_due if duty else None
    measure.save(update_fields=["until"])
    context.leave(act, until=measure.until)
    return act


@verb("seizure.handled", HandleForm)
def handle(context: StepContext) -> Act:
    """《行政强制法》第二十七条: confiscated, destroyed, sold or handed on, before the time is
    over.
    """
    measure, data = running(context), context.data
    things = _picked(context)
    act = context.append(of=data["how"], content={"things": [row.number for row in things]})
    store.give_out(context, act, things, data["how"], data["receiver"], data["note"])
    _end_if_empty(context, measure, act, data["how"])
    context.leave(act, things=things)
    return act


@verb("seizure.lifted", LiftForm)
def lift(context: StepContext) -> Act:
    """《行政强制法》第二十八条: lifted at once where its reason is gone or its time is over, the
    things given back.
    """
    measure, data = running(context), context.data
    things = _picked(context)
    act = context.append(of=data["ground"], content={"things": [row.number for row in things]})
    store.give_out(context, act, things, "returned", data["receiver"], "解除查封扣押")
    _end_if_empty(context, measure, act, "lifted")
    context.leave(act, things=things)
    return act


def _picked(context: StepContext) -> list[Property]:
    rows = list(
        Property.objects.select_for_update()
        .filter(record=context.record, pk__in=[int(pk) for pk in context.data["things"]])
        .order_by("pk")
    )
    away = [row for row in rows if row.state != Property.KEPT]
    if away:
        first = f"{away[0].number} {away[0].name}：{Property.STATES[away[0].state]}。"
        raise Refused("有的财物不在库", (Ground(first, QZ + "第二十六条", field="things"),))
    return rows


def _end_if_empty(context: StepContext, measure: Seizure, act: Act, how: str) -> None:
    if Property.objects.filter(
        record=context.record, state__in=(Property.KEPT, "testing")
    ).exists():
        # One thing gone does not end the time that runs for the others.
        record_duties.reopen(context.record, act)
        record_acts.remember_due(context.record)
        return
    measure.ended_by, measure.ended_how = act, how
    measure.save(update_fields=["ended_by", "ended_how"])
