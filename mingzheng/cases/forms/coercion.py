"""Forms of coercion: approval, seizure with its list, extension, handling, release, execution."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from mingzheng.cases import money
from mingzheng.cases.forms.opening import item_choices
from mingzheng.cases.forms.parties import PartyFields
from mingzheng.cases.models import Property, Seizure
from mingzheng.core import clock
from mingzheng.procedures import registry
from mingzheng.procedures.forms import ActForm, choice, day, long_text, several, yes_no, yuan
from mingzheng.procedures.presence import OfficersForm, SignedForm
from mingzheng.procedures.registry import asks
from mingzheng.records import law
from mingzheng.records.models import Duty, EffectiveAct

if TYPE_CHECKING:
    from mingzheng.procedures.step_context import StepContext

QZ = "《行政强制法》"


class CoercionForm(PartyFields, ActForm):
    """登记行政强制事项."""

    item = forms.ChoiceField(label="强制事项")
    cause = forms.CharField(label="事由", max_length=200)
    place = forms.CharField(label="地点", max_length=200)
    summary = long_text("基本情况和必要性", rows=4)
    sections = {"item": "强制事项", "party_kind": "当事人", "happened_at": "登记时间"}
    whys = {
        "summary": (
            "能用非强制手段达到目的的，不得强制；违法行为情节显著轻微的可以不强制。",
            QZ + "第五条、第十六条第二款",
        )
    }

    def prepare(self) -> None:
        """Offer the agency's own items."""
        self.choices["item"] = [
            ("", "请选择"),
            *item_choices(self.actor.agency_id, "coercion"),
        ]
        self.order_fields(["item", "cause", "place", "summary"])


class OpenForm(OfficersForm):
    """受理承办."""

    keeps = ("reason",)

    officers_label = "承办人员"
    reason = long_text("理由", rows=2)


@asks("case.declined:coercion")
class DeclineForm(ActForm):
    """不予实施."""

    keeps = ("reason",)

    reason = long_text("理由", rows=2)


@asks("seizure.approved")
class ApprovalForm(ActForm):
    """查封扣押审批: what, whose, where, on what basis."""

    keeps = ("way", "things", "basis", "reason")
    names_handlers = True

    way = choice("措施", [(code, name) for code, name in Seizure.WAYS.items() if code != "freeze"])
    things = long_text(
        "拟查封扣押的场所、设施、财物",
        rows=3,
        help_text="限于涉案的场所、设施、财物，不得查封扣押公民及其所扶养家属的生活必需品",
    )
    basis = forms.CharField(label="法律、法规依据", max_length=300, help_text="写到条、款、项")
    reason = long_text("理由", rows=3)
    timed = False
    whys = {
        "things": (
            "不得查封、扣押与违法行为无关的场所、设施、财物；已被其他机关查封的不得重复查封。",
            QZ + "第二十三条",
        ),
        "basis": ("查封、扣押只能由法律、法规规定的行政机关实施。", QZ + "第二十二条"),
    }

    def qualifier(self, usual: str) -> str:
        """Which measure."""
        return str(self.cleaned_data["way"])


class SeizeForm(SignedForm):
    """实施查封扣押: the list in two copies, party or witness present."""

    keeps = ("way", "things", "place", "kept_at", "present", "basis", "reason", "why_urgent")
    names_handlers = True

    way = choice("措施", [(code, name) for code, name in Seizure.WAYS.items() if code != "freeze"])
    things = long_text("财物清单", rows=4, help_text="一行一件：名称，规格型号，数量")
    place = forms.CharField(label="地点", max_length=200)
    kept_at = forms.CharField(label="存放（查封）位置", max_length=120)
    present = choice("当事人是否到场", [("yes", "到场"), ("no", "没有到场，由见证人在场")])
    basis = forms.CharField(label="法律、法规依据", max_length=300)
    reason = long_text("理由", rows=2)
    contained = yes_no("是否涉及公民及其所扶养家属的生活必需品")

    whys = {
        "present": (
            "应当通知当事人到场；不到场的，邀请见证人到场，由见证人和执法人员签名。",
            QZ + "第十八条第四项、第九项",
        ),
        "things": ("清单一式二份，由当事人和行政机关分别保存。", QZ + "第二十四条第三款"),
        "contained": ("生活必需品不得查封、扣押。", QZ + "第二十三条第一款"),
    }

    def clean(self) -> dict[str, Any]:
        """A witness where the party is away; daily necessities stay."""
        data = super().clean() or {}
        if data.get("present") == "no" and not (data.get("witness") or "").strip():
            self.add_error("witness", "当事人没有到场的，请写见证人姓名、单位")
        if data.get("contained"):
            self.add_error("contained", "生活必需品不得查封、扣押，请从清单中去掉")
        for index, line in enumerate((data.get("things") or "").splitlines(), 1):
            if (
                line.strip()
                and len([cell for cell in line.replace(",", "，").split("，") if cell.strip()]) < 2
            ):
                self.add_error("things", f"第 {index} 行请至少写明名称和数量，用逗号分开")
        return data

    def facts(self) -> dict[str, Any]:
        """Not urgent: it was approved beforehand."""
        return {"urgent": False}


