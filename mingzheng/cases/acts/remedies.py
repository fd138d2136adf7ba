"""What reconsideration, litigation and supervision make of a decision."""

from __future__ import annotations

from mingzheng.cases.acts import certificate
from mingzheng.cases.forms.remedies import AlteredForm, OutcomeForm
from mingzheng.cases.models import Case
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


@verb("decision.revoked", OutcomeForm)
@verb("decision.altered", AlteredForm)
@verb("decision.confirmed-unlawful", OutcomeForm)
@verb("decision.confirmed-invalid", OutcomeForm)
def undo(context: StepContext) -> Act:
    """《行政处罚法》第四十八条第二款: the decision fell or was altered; its publication must go,
    with reasons, and a certificate that rests on it falls with it.
    """
    act = context.append()
    certificate.follow(context.record, act)
    context.leave(act)
    return act


@verb("decision.ordered-redone", OutcomeForm)
def record_redo(context: StepContext) -> Act:
    """《行政复议法》第六十四条: the agency was ordered to decide anew; a closed case opens
    again.
    """
    act = undo(context)
    Case.objects.filter(pk=context.record.pk).update(decided_on=None, served_on=None)
    context.record.closed_on = None
    context.record.save(update_fields=["closed_on"])
    return act
