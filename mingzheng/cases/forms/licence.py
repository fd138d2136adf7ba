"""Forms: an application comes in, is mended, accepted or not; who else is concerned."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms

from mingzheng.cases.facts.licence import correction_late, lacking
from mingzheng.cases.forms.opening import item_choices
from mingzheng.cases.forms.parties import PARTY, PartyFields
from mingzheng.cases.forms.service import ServedForm
from mingzheng.cases.models import SORTS, Application, Licence
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.procedures import registry
from mingzheng.procedures.forms import ActForm, choice, day, long_text, several, yes_no
from mingzheng.procedures.presence import OfficersForm, too_few
from mingzheng.procedures.registry import asks
from mingzheng.records import law

if TYPE_CHECKING:
    from mingzheng.procedures.step_context import StepContext

WAYS = {"window": "窗口", "online": "网上", "post": "邮寄"}


def material_choices(agency_id: int, kind: str) -> list[tuple[str, str]]:
    """Every material of the agency's items of a kind, as "item-material", named with the item."""
    rows = Item.objects.filter(agency=agency_id, kind=kind).order_by("code")
    return [
        (
            f"{row.pk}-{each['id']}",
            f"{each['name']}|{row.name}{'' if each.get('need', 'must') == 'must' else '，有则提交'}",
        )
        for row in rows
        for each in row.details.get("materials", [])
    ]


def given(item: Item, ticked: list[str]) -> list[dict[str, str]]:
    """The materials of an item with their state: handed in, lacking, or not needed this time."""
    out = []
    for each in item.details.get("materials", []):
        must = each.get("need", "must") == "must"
        state = "given" if f"{item.pk}-{each['id']}" in ticked else "lacking" if must else "none"
        out.append({"id": str(each["id"]), "name": str(each["name"]), "state": state})
    return out


class ItemMaterials(forms.Form):
    """The item applied for and the materials that came with the application."""

    def offer(self, agency_id: int, kind: str) -> None:
        """Fill both choices for the agency."""
        self.fields["item"].choices = [("", "请选择"), *item_choices(agency_id, kind)]  # type: ignore[attr-defined]
        self.fields["materials"].choices = material_choices(agency_id, kind)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Only materials of the item that was chosen."""
        data = super().clean() or {}
        item = str(data.get("item") or "")
        if any(not ticked.startswith(f"{item}-") for ticked in data.get("materials") or ()):
            self.add_error("materials", "勾选了别的事项的材料，请只勾选所申请事项的材料")
        return data


class ApplicationForm(PartyFields, ItemMaterials, ActForm):
    """收到许可申请: what is asked for, by whom, with which materials."""

    item = forms.ChoiceField(label="申请事项")
    sort = choice("申请的种类", SORTS.items())
    about = forms.ChoiceField(
        label="原许可证件", required=False, help_text="变更、延续、注销时选择"
    )
    content = long_text("申请内容", rows=3)
    way = choice("提出方式", WAYS.items())
    materials = several("收到的材料", required=False)
    joint_licence = yes_no("是否多部门统一办理、联合办理或者集中办理")
    lower_first = yes_no("是否由下级机关先审查")

    sections = {
        "item": "申请",
        "party_kind": "申请人",
        "materials": "材料和办理方式",
        "happened_at": "收到时间",
    }
    whys = {
        "materials": (
            "材料不齐的，要在法定期限内一次告知补正；没有按期告知的，收到之日就是受理。",
            "《行政许可法》第三十二条",
        ),
        "joint_licence": ("联合办理的期限与单独办理不同。", "《行政许可法》第四十二条第二款"),
        "sort": (
            "变更、延续要连到原来的证件，原证件的状态随决定改变。",
            "《行政许可法》第四十九条、第五十条",
        ),
    }

    def prepare(self) -> None:
        """Offer the agency's items and the certificates in force."""
        self.offer(self.actor.agency_id, "licence")
        held = Licence.objects.filter(agency_id=self.actor.agency_id, state=Licence.VALID).order_by(
            "number"
        )
        self.fields["about"].choices = [  # type: ignore[attr-defined]
            ("", "首次申请不用选"),
            *((str(row.pk), f"{row.number} {row.holder} {row.name}") for row in held),
        ]
        self.order_fields(
            [
                "item",
                "sort",
                "about",
                "content",
                *PARTY,
                "materials",
                "way",
                "joint_licence",
                "lower_first",
            ]
        )

    def clean(self) -> dict[str, Any]:
        """A change is about a certificate that this applicant holds for this item."""
        data = super().clean() or {}
        about = (
            Licence.objects.filter(pk=int(data["about"])).select_related("party").first()
            if data.get("about")
            else None
        )
        data["licence"] = about
        if data.get("sort") == "new" and about:
            self.add_error("about", "首次申请不选原证件")
        elif data.get("sort") not in (None, "new") and about is None:
            self.add_error("about", "变更、延续、注销要选择原许可证件")
        elif about and (
            str(about.item_id) != data.get("item")
            or about.party.identifier != data.get("identifier")
        ):
            self.add_error("about", "原证件不是这个事项的，或者持证人不是申请人，请核对")
        return data


class CorrectionNoticeForm(ServedForm):
    """一次告知补正: everything that is lacking, at once."""

    keeps = ("lacking", "content")
    names_handlers = True

    lacking = several("需要补正的材料")
    content = long_text("补正的具体要求", rows=3)

    whys = {
        "lacking": (
            "要补正的全部内容必须一次告知；过了期限没有告知，自收到申请材料之日起就是受理。",
            "《行政许可法》第三十二条第一款第四项",
        )
    }

    def prepare(self) -> None:
        """Whatever was not handed in stands ticked; what was handed in but is wrong may be ticked
        too.
        """
        rows = Application.objects.get(record=self.record).materials
        self.fields["lacking"].choices = [(row["id"], row["name"]) for row in rows]  # type: ignore[attr-defined]
        self.fields["lacking"].initial = [row["id"] for row in rows if row["state"] == "lacking"]

    def facts(self) -> dict[str, Any]:
        """Whether it is told in time, on the day it was told."""
        return {
            "correction_late": correction_late(
                self.situation, clock.local(self.cleaned_data["happened_at"]).date()
            )
        }


