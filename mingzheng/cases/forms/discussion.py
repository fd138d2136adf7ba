"""Forms: what is said of a text before it becomes the decision."""

from __future__ import annotations

from django import forms

from mingzheng.procedures.drafts import OnDraftForm
from mingzheng.procedures.forms import choice, long_text, yes_no
from mingzheng.procedures.registry import asks


@asks("joint.agreed")
class JointForm(OnDraftForm):
    """联合机关审核同意: the other agency has reviewed this very text."""

    keeps = ("opinion", "review")

    review = choice(
        "本机关法制审核", [("passed", "审核通过"), ("not-needed", "不属于本机关的重大执法决定")]
    )
    opinion = long_text("意见", rows=3)
    whys = {
        "review": (
            "以两个以上机关的名义作出决定的，各机关分别进行法制审核。",
            "国办发〔2018〕118号 四（一）",
        )
    }


@asks("self-check.done")
class SelfCheckForm(OnDraftForm):
    """合法性自查."""

    keeps = ("text",)

    text = long_text(
        "自查意见", rows=4, help_text="主体、程序、事实证据、适用法律和裁量、权限、文书，逐项写明"
    )
    passed = yes_no("自查是否合格")

    def clean_passed(self) -> bool:
        """A failed self-check is no self-check to submit with."""
        if not self.cleaned_data["passed"]:
            raise forms.ValidationError("自查不合格的，请先补正再登记自查意见")
        return True


@asks("discussion.held")
class DiscussionForm(OnDraftForm):
    """负责人集体讨论."""

    keeps = ("host", "text", "conclusion")
    listed = ("attendees",)

    host = forms.CharField(label="主持人", max_length=60)
    attendees = long_text("出席人员", rows=2, help_text="一行一人：姓名，职务")
    text = long_text("讨论记录", rows=6, help_text="每个人的意见都要记")
    conclusion = long_text("结论性意见", rows=2)

    whys = {
        "text": (
            "情节复杂或者重大违法行为的处罚由负责人集体讨论决定；空白记录不算讨论。",
            "《行政处罚法》第五十七条第二款",
        )
    }

    def clean_attendees(self) -> str:
        """A discussion is held by several people."""
        lines = [line for line in self.cleaned_data["attendees"].splitlines() if line.strip()]
        if len(lines) < 2:
            raise forms.ValidationError("集体讨论至少要写两名出席人员，一行一人")
        return str(self.cleaned_data["attendees"])
