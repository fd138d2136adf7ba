"""What the sender fills in, and what the steps of handling ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from mingzheng.agencies.models import Unit
from mingzheng.core import clock
from mingzheng.oversight.access import corrected_since
from mingzheng.oversight.models import Feedback
from mingzheng.procedures.forms import ActForm, choice, day, long_text, yes_no
from mingzheng.procedures.registry import asks

if TYPE_CHECKING:
    from mingzheng.procedures.step_context import StepContext

SOURCE = "国办发〔2018〕118号 二（三）"
CORRECTING = "《政府信息公开条例》第四十一条"
SHORTEST = 5


class IntakeForm(forms.Form):
    """投诉、举报、咨询、更正申请: as little about the sender as will do."""

    kind = forms.ChoiceField(label="类型", choices=list(Feedback.KINDS.items()))
    agency = forms.CharField(label="向哪个单位", max_length=50)
    about = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    text = forms.CharField(
        label="内容",
        min_length=SHORTEST,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="请写清时间、地点、什么事。不要写身份证号、银行账号",
    )
    correct = forms.CharField(
        label="您认为正确的内容",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    name = forms.CharField(
        label="称呼", max_length=40, required=False, help_text="怎么称呼您，不用写全名"
    )
    contact = forms.CharField(
        label="联系方式", max_length=100, required=False, help_text="不留也能凭编号和查询码查答复"
    )

    def __init__(self, data: Any = None, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "input")
            field.error_messages["required"] = f"请填写{field.label}"
        self.fields["kind"].error_messages["required"] = "请选择类型"
        self.fields["agency"].error_messages["required"] = "请选择向哪个单位提"
        self.fields["kind"].error_messages["invalid_choice"] = "请从列出的类型中选择"
        self.fields["text"].error_messages["min_length"] = "内容太短，请把事情说清楚一些"
        self.fields["text"].error_messages["max_length"] = (
            "内容太长，最多 5000 个字，请分几次提交或者只写要点"
        )

    def clean_text(self) -> str:
        """No control characters."""
        return "".join(
            letter
            for letter in str(self.cleaned_data["text"])
            if letter == "\n" or letter.isprintable()
        )


class AcceptForm(ActForm):
    """受理: which section handles it."""

    unit = forms.ChoiceField(label="由哪个科室办理")
    timed = False
    whys = {"unit": ("投诉举报要有人受理、有人反馈。", SOURCE)}

    def prepare(self) -> None:
        """The agency's own sections."""
        rows = (
            Unit.objects.filter(agency=self.record.agency_id)
            .order_by("pk")
            .values_list("pk", "name")
        )
        self.choices["unit"] = [(str(pk), name) for pk, name in rows]


@asks("complaint.transferred")
class TransferForm(ActForm):
    """转交: to whom, and what the sender is told."""

    keeps = ("to", "answer")

    to = forms.CharField(label="转交给", max_length=100)
    answer = long_text("告知提交人的话", rows=3)
    timed = False
    whys = {"answer": ("不属于本机关职责的，告诉提交人转到了哪里。", SOURCE)}

    def qualifier(self, usual: str) -> str:
        """Always another body."""
        return "other-agency"


@asks("complaint.answered")
class AnswerForm(ActForm):
    """答复: the sender reads it with his number and code."""

    keeps = ("answer",)

    answer = long_text("答复内容", rows=6)
    timed = False
    confirm = "答复后，提交人凭编号和查询码就能看到。"
    whys = {"answer": ("受理、办理、反馈都有记录，提交人可以查询。", SOURCE)}


@asks("correction.verified")
class VerifyForm(ActForm):
    """核实: what was found."""

    keeps = ("finding", "text")

    finding = choice(
        "核实结果",
        [("wrong", "公示内容确有错误"), ("right", "公示内容没有错误"), ("partly", "部分有错误")],
    )
    text = long_text("核实情况", rows=4)
    timed = False
    whys = {"finding": ("反映不准确的，先核实，再更正或者说明理由。", CORRECTING)}


class CorrectionAnswerForm(ActForm):
    """答复申请人: corrected, or why not."""

    keeps = ("answer",)

    answer = long_text("答复内容", rows=5)
    timed = False
    confirm = "答复后，申请人凭编号和查询码就能看到。"
    whys = {"answer": ("更正了的告诉申请人；不更正的说明理由。", CORRECTING)}

    def clean(self) -> dict[str, Any]:
        """What was found wrong is corrected or taken down before the answer says so."""
        data = super().clean() or {}
        from mingzheng.oversight.acts.corrections import finding

        if finding(self.record) in ("wrong", "partly") and not corrected_since(self.record):
            self.add_error(None, "核实有错误的，先在原案更正或者撤下公示内容，再答复申请人")
        return data


class CauseForm(ActForm):
    """倒查责任: why it happened, whose section it was, and whether somebody is to answer for it."""

    keeps = ("cause", "text", "accountable")

    cause = choice(
        "原因",
        [
            ("entry", "录入、核对疏忽"),
            ("decision", "决定文书本身有误"),
            ("covering", "遮盖过多或者过少"),
            ("late", "情况变化后没有及时更新"),
            ("none", "没有错误"),
        ],
        radio=False,
    )
    unit = forms.ChoiceField(label="责任科室")
    text = long_text("原因分析和改进措施", rows=4)
    accountable = yes_no("是否提出责任追究建议")
    timed = False
    whys = {
        "cause": ("更正以后要分析原因，倒查责任。", "《陵川县信访局行政执法公示实施办法》第十五条")
    }

    def prepare(self) -> None:
        """The agency's own sections."""
        rows = (
            Unit.objects.filter(agency=self.record.agency_id)
            .order_by("pk")
            .values_list("pk", "name")
        )
        self.choices["unit"] = [(str(pk), name) for pk, name in rows]

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """Whose section it was."""
        return {**super().act_content(context), "unit": int(self.cleaned_data["unit"])}


ACCOUNT = "《陵川县信访局行政执法公示实施办法》第十七条"


class OrderForm(ActForm):
    """责令改正: what is to be put right and by when."""

    keeps = ("until", "text")

    text = long_text("要改正什么", rows=3)
    until = day("报告改正情况的期限")
    timed = False
    whys = {"text": ("不公示、选择性公示、不及时公示的，责令改正。", ACCOUNT)}

    def clean_until(self) -> Any:
        """A day that has not passed."""
        if self.cleaned_data["until"] < clock.today():
            raise forms.ValidationError("期限不能早于今天")
        return self.cleaned_data["until"]


@asks("rectification.reported")
class ReportForm(ActForm):
    """报告整改情况."""

    keeps = ("text",)

    text = long_text("改正情况", rows=4)
    timed = False
    whys = {"text": ("改了什么、怎样防止再出现。", ACCOUNT)}


class RecheckForm(ActForm):
    """复核: put right or not."""

    keeps = ("text",)

    done = yes_no("是否已经改正")
    text = long_text("复核意见", rows=3)
    timed = False
    whys = {"done": ("没有改正的，继续责令改正。", ACCOUNT)}


@asks("accountability.proposed")
class AccountForm(ActForm):
    """责任追究建议."""

    keeps = ("who", "text")

    who = forms.CharField(label="建议追究的科室、人员", max_length=100)
    text = long_text("情节和建议", rows=4)
    timed = False
    whys = {"text": ("情节严重的，依法追究责任；由有权机关决定。", ACCOUNT)}
