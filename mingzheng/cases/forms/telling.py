"""Forms: what the counterpart is told before a decision, and what he says to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from mingzheng.cases.forms.service import ServedForm, told
from mingzheng.procedures.drafts import OnDraftForm
from mingzheng.procedures.forms import ActForm, choice, long_text
from mingzheng.procedures.presence import SignedForm
from mingzheng.procedures.registry import asks

if TYPE_CHECKING:
    from mingzheng.procedures.step_context import StepContext


@asks("party.notified:penalty", "party.notified:hearing-right")
class NotifyForm(OnDraftForm, ServedForm):
    """处罚事先告知."""

    keeps = ("contact",)
    names_handlers = True

    contact = forms.CharField(label="陈述申辩的联系人、电话", max_length=100)

    def act_attrs(self, context: StepContext) -> dict[str, Any]:
        """Which counterpart was told, where there are several."""
        return {**super().act_attrs(context), **told(self.cleaned_data)}


@asks("party.notified:on-the-spot")
class SpotNotifyForm(ActForm):
    """当场告知: orally, before the decision."""

    keeps = ("text",)
    names_handlers = True

    text = long_text("告知内容", rows=3, help_text="拟处罚的内容、事实、理由、依据和当事人的权利")


@asks("statement.heard", "statement.heard:urging")
class StatementForm(SignedForm):
    """陈述申辩和复核."""

    keeps = ("speaker", "text", "finding", "accepted")

    speaker = forms.CharField(label="陈述申辩人", max_length=60)
    text = long_text("陈述申辩的内容", rows=5)
    finding = long_text("复核意见", rows=3, help_text="逐条回应提出的事实、理由和证据")
    accepted = choice("是否采纳", [("yes", "采纳"), ("partly", "部分采纳"), ("no", "不采纳")])

    whys = {
        "finding": (
            "必须充分听取并复核；成立的应当采纳，不得因申辩加重处罚。",
            "《行政处罚法》第四十五条",
        )
    }


@asks("statement.waived", "statement.waived:urging", "hearing.waived")
class WaiveForm(ActForm):
    """放弃陈述申辩、放弃听证: an express statement, scanned."""

    keeps = ("text",)

    text = long_text("当事人的表示", rows=2, help_text="照原话记录")
    upload = "当事人签名的书面表示（扫描件）"
    upload_required = True