class CompletedForm(ActForm):
    """收到补正材料."""

    supplied = several("补交的材料")

    def prepare(self) -> None:
        """What was asked for."""
        rows = lacking(Application.objects.get(record=self.record))
        self.fields["supplied"].choices = [(row["id"], row["name"]) for row in rows]  # type: ignore[attr-defined]


@asks("application.refused:licence")
class NonAcceptanceForm(ServedForm):
    """不予受理: on a ground of the pack's list, with reasons."""

    keeps = ("reasons",)

    ground = choice("不予受理的情形", [])
    reasons = long_text("理由", rows=3)

    whys = {
        "reasons": (
            "不予受理要出具加盖专用印章、注明日期的书面凭证，并说明理由。",
            "《行政许可法》第三十二条第二款",
        )
    }

    def prepare(self) -> None:
        """The grounds of the pack."""
        rows = (
            law.regime(self.record)
            .rows("licence-non-acceptance", clock.today(), registry.facts_of(self.record))
            .rows
        )
        self.grounds = {str(row["id"]): str(row["name"]) for row in rows}
        self.fields["ground"].choices = list(self.grounds.items())  # type: ignore[attr-defined]

    def qualifier(self, usual: str) -> str:
        """On which ground."""
        return str(self.cleaned_data["ground"])

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """The ground in words."""
        return {**super().act_content(context), "ground": self.grounds[self.cleaned_data["ground"]]}


class AcceptForm(OfficersForm):
    """受理: who will examine it."""

    keeps = ("note",)

    officers_label = "审查人员"
    note = forms.CharField(label="说明", required=False, max_length=300)

    whys = {
        "officers": (
            "需要核实实质内容的，指派两名以上工作人员。",
            "《行政许可法》第三十四条第三款",
        ),
        "happened_at": (
            "审查期限从受理之日起算；没有按期告知补正的，从收到申请之日起算。",
            "《行政许可法》第三十二条、第四十二条",
        ),
    }

    def clean(self) -> dict[str, Any]:
        """As many different officers as the rules ask for."""
        data = super().clean() or {}
        if fault := too_few(self, data.get("officers"), "site.examined"):
            self.add_error("officers", fault)
        return data

    def facts(self) -> dict[str, Any]:
        """Day 0: of receipt where nothing was told in time, otherwise of acceptance; and when
        everything was there.
        """
        on = clock.local(self.cleaned_data["happened_at"]).date()
        asked = Application.objects.get(record=self.record)
        late = correction_late(self.situation, on) and bool(lacking(asked))
        facts: dict[str, Any] = {"correction_late": late, "completed_on": asked.completed_on or on}
        return facts | (
            {"received_on": asked.received_on, "completed_on": asked.received_on} if late else {}
        )

    def accepted_on(self) -> date:
        """The day that counts as the day of acceptance."""
        said = self.facts()
        on: date = said.get("received_on") or clock.local(self.cleaned_data["happened_at"]).date()
        return on


@asks("application.withdrawn:applicant")
class WithdrawalForm(ActForm):
    """申请人撤回申请."""

    keeps = ("reason",)
    closes = True

    reason = long_text("申请人的表示", rows=2)
    upload = "撤回申请书（扫描件）"


class InterestedForm(PartyFields, ActForm):
    """登记利害关系人: whom the licence concerns besides the applicant."""

    keeps = ("interest",)

    interest = long_text("有什么重大利益关系", rows=2)
    sections = {"party_kind": "利害关系人", "interest": "利益关系"}
    whys = {
        "interest": (
            "许可事项直接关系他人重大利益的，应当告知利害关系人。",
            "《行政许可法》第三十六条",
        )
    }


@asks("party.notified:interested")
class ToldForm(ServedForm):
    """告知利害关系人."""

    keeps = ("text",)

    text = long_text("告知的内容", rows=3, help_text="许可事项的主要内容，怎样提出意见")


class ExcludedTimeForm(ServedForm):
    """委托检验检测鉴定、组织专家评审: how long it takes is told the applicant in writing, then it
    does not count.
    """

    keeps = ("laboratory", "items", "expected")

    laboratory = forms.CharField(label="由谁进行", max_length=120)
    items = long_text("事项和要求", rows=2)
    expected = forms.CharField(label="所需时间", max_length=60, help_text="书面告知申请人的时间")
    told_on = day("书面告知申请人的日期", lies="behind")

    whys = {
        "told_on": (
            "所需时间不计入办理期限，但应当书面告知申请人；没有告知的，不能扣除。",
            "《行政许可法》第四十五条",
        )
    }

    def clean_told_on(self) -> date:
        """Told by the time it begins."""
        value: date = self.cleaned_data["told_on"]
        if value > clock.today():
            raise forms.ValidationError("告知日期不能晚于今天")
        return value

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """How it was told stands in the act of telling."""
        return ActForm.act_content(self, context)


class ResultForm(ActForm):
    """检验检测鉴定或者专家评审的结果."""

    keeps = ("number", "conclusion")

    number = forms.CharField(label="报告、意见编号", max_length=60)
    conclusion = long_text("结论", rows=3)
    upload = "报告、评审意见（扫描件）"
