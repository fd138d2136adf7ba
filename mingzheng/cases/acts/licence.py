"""Licences, from the application to its acceptance; who else is concerned; time that does not
count.
"""

from __future__ import annotations

from typing import Any

from mingzheng.agencies.models import Post
from mingzheng.cases.acts import matters
from mingzheng.cases.acts.handlers import assign
from mingzheng.cases.acts.parties import remember_parties
from mingzheng.cases.facts.licence import correction_late, lacking
from mingzheng.cases.forms import licence as forms
from mingzheng.cases.forms.licence import (
    AcceptForm,
    ApplicationForm,
    CompletedForm,
    CorrectionNoticeForm,
    ExcludedTimeForm,
    InterestedForm,
    ResultForm,
)
from mingzheng.cases.forms.service import service
from mingzheng.cases.models import Application, CaseParty, Licence
from mingzheng.cases.procedures.licence import LICENCE
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.procedures.presence import ids
from mingzheng.procedures.registry import opening, verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import law
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, EffectiveAct, Record
from mingzheng.records.refusal import refuse

LAW45 = "《行政许可法》第四十五条"


@opening(
    "licence",
    "licence",
    "收到许可申请",
    "登记申请和收到的材料，之后一次告知补正、受理或者不予受理",
    ApplicationForm,
    frozenset({"handler", "window"}),
)
def receive(by: Actor, data: dict[str, Any], form_key: str = "") -> Record:
    """《行政许可法》第二十九条、第三十二条: an application came in; its period runs from now."""
    item = Item.objects.filter(pk=data["item"], agency=by.agency_id).first()
    materials = forms.given(item, data["materials"]) if item else []
    about: Licence | None = data.get("licence")
    complete = not any(row["state"] == "lacking" for row in materials)
    on = clock.local(data["happened_at"]).date() if data.get("happened_at") else clock.today()

    def more(record: Record, act: Act) -> None:
        Application.objects.create(
            record=record,
            agency_id=record.agency_id,
            way=data["way"],
            received_on=on,
            completed_on=on if complete else None,
            materials=materials,
            content=data["content"],
            special_registration=bool(item and item.details.get("special_registration")),
            joint_licence=data["joint_licence"],
            lower_first=data["lower_first"],
            about=about,
        )

    facts = {"licence_sort": data["sort"], "materials_complete": complete}
    if data["sort"] == "renewal" and about and about.until:
        facts |= {"expires_on": about.until, "renewal_in_time": _in_time(by, about, data, on)}
    return matters.begin(
        by,
        data,
        matters.Beginning(
            LICENCE,
            "application.received",
            of=data["sort"],
            role="applicant",
            facts=facts,
            opened=True,
            content={
                "content": data["content"],
                "way": data["way"],
                "materials": materials,
                "sort": data["sort"],
                "about": about.number if about else "",
            },
            case={"sort": data["sort"], "cause": _cause(item, data["sort"])},
            more=more,
        ),
        form_key,
    )


def _cause(item: Item | None, sort: str) -> str:
    word = {"change": "（变更）", "renewal": "（延续）", "cancellation": "（注销）"}.get(sort, "")
    return f"{item.name if item else ''}{word}"


def _in_time(by: Actor, about: Licence, data: dict[str, Any], on: Any) -> bool:
    """Whether the term that the rules put between asking and expiry still fits in."""
    regime = law.regime_of(by.agency_id, about.record.pack)
    rows = regime.terms(
        "application.received",
        on,
        {"kind": "licence", "licence_sort": "renewal", "party": data["party_kind"]},
        law.calendar(),
    )
    ends = [row.until for row in rows if row.topic == "licence/renewal-ask" and row.until]
    return about.until is None or all(end <= about.until for end in ends)


@verb("materials.requested:licence", CorrectionNoticeForm)
def request_materials(context: StepContext) -> Act:
    """《行政许可法》第三十二条第一款第四项: everything that is missing is told once, in time."""
    data = context.data
    asked = Application.objects.get(record=context.record)
    rows = [
        {**row, "state": "lacking" if row["id"] in data["lacking"] else row["state"]}
        for row in asked.materials
    ]
    act = context.append()
    asked.materials, asked.completed_on = rows, None
    asked.save(update_fields=["materials", "completed_on"])
    context.leave(act, names=[row["name"] for row in rows if row["state"] == "lacking"])
    return act


