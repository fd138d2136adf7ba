"""Forms of disclosure: propose, approve, publish, withhold, withdraw."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from mingzheng.core import clock
from mingzheng.disclosure import masking
from mingzheng.disclosure.models import Publication
from mingzheng.documents.kinds import public_codes
from mingzheng.documents.models import Document
from mingzheng.procedures import registry
from mingzheng.procedures.forms import ActForm, choice, long_text
from mingzheng.records import law
from mingzheng.records.models import Duty
from mingzheng.records.words import channel_name, owner_name

LAW48 = "《行政处罚法》第四十八条"
BODY = ("party", "facts", "basis", "decision")
# What the four parts of a public text are called, kind by kind: facts, basis, decision.
HEADS = {"penalty": ("违法事实", "处罚依据", "处罚结果"), "licence": ("许可事项", "许可依据", "许可内容"),
         "inspection": ("检查情况", "检查依据", "检查结果"), "coercion": ("事实", "强制依据", "强制措施")}
OTHER = ("事项", "依据", "结果")


def decision_of(record: Any) -> Document | None:
    """The decision whose text goes public: the newest that still stands."""
    found: Document | None = Document.objects.filter(
        record=record, kind__in=public_codes(), voided_by=None).order_by("-pk").first()
    return found


def public_parts(made: Document, cause: str, parties: list[Any]) -> dict[str, str]:
    """{"title", "facts", "basis", "decision"} of a document, unmasked: its own words for the public, or its elements."""
    body = json.loads(made.body)
    if body.get("public"):
        return dict(body["public"])
    said = body["elements"]
    names = "、".join(masking.masked_name(party.kind, party.name) for party in parties)
    return {
        "title": f"对{names}{cause}的{made.title.removesuffix('书').replace('当场', '')}", "facts": said["facts"],
        "basis": "；".join(t for t in (said.get("broken"), said.get("applied")) if t) or said["decision"],
        "decision": said["decision"]}


def live_or_pending(record: Any, *states: str) -> Publication | None:
    """The newest publication of the record in one of these states."""
    found: Publication | None = Publication.objects.filter(record=record, state__in=states).order_by("-pk").first()
    return found


class ProposeForm(ActForm):
    """拟公示: every masked passage is read and confirmed by a person."""

    title = forms.CharField(label="公示标题", max_length=300)
    party = forms.CharField(label="当事人（公示用）", max_length=200, help_text="自然人只保留姓，证件号、住址、电话不公示")
    facts = long_text("事实（公示用）", rows=5)  # type: ignore[assignment]
    basis = long_text("依据（公示用）", rows=2)
    decision = long_text("结果（公示用）", rows=3)
    confirmed = forms.BooleanField(
        label="我已逐处看过，该遮盖的都已遮盖，没有遮盖不该遮盖的内容")

    timed = False
    whys = {
        "party": ("公示不得侵害个人隐私；公开个人信息要有法律依据并做遮盖。", "《政府信息公开条例》第十五条；《个人信息保护法》第二十五条"),
        "facts": ("遮盖由人确认，系统发现漏遮的会拒绝发布。", LAW48),
        "confirmed": ("公示稿发布后不能改，只能更正或者撤下。", LAW48),
    }

    def prepare(self) -> None:
        """Start from the decision with the parties' data covered."""
        for name, head in zip(BODY[1:], HEADS.get(self.record.kind, OTHER), strict=True):
            self.fields[name].label = f"{head}（公示用）"
        made = decision_of(self.record)
        if made is None:
            return
        parties = list(self.record.parties.filter(until=None))
        said = public_parts(made, self.record.case.cause, parties)
        start = {name: masking.mask(text, parties) for name, text in said.items()}
        start["party"] = "、".join(self._shown(party) for party in parties if party.role != "interested")
        for name, value in start.items():
            self.fields[name].initial = value

    def _shown(self, party: Any) -> str:
        name = masking.masked_name(party.kind, party.name)
        return name if party.kind == "natural" or not party.identifier else (
            f"{name}（统一社会信用代码 {party.identifier}）" if party.kind == "organisation" else name)

    def clean(self) -> dict[str, Any]:
        """Nothing of the parties' data may be left readable."""
        data = super().clean() or {}
        parties = list(self.record.parties.filter(until=None))
        for name in ("title", *BODY):
            left = masking.left_over(str(data.get(name, "")), parties)
            if left:
                self.add_error(name, f"还有没遮盖的{'、'.join(left)}，请遮盖后再提交")
        return data


