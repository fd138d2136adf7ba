"""Forms: a suspected crime goes to the police, and what the police answer."""

from __future__ import annotations

from django import forms

from mingzheng.procedures.forms import ActForm, choice, long_text
from mingzheng.procedures.registry import asks


@asks("matter.transferred")
class TransferForm(ActForm):
    """移送涉嫌犯罪案件."""

    keeps = ("to", "suspected", "reason")
    listed = ("materials",)
    names_handlers = True

    to = forms.CharField(label="受移送机关", max_length=120)
    suspected = forms.CharField(label="涉嫌罪名", max_length=120)
    reason = long_text("移送理由", rows=3)
    materials = long_text("随案材料", rows=3, help_text="一行一件")

    whys = {
        "reason": (
            "行政机关主要负责人收到报告后应当在法定期限内决定是否移送。",
            "《行政执法机关移送涉嫌犯罪案件的规定》第五条",
        )
    }


@asks("transfer.receipted", "transfer.accepted")
class ReceiptForm(ActForm):
    """公安机关回执."""

    keeps: tuple[str, ...] = ("organ", "number")

    organ = forms.CharField(label="出具回执的机关", max_length=100)
    number = forms.CharField(label="回执文号", max_length=80)
    upload = "回执扫描件"
    upload_required = True


@asks("transfer.returned")
class ReturnedForm(ReceiptForm):
    """不予立案退回: the case goes on here."""

    keeps = ("organ", "number", "reason", "after")

    reason = long_text("不予立案的理由", rows=3)
    after = choice(
        "本机关怎么办", [("accept", "接受，继续办理"), ("object", "提请复议，同时继续办理")]
    )
