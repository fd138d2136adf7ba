"""Who is present at a step and who signs it: officers with valid certificates, the counterpart's
signature or refusal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms

from mingzheng.agencies.models import Certificate, Person, Post
from mingzheng.core import clock
from mingzheng.procedures import registry
from mingzheng.procedures.forms import ActForm, choice, several
from mingzheng.procedures.strokes import StrokeField
from mingzheng.records import law
from mingzheng.records.refusal import Ground, Refused

if TYPE_CHECKING:
    from mingzheng.procedures.step_context import StepContext

SIGNED = [("signed", "已签名"), ("refused", "拒绝签名"), ("absent", "无法签名")]


def officer_choices(form: ActForm) -> list[tuple[str, str]]:
    """Enforcement officers of the agency with the state of their certificates."""
    today, situation = clock.today(), form.situation
    out, seen = [], set()
    # The newest certificate of each person: later rows of the order win.
    certificates = {
        row.person_id: row
        for row in situation.certificates
        if row.agency_id == form.record.agency_id
    }
    posts = Post.objects.filter(agency=form.record.agency_id, since__lte=today).exclude(
        until__lt=today
    )
    for post in posts.select_related("person").order_by("unit_id", "pk"):
        if "handler" not in post.roles or post.person_id in seen:
            continue
        seen.add(post.person_id)
        held = certificates.get(post.person_id)
        state = (
            "没有执法证"
            if held is None
            else (
                f"证号 {held.number}，{held.until:%Y年%-m月%-d日}到期"
                if held.state == Certificate.VALID
                else f"证号 {held.number}，{Certificate.NAMES[held.state]}"
            )
        )
        out.append((str(post.person_id), f"{post.person.name}（{post.title}，{state}）"))
    return [
        *out,
        *(
            (str(row.person_id), f"{row.name}（外单位支援）")
            for row in situation.team.called(today)
            if row.person_id not in seen
        ),
    ]


class OfficersForm(ActForm):
    """A form on which the officers present are named."""

    officers_label = "在场执法人员"

    def prepare(self) -> None:
        """Offer the agency's officers; the case's handlers stand ticked."""
        field = several(
            self.officers_label, officer_choices(self), help_text="每人都须持有当日有效的执法证件"
        )
        field.initial = [str(row.person_id) for row in self.situation.team.handlers]
        self.fields["officers"] = field
        self.order_fields(["officers"])

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """Who was there, with which certificate."""
        return {"officers": context.officers, **super().act_content(context)}

    def act_attrs(self, context: StepContext) -> dict[str, Any]:
        """The officers, whom gates count and compare."""
        return {**super().act_attrs(context), "officer": ids(context.officers)}


class SignedForm(OfficersForm):
    """A record that the counterpart signs, or refuses with a reason and a witness."""

    later = ("signed", "refusal_reason", "witness", "stroke", "beside")

    signed = choice("当事人是否签名", SIGNED)
    refusal_reason = forms.CharField(
        label="拒签或者不能签名的原因",
        required=False,
        max_length=300,
        help_text="照当事人的原话记；不说理由的，写“未说明理由”",
    )
    witness = forms.CharField(
        label="见证人",
        required=False,
        max_length=60,
        help_text="拒签时邀请见证人签名，没有见证人的写明情况",
    )
    stroke = StrokeField(
        label="当事人手写签名", help_text="在平板、手机上直接签；签在纸上的，另存签字的扫描件"
    )
    beside = forms.CharField(label="签名时在场的人", required=False, max_length=100)

    def prepare(self) -> None:
        """What was said comes before who signs it."""
        super().prepare()
        last = ["signed", "refusal_reason", "witness", "stroke", "beside"]
        self.order_fields(
            ["officers", *(name for name in self.fields if name not in (*last, "officers")), *last]
        )

    whys = {
        "signed": (
            "笔录须由当事人核对后签名或者盖章，拒签的要注明原因。",
            "《行政处罚法》第六十四条第八项；《行政强制法》第十八条",
        )
    }

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """Signed, or not and why."""
        return {**super().act_content(context), **signature(self.cleaned_data)}

    def clean(self) -> dict[str, Any]:
        """A missing signature needs its reason."""
        data = super().clean() or {}
        if (
            data.get("signed") in ("refused", "absent")
            and not data.get("refusal_reason", "").strip()
        ):
            self.add_error("refusal_reason", "请写明拒签的理由；当事人不说理由的，写“未说明理由”")
        if data.get("signed") == "refused" and not data.get("witness", "").strip():
            self.add_error("witness", "拒绝签名的，请写见证人姓名；没有见证人的，写明情况")
        if data.get("stroke") and data.get("signed") != "signed":
            self.add_error("signed", "已经有手写签名，请选“已签名”；确实拒签的，先擦掉签名")
        return data


def officers(context: StepContext, chosen: Iterable[str]) -> list[dict[str, Any]]:
    """《行政处罚法》第四十二条: the officers named, each with a certificate valid on the day;
    Refused otherwise.
    """
    on, situation = context.happened_at.date(), context.situation
    team, agency_id = situation.team, context.record.agency_id
    out, grounds = [], []
    for person in _people(chosen, situation.certificates):
        called = team.acts(person.pk, on)
        row = next(
            (
                row
                for row in sorted(situation.certificates, key=lambda each: each.pk)
                if row.person_id == person.pk
                and row.state == Certificate.VALID
                and row.since <= on <= row.until
                # Somebody called in from another body enforces on the certificate of his own.
                and (called or row.agency_id == agency_id)
                and (not row.scope or context.record.kind in row.scope)
            ),
            None,
        )
        if team.excluded(person.pk):
            grounds.append(
                Ground(
                    f"{person.name}已经决定回避，不能再参加本案。请换人。",
                    "《行政处罚法》第四十三条",
                    field="officers",
                )
            )
        elif row is None:
            grounds.append(
                Ground(
                    _why(person, context, on), "《行政处罚法》第四十二条第一款", field="officers"
                )
            )
        else:
            out.append({"id": person.pk, "name": person.name, "certificate": row.number})
    if grounds:
        raise Refused("执法人员资格不符合要求", tuple(grounds))
    return out


def _people(chosen: Iterable[str], certificates: Iterable[Certificate]) -> list[Person]:
    """The people named; who has a certificate is known from there."""
    wanted = [int(pk) for pk in dict.fromkeys(chosen)]
    found = {row.person_id: row.person for row in certificates}
    found |= Person.objects.in_bulk([pk for pk in wanted if pk not in found])
    return [found[pk] for pk in wanted]


def _why(person: Person, context: StepContext, on: Any) -> str:
    row = (
        Certificate.objects.filter(person=person, agency=context.record.agency_id)
        .order_by("-until")
        .first()
    )
    if row is None:
        return f"{person.name}没有执法证件，不能参加执法。请换人。"
    if row.state != Certificate.VALID:
        return f"{person.name}的执法证{Certificate.NAMES[row.state]}，不能参加执法。请换人。"
    if row.until < on:
        return (
            f"{person.name}的执法证已于{row.until:%Y年%-m月%-d日}到期，不能参加这一天的执法。"
            "请换人或者先换证。"
        )
    return f"{person.name}的执法证不含行政处罚类别，或者当日尚未生效。请换人。"


def ids(rows: list[dict[str, Any]]) -> list[int]:
    """The internal ids of officers, for later gates."""
    return [int(row["id"]) for row in rows]


def signature(data: dict[str, Any]) -> dict[str, Any]:
    """The signature block of a record: signed, or refused with reason and witness."""
    said = {
        "signed": data["signed"],
        "refusal_reason": data.get("refusal_reason", ""),
        "witness": data.get("witness", ""),
    }
    if data.get("stroke"):
        said |= {"stroke": data["stroke"].kept(), "beside": data.get("beside", "")}
    return said


def too_few(form: ActForm, chosen: Any, before: str = "party.questioned") -> str:
    """What to say when fewer people are named than the rules ask for before a later step; empty
    when enough.
    """
    for gate in law.regime(form.record).gates(
        before, clock.today(), registry.facts_of(form.record)
    ):
        for need in gate.rule.body.get("needs", []):
            wanted = (
                need.get("at_least", 0)
                if isinstance(need, dict) and need.get("distinct") == "officer"
                else 0
            )
            if len(set(chosen or ())) < wanted:
                return f"承办人员不得少于 {wanted} 名，须是不同的人（{gate.rule.source}）"
    return ""
