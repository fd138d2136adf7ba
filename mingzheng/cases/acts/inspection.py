"""A visit: planned, approved, announced, carried out, its result formed and followed up."""

from __future__ import annotations

from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.cases.acts import matters
from mingzheng.cases.acts.handlers import assign
from mingzheng.cases.facts.inspection import cap_of, visits_this_year
from mingzheng.cases.forms.inspection import (
    CHECK_TYPES,
    ApproveForm,
    ChecklistForm,
    EndForm,
    FollowUpForm,
    JoinForm,
    NoticeForm,
    ResultForm,
    StartForm,
    VisitForm,
)
from mingzheng.cases.models import Case, Checked, Visit
from mingzheng.cases.procedures.inspection import VISIT
from mingzheng.cases.procedures.penalty import ORDINARY
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.procedures.presence import ids
from mingzheng.procedures.registry import opening, verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import Ground, Refused, refuse

NOTICE54 = "国办发〔2024〕54号"


@opening(
    "inspection",
    "inspection",
    "安排检查",
    "日常、专项、个案检查：先审批，再通知，再到场",
    VisitForm,
)
def plan_visit(by: Actor, data: dict[str, Any], form_key: str = "") -> Record:
    """国办发〔2024〕54号 二: a visit is planned for an item of the agency's list; a second one of
    the same day is refused.
    """
    agency = Agency.objects.get(pk=by.agency_id)
    _not_twice(agency, data)
    keep = ("source", "check_type", "planned_on", "place", "content", "joint")

    def more(record: Record, act: Act) -> None:
        item = record.case.item
        details = item.details if item else {}
        Visit.objects.create(
            record=record,
            agency_id=agency.pk,
            check_type=data["check_type"],
            target=details.get("target", ""),
            enterprise=data["enterprise"],
            region=agency.region[:6],
            identifier=data.get("identifier") or "",
            planned_on=data["planned_on"],
            content=data["content"],
            random=data["source"] == "draw",
            urgent=data["urgent"],
            joint=(data.get("joint") or "").strip(),
        )

    return matters.begin(
        by,
        data,
        matters.Beginning(
            VISIT,
            "visit.planned",
            of=data["check_type"],
            role="inspected",
            facts={
                "check_type": data["check_type"],
                "enterprise": data["enterprise"],
                "urgent": data["urgent"],
                "random": data["source"] == "draw",
            },
            content={name: data.get(name, "") for name in keep},
            case={
                "source": data["source"],
                "sort": data["check_type"],
                "place": data["place"],
                "cause": _called(data),
            },
            more=more,
        ),
        form_key,
    )


def _called(data: dict[str, Any]) -> str:
    """What the visit is called: its item and its kind."""
    name = Item.objects.filter(pk=data["item"]).values_list("name", flat=True).first() or "检查"
    kind = CHECK_TYPES[data["check_type"]]
    return str(name) if kind in name else f"{name}（{kind}）"


def _not_twice(agency: Agency, data: dict[str, Any]) -> None:
    code = data.get("identifier") or ""
    same = Visit.objects.filter(
        agency_id=agency.pk, identifier=code, planned_on=data["planned_on"]
    ).exclude(record__state="cancelled")
    if code and same.filter(record__case__item=data["item"]).exists():
        raise Refused(
            "这次检查已经安排过了",
            (
                Ground(
                    "同一天、同一事项、同一被检查人已有一次检查。请在原来那一件里办理。",
                    NOTICE54,
                    field="planned_on",
                ),
            ),
        )


@verb("visit.approved", ApproveForm)
def approve(context: StepContext) -> Act:
    """国办发〔2024〕54号 三: no visit without approval; the officers' certificates must cover the
    planned day.
    """
    people = ids(context.officers)
    act = context.append(of=context.record.visit.check_type, attrs={"handler": people})
    assign(context.record, act, people)
    context.leave(act)
    return act


@verb("notice.prepared", NoticeForm)
def prepare_notice(context: StepContext) -> Act:
    """国办发〔2024〕54号 三: the notice says on what basis, what is looked at, by whom, and how
    often at most a year.
    """
    _approved_or_urgent(context)
    return context.plainly()


def _approved_or_urgent(context: StepContext) -> None:
    if not context.situation.standing & {"visit.approved", "exception.approved:urgent-inspection"}:
        raise refuse("检查还没有批准，不能制作检查通知书。请先办理检查审批。", NOTICE54)


@verb("notice.joined", JoinForm)
def join_notice(context: StepContext) -> Act:
    """国办发〔2024〕54号 三: several agencies in one visit use one notice; each keeps its own
    record.
    """
    lead = Visit.objects.select_related("record").get(pk=int(context.data["lead"]))
    paper = (
        lead.record.documents.filter(kind="inspection-notice", voided_by=None)
        .order_by("-pk")
        .first()
    )
    if paper is None:
        raise refuse("牵头机关的检查通知书还没有制作，请稍后再办。", NOTICE54)
    act = context.append(
        subject=str(lead.pk),
        content={
            "lead": Agency.objects.get(pk=lead.agency_id).name,
            "number": paper.full_number,
            "text_hash": paper.text_hash,
        },
    )
    record_acts.link(context.record, lead.record, "joint-visit", act)
    return act


