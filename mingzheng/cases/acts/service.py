"""Papers reach the counterpart: the address he confirmed, the decision served."""

from __future__ import annotations

from mingzheng.cases.forms.service import AddressForm, ServeForm, SpotServeForm, told
from mingzheng.cases.models import Case, CaseParty
from mingzheng.cases.parties import not_yet
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import verb
from mingzheng.records.models import Act


@verb("decision.served", ServeForm)
def serve(doing: Doing) -> Act:
    """《行政处罚法》第六十一条: the decision reaches the party; remedies and payment run from this
    day.
    """
    return _serve(doing)


@verb("decision.served:on-the-spot", SpotServeForm)
def hand_over(doing: Doing) -> Act:
    """《行政处罚法》第五十二条: the decision is handed over on the spot."""
    return _serve(doing)


def _serve(doing: Doing) -> Act:
    how = doing.form.act_content(doing)
    if how["manner"] == "left":
        doing.append(
            kind="service.refused",
            of="witnessed" if how["witness"] else "recorded",
            to_state="",
            content={"reason": how["refusal_reason"], "witness": how["witness"]},
        )
    left = [
        row
        for row in not_yet(doing.record, "decision.served")
        if str(row.pk) != str(how.get("to_party"))
    ]
    # The decision counts as served when the last counterpart has it; until then the case stays
    # where it is.
    act = doing.append(
        attrs={"handler": doing.handlers, **told(doing.data)},
        to_state="" if left else None,
    )
    if not left:
        Case.objects.filter(pk=doing.record.pk).update(served_on=doing.happened_at.date())
    doing.leave(act)
    return act


@verb("address.confirmed", AddressForm)
def confirm_address(doing: Doing) -> Act:
    """《行政处罚法》第六十一条第二款: the party signs where papers reach him, electronically
    too.
    """
    act = doing.append()
    CaseParty.objects.filter(record=doing.record, until=None).update(
        confirmed_address=doing.data["confirmed"]
    )
    doing.leave(act)
    return act
