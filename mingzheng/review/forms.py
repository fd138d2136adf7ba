"""Forms of the legal review."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from mingzheng.core import clock
from mingzheng.procedures import registry
from mingzheng.procedures.forms import ActForm, long_text
from mingzheng.records import law
from mingzheng.records.models import ActContent

REVIEW = "《行政处罚法》第五十八条"


class SubmitForm(ActForm):
    """提交法制审核."""

    keeps = ("materials", "note")

    materials = long_text("送审材料清单", rows=4, help_text="一行一件")
    note = long_text("需要说明的问题", rows=2, required=False)

    def prepare(self) -> None:
        """Submitted again after it came back: with what was submitted before."""
        rows = ActContent.objects.filter(act__record=self.record, act__kind="review.submitted")
        before = rows.order_by("-act_id").first()
        for name, value in json.loads(before.body).items() if before else ():
            if name in self.keeps:
                self.fields[name].initial = value
        rows = ActContent.objects.filter(act__record=self.record, act__kind="review.returned")
        back = rows.order_by("-act_id").first() if before else None
        if back and before and back.act_id > before.act_id:
            said = json.loads(back.body)
            self.heard = f"{said.get('by', {}).get('name', '')}退回补正：{said.get('opinion', '')}"

    timed = False
    shows = "decision"
    whys = {"materials": ("送审材料不齐，审核期限不起算，会被退回补正。", REVIEW)}


class ReviewersForm(ActForm):
    """What only a reviewer fills in: from which section he looks at whose matter."""

    def attrs(self) -> dict[str, Any]:
        """Some agencies want another section than the one that handles."""
        return {"unit": self.actor.unit_id, "handling-unit": self.record.unit_id}


class PointsForm(ReviewersForm):
    """One field for each review point that the agency's own pack lists."""

    timed = False
    shows = "decision"

    def prepare(self) -> None:
        """Ask for a finding on every point of the pack's list `review-points`."""
        facts = registry.facts_of(self.record)
        self.points = law.regime(self.record).rows("review-points", clock.today(), facts).rows
        for row in self.points:
            field = forms.CharField(
                label=str(row.get("name") or row["id"]),
                max_length=500,
                help_text=str(row.get("source", "")),
            )
            self.fields[f"point-{row['id']}"] = field

    def findings(self) -> list[dict[str, Any]]:
        """Each point with the reviewer's finding."""
        return [
            {
                "id": row["id"],
                "name": row.get("name") or row["id"],
                "finding": self.cleaned_data[f"point-{row['id']}"],
            }
            for row in self.points
        ]


class PassForm(PointsForm):
    """审核通过."""

    keeps = ("opinion",)

    opinion = long_text("审核意见", rows=3)
    confirm = "通过的是您看到的这一稿；稿子再改，审核就不再算数。"
    whys = {
        "opinion": (
            "未经法制审核或者审核未通过的，不得作出决定；审核意见要写明结论和理由。",
            REVIEW,
        )
    }


class ReturnForm(ReviewersForm):
    """退回补正."""

    keeps = ("opinion",)

    opinion = long_text("需要补正的内容", rows=4)
    timed = False
    shows = "decision"


class RefuseForm(PointsForm):
    """审核不通过."""

    keeps = ("opinion",)

    opinion = long_text("不通过的理由和纠正建议", rows=4)
