"""行政征用: property used for an emergency (《突发事件应对法》第十二条; 《民法典》第二百四十五条).

Decided, taken over by a list that both sides sign, given back when the emergency is over, and
compensated. What is taken stays its owner's; nothing of it enters the store of seized things.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django import forms

from mingzheng.cases import offering, things
from mingzheng.cases.acts import drafts, matters
from mingzheng.cases.documents.licence import organ_and_date
from mingzheng.cases.documents.papers import SEAL_NOTE, paper
from mingzheng.cases.documents.papers import base as paper_base
from mingzheng.cases.documents.parties import party_fields, party_of, party_text
from mingzheng.cases.documents.remedies import remedies_of
from mingzheng.cases.documents.service import decision_name
from mingzheng.cases.documents.signatures import officer_signs, party_sign
from mingzheng.cases.documents.wording import capital, item_line, long_date, moment
from mingzheng.cases.documents.wording import yuan as in_yuan
from mingzheng.cases.facts.base import base, case_of
from mingzheng.cases.forms.drafts import DecideForm, DraftForm
from mingzheng.cases.forms.opening import item_choices
from mingzheng.cases.forms.parties import PARTY_HALVES, PartyFields
from mingzheng.cases.models import JUDGED
from mingzheng.cases.procedures import archiving, evidence, mistakes, people, remedies
from mingzheng.cases.procedures.licence import REVIEW, reviewed
from mingzheng.core.steps import Procedure, State, Step, Way
from mingzheng.procedures import matter_kinds, publishing, registry
from mingzheng.procedures.forms import ActForm, choice, day, fen, lines, long_text, yes_no, yuan
from mingzheng.procedures.matter_kinds import Category, Kind
from mingzheng.procedures.panels import Panel
from mingzheng.procedures.presence import SignedForm
from mingzheng.procedures.registry import asks, opening, register_procedure, verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, ActContent, Record
from mingzheng.records.refusal import refuse
from mingzheng.records.situation import Situation

REQUISITION_STATES = (
    State("examining", "拟定征用"),
    State("decided", "已作决定"),
    State("served", "已送达、待交接"),
    State("using", "使用中"),
    State("returning", "使用完毕、待返还"),
    State("returned", "已返还、待补偿"),
    State("compensated", "已补偿"),
    State("closed", "已办结", final=True),
)
WORKING = ("examining",)
LIVE = tuple(state.code for state in REQUISITION_STATES if not state.final)
AFTER = tuple(state.code for state in REQUISITION_STATES if state.code != "examining")
YJ = "《突发事件应对法》第十二条"
MF = "《民法典》第二百四十五条"
HEAD = ["序号", "名称", "规格型号", "数量", "备注"]

TABLE = register_procedure(
    Procedure(
        code="requisition",
        name="行政征用",
        kind="requisition",
        states=REQUISITION_STATES,
        stages=("拟定", "审核", "决定", "送达", "交接", "返还", "补偿", "公示", "归档"),
        start="examining",
        draft="requisition-decision",
        onward={"decision.made:requisitioned": "应急处置需要", **publishing.onward()},
        ways=(
            Way("当事人提出意见", "draft.made", ("statement.heard",)),
            *reviewed("decision.made:requisitioned"),
            Way(
                "不需要征用",
                "decision.made:requisitioned",
                ("decision.made:not-requisitioned",),
                instead=True,
            ),
            Way("被责令重新作出决定", "compensation.paid", ("decision.ordered-redone",)),
            *publishing.ways(),
        ),
        steps=(
            Step("officer.identified", "出示执法证件", "拟定", LIVE, source=YJ),
            *evidence.items(WORKING, LIVE, "拟定", source=YJ),
            Step(
                "draft.made",
                "拟定征用决定",
                "拟定",
                WORKING,
                main=True,
                once=True,
                source=YJ,
                verb="requisition",
            ),
            Step(
                "draft.amended",
                "修改征用决定稿",
                "拟定",
                WORKING,
                source=YJ,
                after=("draft.made",),
                verb="requisition",
            ),
            Step(
                "statement.heard",
                "听取被征用人意见",
                "拟定",
                WORKING,
                documents=("statement-record",),
                source="国发〔2004〕10号 七（二十）",
            ),
            *REVIEW,
            Step(
                "decision.made",
                "作出征用决定",
                "决定",
                WORKING,
                of="requisitioned",
                to="decided",
                route="decision.made",
                documents=("requisition-decision",),
                main=True,
                source=YJ,
                after=("draft.made",),
                verb="requisitioned",
            ),
            Step(
                "decision.made",
                "决定不征用",
                "决定",
                WORKING,
                of="not-requisitioned",
                to="decided",
                route="decision.made",
                documents=("requisition-decision",),
                source=YJ,
                after=("draft.made",),
                verb="not-requisitioned",
            ),
            Step(
                "decision.served",
                "送达征用决定书",
                "送达",
                ("decided",),
                to="served",
                documents=("service-receipt",),
                recording=True,
                main=True,
                source=YJ,
            ),
            Step(
                "property.requisitioned",
                "清点、交接征用的财产",
                "交接",
                ("served",),
                to="using",
                documents=("requisition-list",),
                recording=True,
                main=True,
                source=YJ,
            ),
            Step(
                "requisition.ended",
                "登记使用完毕",
                "返还",
                ("using",),
                to="returning",
                main=True,
                source=YJ,
            ),
            Step(
                "property.returned",
                "返还财产",
                "返还",
                ("served", "returning"),
                to="returned",
                after=("property.requisitioned",),
                limit="requisition/return",
                documents=("requisition-return",),
                main=True,
                source=MF,
            ),
            Step(
                "compensation.paid",
                "支付补偿",
                "补偿",
                ("served", "returned"),
                to="compensated",
                after=("property.returned",),
                limit="requisition/compensation",
                documents=("compensation-statement",),
                main=True,
                source=MF,
            ),
            Step(
                "case.closed",
                "办结",
                "归档",
                ("decided", "served", "compensated"),
                to="closed",
                main=True,
                source=YJ,
                verb="requisition",
            ),
            *evidence.recordings(LIVE, "拟定"),
            *remedies.rows(AFTER, stage="补偿", at="决定", back="examining"),
            *people.rows(WORKING, LIVE, "拟定"),
            *mistakes.rows((*LIVE, "closed"), "归档"),
            *publishing.rows(AFTER, AFTER),
            *archiving.rows(("closed",)),
        ),
    )
)


# -- what the steps ask --------------------------------------------------------------------------
class RequisitionBegins(PartyFields, ActForm):
    """启动征用: for which emergency, whose property, what of it."""

    item = forms.ChoiceField(label="征用事项")
    emergency = yes_no("是否因抢险救灾、疫情防控等紧急需要")
    event = long_text("突发事件和应急处置的需要", rows=3)
    things = long_text("拟征用的财产", rows=4, help_text="一行一件：名称，规格型号，数量")

    sections = {"item": "事项", "party_kind": "被征用人", "happened_at": "启动时间"}
    halves = PARTY_HALVES
    whys = {"emergency": ("只有因抢险救灾、疫情防控等紧急需要，才能征用。", MF)}

    def prepare(self) -> None:
        """Only the requisitions on the agency's own list."""
        rows = [("", "请选择"), *item_choices(self.actor.agency_id, "requisition")]
        self.choices["item"] = rows
        self.order_fields(["item", "emergency", "event", "things"])


