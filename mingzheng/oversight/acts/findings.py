"""A unit did not publish, published selectively or late: it is told to put that right, reports,
and is looked at again; serious cases go on.
"""

from __future__ import annotations

from datetime import date

from mingzheng.agencies.models import Agency, Post, Unit
from mingzheng.core import clock
from mingzheng.notices import acts as notice_acts
from mingzheng.oversight.forms import OrderForm, RecheckForm
from mingzheng.oversight.procedures import FINDING, SUPERVISORS
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work

FAULTS = {
    "not-published": "应当公示而没有公示",
    "selective": "选择性公示",
    "late": "不及时公示",
    "other": "其他公示问题",
}
SOURCE = (
    "《汶上县工业和信息化局行政执法公示规定》第十二条；《陵川县信访局行政执法公示实施办法》第十七条"
)


def find(
    by: Actor, agency: Agency, unit: Unit, fault: str, text: str, about: Record | None = None
) -> Record:
    """《汶上县工业和信息化局行政执法公示规定》第十二条: a supervisor puts a fault of a unit's
    disclosure on record.
    """
    if by.agency_id != agency.pk or not by.roles & set(SUPERVISORS):
        raise refuse(
            "登记公示问题由法制、公示机构或者负责人办理。", SOURCE, title="您不能办理这一步"
        )
    if fault not in FAULTS or not text.strip() or unit.agency_id != agency.pk:
        raise refuse("请选择问题种类和承办科室，并写明具体情况。", SOURCE)
    with work():
        record, act = record_acts.open_record(
            by,
            title=f"{unit.name}{FAULTS[fault]}（{clock.today():%Y年%-m月%-d日}）",
            kind="feedback",
            state=FINDING.start,
            pack=agency.pack,
            agency_id=agency.pk,
            procedure=FINDING.code,
            unit_id=unit.pk,
            entry=record_acts.Entry(
                kind="finding.made",
                of=fault,
                facts={"kind": "feedback"},
                content={"text": text, "unit": unit.pk},
            ),
        )
        if about is not None:
            record_acts.link(record, about, "finding", act)
        return record


@verb("rectification.ordered", OrderForm)
def order(context: StepContext) -> Act:
    """《陵川县信访局行政执法公示实施办法》第十七条: the unit is ordered to put it right by a day;
    its head is told.
    """
    until: date = context.data["until"]
    act = context.append()
    for post in [
        each
        for each in Post.objects.filter(unit=context.record.unit_id, until=None)
        if "unit-head" in each.roles
    ]:
        notice_acts.give(
            context.record,
            act,
            f"责令改正，{until:%-m月%-d日}前报告：{context.record.title}"[:200],
            person_id=post.person_id,
        )
    return act


@verb("finding.rechecked", RecheckForm)
def recheck(context: StepContext) -> Act:
    """《汶上县工业和信息化局行政执法公示规定》第十二条: looked at again: put right, or ordered
    anew.
    """
    done = context.data["done"] is True
    return context.append(
        of="rectified" if done else "not-rectified",
        to_state="rectified" if done else "ordered",
    )