class UrgentSeizeForm(SeizeForm):
    """情况紧急当场查封扣押."""

    why_urgent = long_text("情况紧急的情形", rows=2)
    whys = SeizeForm.whys | {
        "why_urgent": ("情况紧急当场实施的，应当按时限报告并补办批准手续。", QZ + "第十九条")
    }

    def facts(self) -> dict[str, Any]:
        """Urgent: report and approval follow."""
        return {"urgent": True}


@asks("urgent.reported")
class ReportForm(ActForm):
    """紧急报告."""

    keeps = ("to", "text")

    to = forms.CharField(label="向谁报告", max_length=60)
    text = long_text("报告内容", rows=3)


class ExtendForm(ActForm):
    """延长查封扣押期限: once, with the reason told in writing."""

    keeps = ("days", "reason")

    days = forms.IntegerField(label="延长多少日", min_value=1, max_value=3650)
    told_on = day("书面告知当事人的日期", lies="behind")
    reason = long_text("延长的理由", rows=3)
    whys = {
        "told_on": (
            "延长查封、扣押的决定应当及时书面告知当事人，并说明理由。",
            QZ + "第二十五条第二款",
        )
    }

    def attrs(self) -> dict[str, Any]:
        """How long it is extended."""
        return {"n": self.cleaned_data["days"], "unit": "day"}

    def clean_told_on(self) -> date:
        """Told in writing, no later than today."""
        value: date = self.cleaned_data["told_on"]
        if value > clock.today():
            raise forms.ValidationError("告知日期不能晚于今天")
        return value


def kept_choices(form: ActForm) -> list[tuple[str, str]]:
    """Things of this record that are still in keeping."""
    rows = Property.objects.filter(
        record=form.record, state__in=(Property.KEPT, "testing")
    ).order_by("pk")
    return [
        (str(row.pk), f"{row.number} {row.name} {row.specification} {row.quantity}（{row.place}）")
        for row in rows
    ]


class ThingsForm(ActForm):
    """A form about some of the things in keeping."""

    things = several("财物")

    def prepare(self) -> None:
        """All of them are ticked at first."""
        offered = kept_choices(self)
        self.choices["things"] = offered
        self.fields["things"].initial = [key for key, _ in offered]


class MoveForm(ThingsForm):
    """移库."""

    keeps = ("place", "receiver", "note")

    place = forms.CharField(label="移到哪里", max_length=120)
    receiver = forms.CharField(label="接收保管人", max_length=60)
    note = forms.CharField(label="原因", max_length=300)


class HandleForm(ThingsForm):
    """处理决定: what becomes of the things."""

    keeps = ("how", "receiver", "witnesses", "basis", "note")

    how = choice(
        "处理方式",
        [
            ("confiscated", "没收"),
            ("destroyed", "销毁"),
            ("sold", "拍卖、变卖"),
            ("transferred", "移送有关机关"),
        ],
    )
    receiver = forms.CharField(label="接收（承办）单位", max_length=120)
    witnesses = forms.CharField(
        label="监督（监销）人员",
        required=False,
        max_length=120,
        help_text="销毁、变卖须两人以上在场",
    )
    basis = forms.CharField(label="依据", max_length=300)
    note = long_text("说明", rows=2)
    timed = False
    whys = {
        "how": (
            "应当在期限内作出处理决定；应当没收的没收，应当销毁的依法销毁，应当解除的解除。",
            QZ + "第二十七条",
        )
    }

    def clean(self) -> dict[str, Any]:
        """Two people watch a destruction or a sale."""
        data = super().clean() or {}
        names = [
            name
            for name in (
                (data.get("witnesses") or "").replace("，", "、").replace(",", "、").split("、")
            )
            if name.strip()
        ]
        if data.get("how") in ("destroyed", "sold") and len(set(names)) < 2:
            self.add_error("witnesses", "销毁、拍卖、变卖须写明两名以上在场监督的人员，用顿号分开")
        return data


class LiftForm(SignedForm):
    """解除查封扣押: things go back, signed for."""

    keeps = ("ground", "receiver")

    ground = choice(
        "解除的理由",
        [
            ("no-violation", "当事人没有违法行为"),
            ("unrelated", "与违法行为无关"),
            ("handled", "已作出处理决定，不再需要"),
            ("expired", "期限已经届满"),
            ("other", "其他不再需要的情形"),
        ],
        radio=False,
    )
    things = several("退还的财物")
    receiver = forms.CharField(label="领取人", max_length=60)
    whys = {"ground": ("有法定情形的应当及时作出解除决定，立即退还财物。", QZ + "第二十八条")}

    def prepare(self) -> None:
        """All of them are ticked at first."""
        super().prepare()
        offered = kept_choices(self)
        self.choices["things"] = offered
        self.fields["things"].initial = [key for key, _ in offered]