class RequisitionDraftForm(DraftForm):
    """拟定征用决定."""

    outcome = choice("拟作决定", [("requisitioned", "征用"), ("not-requisitioned", "不征用")])
    facts_text = long_text("紧急需要的事实", rows=4)
    basis = forms.CharField(label="征用依据", max_length=300, help_text="写到条、款、项")
    things = long_text("征用的财产", rows=4, help_text="一行一件：名称，规格型号，数量")
    purpose = forms.CharField(label="用途和使用单位", max_length=200)
    until = day("预计返还日期")
    compensation = long_text("补偿的标准和办法", rows=2)

    whys = {
        "things": ("决定书列明征用什么，交接、返还时逐件对照。", YJ),
        "compensation": ("征用要给予公平、合理的补偿。", YJ),
    }

    def prepare(self) -> None:
        """The property is that with which the matter began."""
        self.fields["things"].initial = begun(self.record).get("things", "")
        super().prepare()


class RequisitionDecideForm(DecideForm):
    """作出征用决定: the draft is what is issued."""

    wanted = "requisitioned"


class NoRequisitionForm(RequisitionDecideForm):
    """不征用."""

    wanted = "not-requisitioned"


class HandOverForm(SignedForm):
    """清点、交接: piece by piece, signed by the owner."""

    keeps = ("things", "place", "user")
    things = long_text("交接的财产", rows=4, help_text="一行一件：名称，规格型号，数量，现状")
    place = forms.CharField(label="交接地点", max_length=200)
    user = forms.CharField(label="使用、保管单位", max_length=100)


