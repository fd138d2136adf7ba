"""Forms for mistakes: a paper corrected or voided, a file replaced, an entry declared void.
Nothing is ever edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from mingzheng.documents.models import Document
from mingzheng.procedures.forms import ActForm, choice, long_text
from mingzheng.procedures.registry import asks
from mingzheng.records.models import Attachment, EffectiveAct

if TYPE_CHECKING:
    from mingzheng.procedures.step_context import StepContext

REASONS = {
    "wrong-case": "记错了案件",
    "wrong-party": "记错了当事人",
    "wrong-file": "传错了文件",
    "wrong-content": "内容录入错误",
    "not-happened": "事情没有发生",
}


def papers(form: ActForm) -> list[tuple[str, str]]:
    """The papers of the record that still stand."""
    rows = Document.objects.filter(record=form.record, voided_by=None).order_by("-pk")
    return [
        (
            str(row.pk),
            (
                f"{row.title}{row.full_number and '（' + row.full_number + '）'}，{row.issued_on:%Y年%-m月%-d日}"
            ),
        )
        for row in rows
    ]


class CorrectDocumentForm(ActForm):
    """补正、更正文书: a slip of the pen is put right by a notice; the paper itself stays as it was
    issued.
    """

    keeps = ("wrong", "right", "reason")

    paper = forms.ChoiceField(label="更正哪一份文书")
    wrong = long_text("原文", rows=2, help_text="照抄有误的那一句")
    right = long_text("更正为", rows=2)
    reason = long_text("更正的理由", rows=2)
    confirm = "只用于文字、计算等笔误。改变处理结果的，请按变更或者撤销办理。"
    whys = {
        "wrong": (
            "原件和更正都在案卷里，读的人两样都看得到。",
            "《行政处罚法》第五十九条；《国家行政机关公文处理办法》通行做法",
        )
    }

    def prepare(self) -> None:
        """The papers that stand."""
        self.choices["paper"] = [("", "请选择"), *papers(self)]

    def clean(self) -> dict[str, Any]:
        """The wrong words stand in that paper, and the right ones differ."""
        data = super().clean() or {}
        made = (
            Document.objects.filter(record=self.record, pk=int(data["paper"])).first()
            if data.get("paper")
            else None
        )
        wrong, right = (data.get("wrong") or "").strip(), (data.get("right") or "").strip()
        if made and wrong and wrong not in made.body.replace("\\n", "\n"):
            self.add_error("wrong", f"《{made.title}》里没有这一句，请照抄原文")
        if wrong and wrong == right:
            self.add_error("right", "更正前后是一样的")
        return data


class VoidDocumentForm(ActForm):
    """文书作废登记: the number is spent; the paper stays readable as void."""

    keeps = ("reason",)

    paper = forms.ChoiceField(label="作废哪一份文书")
    reason = long_text("作废的理由", rows=2)
    confirm = "作废后文号不再使用，扫码核验会显示“已作废”。"

    def prepare(self) -> None:
        """The papers that stand."""
        self.choices["paper"] = [("", "请选择"), *papers(self)]


@asks("file.corrected")
class CorrectFileForm(ActForm):
    """更换附件: the right file beside the wrong one."""

    keeps = ("reason",)

    file = forms.ChoiceField(label="哪个附件传错了")
    reason = long_text("说明", rows=2)
    upload = "正确的文件"
    upload_required = True

    def prepare(self) -> None:
        """The files of the record that were not replaced yet."""
        done = set(
            EffectiveAct.objects.filter(
                record=self.record, kind="file.corrected", voided_by=None
            ).values_list("subject", flat=True)
        )
        rows = Attachment.objects.filter(record=self.record).order_by("-pk")
        self.choices["file"] = [
            ("", "请选择"),
            *(
                (str(row.pk), f"{row.purpose or '附件'}：{row.name}")
                for row in rows
                if str(row.pk) not in done
            ),
        ]

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """Which file was wrong."""
        return {**super().act_content(context), "file": int(self.cleaned_data["file"])}

    def act_subject(self, context: StepContext) -> str:
        """The wrong file."""
        return str(self.cleaned_data["file"])


class VoidForm(ActForm):
    """作废一条记录."""

    why = choice("错在哪里", REASONS.items(), radio=False)
    reason = long_text("具体说明", rows=3)
    timed = False
    confirm = (
        "作废不是删除：原记录仍然看得到，标明已作废；它开出的期限、制作的文书随之作废，"
        "它办结的期限重新计算。"
    )
    whys = {
        "reason": (
            "记录只增不改；纠正错误也是一条记录，须由原记录人以外的人办理。",
            "国办发〔2018〕118号 三（三）",
        )
    }
