"""Testing, pauses, colleagues who are asked, the end of the investigation."""

from __future__ import annotations

from mingzheng.cases.forms.investigation import (
    CommissionForm,
    CountersignForm,
    EndForm,
    SuspendForm,
)
from mingzheng.cases.models import JUDGED, Case
from mingzheng.notices import acts as notice_acts
from mingzheng.notices.models import Task
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


@verb("testing.commissioned", CommissionForm)
def commission_test(context: StepContext) -> Act:
    """《行政强制法》第二十五条第三款: testing begins; the party was told in writing that its time
    does not count.
    """
    told = context.append(
        kind="party.told-of-suspension", of="testing", content={"told_on": context.data["told_on"]}
    )
    act = context.append(content={"told_by": told.pk})
    context.leave(act)
    return act


@verb("period.suspended", SuspendForm)
def suspend(context: StepContext) -> Act:
    """《行政处罚法》第六十条: handling pauses with the party's knowledge."""
    context.append(
        kind="party.told-of-suspension",
        of="period",
        to_state="",
        content={"told_on": context.data["told_on"]},
    )
    return context.plainly()


@verb("case.countersigned", CountersignForm)
def ask_countersign(context: StepContext) -> Act:
    """《行政处罚法》第五十七条: a colleague of another section is asked for his opinion."""
    person = int(context.data["person"])
    act = context.append(subject=str(person), content={"person": person})
    notice_acts.give(
        context.record,
        act,
        f"会签：{context.data['question'][:80]}",
        person_id=person,
        kind=Task.ASK,
    )
    return act


@verb("investigation.ended", EndForm)
def end_investigation(context: StepContext) -> Act:
    """《行政处罚法》第五十七条第一款: the facts are established; what the review depends on is
    judged.
    """
    data = context.data
    act = context.append()
    Case.objects.filter(pk=context.record.pk).update(**{name: data[name] for name in JUDGED})
    context.record.refresh_from_db()
    context.leave(act)
    return act
