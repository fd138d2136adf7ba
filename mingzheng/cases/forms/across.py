"""Forms of what any case may need: more parties, more items, merging, splitting, successors,
visitors, mediation.
"""

from __future__ import annotations

from typing import Any

from django import forms

from mingzheng.agencies import access
from mingzheng.agencies.models import Certificate, Post
from mingzheng.cases.forms.opening import PartyFields, item_choices
from mingzheng.cases.models import CaseItem, CaseParty
from mingzheng.core import clock
from mingzheng.procedures.forms import ActForm, choice, day, long_text
from mingzheng.procedures.registry import asks
from mingzheng.records.models import Record

LAW42, LAW43 = "《行政处罚法》第四十二条", "《行政处罚法》第四十三条"


class PartyAddedForm(PartyFields, ActForm):
    """增加当事人: another one who took part, or whose interests are concerned."""

    keeps = ("reason",)

    role = choice(
        "在本案中的身份", [("respondent", "共同违法的当事人"), ("interested", "有利害关系的人")]
    )
    reason = long_text("理由", rows=2)
    sections = {"party_kind": "增加谁", "role": "身份和理由"}
    whys = {
        "role": (
            "每个当事人都要单独告知、单独送达；利害关系人有陈述的权利。",
            "《行政处罚法》第四十四条、第四十五条",
        )
    }

    def clean(self) -> dict[str, Any]:
        """Nobody stands twice in one case."""
        data = super().clean() or {}
        same = CaseParty.objects.filter(
            record=self.record, until=None, name=data.get("party_name", "")
        )
        if data.get("identifier"):
            same = CaseParty.objects.filter(
                record=self.record, until=None, identifier=data["identifier"]
            )
        if same.exists():
            self.add_error("party_name", "这个当事人已经在本案里，不用再加")
        return data


class PartyChangedForm(ActForm):
    """变更当事人: a new name or address, or another one in his place; the old row stays
    readable.
    """

    keeps = ("address", "reason")

    who = forms.ChoiceField(label="变更哪一个当事人")
    way = choice(
        "变更的情形",
        [
            ("name", "更名"),
            ("address", "住所变更"),
            ("heir", "死亡，由继承人承受"),
            ("merger", "合并，由合并后的单位承受"),
            ("division", "分立，由分立后的单位承受"),
        ],
        radio=False,
    )
    name = forms.CharField(label="变更后的姓名或者名称", max_length=120)
    identifier = forms.CharField(
        label="承受人的证件号码",
        required=False,
        max_length=18,
        help_text="更名、住所变更不用填，沿用原号码",
    )
    address = forms.CharField(label="变更后的住所", max_length=200)
    reason = long_text("变更原因", rows=2, help_text="写明依据的文件，附证明")
    upload = "证明材料"
    whys = {
        "way": (
            "权利义务由谁承受，决定文书写给谁、由谁履行。",
            "《行政处罚法》第四十条；《民法典》第六十七条",
        )
    }

    def prepare(self) -> None:
        """The counterparts as they stand now."""
        rows = list(CaseParty.objects.filter(record=self.record, until=None).order_by("pk"))
        self.fields["who"].choices = [
            (str(row.pk), f"{row.name}（{row.role_name}）") for row in rows
        ]  # type: ignore[attr-defined]
        if len(rows) == 1:
            self.fields["who"].required = False
            self.fields["who"].initial = str(rows[0].pk)

    def clean(self) -> dict[str, Any]:
        """A successor is somebody else, with an identifier that holds."""
        from mingzheng.agencies.identifiers import fault_in_citizen, fault_in_uscc

        data = super().clean() or {}
        rows = CaseParty.objects.filter(record=self.record, until=None).order_by("pk")
        data["old"] = rows.filter(pk=int(data["who"])).first() if data.get("who") else rows.first()
        code = (data.get("identifier") or "").strip().upper()
        data["identifier"] = code
        if data.get("way") in ("heir", "merger", "division"):
            natural = data["way"] == "heir"
            if not code:
                self.add_error("identifier", "请填承受人的证件号码")
            elif fault := fault_in_citizen(code) if natural else fault_in_uscc(code):
                self.add_error("identifier", fault)
            elif data["old"] and code == data["old"].identifier:
                self.add_error("identifier", "与原当事人的号码相同；只是更名的，请选“更名”")
        return data


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
        self.fields["item"].choices = [
            ("", "请选择"),
            *(  # type: ignore[attr-defined]
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
        self.fields["into"].choices = [("", "请选择"), *((str(row.pk), row.title) for row in rows)]  # type: ignore[attr-defined]


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
        self.fields["what"].choices = [
            ("", "请选择"),
            *out,
            *(  # type: ignore[attr-defined]
                (f"item-{row.pk}", f"事项：{row.item.name}") for row in items
            ),
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
    until = day("到哪一天为止")
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
        self.fields["person"].choices = [
            ("", "请选择"),
            *(  # type: ignore[attr-defined]
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


@asks("transfer.receipted", "transfer.accepted")
class ReceiptForm(ActForm):
    """公安机关回执."""

    keeps: tuple[str, ...] = ("organ", "number")

    organ = forms.CharField(label="出具回执的机关", max_length=100)
    number = forms.CharField(label="回执文号", max_length=80)
    upload = "回执扫描件"
    upload_required = True


@asks("transfer.returned")
class ReturnedForm(ReceiptForm):
    """不予立案退回: the case goes on here."""

    keeps = ("organ", "number", "reason", "after")

    reason = long_text("不予立案的理由", rows=3)
    after = choice(
        "本机关怎么办", [("accept", "接受，继续办理"), ("object", "提请复议，同时继续办理")]
    )