@verb("inspection.started", StartForm)
def start(context: StepContext) -> Act:
    """国办发〔2024〕54号 三: two officers with certificates valid this very day are on the spot."""
    visit, on = context.record.visit, context.happened_at.date()
    seen = visits_this_year(visit, on)
    act = context.append(
        of=visit.check_type,
        content={"visits_before_this_year": seen, "cap": cap_of(context.record)},
    )
    Visit.objects.filter(pk=context.record.pk).update(started_on=on)
    return act


def scan(visit: Visit) -> Act:
    """国办发〔2024〕54号 三: the enterprise itself confirms, from its own phone, that these
    officers are here (扫码入企).
    """
    record = record_acts.lock(visit.record_id)
    if record.state not in ("planned", "visiting"):
        raise refuse("这次检查已经结束或者取消，不用再确认。", NOTICE54)
    if (
        not record.effective_acts.filter(kind="visit.approved", voided_by=None).exists()
        and not record.effective_acts.filter(
            kind="exception.approved", of="urgent-inspection", voided_by=None
        ).exists()
    ):
        raise refuse(
            "这次检查还没有批准。如果检查人员已经到场，您可以拒绝检查，并向监督电话反映。", NOTICE54
        )
    if record.state == "planned" and visit.planned_on and clock.today() < visit.planned_on:
        raise refuse(
            f"计划检查的日子是 {visit.planned_on:%Y年%-m月%-d日}，检查人员到场以后再确认。",
            NOTICE54,
        )
    if record.effective_acts.filter(kind="visit.scanned", voided_by=None).exists():
        raise refuse("已经确认过了，不用再确认。", NOTICE54)
    return record_acts.append(
        record,
        None,
        record_acts.Entry(kind="visit.scanned", content={"by": {"name": "被检查人扫码"}}),
    )


@verb("checklist.filled", ChecklistForm)
def fill_checklist(context: StepContext) -> Act:
    """国办发〔2024〕54号 三: point by point, what was found; a later filling adds, never
    replaces.
    """
    rows = context.form.findings()  # type: ignore[attr-defined]
    act = context.append(content={"points": rows, "conduct": context.data.get("conduct", [])})
    for row in rows:
        Checked.objects.create(
            record=context.record,
            agency_id=context.record.agency_id,
            act=act,
            point=row["id"],
            name=row["name"],
            finding=row["finding"],
            note=row["note"],
        )
    return act


@verb("inspection.ended", EndForm)
def end(context: StepContext) -> Act:
    """国办发〔2024〕54号 三: the officers leave; the result has one of the common codes."""
    facts, on = context.form.facts(), context.happened_at.date()
    Visit.objects.filter(pk=context.record.pk).update(
        result=context.data["result"], problem_found=facts["problem_found"], ended_on=on
    )
    context.record.refresh_from_db()
    return context.append(
        of=context.data["result"],
        facts={**facts, "ended_on": on},
        content={"result": context.form.results[context.data["result"]]},  # type: ignore[attr-defined]
    )


@verb("result.formed", ResultForm)
@verb("result.changed", ResultForm)
def form_result(context: StepContext) -> Act:
    """国办发〔2024〕54号 三、国办发〔2018〕118号 二（四）: what the person inspected is told, and
    what may be published; a changed result is published anew, the old one stays readable.
    """
    act = context.append()
    Case.objects.filter(pk=context.record.pk).update(
        outcome=context.record.visit.result[:20], decided_on=context.happened_at.date()
    )
    context.leave(act)
    return act


@verb("matter.followed-up", FollowUpForm)
def follow_up(context: StepContext) -> Act:
    """《行政处罚法》第五十四条第二款: what was found becomes the source of a penalty case, tied to
    this visit.
    """
    party = context.record.parties.filter(until=None).earliest("pk")
    began = matters.begin(
        context.by,
        {
            "item": context.data["item"],
            "identifier": party.identifier,
            "party_name": party.name,
            "party_kind": party.kind,
            "address": party.address,
            "representative": party.representative,
        },
        matters.Beginning(
            ORDINARY,
            "source.registered",
            facts={"conduct_on": context.happened_at.date(), "procedure": "ordinary"},
            content={
                "source": "inspection",
                "cause": context.data["cause"],
                "summary": context.data["summary"],
                "procedure": ORDINARY.code,
                "visit": context.record.pk,
            },
            case={
                "source": "inspection",
                "cause": context.data["cause"],
                "place": context.record.case.place,
                "conduct_on": context.happened_at.date(),
            },
        ),
    )
    act = context.append(
        subject=str(began.pk), content={"cause": context.data["cause"], "case": began.pk}
    )
    record_acts.link(context.record, began, "follow-up", act)
    return act
