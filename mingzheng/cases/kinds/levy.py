"""行政征收: money that the law lets an agency collect (规费、资金、基金). Assessed and told with its
standard, heard, decided, served, paid on a receipt, closed.

Which levies an agency collects, by which standard, is said by its list of items.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django import forms

from mingzheng.cases import money, offering
from mingzheng.cases.acts import drafts, execution, matters
from mingzheng.cases.documents.licence import organ_and_date
from mingzheng.cases.documents.papers import SEAL_NOTE, paper
from mingzheng.cases.documents.papers import base as paper_base
from mingzheng.cases.documents.parties import party_fields, party_of, party_text
from mingzheng.cases.documents.remedies import remedies_of
from mingzheng.cases.documents.service import decision_name
from mingzheng.cases.documents.wording import capital, long_date
from mingzheng.cases.documents.wording import yuan as in_yuan
from mingzheng.cases.facts.base import base, case_of
from mingzheng.cases.forms.drafts import DecideForm, DraftForm
from mingzheng.cases.forms.opening import item_choices
from mingzheng.cases.forms.parties import PARTY_HALVES, PartyFields
from mingzheng.cases.forms.service import ServedForm
from mingzheng.cases.models import JUDGED, Payment
from mingzheng.cases.procedures import archiving, evidence, mistakes, people, remedies
from mingzheng.cases.procedures.licence import REVIEW, reviewed
from mingzheng.core import clock
from mingzheng.core.steps import Procedure, State, Step, Way
from mingzheng.procedures import matter_kinds, publishing
from mingzheng.procedures.drafts import OnDraftForm
from mingzheng.procedures.forms import ActForm, choice, day, fen, long_text, yuan
from mingzheng.procedures.matter_kinds import Category, Kind
from mingzheng.procedures.panels import Panel
from mingzheng.procedures.registry import asks, opening, register_procedure, verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import refuse
from mingzheng.records.situation import Situation

LEVY_STATES = (
    State("examining", "核定"),
    State("decided", "已作决定"),
    State("served", "已送达、待缴"),
    State("executed", "已缴清"),
    State("closed", "已办结", final=True),
)
WORKING, LIVE = ("examining",), ("examining", "decided", "served", "executed")
AFTER = ("decided", "served", "executed", "closed")
ITEMS = "本机关行政执法事项清单"
FAIR = "国发〔2004〕10号 七（二十）"
INCOME = "《政府非税收入管理办法》"
QZ = "《行政强制法》"

TABLE = register_procedure(
    Procedure(
        code="levy",
        name="行政征收",
        kind="levy",
        states=LEVY_STATES,
        stages=("核定", "告知", "听证", "审核", "决定", "送达", "缴纳", "公示", "归档"),
        start="examining",
        draft="levy-decision",
        onward={"decision.made:levied": "应当征收", **publishing.onward()},
        ways=(
            Way("当事人陈述、申辩", "party.notified:levy", ("statement.heard",)),
            *reviewed("decision.made:levied"),
            Way(
                "依法不予征收", "decision.made:levied", ("decision.made:not-levied",), instead=True
            ),
            Way("逾期不缴", "payment.received", ("execution.urged",), instead=True),
            Way("仍不履行", "execution.urged", ("remedy.expired", "court.applied")),
            Way("被责令重新作出决定", "decision.executed", ("decision.ordered-redone",)),
            *publishing.ways(),
        ),
        steps=(
            Step("officer.identified", "出示执法证件", "核定", LIVE, source=FAIR),
            *evidence.items(WORKING, LIVE, "核定", source=ITEMS),
            Step(
                "draft.made",
                "核定数额，拟定征收决定",
                "核定",
                WORKING,
                main=True,
                once=True,
                source=INCOME,
                verb="levy",
            ),
            Step(
                "draft.amended",
                "重新核定，修改征收决定稿",
                "核定",
                WORKING,
                source=INCOME,
                after=("draft.made",),
                verb="levy",
            ),
            Step(
                "party.notified",
                "告知拟征收的数额和依据",
                "告知",
                WORKING,
                of="levy",
                main=True,
                documents=("levy-notice",),
                source=FAIR,
                after=("draft.made",),
            ),
            Step(
                "statement.heard",
                "听取陈述申辩",
                "告知",
                WORKING,
                documents=("statement-record",),
                source=FAIR,
                after=("party.notified:levy",),
            ),
            Step(
                "statement.waived",
                "登记放弃陈述申辩",
                "告知",
                WORKING,
                source=FAIR,
                after=("party.notified:levy",),
            ),
            *REVIEW,
            Step(
                "decision.made",
                "作出征收决定",
                "决定",
                WORKING,
                of="levied",
                to="decided",
                route="decision.made",
                documents=("levy-decision",),
                main=True,
                source=ITEMS,
                after=("draft.made",),
                verb="levied",
            ),
            Step(
                "decision.made",
                "决定不予征收",
                "决定",
                WORKING,
                of="not-levied",
                to="decided",
                route="decision.made",
                documents=("levy-decision",),
                source=ITEMS,
                after=("draft.made",),
                verb="not-levied",
            ),
            Step(
                "decision.served",
                "送达征收决定书",
                "送达",
                ("decided",),
                to="served",
                documents=("service-receipt",),
                recording=True,
                main=True,
                source=FAIR,
            ),
            Step(
                "payment.received",
                "登记缴款、开具票据",
                "缴纳",
                ("served",),
                documents=("levy-receipt",),
                main=True,
                source=INCOME,
                after=("decision.made:levied",),
                verb="levy",
            ),
            Step(
                "execution.urged",
                "催缴",
                "缴纳",
                ("served",),
                documents=("levy-urging",),
                source=QZ + "第五十四条",
                after=("decision.made:levied",),
                verb="levy",
            ),
            Step(
                "remedy.expired",
                "登记救济期限届满",
                "缴纳",
                ("served",),
                once=True,
                source=QZ + "第五十三条",
            ),
            Step(
                "court.applied",
                "申请法院强制执行",
                "缴纳",
                ("served",),
                limit="court/limit",
                documents=("levy-court-application",),
                source=QZ + "第五十三条、第五十四条",
                after=("execution.urged",),
                verb="levy",
            ),
            Step(
                "decision.executed",
                "登记缴清",
                "缴纳",
                ("served",),
                to="executed",
                main=True,
                source=INCOME,
                after=("payment.received",),
                verb="levy",
            ),
            Step(
                "case.closed",
                "办结",
                "归档",
                ("decided", "served", "executed"),
                to="closed",
                main=True,
                source=ITEMS,
                verb="levy",
            ),
            *evidence.recordings(LIVE, "核定"),
            *remedies.rows(AFTER, stage="缴纳", at="决定", back="examining"),
            *people.rows(WORKING, LIVE, "核定"),
            *mistakes.rows((*LIVE, "closed"), "归档"),
            *publishing.rows(AFTER, AFTER),
            *archiving.rows(("closed",)),
        ),
    )
)


# -- what the steps ask --------------------------------------------------------------------------
class LevyBegins(PartyFields, ActForm):
    """启动征收: which levy, from whom, for what."""

    item = forms.ChoiceField(label="征收事项")
    summary = long_text("应当缴纳的情形", rows=3, help_text="哪一期、按什么计算、申报了没有")

    sections = {"item": "事项", "party_kind": "缴纳人", "happened_at": "启动时间"}
    halves = PARTY_HALVES
    whys = {
        "item": ("没有法律、法规依据的，不得征收。", "《立法法》；本机关行政执法事项清单"),
    }

    def prepare(self) -> None:
        """Only the levies on the agency's own list."""
        rows = [("", "请选择"), *item_choices(self.actor.agency_id, "levy")]
        self.choices["item"] = rows
        self.order_fields(["item", "summary"])


