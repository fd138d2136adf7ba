"""What any case may need: more items, merging, splitting, people from outside."""

from __future__ import annotations

from datetime import date

from mingzheng.agencies.models import Grant, Handler
from mingzheng.cases.acts import matters
from mingzheng.cases.acts.handlers import assign
from mingzheng.cases.acts.parties import remember_parties
from mingzheng.cases.forms.across import GrantForm, ItemAddedForm, MergeForm, SplitForm
from mingzheng.cases.models import Case, CaseItem, CaseParty
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.notices import acts as notice_acts
from mingzheng.notices.models import Task
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records import duties
from mingzheng.records.acts import Entry
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import refuse

LAW60 = "《行政处罚法》第六十条"


@verb("item.added", ItemAddedForm)
def add_item(context: StepContext) -> Act:
    """《行政处罚法》第二十九条: another violation, found in the same investigation."""
    item = Item.objects.get(pk=int(context.data["item"]), agency=context.agency)
    act = context.append(subject=item.code, content={"item": item.name})
    CaseItem.objects.create(
        record=context.record,
        agency_id=context.record.agency_id,
        item=item,
        cause=context.data["cause"],
        since=act,
    )
    return act


@verb("case.merged", MergeForm)
def merge(context: StepContext) -> Act:
    """《行政处罚法》第六十条: this case goes into an older one; no limit grows longer by it."""
    main = record_acts.lock(int(context.data["into"]))
    if main.state != context.record.state or main.agency_id != context.record.agency_id:
        raise refuse("主案已经不在同一环节，不能并案。请刷新后重新选择。", LAW60)
    if (
        main.case.opened_on is None
        or context.record.case.opened_on is None
        or main.case.opened_on > context.record.case.opened_on
    ):
        raise refuse("应当并入先立案的案件。", LAW60)
    act = context.append(subject=str(main.pk), content={"into": main.pk})
    took = record_acts.append(
        main,
        context.by,
        Entry(
            kind="case.absorbed",
            subject=str(context.record.pk),
            facts=context.facts(),
            content={
                "from": context.record.pk,
                "title": context.record.title,
                "reason": context.data["reason"],
            },
        ),
    )
    record_acts.link(context.record, main, "merged", act)
    _take_over(context.record, main, took)
    duties.release(context.record, act)
    record_acts.remember_due(context.record)
    return act


def _take_over(source: Record, main: Record, act: Act) -> None:
    """Counterparts and items of a merged case stand in the main one from this act on."""
    known = set(
        CaseParty.objects.filter(record=main, until=None).values_list("party_id", flat=True)
    )
    for row in (
        CaseParty.objects.filter(record=source, until=None).exclude(party__in=known).order_by("pk")
    ):
        CaseParty.objects.create(
            record=main,
            agency_id=main.agency_id,
            party=row.party,
            role=row.role,
            kind=row.kind,
            name=row.name,
            identifier=row.identifier,
            representative=row.representative,
            address=row.address,
            phone=row.phone,
            since=act,
        )
    held = {
        main.case.item_id,
        *CaseItem.objects.filter(record=main, until=None).values_list("item_id", flat=True),
    }
    wanted = [
        (source.case.item, source.case.cause),
        *(
            (row.item, row.cause)
            for row in CaseItem.objects.filter(record=source, until=None).select_related("item")
        ),
    ]
    for item, cause in wanted:
        if item is not None and item.pk not in held:
            held.add(item.pk)
            CaseItem.objects.create(
                record=main, agency_id=main.agency_id, item=item, cause=cause, since=act
            )
    remember_parties(main)


@verb("case.split", SplitForm)
def split(context: StepContext) -> Act:
    """《行政处罚法》第六十条: a counterpart or an item goes on by itself; its limit runs from the
    day the first case was opened.
    """
    what, _, pk = context.data["what"].partition("-")
    act = context.append(subject=context.data["what"])
    began = _begin_split(context, act, what, int(pk))
    record_acts.link(context.record, began, "split", act)
    remember_parties(context.record)
    return act


def _begin_split(context: StepContext, act: Act, what: str, pk: int) -> Record:
    source, case = context.record, context.record.case
    leaving = CaseParty.objects.get(pk=pk, record=source) if what == "party" else None
    moved = (
        CaseItem.objects.select_related("item").get(pk=pk, record=source)
        if what == "item"
        else None
    )
    party = leaving or CaseParty.objects.filter(
        record=source, until=None, role="respondent"
    ).earliest("pk")
    item = moved.item if moved else case.item
    for row in (leaving, moved):
        if row is not None:
            row.until = act
            row.save(update_fields=["until"])
    people = context.handlers
    began, first = record_acts.open_record(
        context.by,
        title=f"{party.name} {context.data['cause']}",
        kind=source.kind,
        state="registered",
        pack=source.pack,
        agency_id=source.agency_id,
        procedure=source.procedure,
        unit_id=source.unit_id,
        classification=source.classification,
        entry=Entry(
            kind="source.registered",
            of="split",
            facts=context.facts(),
            content={
                "from": source.pk,
                "cause": context.data["cause"],
                "summary": f"从“{source.title}”分出。{context.data['reason']}",
                "party": matters.snapshot(party.party),
            },
        ),
    )
    Case.objects.create(
        record=began,
        agency_id=source.agency_id,
        item=item,
        source=case.source,
        cause=context.data["cause"],
        place=case.place,
        conduct_on=case.conduct_on,
        opened_on=case.opened_on,
    )
    CaseParty.objects.create(
        record=began,
        agency_id=source.agency_id,
        party=party.party,
        role="respondent",
        kind=party.kind,
        name=party.name,
        identifier=party.identifier,
        representative=party.representative,
        address=party.address,
        phone=party.phone,
        since=first,
    )
    for person in people:
        Handler.objects.create(
            record=began, agency_id=source.agency_id, person_id=person, since=first
        )
    remember_parties(began)
    record_acts.append(
        began,
        context.by,
        Entry(
            kind="case.opened",
            of="split",
            to_state="investigating",
            facts={**context.facts(), "opened_on": case.opened_on},
            attrs={"officer": people, "handler": people},
            content={"from": source.pk, "opened_on": case.opened_on},
        ),
    )
    return began


@verb("grant.made:across", GrantForm)
def invite(context: StepContext) -> Act:
    """《行政处罚法》第四十三条、第五十八条: somebody of another body takes part in this one case,
    from–until, for a reason.
    """
    data, person = context.data, int(context.data["person"])
    today: date = clock.today()
    act = context.append(of=data["purpose"], subject=str(person), content={"since": today})
    Grant.objects.create(
        record=context.record,
        agency_id=context.record.agency_id,
        person_id=person,
        since=today,
        until=data["until"],
        why=data["why"],
        purpose=data["purpose"],
        act=act,
    )
    if data["purpose"] == "replacement":
        assign(context.record, act, {*context.handlers, person})
    notice_acts.give(
        context.record, act, f"请您参加：{context.record.title}", person_id=person, kind=Task.COPY
    )
    return act
