"""Forms: taking a licence away of the agency's own motion."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from mingzheng.cases.forms.licence_decision import Judgments, LicenceDecideForm
from mingzheng.cases.forms.service import ServedForm
from mingzheng.cases.models import JUDGED, Licence
from mingzheng.core import clock
from mingzheng.documents import acts as document_acts
from mingzheng.procedures.drafts import OnDraftForm
from mingzheng.procedures.forms import ActForm, choice, long_text
from mingzheng.procedures.registry import asks
from mingzheng.records import law


class RevokeForm(LicenceDecideForm):
    """撤销许可."""

    wanted = ("revoked", "撤销许可")


class TakeBackForm(LicenceDecideForm):
    """撤回许可."""

    wanted = ("withdrawn", "撤回许可")


class CancelForm(LicenceDecideForm):
    """注销许可."""

    wanted = ("cancelled", "注销许可")


class EndingSourceForm(ActForm):
    """依职权撤销、撤回、注销: which certificate, what for."""

    sort = choice(
        "拟作处理",
        [("revocation", "撤销许可"), ("withdrawal", "撤回许可"), ("cancellation", "注销许可")],
    )
    licence = forms.ChoiceField(label="许可证件")
    summary = long_text("发现的情况", rows=4)
    whys = {
        "sort": (
            "违法取得或者违法作出的撤销；依据或者客观情况变了的撤回；到期、终止等注销，后果各不相同。",
            "《行政许可法》第八条、第六十九条、第七十条",
        )
    }

    def prepare(self) -> None:
        """The certificates that are in force."""
        held = Licence.objects.filter(agency_id=self.actor.agency_id, state=Licence.VALID).order_by(
            "number"
        )
        self.choices["licence"] = [
            ("", "请选择"),
            *((str(row.pk), f"{row.number} {row.holder} {row.name}") for row in held),
        ]


@asks("party.notified:revocation")
class EndingToldForm(OnDraftForm, ServedForm):
    """拟撤销、撤回告知."""

    keeps = ("contact",)
    names_handlers = True

    contact = forms.CharField(label="陈述申辩的联系人、电话", max_length=100)
    whys = {"contact": ("被许可人对拟作的处理有权陈述、申辩。", "《行政许可法》第七条")}


class EndingDraftForm(Judgments):
    """拟定撤销、撤回、注销的意见."""

    ground = choice("情形", [])
    facts_text = long_text("事实和证据", rows=4)
    basis = forms.CharField(label="依据", max_length=300, help_text="写到条、款、项")
    compensation = long_text("赔偿、补偿或者不受保护的说明", rows=2, required=False)

    timed = False
    whys = {
        "compensation": (
            "撤销损害合法权益的依法赔偿，以不正当手段取得的利益不受保护；撤回造成财产损失的依法补偿。",
            "《行政许可法》第八条、第六十九条第四款",
        )
    }

    def prepare(self) -> None:
        """The grounds of the pack for what is proposed."""
        rows = (
            law.regime(self.record)
            .rows(f"licence-{self.record.case.sort}", clock.today(), {"kind": "licence"})
            .rows
        )
        self.grounds = {str(row["id"]): row for row in rows}
        self.choices["ground"] = [
            (key, f"{row['name']}|{row['source']}") for key, row in self.grounds.items()
        ]
        current = document_acts.current_draft(self.record, "licence-ending")
        for name, value in (json.loads(current.body).get("answers", {}) if current else {}).items():
            if name in self.fields:
                self.fields[name].initial = value
        self.order_fields(["ground", "facts_text", "basis", "compensation", *JUDGED])

    def clean(self) -> dict[str, Any]:
        """Whoever takes a licence away says what becomes of the loss."""
        data = super().clean() or {}
        if self.record.case.sort != "cancellation" and not (data.get("compensation") or "").strip():
            self.add_error(
                "compensation",
                "撤销、撤回要写明赔偿、补偿，或者取得的利益不受保护（《行政许可法》第八条、第六十九条）",
            )
        return data

    def facts(self) -> dict[str, Any]:
        """The judgments."""
        return self.judged()
