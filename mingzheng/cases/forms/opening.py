"""Forms: source of a case, opening it, declining it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q

from mingzheng.cases.forms.parties import PARTY_HALVES, PartyFields
from mingzheng.cases.models import SOURCES
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.procedures.forms import ActForm, choice, day, long_text, several
from mingzheng.procedures.presence import OfficersForm, officer_choices, too_few
from mingzheng.procedures.registry import asks

if TYPE_CHECKING:
    from mingzheng.procedures.step_context import StepContext


def item_choices(agency_id: int, kind: str = "penalty") -> list[tuple[str, str]]:
    """The agency's items of a kind that are in force today."""
    today = clock.today()
    rows = Item.objects.filter(agency=agency_id, kind=kind, since__lte=today)
    return [
        (str(row.pk), row.name)
        for row in rows.filter(Q(until=None) | Q(until__gte=today)).order_by("code")
    ]


class SourceForm(PartyFields, ActForm):
    """线索登记: where the matter comes from and whom it concerns."""

    procedure = choice(
        "适用程序",
        [
            ("penalty-ordinary", "普通程序|一般案件"),
            ("penalty-summary", "简易程序|事实确凿、有法定依据，数额在当场处罚限额以内"),
        ],
    )
    source = choice("案件来源", SOURCES.items(), radio=False)
    item = forms.ChoiceField(label="涉及的执法事项")
    cause = forms.CharField(
        label="案由", max_length=200, help_text="例如：未按规定报送能源利用状况报告"
    )
    place = forms.CharField(label="发生地点", max_length=200)
    conduct_on = day(
        "违法行为发生（终了）日期", lies="behind", help_text="不能确定到日的，填发现的那一天"
    )
    summary = long_text("基本情况")
    informant = forms.CharField(
        label="举报人信息",
        required=False,
        max_length=200,
        help_text="填写后本案按涉密管理，只有承办人、主要负责人，以及轮到其审批期间的审批人可见；举报人信息不进入文书和公示",
    )

    sections = {"source": "线索", "party_kind": "当事人", "happened_at": "登记时间"}
    halves = PARTY_HALVES | {"conduct_on", "place"}
    whys = {
        "item": (
            "没有法定依据的事项不得处罚；公示、统计和流程都按事项走。",
            "《行政处罚法》第四条、第三十八条",
        ),
        "procedure": (
            "普通程序和简易程序的步骤、时限和救济告知不同。",
            "《行政处罚法》第五十一条、第五十四条",
        ),
        "conduct_on": (
            "追责期限和适用新旧法都看行为发生的日子。",
            "《行政处罚法》第三十六条、第三十七条",
        ),
        "party_kind": ("当场处罚限额、公示期限都因当事人类型而不同。", "《行政处罚法》第五十一条"),
    }

    def prepare(self) -> None:
        """Offer the agency's own items."""
        self.choices["item"] = [("", "请选择"), *item_choices(self.actor.agency_id)]
        self.order_fields(
            ["source", "item", "cause", "procedure", "conduct_on", "place", "summary", "informant"]
        )

    def clean_conduct_on(self) -> Any:
        """The conduct lies in the past."""
        value = self.cleaned_data["conduct_on"]
        if value > clock.today():
            raise forms.ValidationError("违法行为日期不能晚于今天")
        return value


class OpenForm(OfficersForm):
    """立案: the two officers who will handle it and why it meets the conditions."""

    keeps = ("reason",)

    officers_label = "承办人员"
    reason = long_text("立案理由")

    whys = {
        "officers": ("调查须由两名以上具有执法资格的人员进行。", "《行政处罚法》第四十二条第一款"),
        "reason": ("符合立案标准的应当及时立案。", "《行政处罚法》第五十四条第二款"),
    }

    def clean(self) -> dict[str, Any]:
        """As many different officers as the rules ask for."""
        data = super().clean() or {}
        if fault := too_few(self, data.get("officers")):
            self.add_error("officers", fault)
        return data


@asks("case.declined")
class DeclineForm(ActForm):
    """不予立案: with a reason that the informant may be told."""

    keeps = ("reason",)

    reason = long_text("不予立案的理由")


class ReassignForm(ActForm):
    """转办: new handlers take over, with the reason; open duties follow them."""

    keeps = ("reason",)

    officers = several("接办人员")
    reason = long_text("转办理由", rows=2)

    def prepare(self) -> None:
        """Offer the agency's officers."""
        self.choices["officers"] = officer_choices(self)

    def clean(self) -> dict[str, Any]:
        """As many different officers as the rules ask for."""
        data = super().clean() or {}
        if fault := too_few(self, data.get("officers")):
            self.add_error("officers", fault)
        return data


@asks("recusal.requested")
class RecusalForm(ActForm):
    """回避: who, on whose request, why."""

    keeps: tuple[str, ...] = ("asked_by", "reason")

    person = forms.ChoiceField(label="需要回避的人员")
    asked_by = choice(
        "谁提出的", [("party", "当事人申请"), ("self", "本人申请"), ("agency", "机关决定")]
    )
    reason = long_text("回避的理由", rows=2)

    whys = {
        "person": (
            "与案件有直接利害关系或者其他关系可能影响公正执法的，应当回避。",
            "《行政处罚法》第四十三条第一款",
        )
    }

    def prepare(self) -> None:
        """Offer the handlers of this case."""
        from mingzheng.agencies.models import Handler

        rows = Handler.objects.filter(record=self.record, until=None).select_related("person")
        self.choices["person"] = [(str(row.person_id), row.person.name) for row in rows]

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """Who is to keep away."""
        return {**super().act_content(context), "person": int(self.cleaned_data["person"])}

    def act_subject(self, context: StepContext) -> str:
        """Who is to keep away."""
        return str(self.cleaned_data["person"])


class RecuseForm(RecusalForm):
    """决定回避."""

    keeps = ("reason",)