class ApproveForm(ActForm):
    """公示报批."""

    note = long_text("报批说明", rows=2, required=False)
    confirm = "批准的是下面这一稿；稿子再改须重新报批。"
    shows = "publication"
    timed = False


class PublishForm(ActForm):
    """发布: on this platform, or with the receipt of another channel."""

    channel = forms.ChoiceField(label="发布渠道")
    receipt = forms.CharField(label="回执号（本平台发布不用填）", max_length=120, required=False)
    shows = "publication"
    timed = False
    whys = {"channel": ("每个规定的渠道都要发布，一个渠道发了不等于都发了。", "本机关公示规定；规则包中的渠道")}

    def prepare(self) -> None:
        """Offer this platform and every channel that a duty still waits for."""
        owed = [row for row in Duty.objects.filter(record=self.record, state=Duty.OPEN) if "publication.published" in row.then]
        ids = dict.fromkeys(["own-site", *[row.channel for row in owed if row.channel]])
        self.fields["channel"].choices = [  # type: ignore[attr-defined]
            (code, "本平台（本机关网站专栏）" if code == "own-site" else channel_name(code)) for code in ids]

    def clean(self) -> dict[str, Any]:
        """Another channel's publication needs its receipt."""
        data = super().clean() or {}
        if data.get("channel") not in (None, "own-site") and not (data.get("receipt") or "").strip():
            self.add_error("receipt", "在其他渠道发布的，请填回执号")
        return data

    def facts(self) -> dict[str, Any]:
        """The channel, for terms that differ by channel."""
        return {"channel": self.cleaned_data["channel"]}


class TransmitForm(ActForm):
    """报送: to whom a duty says the decision must be reported, with the receipt."""

    to = forms.ChoiceField(label="报送对象")
    receipt = forms.CharField(label="报送回执号", max_length=120)
    whys = {"to": ("许可、处罚决定要按双公示标准报送，报送与公开各算各的期限。", "发改办财金〔2018〕424号")}

    def prepare(self) -> None:
        """Everyone to whom an open duty owes the decision."""
        owed = [row for row in Duty.objects.filter(record=self.record, state=Duty.OPEN)
                if "decision.transmitted" in row.then]
        self.fields["to"].choices = [(row.to, owner_name(row.to)) for row in owed] or [  # type: ignore[attr-defined]
            ("body/credit-platform", "信用信息平台")]


class WithholdForm(ActForm):
    """依法不予公开: only on a ground that the pack knows."""

    ground = forms.ChoiceField(label="不予公开的情形", widget=forms.RadioSelect)
    reason = long_text("具体理由", rows=3)
    timed = False
    whys = {"ground": ("以公开为常态；不公开只能依列明的情形，并计入公开的统计数。", "《政府信息公开条例》第十四条至第十六条")}

    def prepare(self) -> None:
        """The closed list of grounds of the agency's own pack."""
        rows = law.regime(self.record).rows(
            "withholding-grounds", clock.today(), registry.facts_of(self.record)).rows
        self.grounds = {str(row["id"]): row for row in rows}
        self.fields["ground"].choices = [  # type: ignore[attr-defined]
            (key, f"{row.get('name') or row.get('text') or key}|{row.get('source', '')}")
            for key, row in self.grounds.items()]

    def clean(self) -> dict[str, Any]:
        """What is public is taken down first."""
        data = super().clean() or {}
        if live_or_pending(self.record, Publication.LIVE):
            self.add_error(None, "本案的决定正在公示。确需不予公开的，请先撤下公示")
        return data


class WithdrawForm(ActForm):
    """撤下公示: with a reason the public may read."""

    cause = choice("撤下原因", [("revoked", "决定被撤销"), ("altered", "决定被变更"), ("unlawful", "决定被确认违法"),
                               ("invalid", "决定被确认无效"), ("redo", "被责令重新作出"), ("term-ended", "公示期限届满"),
                               ("wrong", "公示内容有误")], radio=False)
    reason = long_text("向社会公开的理由", rows=3)
    confirm = "撤下后页面只保留撤下的时间、原因和依据，不再显示内容。"
    timed = False
    whys = {"reason": ("处罚决定被依法变更、撤销、确认违法或者无效的，要撤回信息并公开说明理由。", f"{LAW48}第二款")}

    def route(self, usual: str) -> str:
        """Taking down at the end of the term has its own approver (LX-A12.2)."""
        return "take-down" if self.cleaned_data["cause"] == "term-ended" else usual

    def qualifier(self, usual: str) -> str:
        """Why it is taken down."""
        return str(self.cleaned_data["cause"])
