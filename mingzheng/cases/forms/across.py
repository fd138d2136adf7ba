"""Forms of what any case may need: more items, merging, splitting, people from outside,
mediation.
"""

from __future__ import annotations

from typing import Any

from django import forms

from mingzheng.agencies import access
from mingzheng.agencies.models import Certificate, Post
from mingzheng.cases.forms.opening import item_choices
from mingzheng.cases.models import CaseItem, CaseParty
from mingzheng.core import clock
from mingzheng.procedures.forms import ActForm, choice, day, long_text
from mingzheng.procedures.registry import asks
from mingzheng.records.models import Record

LAW42, LAW43 = "《行政处罚法》第四十二条", "《行政处罚法》第四十三条"


class ItemAddedForm(ActForm):
    """增加违法事项: another violation of the same counterpart, handled in the same case."""

    keeps = ("cause", "reason")

    item = forms.ChoiceField(label="增加的事项")
    cause = forms.CharField(label="案由", max_length=200)
    reason = long_text("理由", rows=2)
    whys = {
        "item": (
            "同一违法行为不得给予两次以上罚款；不同的违法行为分别裁量、合并执行。",
            "《行政处罚法》第二十九条",
        )
    }

    def prepare(self) -> None:
        """The agency's items of this kind that are not in the case yet."""
        held = {
            self.record.case.item_id,
            *CaseItem.objects.filter(record=self.record, until=None).values_list(
                "item_id", flat=True
            ),
        }
        self.choices["item"] = [
            ("", "请选择"),
            *(
                row
                for row in item_choices(self.record.agency_id, self.record.kind)
                if int(row[0]) not in held
            ),
        ]


class MergeForm(ActForm):
    """并案: this case goes into one that was opened no later."""

    keeps = ("reason",)

    into = forms.ChoiceField(label="并入哪一件案件")
    reason = long_text("并案理由", rows=3)
    timed = False
    confirm = "并案后，本案的当事人和事项转入主案，期限按先立案的主案计算；本案不再单独办理。"
    whys = {"into": ("以先立案的为主案，办案期限不因并案而延长。", "《行政处罚法》第六十条")}

    def prepare(self) -> None:
        """Cases of the same kind that are being investigated and were opened no later."""
        opened = self.record.case.opened_on
        rows = (
            access.visible(self.actor)
            .filter(
                agency_id=self.record.agency_id,
                procedure=self.record.procedure,
                state=self.record.state,
                case__opened_on__lte=opened,
            )
            .exclude(pk=self.record.pk)
            .order_by("-pk")[:200]
            if opened
            else Record.objects.none()
        )
        self.choices["into"] = [("", "请选择"), *((str(row.pk), row.title) for row in rows)]


class SplitForm(ActForm):
    """分案: one counterpart or one item goes on in a case of its own."""

    keeps = ("cause", "reason")

    what = forms.ChoiceField(label="分出什么")
    cause = forms.CharField(label="新案的案由", max_length=200)
    reason = long_text("分案理由", rows=3)
    timed = False
    confirm = "分出的案件单独办理，办案期限从原案立案之日起算。"
    whys = {"what": ("分案不重新起算期限。", "《行政处罚法》第六十条")}

    def prepare(self) -> None:
        """Counterparts beyond the first, items beyond the first."""
        parties = CaseParty.objects.filter(
            record=self.record, until=None, role="respondent"
        ).order_by("pk")
        items = CaseItem.objects.filter(record=self.record, until=None).select_related("item")
        out = (
            [(f"party-{row.pk}", f"当事人：{row.name}") for row in parties]
            if parties.count() > 1
            else []
        )
        self.choices["what"] = [
            ("", "请选择"),
            *out,
            *((f"item-{row.pk}", f"事项：{row.item.name}") for row in items),
        ]


class GrantForm(ActForm):
    """请外单位人员参加: the one way over the wall between agencies, for one record, from–until,
    for a reason.
    """

    keeps = ("purpose", "why", "until")

    person = forms.ChoiceField(label="请谁参加")
    purpose = choice(
        "做什么",
        [
            ("replacement", "代为承办|本机关人员都须回避时"),
            ("joint", "联合作出决定|各自审核，共同署名"),
            ("adviser", "提供法律或者专业意见|只能查看"),
            ("supervisor", "监督|只能查看"),
        ],
    )
    until = day("到哪一天为止", lies="ahead")
    why = forms.CharField(label="理由", max_length=200)
    timed = False
    whys = {
        "person": ("只对这一件案件有效，到期自动失效，全程留痕。", LAW43),
        "purpose": ("代为承办的人须有当日有效的执法证件。", LAW42),
    }

    def prepare(self) -> None:
        """People of other bodies, by body."""
        today = clock.today()
        rows = (
            Post.objects.filter(since__lte=today)
            .exclude(until__lt=today)
            .exclude(agency=self.record.agency_id)
            .select_related("person", "agency")
            .order_by("agency_id", "pk")
        )
        self.choices["person"] = [
            ("", "请选择"),
            *(
                (str(row.person_id), f"{row.agency.short_name} {row.person.name}（{row.title}）")
                for row in rows
            ),
        ]

    def clean(self) -> dict[str, Any]:
        """A day ahead; whoever handles needs a certificate that is valid today."""
        data = super().clean() or {}
        today = clock.today()
        if data.get("until") and data["until"] < today:
            self.add_error("until", "截止日期不能早于今天")
        if (
            data.get("purpose") == "replacement"
            and data.get("person")
            and not Certificate.objects.filter(
                person=int(data["person"]),
                state=Certificate.VALID,
                since__lte=today,
                until__gte=today,
            ).exists()
        ):
            self.add_error("person", "代为承办的人没有当日有效的执法证件，请换人")
        return data


@asks("mediation.held")
class MediationForm(ActForm):
    """调解: what was agreed, or that nothing was."""

    keeps = ("parties", "text", "agreed")

    parties = forms.CharField(label="参加调解的各方", max_length=300)
    text = long_text("调解经过", rows=4)
    agreed = choice("结果", [("yes", "达成协议"), ("no", "没有达成协议")])
    whys = {
        "agreed": (
            "调解不代替处罚；达成协议并履行的，可以作为从轻的情节。",
            "《行政处罚法》第三十二条",
        )
    }

    def qualifier(self, usual: str) -> str:
        """Whether they agreed."""
        return "agreed" if self.cleaned_data["agreed"] == "yes" else "failed"