class LevyDraftForm(DraftForm):
    """核定数额，拟定征收决定."""

    outcome = choice("拟作决定", [("levied", "征收"), ("not-levied", "不予征收")])
    facts_text = long_text("核定的事实", rows=4)
    basis = forms.CharField(label="征收依据", max_length=300, help_text="写到条、款、项")
    standard = forms.CharField(label="征收标准和计算", max_length=300)
    amount = yuan("应缴数额（元）", required=False, help_text="拟征收的必填")
    until = day("缴纳期限", required=False, help_text="拟征收的必填")
    decision = long_text("决定内容", rows=3, help_text="不予征收的写明理由")

    whys = {
        "standard": ("向当事人说清按什么标准算出来的。", INCOME),
        "decision": ("决定书写明事实、依据、数额和救济途径。", FAIR),
    }

    def prepare(self) -> None:
        """The standard is that of the item."""
        if self.record.case.item:
            self.fields["standard"].initial = self.record.case.item.details.get("standard", "")
        super().prepare()

    def clean(self) -> dict[str, Any]:
        """A levy has an amount and a day."""
        data = super().clean() or {}
        for name in ("amount", "until") if data.get("outcome") == "levied" else ():
            if not data.get(name):
                self.add_error(name, f"拟征收的要写明{self.fields[name].label}")
        if data.get("until") and data["until"] <= clock.today():
            self.add_error("until", "缴纳期限要在今天以后，请改")
        return data


