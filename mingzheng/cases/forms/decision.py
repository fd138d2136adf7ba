"""Forms: the text of a decision, the decision, its report to the agency."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django import forms

from mingzheng.documents import acts as document_acts
from mingzheng.procedures.forms import ActForm, choice, long_text, several, yes_no, yuan
from mingzheng.procedures.presence import SignedForm
from mingzheng.procedures.registry import asks
from mingzheng.records.models import EffectiveAct

OUTCOMES = [
    ("penalty", "给予行政处罚"),
    ("no-penalty", "不予行政处罚"),
    ("no-case", "违法事实不能成立"),
]
# The kinds of 《行政处罚法》第九条 in its own words; packs and statistics compare with these.
PENALTIES = (
    "警告",
    "通报批评",
    "罚款",
    "没收违法所得",
    "没收非法财物",
    "暂扣许可证件",
    "降低资质等级",
    "吊销许可证件",
    "限制开展生产经营活动",
    "责令停产停业",
    "责令关闭",
    "限制从业",
    "其他",
)


class DraftForm(ActForm):
    """拟定处理意见: the text that notice, review and discussion are about."""

    outcome = choice("拟作处理", OUTCOMES)
    facts_text = long_text("违法事实", rows=5)
    evidence_text = long_text("证据", rows=3)
    broken = forms.CharField(label="违反的规定", max_length=300, help_text="写到条、款、项")
    applied = forms.CharField(label="处罚（处理）依据", max_length=300, help_text="写到条、款、项")
    discretion = long_text(
        "裁量说明", rows=2, help_text="从轻、减轻、从重的情节，适用哪一档基准，为什么"
    )
    penalties = several("处罚种类", [(name, name) for name in PENALTIES], required=False)
    fine = yuan("罚款金额（元）", required=False)
    confiscated = yuan("没收金额（元）", required=False)
    other = forms.CharField(
        label="其他处罚内容",
        required=False,
        max_length=500,
        help_text="例如：撤销登记；吊销证书的名称和编号",
    )
    hearing_right = yes_no(
        "是否属于应当告知听证权利的处罚",
        help_text="较大数额罚款、没收较大数额或者较大价值财物、其他较重的处罚；数额标准按本省、本系统规定",
    )
    mitigated = yes_no("是否减轻处罚")
    aggravated = yes_no("是否从重处罚")
    substance_changed = yes_no("与上一稿相比，处罚内容、事实或者依据是否有变化", required=False)
    heavier = yes_no("是否因当事人陈述申辩而加重", required=False)

    timed = False
    whys = {
        "penalties": (
            "处罚种类决定是否有听证权利、是否为重大决定、公示多久。",
            "《行政处罚法》第九条、第五十八条、第六十三条",
        ),
        "fine": (
            "一个违法行为不得给予两次以上罚款。金额以元填写，系统以分保存。",
            "《行政处罚法》第二十九条",
        ),
        "discretion": (
            "从轻、减轻、从重都要有情节和基准作依据，公示时一并说明。",
            "《行政处罚法》第三十二条至第三十四条",
        ),
        "hearing_right": ("属于这类处罚的，作出决定前要告知听证权利。", "《行政处罚法》第六十三条"),
        "heavier": ("不得因当事人陈述、申辩而给予更重的处罚。", "《行政处罚法》第四十五条第二款"),
    }

    def prepare(self) -> None:
        """Start from the current draft, or from the item's bases."""
        case = self.record.case
        current = document_acts.current_draft(self.record, "penalty-decision")
        if current:
            for name, value in json.loads(current.body).get("answers", {}).items():
                if name in self.fields:
                    self.fields[name].initial = value
        elif case.item:
            self.fields["broken"].initial = case.item.broken
            self.fields["applied"].initial = case.item.applied
        if current is None:
            del self.fields["substance_changed"], self.fields["heavier"]

    def clean(self) -> dict[str, Any]:
        """A fine needs its amount, a penalty its kind."""
        data = super().clean() or {}
        kinds = data.get("penalties") or []
        if data.get("outcome") == "penalty" and not kinds:
            self.add_error("penalties", "请选择处罚种类")
        if "罚款" in kinds and not data.get("fine"):
            self.add_error("fine", "请填罚款金额")
        if data.get("fine") and "罚款" not in kinds:
            self.add_error("penalties", "填了罚款金额，请勾选“罚款”")
        if {"没收违法所得", "没收非法财物"} & set(kinds) and data.get("confiscated") is None:
            self.add_error("confiscated", "请填没收金额；没收的是物、金额不定的，填 0")
        if "其他" in kinds and not (data.get("other") or "").strip():
            self.add_error("other", "请写明其他处罚的内容")
        if "heavier" in self.fields:
            self._compare(data, kinds)
        return data

    def _compare(self, data: dict[str, Any], kinds: list[str]) -> None:
        """What changed is seen, not only asked: a raised fine cannot be called unchanged (bypass
        2).
        """
        current = document_acts.current_draft(self.record, "penalty-decision")
        before = json.loads(current.body).get("answers", {}) if current else {}
        old, new = _weight(before), _weight({**data, "penalties": kinds})
        if old != new and data.get("substance_changed") is False:
            self.add_error(
                "substance_changed", "处罚内容与上一稿不同，请选“是”；选“是”后要重新告知当事人"
            )
        raised = data.get("outcome") == "penalty" and bool(
            new[1] > old[1] or new[2] > old[2] or new[3] - old[3]
        )
        if raised and data.get("heavier") is False and _nothing_new_since_defence(self.record):
            self.add_error(
                "heavier",
                "听取陈述申辩之后没有新的证据，处罚却加重了，不能选“否”（《行政处罚法》第四十五条第二款）",
            )

    def facts(self) -> dict[str, Any]:
        """The proposed handling, in yuan, as rules read it."""
        data = self.cleaned_data
        return {
            "penalties": data["penalties"],
            "mitigated": data["mitigated"],
            "aggravated": data["aggravated"],
            "hearing_right": data["hearing_right"],
            "fine": whole_yuan_up(data["fine"]),
            "confiscated": whole_yuan_up(data["confiscated"]),
            "substance_changed": data.get("substance_changed"),
            "heavier_after_defence": data.get("heavier"),
        }


