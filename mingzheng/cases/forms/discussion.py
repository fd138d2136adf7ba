"""Forms: what is said of a text before it becomes the decision."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Q

from mingzheng.agencies.models import Post
from mingzheng.core import clock
from mingzheng.procedures.drafts import OnDraftForm
from mingzheng.procedures.forms import choice, lines, long_text, yes_no
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
        """A discussion is held by several people of the agency, each of them once."""
        names = [_name(line) for line in lines(self.cleaned_data["attendees"])]
        twice = [name for name in names if names.count(name) > 1]
        strange = [name for name in names if name not in self._people()]
        if twice:
            raise forms.ValidationError(f"{twice[0]}写了两次，一人只算一次，请核对")
        if strange:
            raise forms.ValidationError(
                f"{strange[0]}不是本机关现任人员，不能列为出席人员；列席的写进讨论记录"
            )
        if len(names) < 2:
            raise forms.ValidationError("集体讨论至少要写两名出席人员，一行一人")
        return str(self.cleaned_data["attendees"])

    def clean(self) -> dict[str, Any]:
        """Whoever presides is there."""
        data = super().clean() or {}
        names = [_name(line) for line in lines(data.get("attendees") or "")]
        if names and data.get("host") and _name(data["host"]) not in names:
            self.add_error("host", "主持人不在出席人员里，请核对")
        return data

    def _people(self) -> set[str]:
        today = clock.today()
        return set(
            Post.objects.filter(agency=self.record.agency_id, since__lte=today)
            .filter(Q(until=None) | Q(until__gte=today))
            .values_list("person__name", flat=True)
        )


def _name(line: str) -> str:
    """The name at the head of "name，post"."""
    return re.split("[，,、（( ]", line.strip(), maxsplit=1)[0].strip()
