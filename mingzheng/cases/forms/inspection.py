"""Forms of a visit: plan, approval, notice, arrival, checklist, result, what follows."""

from __future__ import annotations

from typing import Any

from django import forms

from mingzheng.agencies.models import Agency
from mingzheng.cases.forms.opening import item_choices
from mingzheng.cases.forms.parties import PARTY, PARTY_HALVES, PartyFields
from mingzheng.cases.forms.service import ServedForm
from mingzheng.cases.models import CHECK_TYPES, Checked, Visit
from mingzheng.core import clock
from mingzheng.procedures import registry
from mingzheng.procedures.forms import ActForm, choice, day, long_text, several, yes_no
from mingzheng.procedures.presence import OfficersForm, too_few
from mingzheng.procedures.registry import asks
from mingzheng.records import law
from mingzheng.records.models import EffectiveAct

NOTICE54 = "国办发〔2024〕54号"
SOURCES = {
    "plan": "年度检查计划",
    "draw": "双随机抽取",
    "complaint": "投诉",
    "report": "举报",
    "superior": "上级机关交办",
    "transfer": "其他机关移送",
    "other": "其他",
}


class VisitForm(PartyFields, ActForm):
    """安排一次检查: whom, which item, what kind, when, what is looked at."""

    item = forms.ChoiceField(label="检查事项")
    check_type = choice(
        "检查类型",
        [
            ("routine", "日常检查|按计划对一般对象的检查"),
            ("special", "专项检查|针对某一领域、某一问题"),
            ("case", "个案检查|因投诉举报、转办交办等线索，不得事先告知"),
        ],
    )
    source = choice("检查来源", SOURCES.items(), radio=False)
    planned_on = day("拟检查日期")
    place = forms.CharField(label="检查地点", max_length=200)
    content = long_text("检查内容和方式", rows=3)
    enterprise = yes_no("被检查人是否企业（含个体工商户、民办非企业等经营主体）")
    urgent = yes_no("是否情况紧急，须立即检查")
    joint = forms.CharField(
        label="联合检查编号",
        required=False,
        max_length=40,
        help_text="几个部门“综合查一次”的，由牵头部门编一个号，各部门填同一个号，只计一次频次",
    )

    sections = {"party_kind": "被检查人", "item": "检查什么", "planned_on": "什么时候、在哪里"}
    halves = PARTY_HALVES | {"planned_on", "place"}
    whys = {
        "check_type": (
            "类型决定要不要提前通知、占不占频次上限。",
            f"{NOTICE54}；养老机构行政检查办法",
        ),
        "enterprise": ("涉企检查必须审批、必须通知、受频次上限约束。", NOTICE54),
        "item": ("不在事项清单里的检查不得实施。", NOTICE54),
        "urgent": ("紧急的可以先检查，事后及时补办批准，并登记例外。", NOTICE54),
    }
    timed = False

    def prepare(self) -> None:
        """Offer the agency's own items."""
        self.choices["item"] = [
            ("", "请选择"),
            *item_choices(self.actor.agency_id, "inspection"),
        ]
        self.order_fields(
            [
                *PARTY,
                "enterprise",
                "item",
                "check_type",
                "source",
                "urgent",
                "planned_on",
                "place",
                "content",
                "joint",
            ]
        )

    def clean(self) -> dict[str, Any]:
        """A visit lies ahead; a case-specific one has a clue; a drawn one is not case-specific."""
        data = super().clean() or {}
        if data.get("planned_on") and data["planned_on"] < clock.today():
            self.add_error("planned_on", "拟检查日期不能早于今天；已经查过的，请按补录办理")
        clue = data.get("source") in ("complaint", "report", "superior", "transfer")
        if data.get("check_type") == "case" and not clue:
            self.add_error("source", "个案检查须有投诉、举报、交办或者移送的线索")
        if data.get("source") == "draw" and data.get("check_type") == "case":
            self.add_error("check_type", "双随机抽取的是日常或者专项检查，不是个案检查")
        return data


class ApproveForm(OfficersForm):
    """检查审批: who goes, why, what is looked at."""

    keeps = ("leader", "reason")

    officers_label = "检查人员"
    reason = long_text("检查理由和依据", rows=3)
    leader = forms.CharField(label="带队负责人", max_length=40)

    timed = False
    whys = {
        "officers": (
            "检查人员不得少于两人，都要有当日有效的执法证件；辅助人员不能单独检查。",
            NOTICE54,
        ),
        "reason": ("未经审批不得入企检查。", NOTICE54),
    }

    def clean(self) -> dict[str, Any]:
        """As many different officers as the rules ask for."""
        data = super().clean() or {}
        if fault := too_few(self, data.get("officers"), "inspection.ended"):
            self.add_error("officers", fault)
        return data


@asks("visit.cancelled")
class CancelForm(ActForm):
    """取消检查."""

    keeps = ("reason",)

    reason = long_text("取消的理由", rows=2)


