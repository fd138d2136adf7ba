"""From a source to an opened case; who handles it; who must keep away."""

from __future__ import annotations

from typing import Any

from mingzheng.agencies.models import Exclusion
from mingzheng.cases.acts import matters
from mingzheng.cases.acts.handlers import assign
from mingzheng.cases.forms.opening import OpenForm, ReassignForm, RecuseForm, SourceForm
from mingzheng.cases.models import Case
from mingzheng.cases.procedures import SUMMARY
from mingzheng.notices import acts as notice_acts
from mingzheng.notices.models import Task
from mingzheng.procedures import registry
from mingzheng.procedures.presence import ids
from mingzheng.procedures.registry import opening, verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record


@opening(
    "penalty",
    "penalty",
    "登记线索",
    "发现或者收到违法线索，登记后立案或者不予立案",
    SourceForm,
)
def register_source(by: Actor, data: dict[str, Any], form_key: str = "") -> Record:
    """《行政处罚法》第五十四条第一款: register what was found, and under which procedure it goes
    on.
    """
    procedure = registry.procedure(data["procedure"])
    keep = ("source", "cause", "place", "summary", "informant", "procedure")
    return matters.begin(
        by,
        data,
        matters.Beginning(
            procedure,
            "source.registered",
            role="respondent",
            secret=bool(data.get("informant")),
            facts={
                "conduct_on": data["conduct_on"],
                "procedure": "summary" if procedure is SUMMARY else "ordinary",
            },
            content={name: data.get(name, "") for name in keep},
            case={
                "source": data["source"],
                "cause": data["cause"],
                "place": data["place"],
                "conduct_on": data["conduct_on"],
            },
            opened=procedure is SUMMARY,
        ),
        form_key,
    )


@verb("case.opened", OpenForm)
def open_case(context: StepContext) -> Act:
    """《行政处罚法》第五十四条第二款、第四十二条: file the case with two officers, after
    approval.
    """
    people, opened = context.officers, context.happened_at.date()
    act = context.append(facts={"opened_on": opened}, attrs={"handler": ids(people)})
    context.append(
        kind="officer.assigned",
        of="",
        to_state="",
        attrs={"officer": ids(people)},
        content={"officers": people},
    )
    assign(context.record, act, ids(people))
    Case.objects.filter(pk=context.record.pk).update(opened_on=opened)
    context.leave(act)
    return act


@verb("case.reassigned", ReassignForm)
def reassign(context: StepContext) -> Act:
    """《行政处罚法》第四十二条: other officers take over; the old ones' opinions stay in the
    record.
    """
    people = context.officers
    act = context.append(
        content={"officers": people, "before": context.handlers},
        attrs={"officer": ids(people), "handler": ids(people)},
    )
    assign(context.record, act, ids(people))
    for person in ids(people):
        notice_acts.give(
            context.record,
            act,
            f"转来案件：{context.record.title}",
            person_id=person,
            kind=Task.COPY,
        )
    return act


@verb("officer.recused", RecuseForm)
def recuse(context: StepContext) -> Act:
    """《行政处罚法》第四十三条第三款: after the head's decision the officer no longer sees the
    record.
    """
    person = int(context.data["person"])
    act = context.append()
    assign(context.record, act, set(context.handlers) - {person})
    Exclusion.objects.create(
        record=context.record, agency_id=context.record.agency_id, person_id=person, act=act
    )
    return act
