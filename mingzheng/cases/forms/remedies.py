"""Forms: reconsideration, litigation, and what they make of the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from mingzheng.procedures import registry
from mingzheng.procedures.forms import ActForm, choice, day, fen, long_text, yuan
from mingzheng.procedures.registry import asks

if TYPE_CHECKING:
    from mingzheng.procedures.step_context import StepContext

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
    received_on = day("收到文书的日期", lies="behind")
    upload = "复议决定书、裁判文书（扫描件）"

    def qualifier(self, usual: str) -> str:
        """How it ended."""
        return str(self.cleaned_data["result"])


class OutcomeForm(ActForm):
    """决定被撤销、变更、确认违法、确认无效、责令重作: by whom, on which paper, why."""

    keeps = ("organ", "number", "received_on", "reason")

    organ = forms.CharField(label="作出机关", max_length=100)
    number = forms.CharField(label="文书号", max_length=60)
    received_on = day("收到文书的日期", lies="behind")
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


class AlteredForm(OutcomeForm):
    """决定被变更: also to which sum, where the decision asks for one."""

    amount = yuan(
        "变更后应缴的数额（元）", required=False, help_text="罚款、征收的数额没有变更的不填"
    )

    def prepare(self) -> None:
        """Nobody pays for a decision that asks for no money."""
        steps = registry.procedure(self.record.procedure).steps
        if not any(step.act == "payment.received" for step in steps):
            del self.fields["amount"]

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """The new sum, where there is one."""
        amount = self.cleaned_data.get("amount")
        said = super().act_content(context)
        return said if amount is None else {**said, "amount": fen(amount)}
