"""Something is told by somebody outside: it is kept, numbered and owed an answer."""

from __future__ import annotations

from collections.abc import Mapping

from mingzheng.agencies.models import Agency, Post
from mingzheng.core import clock
from mingzheng.documents.acts import next_number
from mingzheng.notices import acts as notice_acts
from mingzheng.oversight.models import Feedback
from mingzheng.oversight.procedures import SORTERS, TABLES
from mingzheng.records import acts as record_acts
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work

# Reports name people: sealed like an informant's case, for handlers and the head only.
SEALED = {Feedback.REPORT: 2}
# How many may come in for one agency within an hour before a person is asked to come by telephone:
# a guard of the machine, not law.
MOST_AN_HOUR = 200


def receive(
    agency: Agency, kind: str, said: Mapping[str, str], about: Record | None = None, code: str = ""
) -> Feedback:
    """国办发〔2018〕118号 二（三）: what somebody tells is recorded with a number; his name is in
    the sealed content only.

    `said`: text, correct, name, contact. `about` is the matter whose publication `code` a
    correction asks about.
    """
    with work():
        _not_flooded(agency)
        today = clock.today()
        requested = kind == Feedback.CORRECTION
        table = TABLES[kind]
        record, act = record_acts.open_record(
            None,
            title=f"{Feedback.KINDS[kind]}（{today.year}年{today.month}月{today.day}日）",
            kind="feedback",
            state=table.start,
            pack=agency.pack,
            agency_id=agency.pk,
            procedure=table.code,
            classification=SEALED.get(kind, 0),
            unit_id=about.unit_id if about else None,
            entry=record_acts.Entry(
                kind="correction.requested" if requested else "complaint.received",
                of="" if requested else kind,
                facts={"kind": "feedback"},
                content={**said, "about": code},
            ),
        )
        if about is not None:
            record_acts.link(record, about, "correction", act)
        mark = f"{agency.code.upper()}-{Feedback.MARKS[kind]}"
        number = next_number(agency.pk, mark, today.year)
        made: Feedback = Feedback.objects.create(
            record=record,
            agency=agency,
            kind=kind,
            number=f"{mark}-{today.year}-{number}",
            about=code,
            received_on=today,
            act=act,
        )
        _tell(record, act)
        return made


def _tell(record: Record, act: Act) -> None:
    """Whoever sorts what comes in finds it among what he has to do: the first of these roles that
    anybody holds.
    """
    asked = ("head",) if record.classification else SORTERS
    held = {
        role
        for roles in Post.objects.filter(agency=record.agency_id, until=None).values_list(
            "roles", flat=True
        )
        for role in roles
    }
    role = next((each for each in asked if each in held), "head")
    notice_acts.give(record, act, f"新收到：{record.title}", role=role)


def _not_flooded(agency: Agency) -> None:
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    if (
        Record.objects.filter(agency_id=agency.pk, kind="feedback", opened_at__gte=hour).count()
        >= MOST_AN_HOUR
    ):
        raise refuse(
            f"现在提交的人太多，没有收下。请过一会儿再交，或者打电话{agency.phone or '到该单位'}反映。"
        )