@asks("requisition.ended")
class UsedForm(ActForm):
    """使用完毕."""

    keeps = ("text",)
    text = long_text("使用完毕或者应急处置结束的情况", rows=2)


class ReturnForm(SignedForm):
    """返还财产: piece by piece; what is lost or damaged is said."""

    keeps = ("things", "damage", "place")
    things = long_text("返还的财产", rows=4, help_text="一行一件：名称，规格型号，数量，现状")
    damage = long_text("毁损、灭失的情况", rows=2, help_text="没有的写“无”")
    place = forms.CharField(label="返还地点", max_length=200)


class CompensationForm(SignedForm):
    """支付补偿."""

    keeps = ("counted", "receipt")
    money = ("amount",)
    amount = yuan("补偿金额（元）")
    counted = long_text("怎么算的", rows=2, help_text="使用费、毁损灭失的价值，按什么标准")
    receipt = forms.CharField(label="支付凭证号", max_length=60)

    def clean_amount(self) -> Decimal:
        """Nothing is no compensation."""
        amount: Decimal = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(f"补偿金额要大于零：征用要给予公平、合理的补偿（{YJ}）")
        return amount


@asks("case.closed:requisition")
class RequisitionClosesForm(ActForm):
    """办结."""

    keeps = ("text",)
    closes = True
    text = long_text("办理情况", rows=2)


# -- its papers ----------------------------------------------------------------------------------
def begun(record: Record) -> dict[str, Any]:
    """What the matter began with."""
    row = ActContent.objects.filter(act__record=record, act__kind="case.opened").first()
    said: dict[str, Any] = json.loads(row.body) if row else {}
    return said


def _table(text: str) -> dict[str, Any]:
    rows = [item_line(n, line) for n, line in enumerate(lines(text), 1)]
    return {"head": HEAD, "rows": rows}


def decision_body(context: StepContext) -> dict[str, Any]:
    """The body from the answers of the draft form; its elements are those of the pack's list."""
    data, party, case = context.data, party_of(context), context.record.case
    remedies = remedies_of(context)
    decision = (
        f"征用{'；'.join(lines(data['things']))}，用于{data['purpose']}，"
        f"预计于{long_date(data['until'])}返还。补偿：{data['compensation']}"
        if data["outcome"] == "requisitioned"
        else f"不予征用。{data['compensation']}"
    )
    return {
        **paper_base(context),
        "fields": [*party_fields(party, "被征用人"), ["征用事项", case.cause]],
        "remedy": remedies,
        "sections": [
            {"head": "紧急需要", "paras": [data["facts_text"]]},
            {"head": "决定", "paras": [f"依据{data['basis']}，决定：{decision}"]},
            {"head": "权利救济", "paras": [remedies]},
        ],
        "table": _table(data["things"]),
        "elements": {
            "party": party_text(party),
            "facts": data["facts_text"],
            "things": data["things"],
            "decision": decision,
            "compensation": data["compensation"],
            "basis": data["basis"],
            "remedies": remedies,
            "agency-and-date": organ_and_date(context),
            "seal": SEAL_NOTE,
        },
        "answers": context.form.raw(),
        "public": {
            "title": f"对{party.name}{case.cause}的行政征用决定",
            "facts": data["facts_text"],
            "basis": data["basis"],
            "decision": decision,
        },
    }