@asks("exception.approved:inspection")
class ExceptionForm(ActForm):
    """例外事项: one of the closed list of the pack, with its reason, approved."""

    keeps = ("reason",)

    ground = forms.ChoiceField(label="例外情形", widget=forms.RadioSelect)
    reason = long_text("理由", rows=3)
    timed = False
    whys = {
        "ground": (
            "例外只能是清单里列明的，每一件单独登记、写明理由并经批准。",
            "本机关规则包中的例外清单",
        )
    }
    fitting = ("urgent-inspection", "direct-inspection", "device-failure", "rescue-first")

    def prepare(self) -> None:
        """The pack's closed list, as far as it fits a visit."""
        rows = (
            law.regime(self.record)
            .rows("exceptions", clock.today(), registry.facts_of(self.record))
            .rows
        )
        self.choices["ground"] = [
            (str(row["id"]), str(row["name"])) for row in rows if row["id"] in self.fitting
        ]

    def qualifier(self, usual: str) -> str:
        """Which exception."""
        return str(self.cleaned_data["ground"])


class NoticeForm(ActForm):
    """制作检查通知书."""

    keeps = ("rights", "joined")

    rights = long_text("权利义务和监督电话", rows=3)
    joined = forms.CharField(
        label="一同检查的部门",
        required=False,
        max_length=200,
        help_text="联合检查时填写，一份通知书列明全部部门",
    )

    def prepare(self) -> None:
        """Start from the usual words."""
        self.fields["rights"].initial = (
            "您有权核验检查人员的执法证件，有权陈述、申辩，有权拒绝与检查事项无关的要求；"
            "应当如实提供材料并予以配合。"
        )


class JoinForm(ActForm):
    """共用牵头机关的检查通知书: one visit, one notice, separate records."""

    lead = forms.ChoiceField(label="牵头机关的检查")

    def prepare(self) -> None:
        """Visits of other agencies of the county under the same joint number whose notice was
        made.
        """
        visit = self.record.visit
        rows = (
            Visit.objects.filter(region=visit.region, joint=visit.joint)
            .exclude(joint="")
            .exclude(agency_id=visit.agency_id)
            .select_related("record")
        )
        ready = [
            row
            for row in rows
            if EffectiveAct.objects.filter(
                record=row.record_id, kind="notice.prepared", voided_by=None
            ).exists()
        ]
        names = dict(
            Agency.objects.filter(pk__in=[row.agency_id for row in ready]).values_list("pk", "name")
        )
        self.choices["lead"] = [
            ("", "请选择"),
            *(
                (str(row.record_id), f"{names[row.agency_id]}（{row.planned_on:%Y年%-m月%-d日}）")
                for row in ready
            ),
        ]


@asks("party.notified:inspection")
class NotifyForm(ServedForm):
    """送达检查通知书: before the visit, so long as the rules say."""

    whys = {
        "happened_at": (
            "提前几个工作日通知，从送达这天算起；个案检查不得事先告知。",
            "养老机构行政检查办法",
        )
    }

    def clean(self) -> dict[str, Any]:
        """A notice is served before the visit it announces."""
        data = super().clean() or {}
        when, planned = data.get("happened_at"), self.record.visit.planned_on
        if when and planned and clock.local(when).date() > planned:
            self.add_error(
                "happened_at",
                f"通知晚于拟检查日期（{planned:%Y年%-m月%-d日}）。请核对先后，或者先改检查日期",
            )
        return data


class StartForm(OfficersForm):
    """到场开始检查."""

    keeps = ("place", "received_by")
    names_handlers = True

    officers_label = "到场检查人员"
    place = forms.CharField(label="检查地点", max_length=200)
    received_by = forms.CharField(label="接待人及职务", max_length=100)
    whys = {"officers": ("到场的人须是两名以上、证件当日有效的执法人员。", NOTICE54)}

    def prepare(self) -> None:
        """The place as it was planned."""
        super().prepare()
        self.fields["place"].initial = self.record.case.place


@asks("visit.scan-excused")
class ScanExcusedForm(ActForm):
    """未扫码的原因."""

    keeps = ("reason",)

    reason = long_text(
        "企业没有扫码的原因",
        rows=2,
        help_text="例如：现场没有网络；对方没有智能手机，已当面出示检查码和证件",
    )


