"""Forms: who the counterpart is, another one, another in his place."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from mingzheng.agencies import access
from mingzheng.agencies.identifiers import fault_in_citizen, fault_in_uscc
from mingzheng.agencies.models import Party
from mingzheng.cases.models import CaseParty
from mingzheng.core import clock
from mingzheng.procedures.forms import ActForm, choice, long_text
from mingzheng.records.actors import Actor
from mingzheng.records.models import Record

PARTY = (
    "party_kind",
    "party_name",
    "representative",
    "identifier",
    "no_identifier_reason",
    "address",
    "phone",
)
PARTY_HALVES = frozenset({*PARTY[1:], "happened_at", "late_reason"})


class PartyFields(forms.Form):
    """Who the counterpart is, with an identifier whose check digit holds or the reason for none."""

    party_kind = choice("主体类型", Party.KINDS.items())
    party_name = forms.CharField(label="姓名或者名称", max_length=120)
    representative = forms.CharField(
        label="法定代表人（负责人、经营者）", required=False, max_length=60
    )
    identifier = forms.CharField(
        label="证件号码",
        required=False,
        max_length=18,
        help_text="身份证号或者统一社会信用代码；身份证号公示时遮盖",
    )
    no_identifier_reason = forms.CharField(
        label="没有证件号码的原因", required=False, max_length=200
    )
    address = forms.CharField(label="住所（住址）", max_length=200)
    phone = forms.CharField(label="联系电话", required=False, max_length=40)

    halves = PARTY_HALVES

    def clean(self) -> dict[str, Any]:
        """Check digits, and a representative for a legal person."""
        data = super().clean() or {}
        code = (data.get("identifier") or "").strip().upper()
        data["identifier"] = code
        natural = data.get("party_kind") == "natural"
        if code:
            fault = fault_in_citizen(code) if natural else fault_in_uscc(code)
            if fault:
                self.add_error("identifier", fault)
        elif not (data.get("no_identifier_reason") or "").strip():
            self.add_error("identifier", "请填证件号码；确实没有的，在下一格写明原因")
        if (
            data.get("party_kind") == "organisation"
            and not (data.get("representative") or "").strip()
        ):
            self.add_error("representative", "请填法定代表人或者负责人")
        if getattr(self, "record", None) is None and not self.data.get("not_duplicate"):
            self._ask_about_duplicates(data)
        return data

    def _ask_about_duplicates(self, data: dict[str, Any]) -> None:
        """The same counterpart, the same item, the same day: shown before it is made, and made only
        when somebody says that it is another matter.
        """
        found = same_today(self.actor, data)  # type: ignore[attr-defined]
        if not found:
            return
        self.fields["not_duplicate"] = forms.BooleanField(
            label="已经核对：这是另一件事，不是重复登记", required=False
        )
        # The page shows each with a link.
        self.alike = found[:3]
        named = "；".join(f"《{record.title}》" for record in self.alike)
        self.add_error(
            "not_duplicate",
            f"今天已经为同一当事人登记过同一事项：{named}。请先看那一件；确实是另一件事的，勾选这一格再提交。",
        )


def same_today(by: Actor, data: dict[str, Any]) -> list[Record]:
    """Matters of the same item and counterpart that were begun today and that this person may see."""
    item, name = str(data.get("item") or ""), (data.get("party_name") or "").strip()
    if not item.isdigit() or not name:
        return []
    midnight = clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Record.objects.filter(
        agency_id=by.agency_id,
        case__item_id=int(item),
        opened_at__gte=midnight,
    )
    parties = CaseParty.objects.filter(record__in=rows, until=None)
    same = {
        record
        for record, held, code in parties.values_list("record", "name", "identifier")
        if _bare(held) == _bare(name) or code and code == data.get("identifier")
    }
    return list(access.visible(by).filter(pk__in=same).order_by("-pk")) if same else []


def _bare(name: str) -> str:
    """A name as it is compared: without spaces, and with brackets of one width."""
    return re.sub(r"\s", "", name).translate(str.maketrans("（）", "()"))


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
        self.choices["who"] = [(str(row.pk), f"{row.name}（{row.role_name}）") for row in rows]
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
