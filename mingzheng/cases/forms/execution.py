"""Forms: payment, the additional fine, the court, the end of execution."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from mingzheng.cases import money
from mingzheng.cases.facts.late_payment import accrued
from mingzheng.cases.forms.service import ServedForm
from mingzheng.procedures.forms import ActForm, choice, day, fen, long_text, yuan
from mingzheng.procedures.registry import asks


class PaymentForm(ActForm):
    """缴款."""

    keeps = ("receipt", "way")
    money = ("amount",)

    amount = yuan("缴款金额（元）")
    receipt = forms.CharField(label="票据号", max_length=60)
    way = choice(
        "缴款方式", [("bank", "银行"), ("spot", "当场收缴"), ("court", "法院执行")], radio=False
    )


@asks("payment.deferred")
class DeferForm(ActForm):
    """延期、分期缴纳."""

    keeps = ("way", "until", "plan", "reason")

    way = choice("方式", [("defer", "延期缴纳"), ("instalments", "分期缴纳")])
    until = day("最后一笔的期限", lies="ahead")
    plan = long_text("每期金额和日期", rows=3, required=False)
    reason = long_text("当事人申请的理由", rows=2)


@asks("execution.urged")
class UrgeForm(ServedForm):
    """催告."""

    keeps = ("until",)
    money = ("amount",)

    amount = yuan("应缴未缴金额（元）")
    until = day("履行期限", lies="ahead")

    def prepare(self) -> None:
        """Start from what is not paid yet."""
        super().prepare()
        owed = max(money.penalty(self.record) - money.paid(self.record), 0)
        late = accrued(self.record)
        self.most = owed + (late.amount if late else 0)
        if owed:
            self.fields["amount"].initial = Decimal(owed) / 100

    def clean(self) -> dict[str, Any]:
        """Nobody is urged to pay more than he owes, with what accrued since."""
        data = super().clean() or {}
        if self.most and (fen(data.get("amount")) or 0) > self.most:
            self.add_error("amount", f"连同加处的罚款，应缴未缴的不超过 {self.most / 100:,.2f} 元")
        return data


class AdditionalFineForm(ServedForm):
    """加处罚款."""

    money = ("amount",)

    amount = yuan("加处罚款金额（元）", help_text="不得超出罚款的数额")

    def prepare(self) -> None:
        """Start from what has accrued up to today, and say how it was counted."""
        super().prepare()
        self.found = accrued(self.record)
        if self.found is None:
            return
        said = f"截至今天逾期 {self.found.days} 日"
        said += (
            f"（另有 {self.found.stopped} 日在复议、诉讼期间，不计算）"
            if self.found.stopped
            else ""
        )
        said += "，已到上限" if self.found.capped else ""
        self.fields["amount"].initial = Decimal(self.found.amount) / 100
        self.fields["amount"].help_text = f"{said}。不得超出罚款的数额（{self.found.source}）"

    def clean(self) -> dict[str, Any]:
        """Not more than has accrued."""
        data = super().clean() or {}
        if self.found is None and data.get("amount"):
            self.add_error(
                "amount",
                "当事人还没有逾期，或者没有应缴的罚款，不能加处罚款（《行政处罚法》第七十二条）",
            )
        elif self.found and (data.get("amount") or 0) * 100 > self.found.amount:
            self.add_error(
                "amount",
                f"最多可以加处 {Decimal(self.found.amount) / 100:,.2f}"
                f" 元：{self.fields['amount'].help_text}",
            )
        return data


class CourtForm(ActForm):
    """申请法院强制执行."""

    keeps = ("court", "request")

    court = forms.CharField(label="人民法院", max_length=100)
    request = long_text("申请执行的内容", rows=3)


class ExecutedForm(ActForm):
    """执行完毕."""

    keeps = ("text",)

    text = long_text("执行情况", rows=3, help_text="罚款缴清、没收物品处理、证照收缴等")
