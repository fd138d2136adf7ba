"""Levies, payments, rewards, rulings: begun on application or of the agency's own motion, decided,
carried out.
"""

from __future__ import annotations

from typing import Any

from mingzheng.cases.acts import drafts, matters
from mingzheng.cases.acts.handlers import assign
from mingzheng.cases.documents.other import other_body
from mingzheng.cases.facts.other import promised_on
from mingzheng.cases.forms.licence import given
from mingzheng.cases.forms.other import (
    OtherAcceptForm,
    OtherBegins,
    OtherDecideForm,
    OtherDraftForm,
    OtherMotionForm,
    OtherRefuseForm,
)
from mingzheng.cases.models import Application
from mingzheng.cases.procedures.other import OTHER_APPLIED, OTHER_OWN
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.procedures.presence import ids
from mingzheng.procedures.registry import opening, verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record


def _begin(by: Actor, data: dict[str, Any], form_key: str, own: bool) -> Record:
    item = Item.objects.filter(pk=data["item"], agency=by.agency_id).first()
    sort = str(item.details.get("sort", "other")) if item else ""
    on = clock.local(data["happened_at"]).date() if data.get("happened_at") else clock.today()
    materials = given(item, data.get("materials") or []) if item else []
    complete = not any(row["state"] == "lacking" for row in materials)

    def more(record: Record, act: Act) -> None:
        Application.objects.create(
            record=record,
            agency_id=record.agency_id,
            way="agency" if own else "window",
            received_on=on,
            content=data["content"],
            completed_on=on if complete else None,
            materials=materials,
        )

    return matters.begin(
        by,
        data,
        matters.Beginning(
            OTHER_OWN if own else OTHER_APPLIED,
            "case.opened" if own else "application.received",
            opened=own,
            role="respondent" if own else "applicant",
            facts={
                "other_sort": sort or None,
                "item_public": bool(item and item.details.get("public")),
                "materials_complete": complete,
                **({"promised_on": promised_on(item, on)} if own else {}),
            },
            content={"content": data["content"], "materials": materials},
            case={"sort": sort},
            more=more,
        ),
        form_key,
    )


@opening(
    "other-application",
    "other",
    "收到其他申请",
    "给付、奖励、裁决等依申请办理的事项",
    OtherBegins,
    frozenset({"handler", "window"}),
)
def receive(by: Actor, data: dict[str, Any], form_key: str = "") -> Record:
    """国办发〔2018〕118号 一（三）: an application for an act that the agency's list of items
    names.
    """
    return _begin(by, data, form_key, own=False)


@opening("other-motion", "other", "依职权启动", "征收、奖励等依职权办理的事项", OtherMotionForm)
def start(by: Actor, data: dict[str, Any], form_key: str = "") -> Record:
    """国办发〔2018〕118号 一（三）: an act that the agency begins itself, where its list of items
    says so.
    """
    return _begin(by, data, form_key, own=True)


@verb("application.accepted:other", OtherAcceptForm)
def accept(context: StepContext) -> Act:
    """国办发〔2018〕118号 二（二）: accepted; the time that the item promises runs."""
    people = ids(context.officers)
    act = context.append(attrs={"handler": people})
    assign(context.record, act, people)
    Application.objects.filter(record=context.record).update(accepted_on=context.happened_at.date())
    return act


@verb("draft.made:other", OtherDraftForm)
@verb("draft.amended:other", OtherDraftForm)
def write(context: StepContext) -> Act:
    """国办发〔2018〕118号 三（一）: the proposed decision, as a text; what was reviewed before a
    change no longer counts.
    """
    return drafts.propose(context, other_body)


@verb("decision.made:other", OtherDecideForm)
@verb("decision.made:other-refused", OtherRefuseForm)
def decide(context: StepContext) -> Act:
    """国办发〔2018〕118号 四: decided on the text that was reviewed, or declined, with the reasons
    and the remedies.
    """
    return drafts.decide_and_issue(context)
