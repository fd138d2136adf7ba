"""Forms: the certificate is handed over."""

from __future__ import annotations

from typing import Any

from django import forms

from mingzheng.cases.models import Application, Licence
from mingzheng.procedures.forms import ActForm, day


class CertificateForm(ActForm):
    """颁发证件: number, period, to whom it was handed."""

    keeps = ("number", "receiver")

    number = forms.CharField(label="证件编号", max_length=80)
    receiver = forms.CharField(label="领取人", max_length=60)
    since = day("证件有效期自", required=False, help_text="不填的，按决定书")
    until = day("证件有效期至", required=False, help_text="不填的，按决定书")

    whys = {
        "number": ("编号在本机关不能重复；变更、延续可以沿用原号。", "《行政许可法》第三十九条"),
        "happened_at": (
            "准予许可的，自决定之日起在法定期限内颁发、送达证件。",
            "《行政许可法》第四十四条",
        ),
    }

    def clean(self) -> dict[str, Any]:
        """The period stands as the decision says it, and never ends before it begins."""
        data = super().clean() or {}
        asked = Application.objects.get(record=self.record)
        granted = asked.granted
        decided, until = self.record.case.decided_on, data.get("until")
        if until and decided and until < decided:
            self.add_error("until", "有效期至早于决定日期，请核对")
        for name in ("since", "until"):
            if data.get(name) and granted.get(name) and data[name].isoformat() != granted[name]:
                self.add_error(name, f"与决定书写明的{granted[name]}不一致，证件按决定书颁发")
        held = Licence.objects.filter(
            agency_id=self.record.agency_id, number=data.get("number", ""), state=Licence.VALID
        )
        if held.exclude(pk=asked.about_id or 0).exists():
            self.add_error("number", "这个编号的证件已经颁发过，还在有效状态，请核对编号")
        return data
