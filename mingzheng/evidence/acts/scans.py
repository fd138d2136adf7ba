"""签字扫描件: the signed paper comes back as a scan and is tied to its electronic text by the mark
printed on it.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms

from mingzheng.documents.models import Document
from mingzheng.evidence.acts.items import received
from mingzheng.procedures.forms import ActForm
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act

MARK = 16


class ScanForm(ActForm):
    """登记签字扫描件: which paper, and the mark on the sheet that was signed."""

    document = forms.ChoiceField(label="哪一份文书")
    mark = forms.CharField(
        label="纸上印的正文指纹",
        max_length=40,
        help_text="页脚“正文指纹”后面的 16 位，照抄；大小写、空格不论",
    )
    upload = "签字的扫描件"
    upload_required = True
    large = True
    whys = {
        "mark": (
            "纸上的指纹与系统里的文本一致，才说明签的就是这一份。",
            "国办发〔2018〕118号 三（一）",
        )
    }

    def prepare(self) -> None:
        """The papers of this matter that still count."""
        rows = Document.objects.filter(record=self.record, voided_by=None).order_by("-pk")
        self.choices["document"] = [
            (str(row.pk), f"{row.title} {row.full_number}".strip()) for row in rows
        ]

    def clean(self) -> dict[str, Any]:
        """The mark on the sheet is that of the text."""
        data = super().clean() or {}
        if data.get("document") and data.get("mark"):
            made = Document.objects.get(pk=int(data["document"]), record=self.record)
            if re.sub(r"\s", "", data["mark"]).lower()[:MARK] != made.text_hash[:MARK]:
                self.add_error(
                    "mark",
                    "纸上的指纹与所选文书不一致：可能选错了文书，也可能签的不是系统里的这一稿。请核对",
                )
        return data


@verb("document.scanned", ScanForm)
def scan(context: StepContext) -> Act:
    """国办发〔2018〕118号 三（一）: the signed sheet and the electronic text are one, by the mark
    printed on it.
    """
    made = Document.objects.get(pk=int(context.data["document"]), record=context.record)
    files = received(context, "签字扫描件")
    return context.append(
        subject=str(made.pk),
        content={
            "document": made.title,
            "number": made.full_number,
            "text_hash": made.text_hash,
            "scans": [blob.pk for blob, _, _ in files],
        },
    )
