"""Forms: registering a marriage or a divorce."""

from __future__ import annotations

from typing import Any

from django import forms

from mingzheng.agencies.identifiers import fault_in_citizen
from mingzheng.cases.forms.licence import ItemMaterials
from mingzheng.cases.forms.parties import PARTY, PARTY_HALVES, PartyFields
from mingzheng.procedures.forms import ActForm, choice, long_text, several, yes_no
from mingzheng.procedures.presence import OfficersForm
from mingzheng.procedures.registry import asks


class RegistrationForm(PartyFields, ItemMaterials, ActForm):
    """收到登记申请: both people, what they brought."""

    item = forms.ChoiceField(label="登记事项")
    partner_name = forms.CharField(label="另一方姓名", max_length=60)
    partner_identifier = forms.CharField(label="另一方身份证号", max_length=18)
    partner_address = forms.CharField(label="另一方住址", max_length=200)
    materials = several("查验的证件、材料", required=False)

    sections = {
        "item": "登记事项",
        "party_kind": "一方",
        "partner_name": "另一方",
        "materials": "证件、材料",
        "happened_at": "到场时间",
    }
    halves = PARTY_HALVES | {"partner_name", "partner_address"}
    whys = {
        "materials": ("缺证件、声明的，不能登记，要当场告知补齐什么。", "《婚姻登记条例》"),
        "partner_identifier": (
            "登记信息按最高密级管理，只有登记员和主要负责人可见，从不公示。",
            "《个人信息保护法》第二十八条",
        ),
    }

    def prepare(self) -> None:
        """Offer the agency's items of registration."""
        self.offer(self.actor.agency_id, "confirmation")
        self.order_fields(
            ["item", *PARTY, "partner_name", "partner_identifier", "partner_address", "materials"]
        )

    def clean(self) -> dict[str, Any]:
        """Two different natural persons."""
        data = super().clean() or {}
        code = (data.get("partner_identifier") or "").strip().upper()
        data["partner_identifier"] = code
        if code and (fault := fault_in_citizen(code)):
            self.add_error("partner_identifier", fault)
        if code and code == data.get("identifier"):
            self.add_error("partner_identifier", "两个人的身份证号相同，请核对")
        if data.get("party_kind") not in (None, "natural"):
            self.add_error("party_kind", "婚姻登记的当事人是自然人")
        return data


@asks("application.accepted:divorce")
class ReceiptForm(ActForm):
    """出具受理回执."""

    keeps = ("note",)

    note = forms.CharField(label="说明", required=False, max_length=300)


class ExamineForm(OfficersForm):
    """当场审查: documents seen, declaration signed face to face, and whether the conditions are
    met.
    """

    keeps = ("present", "declared", "text")

    officers_label = "登记员"
    present = yes_no("双方是否亲自到场")
    declared = yes_no("双方是否当面签署声明")
    conclusion = choice("审查结论", [("granted", "符合登记条件"), ("refused", "不符合登记条件")])
    text = long_text("审查情况", rows=3)

    whys = {
        "declared": (
            "登记以双方亲自到场、当面声明为前提。",
            "《民法典》第一千零四十九条、第一千零七十六条",
        ),
        "conclusion": ("符合条件的当场登记发证；不符合的不予登记并说明理由。", "《婚姻登记条例》"),
    }

    def clean(self) -> dict[str, Any]:
        """Nobody is registered in his absence."""
        data = super().clean() or {}
        if data.get("conclusion") == "granted" and not (
            data.get("present") and data.get("declared")
        ):
            self.add_error("conclusion", "双方没有都到场或者没有当面签署声明的，不符合登记条件")
        return data


class RegisterForm(ActForm):
    """准予登记: on the spot."""

    confirm = "登记后发给证书，登记即生效。"


class RefuseRegistrationForm(ActForm):
    """不予登记: with reasons and remedies."""

    keeps = ("reasons",)

    reasons = long_text("不予登记的理由", rows=3)
    whys = {
        "reasons": (
            "不予登记的要向当事人说明理由，并告知复议、诉讼的权利。",
            "《婚姻登记条例》；《行政复议法》第二十条",
        )
    }


@asks("certificate.issued:registration")
class RegistrationCertificateForm(ActForm):
    """发给证书."""

    keeps = ("number", "receiver")

    number = forms.CharField(label="证书字号", max_length=60)
    receiver = forms.CharField(label="领证人", max_length=100)


@asks("case.closed:registration")
class ClosingForm(ActForm):
    """办结."""

    keeps = ("text",)
    closes = True

    text = long_text("办结情况", rows=2)


@asks("application.withdrawn:party")
class PartyWithdrawsForm(ActForm):
    """一方撤回离婚登记申请."""

    keeps = ("person", "reason")
    closes = True

    person = forms.CharField(label="撤回申请的一方", max_length=60)
    reason = long_text("撤回的表示", rows=2)


@asks("application.withdrawn:silence")
class SilenceForm(ActForm):
    """视为撤回."""

    keeps = ("reason",)
    closes = True

    reason = long_text("情况说明", rows=2)
