"""Payment, the additional fine, the court, the end of execution."""

from __future__ import annotations

from mingzheng.cases.forms.coercion import court_overdue
from mingzheng.cases.forms.execution import AdditionalFineForm, CourtForm, ExecutedForm, PaymentForm
from mingzheng.cases.models import Case, Payment
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.forms import fen
from mingzheng.procedures.registry import verb
from mingzheng.records.models import Act
from mingzheng.records.refusal import refuse


@verb("payment.received", PaymentForm)
def receive_payment(doing: Doing) -> Act:
    """《行政处罚法》第六十七条至第七十一条: money came in, on which receipt."""
    amount = fen(doing.data["amount"]) or 0
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
    act = doing.append(of="full" if paid + amount >= owed else "part")
    Payment.objects.create(
        record=doing.record,
        agency_id=doing.record.agency_id,
        amount=amount,
        paid_on=doing.happened_at.date(),
        receipt=doing.data["receipt"],
        act=act,
    )
    return act


@verb("additional-fine.decided", AdditionalFineForm)
def add_fine(doing: Doing) -> Act:
    """《行政处罚法》第七十二条: more for late payment, never above the fine itself."""
    amount = fen(doing.data["amount"]) or 0
    fine = Case.objects.values_list("fine", flat=True).get(pk=doing.record.pk) or 0
    if amount > fine:
        raise refuse(
            "加处罚款的数额不得超出罚款的数额。",
            "《行政处罚法》第七十二条第一款第一项",
            field="amount",
        )
    return doing.plainly()


@verb("court.applied", CourtForm)
def apply_to_court(doing: Doing) -> Act:
    """《行政强制法》第五十三条、第五十四条: the court is asked to execute, in time."""
    if late := court_overdue(doing.record):
        raise refuse(
            f"申请法院强制执行的期限已于{late.due:%Y年%-m月%-d日}届满，法院不再受理。", late.source
        )
    return doing.plainly()


@verb("decision.executed", ExecutedForm)
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
    return doing.plainly()
