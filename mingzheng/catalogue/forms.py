"""What compiling, filing and retiring a page ask."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from mingzheng.catalogue import building
from mingzheng.catalogue.models import Page
from mingzheng.core import clock
from mingzheng.procedures.forms import ActForm, day, long_text
from mingzheng.procedures.registry import asks

SOURCE = "国办发〔2018〕118号 二（二）"


class CompileForm(ActForm):
    """编制、修订: the new version is made from the registers; what no register holds is asked."""

    effective_on = day("生效日期", help_text="所列内容从哪天起是这样")
    note = forms.CharField(
        label="修订说明",
        max_length=300,
        required=False,
        help_text="改了什么、为什么改；随版本一起公开",
    )
    timed = False
    shows = "building"
    whys = {
        "effective_on": ("依据或者职能变化后，从生效之日起算更新期限。", SOURCE),
        "note": ("公众可以看到每次改了什么。", SOURCE),
    }

    def prepare(self) -> None:
        """Today; and the fields that the kind of page asks beside the registers."""
        self.page = Page.objects.select_related("agency", "item").get(record=self.record)
        self.fields["effective_on"].initial = clock.today()
        self.asked = building.asked(self.page)
        self.fields.update(self.asked)

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered to the fields of this kind of page."""
        return {name: self.cleaned_data.get(name) for name in self.asked}

    def clean(self) -> dict[str, Any]:
        """What a pack says must stand on the page stands there."""
        data = super().clean() or {}
        if not self.errors:
            self.made = building.build(self.page, {name: data.get(name) for name in self.asked})
            for fault in self.made.lacking:
                self.add_error(None, fault)
        return data


@asks("filing.receipted")
class FilingForm(ActForm):
    """登记备案审核回执."""

    keeps = ("organ", "number", "on")

    organ = forms.CharField(label="备案审核机关", max_length=100)
    number = forms.CharField(label="回执文号", max_length=80)
    on = day("回执日期")
    upload = "备案回执扫描件"
    upload_required = True
    timed = False
    whys = {"number": ("规定要先备案审核的清单，没有回执不能公示。", "本机关公示规定")}

    def clean_on(self) -> date:
        """Not in the future."""
        on: date = self.cleaned_data["on"]
        if on > clock.today():
            raise forms.ValidationError("回执日期不能晚于今天")
        return on


class RetireForm(ActForm):
    """停用: the page is kept no longer."""

    keeps = ("reason",)

    reason = long_text("停用的原因", rows=2)
    timed = False
    confirm = "停用后不能再修订；正在公示的要先撤下。"
