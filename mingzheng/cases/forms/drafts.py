"""The text that a matter is decided on: writing it, and deciding on it as it stands."""

from __future__ import annotations

import json
from typing import Any

from mingzheng.cases.forms.licence_decision import Judgments
from mingzheng.cases.models import JUDGED
from mingzheng.procedures import drafts
from mingzheng.procedures.forms import ActForm


class DraftForm(Judgments):
    """拟定决定稿: the answers that the text is made of, then what the legal review hangs on."""

    timed = False

    def prepare(self) -> None:
        """Start from the text in hand, or from the item's basis."""
        if self.record.case.item:
            self.fields["basis"].initial = self.record.case.item.applied
        current = drafts.newest(self.record)
        for name, value in (json.loads(current.body).get("answers", {}) if current else {}).items():
            if name in self.fields:
                self.fields[name].initial = value
        self.order_fields([*(name for name in self.fields if name not in JUDGED), *JUDGED])

    def facts(self) -> dict[str, Any]:
        """The judgments."""
        return self.judged()


class DecideForm(ActForm):
    """作出决定: the text in hand is what is issued; `wanted` is the outcome that it must propose."""

    shows = "decision"
    confirm = "决定书按当前的稿子出具，签发后不能修改，只能更正。"
    timed = False
    wanted = ""

    def clean(self) -> dict[str, Any]:
        """The text proposes this decision."""
        data = super().clean() or {}
        if self.record.case.outcome != self.wanted:
            self.add_error(None, "稿子拟的不是这一种决定，请先修改稿子")
        return data