@asks("party.notified:levy")
class LevyNoticeForm(ServedForm, OnDraftForm):
    """告知拟征收的数额和依据."""

    keeps = ("contact",)
    names_handlers = True
    contact = forms.CharField(label="联系人、电话", max_length=100)


class LevyDecideForm(DecideForm):
    """作出征收决定: the draft is what is issued."""

    wanted = "levied"


class NoLevyForm(LevyDecideForm):
    """不予征收."""

    wanted = "not-levied"


class LevyPaymentForm(ActForm):
    """缴款: how much, on which receipt."""

    keeps = ("receipt",)
    money = ("amount",)
    amount = yuan("缴款金额（元）")
    receipt = forms.CharField(label="财政票据号", max_length=60)
    whys = {"receipt": ("收款要开具财政部门统一监（印）制的票据。", INCOME)}


@asks("execution.urged:levy")
class LevyUrgeForm(ServedForm):
    """催缴."""

    keeps = ("until",)
    until = day("履行期限")


class LevyCourtForm(ActForm):
    """申请法院强制执行."""

    keeps = ("court", "request")
    court = forms.CharField(label="人民法院", max_length=100)
    request = long_text("申请执行的内容", rows=3)


@asks("decision.executed:levy")
class LevyDoneForm(ActForm):
    """缴清."""

    keeps = ("text",)
    text = long_text("情况", rows=2)


@asks("case.closed:levy")
class LevyClosesForm(LevyDoneForm):
    """办结."""

    closes = True


# -- its papers ----------------------------------------------------------------------------------
def _proposed(context: StepContext) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(context.draft.body)
    return said


def decision_body(context: StepContext) -> dict[str, Any]:
    """The body from the answers of the draft form; its elements are those of the pack's list."""
    data, party, case = context.data, party_of(context), context.record.case
    amount, remedies = fen(data["amount"]), remedies_of(context)
    due = (
        f"征收{case.cause}人民币{in_yuan(amount)}（大写：{capital(amount)}），"
        f"于{long_date(data['until'])}前缴纳。"
        if data["outcome"] == "levied"
        else "不予征收。"
    )
    decision = f"{due}{data['decision']}"
    return {
        **paper_base(context),
        "fields": [*party_fields(party, "缴纳人"), ["征收事项", case.cause]],
        "remedy": remedies,
        "sections": [
            {"head": "核定的事实", "paras": [data["facts_text"], f"标准：{data['standard']}"]},
            {"head": "决定", "paras": [f"依据{data['basis']}，决定：{decision}"]},
            {"head": "权利救济", "paras": [remedies]},
        ],
        "elements": {
            "party": party_text(party),
            "facts": data["facts_text"],
            "standard": data["standard"],
            "decision": decision,
            "basis": data["basis"],
            "remedies": remedies,
            "agency-and-date": organ_and_date(context),
            "seal": SEAL_NOTE,
        },
        "amount": amount if data["outcome"] == "levied" else 0,
        "answers": context.form.raw(),
        "public": {
            "title": f"{party.name}{case.cause}的行政征收决定",
            "facts": data["facts_text"],
            "basis": data["basis"],
            "decision": decision,
        },
    }


