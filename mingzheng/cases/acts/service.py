"""Papers reach the counterpart: the address he confirmed, the decision served."""

from __future__ import annotations

from mingzheng.cases.forms.service import AddressForm, ServeForm, SpotServeForm, told
from mingzheng.cases.models import Case, CaseParty
from mingzheng.cases.parties import not_yet
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


@verb("decision.served", ServeForm)
def serve(context: StepContext) -> Act:
    """《行政处罚法》第六十一条: the decision reaches the party; remedies and payment run from this
    day.
    """
    return _serve(context)


@verb("decision.served:on-the-spot", SpotServeForm)
def hand_over(context: StepContext) -> Act:
    """《行政处罚法》第五十二条: the decision is handed over on the spot."""
    return _serve(context)


def _serve(context: StepContext) -> Act:
    how = context.form.act_content(context)
    if how["manner"] == "left":
        context.append(
            kind="service.refused",
            of="witnessed" if how["witness"] else "recorded",
            to_state="",
            content={"reason": how["refusal_reason"], "witness": how["witness"]},
        )
    left = [
        row
        for row in not_yet(context.record, "decision.served")
        if str(row.pk) != str(how.get("to_party"))
    ]
    # The decision counts as served when the last counterpart has it; until then the case stays
    # where it is.
    act = context.append(
        attrs={"handler": context.handlers, **told(context.data)},
        to_state="" if left else None,
    )
    if not left:
        Case.objects.filter(pk=context.record.pk).update(served_on=context.happened_at.date())
    context.leave(act)
    return act


@verb("address.confirmed", AddressForm)
def confirm_address(context: StepContext) -> Act:
    """《行政处罚法》第六十一条第二款: the party signs where papers reach him, electronically
    too.
    """
    act = context.append()
    CaseParty.objects.filter(record=context.record, until=None).update(
        confirmed_address=context.data["confirmed"]
    )
    context.leave(act)
    return act
