"""Forms: service, payment, execution, outcomes of remedies, closing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from mingzheng.cases.facts.late_payment import accrued
from mingzheng.cases.forms.service import ServedForm
from mingzheng.procedures.forms import ActForm, choice, day, long_text, yuan
from mingzheng.procedures.registry import asks

if TYPE_CHECKING:
    from mingzheng.procedures.doing import Doing

RESULTS = [
    ("upheld", "维持"),
    ("revoked", "撤销"),
    ("altered", "变更"),
    ("unlawful", "确认违法"),
    ("invalid", "确认无效"),
    ("redo", "责令重新作出"),
    ("withdrawn", "申请人撤回"),
    ("rejected", "驳回"),
]


class ServeForm(ServedForm):
    """送达决定书."""

    upload = "送达回证（扫描件）"

    def qualifier(self, usual: str) -> str:
        """The manner of service."""
        return str(self.cleaned_data["manner"])


class SpotServeForm(ActForm):
    """当场交付决定书."""

    receiver = forms.CharField(label="签收人", max_length=60)

    def qualifier(self, usual: str) -> str:
        """Handing over on the spot is direct service."""
        return "direct"

    def act_content(self, doing: Doing) -> dict[str, Any]:
        """Who took it, there and then."""
        return {"manner": "direct", "receiver": self.cleaned_data["receiver"], "place": ""}


@asks("public-notice.given")
class PublicNoticeForm(ActForm):
    """公告."""

    keeps = ("place", "reason", "text")

    place = forms.CharField(label="公告载体", max_length=200)
    reason = long_text("无法以其他方式送达的情形", rows=2)
    text = long_text("公告内容", rows=4)


@asks("decision.filed")
class FilingForm(ActForm):
    """当场处罚备案."""

    keeps = ("to",)

    to = forms.CharField(label="备案机关（科室）", max_length=100)


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
    until = day("最后一笔的期限")
    plan = long_text("每期金额和日期", rows=3, required=False)
    reason = long_text("当事人申请的理由", rows=2)


@asks("execution.urged")
class UrgeForm(ServedForm):
    """催告."""

    keeps = ("until",)
    money = ("amount",)

    amount = yuan("应缴未缴金额（元）")
    until = day("履行期限")


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


@asks("reconsideration.accepted", "litigation.accepted")
class RemedyAcceptedForm(ActForm):
    """复议受理、诉讼立案."""

    keeps: tuple[str, ...] = ("organ", "number")

    organ = forms.CharField(label="受理机关", max_length=100)
    number = forms.CharField(label="案号", max_length=60)


@asks("reconsideration.decided", "litigation.decided")
class RemedyDecidedForm(RemedyAcceptedForm):
    """复议、诉讼结果."""

    keeps = ("organ", "number", "result", "received_on")

    result = choice("结果", RESULTS, radio=False)
    received_on = day("收到文书的日期")
    upload = "复议决定书、裁判文书（扫描件）"

    def qualifier(self, usual: str) -> str:
        """How it ended."""
        return str(self.cleaned_data["result"])


class OutcomeForm(ActForm):
    """决定被撤销、变更、确认违法、确认无效、责令重作: by whom, on which paper, why."""

    keeps = ("organ", "number", "received_on", "reason")

    organ = forms.CharField(label="作出机关", max_length=100)
    number = forms.CharField(label="文书号", max_length=60)
    received_on = day("收到文书的日期")
    reason = long_text("理由", rows=3, help_text="撤下公示时要公开说明理由，请写公众能看懂的话")

    whys = {
        "reason": (
            "公开的处罚决定被依法变更、撤销、确认违法或者无效的，要撤回信息并公开说明理由。",
            "《行政处罚法》第四十八条第二款",
        )
    }

    def facts(self) -> dict[str, object]:
        """Day 0 of the withdrawal where a rule counts from receipt."""
        return {"received_on": self.cleaned_data["received_on"]}


@asks("case.closed")
class CloseForm(ActForm):
    """结案."""

    keeps = ("way", "text")
    closes = True

    way = choice(
        "结案方式",
        [
            ("normal", "正常结案"),
            ("no-penalty", "不予处罚结案"),
            ("revoked", "处罚决定被撤销"),
            ("court", "已申请法院强制执行"),
        ],
        radio=False,
    )
    text = long_text("执行情况和结案意见", rows=3)