@paper(
    "levy-decision",
    "行政征收决定书",
    "征",
    "letter",
    sealed=True,
    public=True,
    source="国办发〔2018〕118号 三（一）",
)
def levy_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """Issued from the reviewed draft only."""
    return decision_body(context)


@paper("levy-notice", "行政征收事先告知书", "征告", "letter", sealed=True, source=FAIR)
def levy_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """国发〔2004〕10号 七（二十）: what is to be collected and why, and that he may object."""
    said, party = _proposed(context)["elements"], party_of(context)
    rights = f"你（单位）可以陈述、申辩，也可以放弃。联系人、电话：{context.data['contact']}。"
    return {
        **paper_base(context),
        "to": party.name,
        "lead": [
            f"经核定：{said['facts']}",
            f"本机关拟依据{said['basis']}，按照{said['standard']}，作出如下决定：{said['decision']}",
            rights,
        ],
        "elements": {
            "facts": said["facts"],
            "basis": said["basis"],
            "standard": said["standard"],
            "decision": said["decision"],
            "rights": rights,
        },
    }


@paper("levy-receipt", "行政征收缴款登记单", source=INCOME)
def levy_receipt(context: StepContext, act: Act) -> dict[str, Any]:
    """《政府非税收入管理办法》: how much came in, on which fiscal receipt, what is left."""
    paid, due = money.paid(context.record), due_of(context.record)
    return {
        **paper_base(context),
        "fields": [
            ["缴纳人", party_of(context).name],
            ["征收决定", decision_name(context)],
            ["本次缴款", in_yuan(fen(context.data["amount"]))],
            ["财政票据号", context.data["receipt"]],
            ["已缴合计", in_yuan(paid)],
            ["尚欠", in_yuan(due - paid)],
        ],
        "elements": {},
    }