@paper(
    "requisition-decision",
    "行政征用决定书",
    "征用",
    "letter",
    sealed=True,
    public=True,
    source="国办发〔2018〕118号 三（一）",
)
def requisition_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """Issued from the reviewed draft only."""
    return decision_body(context)


def _signed(context: StepContext) -> list[dict[str, str]]:
    return [
        *officer_signs(context.officers),
        *party_sign(context.data, "被征用人"),
    ]


@paper("requisition-list", "征用财产交接清单", "征清", "list", source=YJ)
def requisition_list(context: StepContext, act: Act) -> dict[str, Any]:
    """《突发事件应对法》第十二条: two copies, one for the owner."""
    data = context.data
    return {
        **paper_base(context),
        "fields": [
            ["征用决定", decision_name(context)],
            ["被征用人", party_of(context).name],
            ["交接时间、地点", f"{moment(act.happened_at)}，{data['place']}"],
            ["使用、保管单位", data["user"]],
            ["份数", "一式二份，被征用人和行政机关各执一份，作为返还、补偿的凭据"],
        ],
        "table": _table(data["things"]),
        "signs": _signed(context),
        "elements": {},
    }


@paper("requisition-return", "征用财产返还清单", "征还", "list", source=MF)
def requisition_return(context: StepContext, act: Act) -> dict[str, Any]:
    """《民法典》第二百四十五条: what came back, and what was lost or damaged."""
    data = context.data
    return {
        **paper_base(context),
        "fields": [
            ["被征用人", party_of(context).name],
            ["返还时间、地点", f"{moment(act.happened_at)}，{data['place']}"],
            ["毁损、灭失", data["damage"]],
        ],
        "table": _table(data["things"]),
        "signs": _signed(context),
        "elements": {},
    }


@paper("compensation-statement", "征用补偿支付单", "征补", source=MF)
def compensation_statement(context: StepContext, act: Act) -> dict[str, Any]:
    """《民法典》第二百四十五条: how much, how it was counted, on which receipt."""
    data, amount = context.data, fen(context.data["amount"])
    money = f"人民币{in_yuan(amount)}（大写：{capital(amount)}）"
    return {
        **paper_base(context),
        "fields": [
            ["被征用人", party_of(context).name],
            ["征用决定", decision_name(context)],
            ["补偿金额", money],
            ["计算", data["counted"]],
            ["支付凭证", data["receipt"]],
        ],
        "signs": _signed(context),
        "elements": {},
    }


# -- what is done ---------------------------------------------------------------------------------
@opening(
    "requisition",
    "requisition",
    "启动应急征用",
    "为应对突发事件征用单位、个人的财产：决定、清点交接、返还、补偿",
    RequisitionBegins,
)
def start(by: Actor, data: dict[str, Any], form_key: str = "") -> Record:
    """《突发事件应对法》第十二条: an emergency needs property of others."""
    return matters.begin(
        by,
        data,
        matters.Beginning(
            TABLE,
            "case.opened",
            of="requisition",
            opened=True,
            facts={"emergency": data["emergency"]},
            content={name: data[name] for name in ("emergency", "event", "things")},
        ),
        form_key,
    )


@verb("draft.made:requisition", RequisitionDraftForm)
@verb("draft.amended:requisition", RequisitionDraftForm)
def make_draft(context: StepContext) -> Act:
    """《突发事件应对法》第十二条: the proposed decision, as a text; when it changes, what was reviewed
    before no longer counts.
    """
    return drafts.propose(context, decision_body)