@verb("materials.completed:licence", CompletedForm)
def complete_materials(context: StepContext) -> Act:
    """《行政许可法》第三十二条第一款第五项: what was asked for came in, or some of it."""
    asked = Application.objects.get(record=context.record)
    supplied = set(context.data["supplied"])
    rows = [
        {**row, "state": "supplied" if row["id"] in supplied else row["state"]}
        for row in asked.materials
    ]
    whole = not any(row["state"] == "lacking" for row in rows)
    on = context.happened_at.date()
    act = context.append(
        of="all" if whole else "part",
        content={"supplied": sorted(supplied)},
        facts={"materials_complete": whole},
    )
    asked.materials, asked.completed_on = rows, on if whole else None
    asked.save(update_fields=["materials", "completed_on"])
    return act


@verb("application.accepted:licence", AcceptForm)
def accept(context: StepContext) -> Act:
    """《行政许可法》第三十二条第一款第四项、第五项: accepted, or accepted by silence from the day
    of receipt.
    """
    people = ids(context.officers)
    asked = Application.objects.get(record=context.record)
    late = correction_late(context.situation, context.happened_at.date()) and bool(lacking(asked))
    accepted = context.form.accepted_on()  # type: ignore[attr-defined]
    act = context.append(
        attrs={"handler": people},
        content={"accepted_on": accepted.isoformat(), "by_silence": late},
    )
    assign(context.record, act, people)
    _to_unit_of(context.record, people[0])
    asked.accepted_on = accepted
    asked.save(update_fields=["accepted_on"])
    context.leave(act, accepted_on=accepted)
    return act


def _to_unit_of(record: Record, person: int) -> None:
    """What came in at the window belongs from now on to the section that examines it."""
    post = (
        Post.objects.filter(agency=record.agency_id, person=person, until=None)
        .order_by("pk")
        .first()
    )
    if post is not None and record.unit_id != post.unit_id:
        record.unit_id = post.unit_id
        record.save(update_fields=["unit_id"])


@verb("party.added:interested", InterestedForm)
def add_interested(context: StepContext) -> Act:
    """《行政许可法》第三十六条: somebody else whose important interests the licence touches."""
    party = matters.counterpart(context.agency, context.data)
    if CaseParty.objects.filter(record=context.record, party=party, until=None).exists():
        raise refuse(f"{party.name}已经登记在本件里，不用重复登记。", field="party_name")
    act = context.append(
        subject=str(party.pk),
        content={"party": matters.snapshot(party)},
        facts={"interested": True},
    )
    CaseParty.objects.create(
        record=context.record,
        agency_id=context.record.agency_id,
        party=party,
        role="interested",
        since=act,
        **matters.snapshot(party),
    )
    remember_parties(context.record)
    return act


@verb("testing.commissioned:testing", ExcludedTimeForm)
@verb("testing.commissioned:expert-review", ExcludedTimeForm)
def begin_excluded(context: StepContext) -> Act:
    """《行政许可法》第四十五条: testing begins, or experts review; the applicant was told in
    writing how long it takes.
    """
    of = context.step.of
    if _running(context, of):
        raise refuse("同一种扣除的时间正在进行，结束以后才能再次扣除，同一天不能扣两次。", LAW45)
    told = context.append(
        kind="party.told-of-suspension",
        of=of,
        to_state="",
        content={
            **context.form.act_content(context),
            "told_on": context.data["told_on"],
            **service(context.data),
        },
    )
    act = context.append(content={"told_by": told.pk})
    context.leave(act)
    return act


def _running(context: StepContext, of: str) -> bool:
    rows = EffectiveAct.objects.filter(record=context.record, of=of, voided_by=None)
    return (
        rows.filter(kind="testing.commissioned").count()
        > rows.filter(kind="testing.reported").count()
    )


@verb("testing.reported:testing", ResultForm)
@verb("testing.reported:expert-review", ResultForm)
def end_excluded(context: StepContext) -> Act:
    """《行政许可法》第四十五条: the result or the experts' opinion came; the period runs on."""
    if not _running(context, context.step.of):
        raise refuse("没有正在进行的检验检测、专家评审，不用登记结果。", LAW45)
    return context.plainly()