@paper("levy-urging", "行政征收催缴通知书", "征催", "letter", sealed=True)
def levy_urging(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政强制法》第五十四条: what is owed, until when, and what follows."""
    left = due_of(context.record) - money.paid(context.record)
    return {
        **paper_base(context),
        "to": party_of(context).name,
        "lead": [
            f"本机关作出的{decision_name(context)}已经送达，你（单位）尚欠人民币"
            f"{in_yuan(left)}，请在{long_date(context.data['until'])}前缴纳。",
            "你（单位）有权陈述、申辩。逾期仍不缴纳的，本机关将依法申请人民法院强制执行。",
        ],
        "elements": {},
    }


@paper("levy-court-application", "行政征收强制执行申请书", "征申", "letter", sealed=True)
def levy_court_application(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政强制法》第五十五条."""
    return {
        **paper_base(context),
        "to": context.data["court"],
        "fields": party_fields(party_of(context), "被申请人"),
        "lead": [
            f"被申请人在法定期限内对{decision_name(context)}不申请行政复议或者提起行政诉讼，"
            "又不履行，经催告仍未履行。",
            f"请求强制执行：{context.data['request']}",
        ],
        "elements": {},
    }


# -- what is done ---------------------------------------------------------------------------------
@opening("levy", "levy", "启动征收", "依法应当缴纳的规费、资金：核定、告知、决定、缴纳", LevyBegins)
def start(by: Actor, data: dict[str, Any], form_key: str = "") -> Record:
    """国办发〔2018〕118号 一（三）: a levy that the agency's list of items names."""
    return matters.begin(
        by,
        data,
        matters.Beginning(
            TABLE, "case.opened", of="levy", opened=True, content={"summary": data["summary"]}
        ),
        form_key,
    )


@verb("draft.made:levy", LevyDraftForm)
@verb("draft.amended:levy", LevyDraftForm)
def assess(context: StepContext) -> Act:
    """《政府非税收入管理办法》: the amount by the standard, as the text of a decision; assessed anew,
    what was told and reviewed no longer counts.
    """
    return drafts.propose(context, decision_body)


@verb("decision.made:levied", LevyDecideForm)
@verb("decision.made:not-levied", NoLevyForm)
def decide(context: StepContext) -> Act:
    """国办发〔2018〕118号 四: levied or not, on the text that was told and reviewed."""
    return drafts.decide_and_issue(context)


def _decided(record: Record) -> dict[str, Any]:
    """The body of the decision that was made last; empty before there is one."""
    row = record.documents.filter(kind="levy-decision", voided_by=None).order_by("-pk").first()
    said: dict[str, Any] = json.loads(row.body) if row else {}
    return said


def due_of(record: Record, decided: dict[str, Any] | None = None) -> int:
    """What the decision in force asks for, in 分; 0 before there is one and after it fell."""
    said = _decided(record) if decided is None else decided
    return money.asked(record, int(said["amount"])) if said.get("amount") else 0


@verb("payment.received:levy", LevyPaymentForm)
def receive_payment(context: StepContext) -> Act:
    """《政府非税收入管理办法》: money came in, on a receipt of the treasury."""
    amount = fen(context.data["amount"]) or 0
    left = due_of(context.record) - money.paid(context.record)
    if not 0 < amount <= left:
        said = in_yuan(max(left, 0))
        raise refuse(f"缴款金额不对：尚欠 {said}，请核对票据。", INCOME, field="amount")
    act = execution.enter_payment(context, "full" if amount == left else "part")
    context.issue(act, "levy-receipt")
    return act


verb("court.applied:levy", LevyCourtForm)(execution.apply_to_court)


# -- what others know of it ----------------------------------------------------------------------
def facts_of_levy(situation: Situation) -> dict[str, Any]:
    """Facts of the packs for this record."""
    record, case = situation.record, case_of(situation.record)
    decided = _decided(record)
    due, until = due_of(record, decided), decided.get("answers", {}).get("until")
    return {
        **base(situation),
        "procedure": "ordinary",
        "decided_by": "agency",
        **{name: getattr(case, name) for name in JUDGED},
        "levy_standard": bool(case.item and case.item.details.get("standard")),
        "levy_owing": bool(due) and due > money.paid(record),
        "levy_late": bool(until) and date.fromisoformat(until) < clock.today(),
    }


def panel(record: Record) -> list[Panel]:
    """What is owed and what was paid, receipt by receipt."""
    rows = Payment.objects.filter(record=record, act__effective__voided_by=None).order_by("pk")
    due, paid = due_of(record), sum(row.amount for row in rows)
    left = "尚欠" if due >= paid else "多缴，应当退还"
    standard = str(record.case.item.details.get("standard", "")) if record.case.item else ""
    lines = [
        ("征收标准", standard),
        ("应缴", in_yuan(due) if due else ""),
        (left, in_yuan(abs(due - paid)) if due or paid else ""),
    ]
    return [
        Panel(
            "征收",
            tuple((name, text) for name, text in lines if text),
            head=("缴款日期", "金额", "票据") if rows else (),
            rows=tuple(
                (f"{row.paid_on:%Y-%m-%d}", in_yuan(row.amount), row.receipt) for row in rows
            ),
        )
    ]


LEVY = matter_kinds.register(
    Kind(
        code="levy",
        order=60,
        number=7,
        categories=(Category("行政征收", also=("规费征收",)),),
        usual=TABLE,
        openings=(start,),
        facts=facts_of_levy,
        decisions=("levy-decision",),
        panels=(panel,),
        offer=offering.of_case,
        heads=("征收事由", "征收依据", "征收决定"),
    )
)
