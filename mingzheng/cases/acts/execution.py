"""Payment, the additional fine, the court, the end of execution."""

from __future__ import annotations

from mingzheng.cases import money
from mingzheng.cases.forms.coercion import court_overdue
from mingzheng.cases.forms.execution import AdditionalFineForm, CourtForm, ExecutedForm, PaymentForm
from mingzheng.cases.models import Payment
from mingzheng.procedures.forms import fen
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act
from mingzheng.records.refusal import refuse


def enter_payment(context: StepContext, of: str) -> Act:
    """《政府非税收入管理办法》: money came in, each receipt once."""
    amount, receipt = fen(context.data["amount"]) or 0, context.data["receipt"]
    if money.receipt_used(context.record.agency_id, receipt):
        raise refuse("这个票据号已经登记过一笔缴款，请核对票据。", field="receipt")
    act = context.append(of=of)
    Payment.objects.create(
        record=context.record,
        agency_id=context.record.agency_id,
        amount=amount,
        paid_on=context.happened_at.date(),
        receipt=receipt,
        act=act,
    )
    return act


@verb("payment.received", PaymentForm)
def receive_payment(context: StepContext) -> Act:
    """《行政处罚法》第六十七条至第七十一条: money came in, on which receipt."""
    amount = fen(context.data["amount"]) or 0
    owed, paid = money.penalty(context.record), money.paid(context.record)
    if not owed and not money.asked(context.record, 1):
        raise refuse(
            "现行决定没有应缴的款项：决定被撤销、变更、确认无效或者要重新作出。已经缴的要退还。",
            field="amount",
        )
    if amount == 0 or (owed and paid + amount > 2 * owed):
        raise refuse(
            "缴款金额不对：不能是零，也不能超过罚没款与加处罚款的总和，请核对票据。", field="amount"
        )
    return enter_payment(context, "full" if paid + amount >= owed else "part")


@verb("additional-fine.decided", AdditionalFineForm)
def add_fine(context: StepContext) -> Act:
    """《行政处罚法》第七十二条: more for late payment, never above the fine itself."""
    amount = fen(context.data["amount"]) or 0
    if amount > money.fine(context.record):
        raise refuse(
            "加处罚款的数额不得超出罚款的数额。",
            "《行政处罚法》第七十二条第一款第一项",
            field="amount",
        )
    return context.plainly()


@verb("court.applied", CourtForm)
def apply_to_court(context: StepContext) -> Act:
    """《行政强制法》第五十三条、第五十四条: the court is asked to execute, in time."""
    if late := court_overdue(context.record):
        raise refuse(
            f"申请法院强制执行的期限已于{late.due:%Y年%-m月%-d日}届满，法院不再受理。", late.source
        )
    return context.plainly()


@verb("decision.executed", ExecutedForm)
def execute(context: StepContext) -> Act:
    """《行政处罚法》第六十六条: the decision is carried out."""
    left = money.fine(context.record) - money.paid(context.record)
    if left > 0:
        raise refuse(
            f"罚款还差 {left / 100:,.2f} 元没有登记缴款，不能登记执行完毕。",
            "《行政处罚法》第六十六条、第六十七条",
        )
    return context.plainly()