class ChecklistForm(OfficersForm):
    """逐项检查: each point of the item's checklist has a finding."""

    def prepare(self) -> None:
        """One choice and one note a point."""
        super().prepare()
        item = self.record.case.item
        self.points = list((item.details if item else {}).get("points", [])) or [
            {"id": "general", "name": item.name if item else "检查事项"}
        ]
        for row in self.points:
            self.fields[f"point-{row['id']}"] = choice(
                str(row["name"]), Checked.FINDINGS.items(), help_text=str(row.get("source", ""))
            )
            self.fields[f"note-{row['id']}"] = forms.CharField(
                label="情况说明", required=False, max_length=500
            )
        # What the agency's own text asks of the officers themselves on site (LX-A6); most packs
        # have no such list.
        rules = (
            law.regime(self.record)
            .rows("on-site-checklist", clock.today(), registry.facts_of(self.record))
            .rows
        )
        self.conduct = {str(row["id"]): row for row in rules}
        if self.conduct:
            self.fields["conduct"] = several(
                "执法人员已经做到的",
                [(key, str(row["name"])) for key, row in self.conduct.items()],
                required=False,
            )
        self.halves = self.halves | {
            f"{part}-{row['id']}" for row in self.points for part in ("point", "note")
        }

    def clean(self) -> dict[str, Any]:
        """A problem, or a point left out, is explained."""
        data = super().clean() or {}
        for row in self.points:
            if (
                data.get(f"point-{row['id']}") in ("problem", "not-checked")
                and not data.get(f"note-{row['id']}", "").strip()
            ):
                self.add_error(
                    f"note-{row['id']}", f"“{row['name']}”发现问题或者没有检查的，请写明情况"
                )
        lacking = [
            str(row["name"])
            for key, row in self.conduct.items()
            if row.get("need", "must") == "must" and key not in (data.get("conduct") or ())
        ]
        if lacking:
            self.add_error("conduct", f"还没有做到：{'、'.join(lacking)}。请先做到，再勾选提交")
        return data

    def findings(self) -> list[dict[str, str]]:
        """Each point with its finding and note."""
        return [
            {
                "id": str(row["id"]),
                "name": str(row["name"]),
                "finding": self.cleaned_data[f"point-{row['id']}"],
                "note": self.cleaned_data[f"note-{row['id']}"],
            }
            for row in self.points
        ]


class EndForm(OfficersForm):
    """检查结束: left when, with which result."""

    keeps = ("text",)

    result = forms.ChoiceField(label="检查结果", widget=forms.RadioSelect)
    text = long_text("结果说明", rows=3)
    whys = {
        "result": ("结果按统一口径登记；发现问题的要写明怎样处理。", "双随机、一公开监管通行口径")
    }

    def prepare(self) -> None:
        """The result codes of the pack."""
        super().prepare()
        rows = (
            law.regime(self.record)
            .rows("random-results", clock.today(), registry.facts_of(self.record))
            .rows
        )
        self.results = {str(row["id"]): str(row["name"]) for row in rows}
        self.choices["result"] = list(self.results.items())

    def clean(self) -> dict[str, Any]:
        """The result agrees with what was found point by point."""
        data = super().clean() or {}
        problem = Checked.objects.filter(
            record=self.record, finding="problem", act__effective__voided_by=None
        ).exists()
        if problem and data.get("result") in ("nothing", "no-activity"):
            self.add_error("result", "逐项检查中登记了问题，结果不能是“未发现问题”")
        return data

    def facts(self) -> dict[str, Any]:
        """Whether a problem was found."""
        return {"problem_found": self.cleaned_data["result"] not in ("nothing", "no-activity")}


class ResultForm(ActForm):
    """形成（更改）检查结果: what the person inspected is told and the public may read."""

    keeps = ("conclusion", "handling", "reason")

    conclusion = long_text("检查结果", rows=3)
    handling = long_text("处理情况", rows=2, help_text="没有发现问题的，写“无需处理”")
    reason = long_text("更改的理由", rows=2, required=False)

    def prepare(self) -> None:
        """A change needs its reason."""
        if self.record.state != "concluded":
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """A changed result says why."""
        data = super().clean() or {}
        if "reason" in self.fields and not (data.get("reason") or "").strip():
            self.add_error("reason", "请写明更改的理由")
        return data


class FollowUpForm(ActForm):
    """转为立案线索: a penalty matter begins, tied to this visit."""

    item = forms.ChoiceField(label="涉及的处罚事项")
    cause = forms.CharField(label="案由", max_length=200)
    summary = long_text("基本情况", rows=4)

    def prepare(self) -> None:
        """Offer the agency's own penalty items."""
        self.choices["item"] = [("", "请选择"), *item_choices(self.actor.agency_id)]


@asks("matter.transferred:other-agency")
class ReferForm(ActForm):
    """移送有权机关."""

    keeps = ("to", "reason")
    listed = ("materials",)

    to = forms.CharField(label="移送给哪个机关", max_length=100)
    reason = long_text("移送的事实和理由", rows=4)
    materials = long_text("移送材料", rows=3, help_text="一行一件")


@asks("case.closed:inspection")
class CloseForm(ActForm):
    """办结."""

    keeps = ("text",)
    closes = True

    text = long_text("办结说明", rows=2)


__all__ = ["CHECK_TYPES"]
