"""From a source to an opened case; who handles it; who must keep away."""

from __future__ import annotations

from typing import Any

from mingzheng.agencies.models import Exclusion
from mingzheng.cases.acts import matters, parts
from mingzheng.cases.forms import opening as forms
from mingzheng.cases.models import Case
from mingzheng.cases.procedures import SUMMARY
from mingzheng.notices import acts as notice_acts
from mingzheng.notices.models import Task
from mingzheng.procedures import registry
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import opening, verb
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record


@opening(
    "penalty",
    "penalty",
    "登记线索",
    "发现或者收到违法线索，登记后立案或者不予立案",
    forms.SourceForm,
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


@verb("case.opened", forms.OpenForm)
def open_case(doing: Doing) -> Act:
    """《行政处罚法》第五十四条第二款、第四十二条: file the case with two officers, after
    approval.
    """
    people = parts.officers(doing, doing.data["officers"])
    opened = doing.happened_at.date()
    act = doing.append(
        content={"officers": people, "reason": doing.data["reason"]},
        facts={"opened_on": opened},
        attrs={"officer": parts.ids(people), "handler": parts.ids(people)},
    )
    doing.append(
        kind="officer.assigned",
        of="",
        to_state="",
        attrs={"officer": parts.ids(people)},
        content={"officers": people},
    )
    parts.assign(doing.record, act, parts.ids(people))
    Case.objects.filter(pk=doing.record.pk).update(opened_on=opened)
    doing.issue(act, "filing-approval", officers=people)
    return act


@verb("case.declined", forms.DeclineForm)
def decline_case(doing: Doing) -> Act:
    """《行政处罚法》第五十四条: no case is filed, with the reason."""
    act = doing.append(content={"reason": doing.data["reason"]})
    doing.issue(act, "declining-approval")
    return act


@verb("case.reassigned", forms.ReassignForm)
def reassign(doing: Doing) -> Act:
    """《行政处罚法》第四十二条: other officers take over; the old ones' opinions stay in the
    record.
    """
    people = parts.officers(doing, doing.data["officers"])
    before = parts.handler_ids(doing.record)
    act = doing.append(
        content={"officers": people, "reason": doing.data["reason"], "before": before},
        attrs={"officer": parts.ids(people), "handler": parts.ids(people)},
    )
    parts.assign(doing.record, act, parts.ids(people))
    for person in parts.ids(people):
        notice_acts.give(
            doing.record, act, f"转来案件：{doing.record.title}", person_id=person, kind=Task.COPY
        )
    return act


@verb("recusal.requested", forms.RecusalForm)
def request_recusal(doing: Doing) -> Act:
    """《行政处罚法》第四十三条第二款: the request is recorded; the investigation goes on
    meanwhile.
    """
    return doing.append(
        subject=doing.data["person"],
        content={
            "person": int(doing.data["person"]),
            "asked_by": doing.data["asked_by"],
            "reason": doing.data["reason"],
        },
    )


@verb("officer.recused", forms.RecusalForm)
def recuse(doing: Doing) -> Act:
    """《行政处罚法》第四十三条第三款: after the head's decision the officer no longer sees the
    record.
    """
    person = int(doing.data["person"])
    act = doing.append(
        subject=str(person), content={"person": person, "reason": doing.data["reason"]}
    )
    parts.assign(doing.record, act, set(parts.handler_ids(doing.record)) - {person})
    Exclusion.objects.create(
        record=doing.record, agency_id=doing.record.agency_id, person_id=person, act=act
    )
    return act
