"""Forms: levies, payments, rewards, rulings."""

from __future__ import annotations

from typing import Any

from django import forms

from mingzheng.cases.facts.other import promised_on
from mingzheng.cases.forms.drafts import DecideForm, DraftForm
from mingzheng.cases.forms.licence import ItemMaterials
from mingzheng.cases.forms.parties import PartyFields
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.procedures.forms import ActForm, choice, long_text, several, yuan
from mingzheng.procedures.presence import OfficersForm
from mingzheng.procedures.registry import asks

SORTS = {
    "levy": "行政征收",
    "payment": "行政给付",
    "reward": "行政奖励",
    "ruling": "行政裁决",
    "other": "其他",
}


class OtherBegins(PartyFields, ItemMaterials, ActForm):
    """What begins the matter; `begins` says which items it is for."""

    begins = "application"
    item = forms.ChoiceField(label="事项")
    content = long_text("申请的内容", rows=3)
    materials = several("收到的材料", required=False)

    sections = {"item": "事项", "party_kind": "申请人", "happened_at": "收到时间"}
    whys = {
        "item": (
            "能办哪些事项、要什么材料、多久办完、公开不公开，都由本机关的事项清单写明。",
            "本机关行政执法事项清单",
        )
    }

    def prepare(self) -> None:
        """Only the items that begin this way."""
        self.offer(self.actor.agency_id, "other")
        rows = Item.objects.filter(agency=self.actor.agency_id, kind="other").order_by("code")
        fit = [row for row in rows if row.details.get("begins", "application") == self.begins]
        self.choices["item"] = [("", "请选择"), *((str(row.pk), row.name) for row in fit)]
        self.order_fields(["item", "content", "materials"])


class OtherMotionForm(OtherBegins):
    """依职权启动."""

    begins = "agency"
    sections = {"item": "事项", "party_kind": "当事人", "happened_at": "启动时间"}

    def prepare(self) -> None:
        """No application, so no materials."""
        super().prepare()
        del self.fields["materials"]
        self.fields["content"].label = "启动的事由"


class OtherAcceptForm(OfficersForm):
    """受理, with the day that the item promises."""

    officers_label = "承办人员"

    def facts(self) -> dict[str, Any]:
        """The promised day, from the item's own time limit."""
        return {
            "promised_on": promised_on(
                self.record.case.item, clock.local(self.cleaned_data["happened_at"]).date()
            )
        }


class OtherDraftForm(DraftForm):
    """拟定处理意见."""

    outcome = choice(
        "拟作决定", [("granted", "作出所申请（所启动）的决定"), ("refused", "不予办理")]
    )
    facts_text = long_text("查明的事实", rows=4)
    basis = forms.CharField(label="依据", max_length=300, help_text="写到条、款、项")
    decision = long_text("决定内容", rows=3, help_text="不予办理的写明理由")
    amount = yuan("金额（元）", required=False)

    whys = {
        "decision": ("决定书要写明事实、依据、内容和救济途径。", "国办发〔2018〕118号 三（一）")
    }


class OtherDecideForm(DecideForm):
    """作出决定: the draft is what is issued."""

    wanted = "granted"


class OtherRefuseForm(OtherDecideForm):
    """不予办理."""

    wanted = "refused"


@asks("decision.executed:other")
class DoneForm(ActForm):
    """征缴、给付、发放完毕."""

    keeps = ("text",)

    text = long_text("执行情况", rows=2)


@asks("case.closed:other")
class OtherCloseForm(DoneForm):
    """办结."""

    closes = True