@asks("case.closed:coercion")
class CloseForm(ActForm):
    """办结."""

    keeps = ("text",)
    closes = True

    text = long_text("办结说明", rows=2)

    def clean(self) -> dict[str, Any]:
        """Nothing may be left in keeping."""
        data = super().clean() or {}
        left = kept_choices(self)
        if left:
            self.add_error(
                None, f"还有 {len(left)} 件财物在库（例如 {left[0][1]}），处理或者退还以后才能办结"
            )
        return data


@asks("execution.agreed")
class AgreeForm(ActForm):
    """执行协议: instalments, measures; the additional fine may be waived when it is kept."""

    keeps = ("text", "until")

    text = long_text(
        "协议内容", rows=4, help_text="可以约定分阶段履行；采取补救措施的，可以减免加处的罚款"
    )
    until = day("履行完毕的日期", lies="ahead")


@asks("coercion.executed")
class ExecuteForm(OfficersForm):
    """实施强制执行."""

    keeps = ("manner", "basis", "on", "text")
    money = ("amount",)

    manner = choice(
        "方式",
        [
            ("additional-fine", "加处罚款或者滞纳金"),
            ("transfer", "划拨存款、汇款"),
            ("sale", "拍卖或者依法处理查封扣押的财物"),
            ("restore", "排除妨碍、恢复原状"),
            ("substitute", "代履行"),
            ("other", "其他"),
        ],
        radio=False,
    )
    basis = forms.CharField(label="赋予强制执行权的法律", max_length=300)
    amount = yuan("标的金额（元）", required=False)
    on = day("实施日期")
    night = yes_no("是否在夜间或者法定节假日实施")
    urgent = yes_no("是否情况紧急")
    text = long_text("执行内容", rows=3)
    timed = False
    whys = {
        "basis": (
            "没有法律规定的行政机关没有强制执行权，应当申请人民法院强制执行。",
            QZ + "第十三条",
        ),
        "night": (
            "不得在夜间或者法定节假日实施行政强制执行，情况紧急的除外。",
            QZ + "第四十三条第一款",
        ),
    }

    def clean(self) -> dict[str, Any]:
        """The calendar is not asked twice: a day off is a day off."""
        data = super().clean() or {}
        on = data.get("on")
        if on and on < clock.today():
            self.add_error("on", "实施日期不能早于今天")
        owed = Decimal(money.fine(self.record)) / 100
        if data.get("manner") == "additional-fine" and (data.get("amount") or 0) > owed:
            self.add_error(
                "amount",
                f"加处罚款、滞纳金的数额不得超出金钱给付义务的数额（{owed:,.2f} 元）（{QZ}第四十五条第二款）",
            )
        if on and data.get("night") is False and not law.calendar().is_workday(on):
            self.add_error("night", f"{on:%Y年%-m月%-d日}是休息日或者法定节假日，请核对")
        return data

    def facts(self) -> dict[str, Any]:
        """When and how urgently."""
        return {
            "at_night_or_holiday": self.cleaned_data["night"],
            "urgent": self.cleaned_data["urgent"],
        }

    def qualifier(self, usual: str) -> str:
        """In which manner."""
        return str(self.cleaned_data["manner"])


@asks("remedy.expired")
class ExpiredForm(ActForm):
    """救济期限届满: no reconsideration, no litigation, not carried out."""

    checked = forms.BooleanField(
        label="已核实当事人没有申请行政复议、没有提起行政诉讼，又不履行决定"
    )

    def clean(self) -> dict[str, Any]:
        """The longest period for a remedy is over."""
        data = super().clean() or {}
        served = (
            EffectiveAct.objects.filter(record=self.record, kind="decision.served", voided_by=None)
            .order_by("-act_id")
            .first()
        )
        if served is None:
            self.add_error(None, "决定书还没有送达，救济期限没有起算")
            return data
        on = clock.local(served.happened_at).date()
        terms = law.regime(self.record).terms(
            "decision.served", on, registry.facts_of(self.record), law.calendar()
        )
        until = max(
            (term.until for term in terms if term.topic.startswith("remedy/") and term.until),
            default=None,
        )
        if until and until >= clock.today():
            self.add_error(
                None,
                f"救济期限到 {until:%Y年%-m月%-d日} 才届满，现在不能登记（《行政强制法》第五十三条）",
            )
        return data

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """Looked into, and when."""
        return {"checked": True, "on": clock.today()}


def court_overdue(record: Any) -> Duty | None:
    """The duty to apply to the court whose last day is over."""
    found: Duty | None = Duty.objects.filter(
        record=record, topic="court/limit", state=Duty.OPEN, due__lt=clock.today()
    ).first()
    return found
