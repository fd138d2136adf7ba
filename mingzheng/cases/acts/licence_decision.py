"""Licences: the text of the decision, and the decision."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.acts import drafts
from mingzheng.cases.acts.certificate import reach_grant
from mingzheng.cases.documents.licence_decision import decision_body
from mingzheng.cases.facts import licence_columns
from mingzheng.cases.forms.licence_decision import (
    DeemedForm,
    GrantForm,
    LicenceDecideForm,
    LicenceDraftForm,
)
from mingzheng.cases.models import Application, Case
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act
from mingzheng.records.refusal import Ground, Refused


@verb("draft.made:licence", LicenceDraftForm)
@verb("draft.amended:licence", LicenceDraftForm)
def write(context: StepContext) -> Act:
    """《行政许可法》第三十七条: after the examination the officers propose a decision, as a text;
    what was reviewed before a change no longer counts.
    """
    drafts.begin(context)
    data: dict[str, Any] = context.data
    form: Any = context.form
    Case.objects.filter(pk=context.record.pk).update(
        outcome=data["outcome"], hearing_right=data["hearing_right"], **form.judged()
    )
    granted = data["outcome"] == "granted"
    item = context.record.case.item
    Application.objects.filter(record=context.record).update(
        granted=(
            {
                "content": data["content"],
                "name": str(item.details.get("certificate", "")) if item else "",
                "since": data["since"].isoformat() if data["since"] else "",
                "until": data["until"].isoformat() if data["until"] else "",
            }
            if granted
            else {}
        )
    )
    context.record.refresh_from_db()
    return drafts.keep(context, decision_body(context))


@verb("decision.made:licence-granted", GrantForm)
def grant(context: StepContext) -> Act:
    """《行政许可法》第三十八条第一款、第四十条: granted, with every column that the credit record
    must have.
    """
    act = drafts.decide_and_issue(context)
    asked = Application.objects.get(record=context.record)
    asked.granted = {
        **asked.granted,
        "since": asked.granted.get("since") or context.happened_at.date().isoformat(),
    }
    asked.save(update_fields=["granted"])
    if context.record.case.sort == "cancellation" and asked.about:
        reach_grant(context, asked.about, act, "cancelled")
        return act
    empty = licence_columns.lacking(context.record, context.happened_at.date())
    if empty:
        raise Refused(
            "双公示必填项没有填齐，不能作出决定",
            tuple(
                Ground(f"“{row['name']}”（{row['id']}）还没有内容，请先补齐。", str(row["source"]))
                for row in empty
            ),
        )
    return act


@verb("decision.made:licence-refused", LicenceDecideForm)
def refuse_licence(context: StepContext) -> Act:
    """《行政许可法》第三十八条第二款: refused, with the reasons and the remedies."""
    return drafts.decide_and_issue(context)


@verb("decision.made:licence-deemed", DeemedForm)
def deem_renewed(context: StepContext) -> Act:
    """《行政许可法》第五十条第二款: nothing was decided before the expiry; it counts as renewed."""
    data = context.data
    asked = Application.objects.select_related("about").get(record=context.record)
    on = context.happened_at.date()
    until = data["until"].isoformat() if data["until"] else ""
    Case.objects.filter(pk=context.record.pk).update(outcome="deemed", decided_on=on)
    asked.granted = {
        "content": asked.about.content if asked.about else asked.content,
        "since": on.isoformat(),
        "until": until,
        "name": asked.about.name if asked.about else "",
    }
    asked.save(update_fields=["granted"])
    context.record.refresh_from_db()
    act = context.append(
        facts={"decided_on": on, "licence_outcome": "deemed"},
        content={"until": until},
    )
    context.leave(act)
    return act
