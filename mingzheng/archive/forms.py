"""What 依法销毁 asks: which contents and files, on which ground."""

from __future__ import annotations

from typing import Any

from django import forms

from mingzheng.core import clock
from mingzheng.procedures import registry
from mingzheng.procedures.forms import ActForm, long_text
from mingzheng.records import erasing, law
from mingzheng.records.models import Act, Attachment, Record
from mingzheng.records.words import act_name


def rows_of(record: Record, name: str) -> dict[str, Any]:
    """A list of the rules that judge this record, by row id."""
    found = law.regime(record).rows(name, clock.today(), registry.facts_of(record)).rows
    return {str(row["id"]): row for row in found}


class EraseForm(ActForm):
    """依法销毁: contents and files of this matter, on a listed ground."""

    ground = forms.ChoiceField(label="销毁的依据", widget=forms.RadioSelect)
    contents = forms.MultipleChoiceField(
        label="销毁哪些记录的内容", required=False, widget=forms.CheckboxSelectMultiple
    )
    attached = forms.MultipleChoiceField(
        label="销毁哪些文件", required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = long_text("具体理由", rows=3)
    timed = False
    confirm = "销毁后不能恢复。时间、经办人和封存记录留着，内容没有了。"
    whys = {
        "ground": (
            "内容只能凭列明的原因销毁，经审批，并留下销毁记录。",
            "《档案法》；《个人信息保护法》第四十七条",
        )
    }

    def prepare(self) -> None:
        """Grounds of the rules; contents that may go at all; files of this matter that are still
        there.
        """
        self.grounds = rows_of(self.record, "erasure-grounds")
        kinds = rows_of(self.record, "erasable-contents")
        self.choices["ground"] = [
            (key, f"{row['name']}|{row.get('source', '')}") for key, row in self.grounds.items()
        ]
        acts = Act.objects.filter(
            record=self.record, kind__in=kinds, content__isnull=False
        ).order_by("pk")
        self.choices["contents"] = [
            (str(act.pk), f"{clock.local(act.happened_at):%-m月%-d日 %H:%M} {act_name(act.kind)}")
            for act in acts
        ]
        gone = erasing.erased_files()
        kept = (
            Attachment.objects.filter(record=self.record, act__kind__in=kinds)
            .exclude(blob__in=gone)
            .order_by("pk")
        )
        self.choices["attached"] = list({row.blob_id: row.name for row in kept}.items())

    def clean(self) -> dict[str, Any]:
        """Something is to be destroyed."""
        data = super().clean() or {}
        if not data.get("contents") and not data.get("attached"):
            self.add_error(None, "请选择要销毁的记录内容或者文件")
        return data
