"""The text of a penalty decision, and the decision itself."""

from __future__ import annotations

from mingzheng.agencies.models import Grant
from mingzheng.cases.acts import drafts
from mingzheng.cases.documents.decision import decision_body, spot_body
from mingzheng.cases.forms.decision import DecideForm, DraftForm, SpotDecisionForm
from mingzheng.cases.models import Case
from mingzheng.cases.parties import not_yet
from mingzheng.procedures.forms import fen
from mingzheng.procedures.presence import ids
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act, EffectiveAct
from mingzheng.records.refusal import Ground, Refused


@verb("draft.made", DraftForm)
@verb("draft.amended", DraftForm)
def write(context: StepContext) -> Act:
    """《行政处罚法》第五十七条第一款、第五十八条: the handling that the officers propose, as a text;
    what was reviewed and discussed before a change no longer counts.
    """
    drafts.begin(context)
    data = context.data
    Case.objects.filter(pk=context.record.pk).update(
        outcome=data["outcome"],
        penalties=data["penalties"],
        fine=fen(data["fine"]) or 0,
        confiscated=fen(data["confiscated"]) or 0,
        mitigated=data["mitigated"],
        aggravated=data["aggravated"],
        hearing_right=data["hearing_right"],
    )
    context.record.refresh_from_db()
    return drafts.keep(context, decision_body(context))


def _outcome_is(context: StepContext, wanted: tuple[str, ...], name: str) -> None:
    outcome = Case.objects.values_list("outcome", flat=True).get(pk=context.record.pk)
    if outcome not in wanted:
        raise Refused(
            f"处理意见稿不是“{name}”",
            (Ground("请先修改处理意见，再按新的意见办理。", "《行政处罚法》第五十七条第一款"),),
        )


@verb("decision.made:penalty", DecideForm)
def decide(context: StepContext) -> Act:
    """《行政处罚法》第五十七条、第五十八条、第五十九条: the penalty is decided on the text that
    was reviewed.
    """
    _outcome_is(context, ("penalty",), "给予行政处罚")
    return _decide(context)


@verb("decision.made:no-penalty", DecideForm)
def decide_no_penalty(context: StepContext) -> Act:
    """《行政处罚法》第五十七条第一款第二项、第三项: no penalty, or the facts do not stand."""
    _outcome_is(context, ("no-penalty", "no-case"), "不予行政处罚")
    return _decide(context)


def _everybody_told(context: StepContext) -> None:
    """Each of several counterparts was told, each agency that was called in has agreed."""
    left = not_yet(context.record, "party.notified", "penalty")
    if left:
        raise Refused(
            "还有当事人没有告知",
            tuple(
                Ground(
                    f"{row.name}还没有收到处罚事先告知。", "《行政处罚法》第四十四条、第六十二条"
                )
                for row in left
            ),
        )
    agreed = set(
        EffectiveAct.objects.filter(
            record=context.record, kind="joint.agreed", voided_by=None
        ).values_list("act__actor_id", flat=True)
    )
    waiting = [
        row
        for row in Grant.objects.filter(record=context.record, purpose="joint").select_related(
            "person"
        )
        if row.person_id not in agreed
    ]
    if waiting:
        raise Refused(
            "联合机关还没有审核同意",
            tuple(
                Ground(
                    f"{row.person.name}所在机关还没有审核同意这一稿。",
                    "国办发〔2018〕118号 四（一）",
                )
                for row in waiting
            ),
        )


def _decide(context: StepContext) -> Act:
    drafts.agreed(context)
    _everybody_told(context)
    act = drafts.decide(context, note=context.data.get("pay_days_note", ""))
    drafts.issue(context, act)
    return act


@verb("decision.made:on-the-spot", SpotDecisionForm)
def decide_on_spot(context: StepContext) -> Act:
    """《行政处罚法》第五十一条、第五十二条: decided on the spot by the officers themselves."""
    data = context.data
    people = context.officers
    decided = context.happened_at.date()
    Case.objects.filter(pk=context.record.pk).update(
        outcome="penalty",
        penalties=data["penalties"],
        fine=fen(data["fine"]) or 0,
        confiscated=0,
        mitigated=False,
        aggravated=False,
        hearing_right=False,
        decided_on=decided,
    )
    context.record.refresh_from_db()
    body = spot_body(context)
    act = context.append(
        of="penalty",
        facts={"decided_on": decided},
        attrs={"handler": ids(people)},
        content={"body": body},
    )
    context.issue_text(act, body)
    return act
