"""Testing, pauses, colleagues who are asked, the end of the investigation."""

from __future__ import annotations

from mingzheng.cases.forms.investigation import (
    CommissionForm,
    CountersignForm,
    EndForm,
    SuspendForm,
)
from mingzheng.cases.models import JUDGED, Case
from mingzheng.notices import acts as notice_acts
from mingzheng.notices.models import Task
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import verb
from mingzheng.records.models import Act


@verb("testing.commissioned", CommissionForm)
def commission_test(doing: Doing) -> Act:
    """《行政强制法》第二十五条第三款: testing begins; the party was told in writing that its time
    does not count.
    """
    told = doing.append(
        kind="party.told-of-suspension", of="testing", content={"told_on": doing.data["told_on"]}
    )
    act = doing.append(content={"told_by": told.pk})
    doing.leave(act)
    return act


@verb("period.suspended", SuspendForm)
def suspend(doing: Doing) -> Act:
    """《行政处罚法》第六十条: handling pauses with the party's knowledge."""
    doing.append(
        kind="party.told-of-suspension",
        of="period",
        to_state="",
        content={"told_on": doing.data["told_on"]},
    )
    return doing.plainly()


@verb("case.countersigned", CountersignForm)
def ask_countersign(doing: Doing) -> Act:
    """《行政处罚法》第五十七条: a colleague of another section is asked for his opinion."""
    person = int(doing.data["person"])
    act = doing.append(subject=str(person), content={"person": person})
    notice_acts.give(
        doing.record, act, f"会签：{doing.data['question'][:80]}", person_id=person, kind=Task.ASK
    )
    return act


@verb("investigation.ended", EndForm)
def end_investigation(doing: Doing) -> Act:
    """《行政处罚法》第五十七条第一款: the facts are established; what the review depends on is
    judged.
    """
    data = doing.data
    act = doing.append()
    Case.objects.filter(pk=doing.record.pk).update(**{name: data[name] for name in JUDGED})
    doing.record.refresh_from_db()
    doing.leave(act)
    return act