def _weight(answers: dict[str, Any]) -> tuple[str, Decimal, Decimal, frozenset[str]]:
    """(outcome, fine, confiscated, kinds) of a draft's answers, typed or cleaned."""
    return (
        str(answers.get("outcome", "")),
        Decimal(str(answers.get("fine") or 0)),
        Decimal(str(answers.get("confiscated") or 0)),
        frozenset(answers.get("penalties") or ()),
    )


def _nothing_new_since_defence(record: Any) -> bool:
    """Whether a defence was heard and no evidence was taken after it."""
    heard = (
        EffectiveAct.objects.filter(record=record, kind="statement.heard")
        .order_by("-act_id")
        .first()
    )
    return (
        heard is not None
        and not EffectiveAct.objects.filter(
            record=record, kind="evidence.taken", act_id__gt=heard.act_id
        ).exists()
    )


def whole_yuan_up(value: Any) -> int:
    """Yuan for the rules: whole yuan, because thresholds are whole; rounding up never hides an
    excess.
    """
    if value is None:
        return 0
    whole = int(value)
    return whole if whole == value else whole + 1


class DecideForm(ActForm):
    """作出决定: nothing is typed again, the reviewed draft is what is issued."""

    shows = "decision"
    confirm = "决定书按当前处理意见稿出具，签发后不能修改，只能更正。"
    pay_days_note = forms.CharField(label="补充说明", required=False, max_length=300)

    timed = False


class SpotDecisionForm(SignedForm):
    """当场处罚决定."""

    keeps = ("collected",)

    facts_text = long_text("违法事实和证据", rows=4)
    broken = forms.CharField(label="违反的规定", max_length=300)
    applied = forms.CharField(label="处罚依据", max_length=300)
    penalties = several("处罚种类", [("警告", "警告"), ("罚款", "罚款")])
    fine = yuan("罚款金额（元）", required=False)
    collected = choice(
        "罚款收缴", [("none", "没有罚款"), ("spot", "当场收缴"), ("bank", "到银行缴纳")]
    )

    def prepare(self) -> None:
        """Start from the item's bases."""
        super().prepare()
        if self.record.case.item:
            self.fields["broken"].initial = self.record.case.item.broken
            self.fields["applied"].initial = self.record.case.item.applied

    def clean(self) -> dict[str, Any]:
        """A fine needs its amount."""
        data = super().clean() or {}
        if "罚款" in (data.get("penalties") or []) and not data.get("fine"):
            self.add_error("fine", "请填罚款金额")
        return data

    def facts(self) -> dict[str, Any]:
        """Kinds and amount: the limits of the summary procedure are rules."""
        data = self.cleaned_data
        return {
            "penalties": data["penalties"],
            "fine": whole_yuan_up(data["fine"]),
            "confiscated": 0,
        }


@asks("decision.filed")
class FilingForm(ActForm):
    """当场处罚备案."""

    keeps = ("to",)

    to = forms.CharField(label="备案机关（科室）", max_length=100)
