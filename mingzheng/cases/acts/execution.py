"""Service, payment, execution, remedies, closing."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.acts import parts
from mingzheng.cases.forms import execution as forms
from mingzheng.cases.forms.coercion import court_overdue
from mingzheng.cases.models import Case, Payment
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import verb
from mingzheng.records.models import Act
from mingzheng.records.refusal import refuse


def _kept(doing: Doing, *names: str) -> dict[str, Any]:
    return {name: doing.data.get(name) for name in names}


@verb("public-notice.given", forms.PublicNoticeForm)
def give_public_notice(doing: Doing) -> Act:
    """《民事诉讼法》第九十五条: service by public notice, when nothing else reached the party."""
    act = doing.append(content=_kept(doing, "place", "reason", "text"))
    doing.issue(act, "public-notice")
    return act


@verb("decision.served", forms.ServeForm)
def serve(doing: Doing) -> Act:
    """《行政处罚法》第六十一条: the decision reaches the party; remedies and payment run from this
    day.
    """
    return _serve(doing, parts.service(doing.data))


@verb("decision.served:on-the-spot", forms.SpotServeForm)
def hand_over(doing: Doing) -> Act:
    """《行政处罚法》第五十二条: the decision is handed over on the spot."""
    return _serve(doing, {"manner": "direct", "receiver": doing.data["receiver"], "place": ""})


def _serve(doing: Doing, how: dict[str, Any]) -> Act:
    if how["manner"] == "left":
        doing.append(
            kind="service.refused",
            of="witnessed" if how["witness"] else "recorded",
            to_state="",
            content={"reason": how["refusal_reason"], "witness": how["witness"]},
        )
    left = [
        row
        for row in parts.not_yet(doing.record, "decision.served")
        if str(row.pk) != str(how.get("to_party"))
    ]
    # The decision counts as served when the last counterpart has it; until then the case stays
    # where it is.
    act = doing.append(
        content=how,
        attrs={"handler": parts.handler_ids(doing.record), **parts.told(doing)},
        to_state="" if left else None,
    )
    if not left:
        Case.objects.filter(pk=doing.record.pk).update(served_on=doing.happened_at.date())
    doing.issue(act, "service-receipt")
    return act


@verb("decision.filed", forms.FilingForm)
def file_summary(doing: Doing) -> Act:
    """《行政处罚法》第五十二条第三款: a decision made on the spot is reported to the agency."""
    return doing.append(content=_kept(doing, "to"))


@verb("payment.received", forms.PaymentForm)
def receive_payment(doing: Doing) -> Act:
    """《行政处罚法》第六十七条至第七十一条: money came in, on which receipt."""
    amount = parts.fen(doing.data["amount"]) or 0
    case = Case.objects.get(pk=doing.record.pk)
    owed = (case.fine or 0) + (case.confiscated or 0)
    paid = sum(
        Payment.objects.filter(record=doing.record, act__standing__voided_by=None).values_list(
            "amount", flat=True
        )
    )
    if amount == 0 or (owed and paid + amount > 2 * owed):
        raise refuse(
            "缴款金额不对：不能是零，也不能超过罚没款与加处罚款的总和，请核对票据。", field="amount"
        )
    act = doing.append(
        of="full" if paid + amount >= owed else "part",
        content={"amount": amount, **_kept(doing, "receipt", "way")},
    )
    Payment.objects.create(
        record=doing.record,
        agency_id=doing.record.agency_id,
        amount=amount,
        paid_on=doing.happened_at.date(),
        receipt=doing.data["receipt"],
        act=act,
    )
    return act


@verb("payment.deferred", forms.DeferForm)
def defer_payment(doing: Doing) -> Act:
    """《行政处罚法》第六十六条第二款: later or in instalments, on request and with approval."""
    act = doing.append(content=_kept(doing, "way", "until", "plan", "reason"))
    doing.issue(act, "deferral-approval")
    return act


@verb("execution.urged", forms.UrgeForm)
def urge(doing: Doing) -> Act:
    """《行政强制法》第五十四条: a written reminder before the court is asked."""
    act = doing.append(
        content={
            **_kept(doing, "amount", "until"),
            **parts.service(doing.data),
            "amount": parts.fen(doing.data["amount"]),
        }
    )
    doing.issue(act, "urging-letter")
    return act


@verb("additional-fine.decided", forms.AdditionalFineForm)
def add_fine(doing: Doing) -> Act:
    """《行政处罚法》第七十二条: more for late payment, never above the fine itself."""
    amount = parts.fen(doing.data["amount"]) or 0
    fine = Case.objects.values_list("fine", flat=True).get(pk=doing.record.pk) or 0
    if amount > fine:
        raise refuse(
            "加处罚款的数额不得超出罚款的数额。",
            "《行政处罚法》第七十二条第一款第一项",
            field="amount",
        )
    act = doing.append(content={"amount": amount, **parts.service(doing.data)})
    doing.issue(act, "additional-fine-decision")
    return act


@verb("court.applied", forms.CourtForm)
def apply_to_court(doing: Doing) -> Act:
    """《行政强制法》第五十三条、第五十四条: the court is asked to execute, in time."""
    if late := court_overdue(doing.record):
        raise refuse(
            f"申请法院强制执行的期限已于{late.due:%Y年%-m月%-d日}届满，法院不再受理。", late.source
        )
    act = doing.append(content=_kept(doing, "court", "request"))
    doing.issue(act, "court-application")
    return act


@verb("decision.executed", forms.ExecutedForm)
def execute(doing: Doing) -> Act:
    """《行政处罚法》第六十六条: the decision is carried out."""
    case = Case.objects.get(pk=doing.record.pk)
    paid = sum(
        Payment.objects.filter(record=doing.record, act__standing__voided_by=None).values_list(
            "amount", flat=True
        )
    )
    if case.fine and paid < case.fine:
        left = (case.fine - paid) / 100
        raise refuse(
            f"罚款还差 {left:,.2f} 元没有登记缴款，不能登记执行完毕。",
            "《行政处罚法》第六十六条、第六十七条",
        )
    return doing.append(content=_kept(doing, "text"))


@verb("reconsideration.accepted", forms.RemedyAcceptedForm)
def accept_reconsideration(doing: Doing) -> Act:
    """《行政复议法》第三十条: a reconsideration was accepted; collecting the additional fine stops
    meanwhile.
    """
    return doing.append(content=_kept(doing, "organ", "number"))


@verb("reconsideration.decided", forms.RemedyDecidedForm)
def decide_reconsideration(doing: Doing) -> Act:
    """《行政复议法》第六十二条: how the reconsideration ended."""
    return doing.append(
        of=doing.data["result"], content=_kept(doing, "organ", "number", "result", "received_on")
    )


@verb("litigation.accepted", forms.RemedyAcceptedForm)
def accept_litigation(doing: Doing) -> Act:
    """《行政诉讼法》第五十一条: a court took the case."""
    return doing.append(content=_kept(doing, "organ", "number"))


@verb("litigation.decided", forms.RemedyDecidedForm)
def decide_litigation(doing: Doing) -> Act:
    """《行政诉讼法》第六十九条至第七十七条: how the litigation ended."""
    return doing.append(
        of=doing.data["result"], content=_kept(doing, "organ", "number", "result", "received_on")
    )


@verb("case.closed", forms.CloseForm)
def close(doing: Doing) -> Act:
    """《行政处罚法》第四十七条: the case ends; what remains is its file."""
    act = doing.append(content=_kept(doing, "way", "text"))
    doing.record.closed_on = doing.happened_at.date()
    doing.record.save(update_fields=["closed_on"])
    doing.issue(act, "closing-approval")
    return act
