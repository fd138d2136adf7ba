"""Forms: check on site, draft, decision, extension."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms

from mingzheng.cases.facts import licence_columns
from mingzheng.cases.forms.service import ServedForm
from mingzheng.cases.models import JUDGED, Application
from mingzheng.core import clock
from mingzheng.documents import acts as document_acts
from mingzheng.procedures.forms import ActForm, choice, day, long_text, yes_no
from mingzheng.procedures.presence import SignedForm
from mingzheng.procedures.registry import asks
from mingzheng.records import law

if TYPE_CHECKING:
    from mingzheng.procedures.step_context import StepContext

OUTCOMES = [("granted", "准予许可"), ("refused", "不予许可")]


@asks("site.examined:licence")
class CheckForm(SignedForm):
    """实地核查: what the officers found about the substance of the application."""

    keeps = ("place", "present", "text")
    names_handlers = True

    officers_label = "核查人员"
    place = forms.CharField(label="核查地点", max_length=200)
    present = forms.CharField(label="申请人到场人员", max_length=100)
    text = long_text("核查情况", rows=6)
    conclusion = choice(
        "核查结论",
        [("fits", "与申请材料一致，符合条件"), ("differs", "与申请材料不一致或者不符合条件")],
    )

    whys = {
        "officers": (
            "核实申请材料的实质内容，要两名以上工作人员。",
            "《行政许可法》第三十四条第三款",
        ),
        "signed": ("笔录由申请人核对后签名，拒签的注明原因。", "国办发〔2018〕118号 三（二）"),
    }

    def qualifier(self, usual: str) -> str:
        """What was found."""
        return str(self.cleaned_data["conclusion"])

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """What was found, in words."""
        names = dict(self.fields["conclusion"].choices)  # type: ignore[attr-defined]
        return {
            **super().act_content(context),
            "conclusion": names[self.cleaned_data["conclusion"]],
        }


class Judgments(ActForm):
    """What the legal review hangs on: asked with the draft."""

    public_interest = yes_no("是否涉及重大公共利益")
    social_impact = yes_no("是否具有重大社会影响")
    social_risk = yes_no("是否可能引发社会风险")
    major_rights = yes_no("是否直接关系申请人或者第三人重大权益")
    complex = yes_no("是否疑难复杂")
    many_legal_relations = yes_no("是否涉及多个法律关系")
    review_by_other_law = yes_no("是否有其他法律、法规规定应当法制审核")

    def judged(self) -> dict[str, Any]:
        """The judgments alone; a suspected crime is no question here."""
        return {name: self.cleaned_data[name] for name in JUDGED if name in self.fields}


class LicenceDraftForm(Judgments):
    """拟定审查意见: grant with content and validity, or refusal with reasons."""

    outcome = choice("拟作决定", OUTCOMES)
    examined = long_text("审查情况", rows=4, help_text="申请材料、核查、评审、听证的情况和采信理由")
    basis = forms.CharField(label="依据", max_length=300, help_text="写到条、款、项")
    reasons = long_text(
        "不予许可的理由", rows=3, required=False, help_text="拟不予许可的必填，逐项写明不符合的条件"
    )
    content = long_text(
        "许可内容", rows=3, required=False, help_text="拟准予的必填，写进决定书和证件"
    )
    since = day("有效期自", required=False, help_text="不填的，自决定之日起")
    until = day("有效期至", required=False, help_text="长期有效的不填")
    hearing_right = yes_no("是否直接涉及申请人与他人之间的重大利益关系")

    timed = False
    whys = {
        "reasons": (
            "不予许可的书面决定要说明理由，并告知复议、诉讼的权利。",
            "《行政许可法》第三十八条第二款",
        ),
        "content": (
            "准予许可的决定和双公示都要写明许可内容、有效期。",
            "《行政许可法》第三十九条、第四十条",
        ),
        "hearing_right": (
            "直接涉及申请人与他人重大利益关系的，决定前告知听证权利。",
            "《行政许可法》第四十七条第一款",
        ),
        "public_interest": (
            "这几项决定是否必须法制审核；留空系统不会当作“否”。",
            "国办发〔2018〕118号 四（二）",
        ),
    }

    def prepare(self) -> None:
        """Start from the current draft, or from the item and the application."""
        item = self.record.case.item
        asked = Application.objects.get(record=self.record)
        self.fields["content"].initial = asked.content
        if item:
            self.fields["basis"].initial = item.applied
        if asked.about and self.record.case.sort == "change":
            self.fields["until"].initial = asked.about.until
        current = document_acts.current_draft(self.record, "licence-decision")
        for name, value in (json.loads(current.body).get("answers", {}) if current else {}).items():
            if name in self.fields:
                self.fields[name].initial = value
        first = (
            "outcome",
            "examined",
            "basis",
            "reasons",
            "content",
            "since",
            "until",
            "hearing_right",
        )
        self.order_fields([*first, *JUDGED])

    def clean(self) -> dict[str, Any]:
        """Reasons for a refusal, content and a sound period for a grant, hearing right where
        others are concerned.
        """
        data = super().clean() or {}
        if data.get("outcome") == "refused" and not (data.get("reasons") or "").strip():
            self.add_error("reasons", "不予许可要写明理由（《行政许可法》第三十八条第二款）")
        if data.get("outcome") == "granted":
            self._check_grant(data)
        others = self.record.parties.filter(role="interested", until=None).exists()
        if others and data.get("hearing_right") is False:
            self.add_error(
                "hearing_right",
                "本件已登记利害关系人，应当选“是”并告知听证权利（《行政许可法》第四十七条第一款）",
            )
        return data

    def _check_grant(self, data: dict[str, Any]) -> None:
        if not (data.get("content") or "").strip():
            self.add_error("content", "准予许可要写明许可内容")
        since, until = data.get("since"), data.get("until")
        details = self.record.case.item.details if self.record.case.item else {}
        if (
            until is None
            and details.get("valid", "long") != "long"
            and self.record.case.sort != "cancellation"
        ):
            self.add_error("until", "这个事项有有效期，请填有效期至（《行政许可法》第三十九条）")
        if until is not None and until < (since or clock.today()):
            self.add_error("until", "有效期至早于有效期自（或者早于今天），请核对")

    def facts(self) -> dict[str, Any]:
        """What the draft decides about the rules to come."""
        data = self.cleaned_data
        return {
            "hearing_right": data["hearing_right"],
            "licence_outcome": data["outcome"],
            **self.judged(),
        }


class LicenceDecideForm(ActForm):
    """作出决定: nothing is typed again, the reviewed draft is what is issued."""

    shows = "decision"
    confirm = "决定书按当前的稿子出具，签发后不能修改，只能更正。"
    timed = False
    # What the draft must propose for this decision, and what that is called.
    wanted = ("refused", "不予许可")

    def clean(self) -> dict[str, Any]:
        """Nobody should find out after three signatures that the draft says something else."""
        data = super().clean() or {}
        if self.record.case.outcome != self.wanted[0]:
            self.add_error(
                None,
                f"审查意见稿不是“{self.wanted[1]}”，请先修改审查意见（《行政许可法》第三十七条）",
            )
        return data


class GrantForm(LicenceDecideForm):
    """准予许可: refused while a mandatory column of the credit record cannot be filled."""

    wanted = ("granted", "准予许可")

    def clean(self) -> dict[str, Any]:
        """Nor that a column is empty."""
        data = super().clean() or {}
        if self.record.case.sort == "cancellation":
            return data
        for row in licence_columns.lacking(self.record, clock.today(), before_number=True):
            self.add_error(
                None, f"双公示必填项“{row['name']}”还没有内容，请先补齐再作决定（{row['source']}）"
            )
        return data


class DeemedForm(ActForm):
    """登记视为准予延续: the old period ran out and nothing had been decided."""

    keeps = ("reason",)

    until = day("延续后的有效期至", required=False, help_text="长期有效的不填")
    reason = long_text("没有按期决定的原因", rows=2)
    whys = {
        "reason": ("有效期届满前没有作出决定的，视为准予延续。", "《行政许可法》第五十条第二款")
    }

    def facts(self) -> dict[str, Any]:
        """The law renews it, nobody decides: what is asked before a decision is not asked here."""
        return {"hearing_right": False, **dict.fromkeys(JUDGED, False)}


@asks("limit.extended:licence")
class ExtendLicenceForm(ActForm):
    """延长办理期限: once, for so many working days, with the reason that the applicant is told."""

    keeps = ("days", "reason", "government")

    days = forms.IntegerField(label="延长多少个工作日", min_value=1, max_value=3650)
    reason = long_text("延长的理由", rows=3, help_text="会原样告知申请人")
    government = forms.CharField(
        label="本级政府负责人批准的文号或者批示",
        required=False,
        max_length=120,
        help_text="联合办理的必填，并上传批准件",
    )
    upload = "批准件（联合办理）"

    timed = False
    whys = {
        "reason": (
            "经本机关负责人批准才能延长，并应当把理由告知申请人。",
            "《行政许可法》第四十二条",
        )
    }

    def attrs(self) -> dict[str, Any]:
        """How much longer."""
        return {"n": self.cleaned_data["days"]}

    def facts(self) -> dict[str, Any]:
        """Whether the government's approval is there, where it is asked for."""
        return {"government_approved": bool(self.cleaned_data.get("government", "").strip())}

    def act_attrs(self, context: StepContext) -> dict[str, Any]:
        """How much longer, in the unit of the rule that allows it."""
        topic = context.step.of
        rules = context.regime.extensions(
            topic, context.happened_at.date(), law.asked(topic, context.facts())
        )
        return {**super().act_attrs(context), "unit": rules[0].unit if rules else "workday"}


@asks("party.told-of-extension")
class ExtensionToldForm(ServedForm):
    """把延长期限的理由告知申请人."""