@verb("decision.made:requisitioned", RequisitionDecideForm)
def requisition(context: StepContext) -> Act:
    """《突发事件应对法》第十二条: decided on the text that was reviewed."""
    return drafts.decide_and_issue(context)


verb("decision.made:not-requisitioned", NoRequisitionForm)(drafts.decide_and_issue)
verb("compensation.paid", CompensationForm)(registry.plainly)


@verb("property.requisitioned", HandOverForm)
def hand_over(context: StepContext) -> Act:
    """《突发事件应对法》第十二条: nothing is taken over that the decision does not name, and not more
    of it.
    """
    made = context.record.documents.filter(kind="requisition-decision", voided_by=None)
    decided = things.read(json.loads(made.latest("pk").body)["elements"]["things"])
    for each in things.read(context.data["things"]):
        if not any(each.within(one) for one in decided):
            raise refuse(
                f"“{each}”不在征用决定书写明的财产里，或者多于决定书写明的数量。请核对；"
                "确实需要的，另行作出征用决定。",
                YJ,
                field="things",
            )
    return context.plainly()


@verb("property.returned", ReturnForm)
def give_back(context: StepContext) -> Act:
    """《民法典》第二百四十五条: every piece comes back, or it is said what became of it."""
    taken = context.record.effective_acts.filter(kind="property.requisitioned", voided_by=None)
    had = things.read(json.loads(taken.latest("act_id").act.content.body)["things"])
    back = things.read(context.data["things"])
    for each in back:
        if not any(each.within(one) for one in had):
            raise refuse(
                f"“{each}”没有交接过，或者多于交接的数量，请对照交接清单。", MF, field="things"
            )
    for each in had:
        whole = any(each.within(one) for one in back)
        if not whole and each.name not in context.data["damage"]:
            raise refuse(
                f"交接的“{each}”没有全部写进返还清单。少了、坏了的，"
                f"请在“毁损、灭失的情况”里写明“{each.name}”怎么了。",
                MF,
                field="things",
            )
    return context.plainly()


# -- what others know of it ----------------------------------------------------------------------
def facts_of_requisition(situation: Situation) -> dict[str, Any]:
    """Facts of the packs for this record."""
    case = case_of(situation.record)
    return {
        **base(situation),
        "procedure": "ordinary",
        "decided_by": "agency",
        **{name: getattr(case, name) for name in JUDGED},
        "emergency": begun(situation.record).get("emergency"),
    }


# The act of the table, what the panel calls it, which of its answers it shows.
SHOWN = (
    ("case.opened", "应急需要", "event"),
    ("property.requisitioned", "交接的财产", "things"),
    ("property.requisitioned", "使用、保管单位", "user"),
    ("property.returned", "返还的财产", "things"),
    ("property.returned", "毁损、灭失", "damage"),
)


def panel(record: Record) -> list[Panel]:
    """The property on its way: what it is for, handed over, given back, paid for."""
    said: dict[str, dict[str, Any]] = {
        row.act.kind: json.loads(row.body)
        for row in ActContent.objects.filter(
            act__record=record,
            act__kind__in=[*(act for act, _, _ in SHOWN), "compensation.paid"],
            act__effective__voided_by=None,
        ).select_related("act")
    }
    shown = [
        (name, "；".join(lines(str(said[act][key])))) for act, name, key in SHOWN if act in said
    ]
    if paid := said.get("compensation.paid"):
        shown.append(("补偿", f"{in_yuan(paid['amount'])}，凭证 {paid['receipt']}"))
    return [Panel("征用", tuple(shown))] if shown else []


REQUISITION = matter_kinds.register(
    Kind(
        code="requisition",
        order=70,
        number=8,
        categories=(Category("行政征用", also=("应急征用",)),),
        usual=TABLE,
        openings=(start,),
        facts=facts_of_requisition,
        decisions=("requisition-decision",),
        panels=(panel,),
        offer=offering.of_case,
        heads=("征用事由", "征用依据", "征用决定"),
    )
)
