"""Seizures whose time is running out: the handlers are told before, and again when it is over."""

from __future__ import annotations

from datetime import timedelta

from mingzheng.cases.acts.handlers import handler_ids
from mingzheng.core import clock
from mingzheng.jobs.acts import job
from mingzheng.notices import acts as notice_acts
from mingzheng.notices.models import Task
from mingzheng.records import acts as record_acts
from mingzheng.records.models import Duty, EffectiveAct
from mingzheng.records.unit import work

# Days before the last one; a negative lead is the day after it. Reminders, not law, so they stand
# outside the packs.
LEADS = (7, 3, -1)
TOPICS = ("seizure/limit", "freeze/limit")


@job("seizure.remind", every=timedelta(hours=1))
def remind() -> None:
    """《行政强制法》第二十五条、第二十八条: once a lead and a measure, whoever handles it is told
    how many days are left.
    """
    horizon = clock.today() + timedelta(days=max(LEADS))
    for pk in Duty.objects.filter(
        topic__in=TOPICS, state=Duty.OPEN, paused_since=None, light_due__lte=horizon
    ).values_list("pk", flat=True):
        _remind_of(pk)


def _remind_of(pk: int) -> None:
    with work():
        duty = Duty.objects.select_related("record").get(pk=pk)
        record = record_acts.lock(duty.record_id)
        duty.refresh_from_db()
        if duty.state != Duty.OPEN or duty.light_due is None or duty.paused_since is not None:
            return
        left = (duty.light_due - clock.today()).days
        reached = [lead for lead in LEADS if left <= lead]
        if not reached:
            return
        # The last day is part of the key: an extended measure is reminded of anew.
        key = f"{duty.pk}:{min(reached)}:{duty.light_due.isoformat()}"
        if EffectiveAct.objects.filter(record=record, kind="duty.reminded", subject=key).exists():
            return
        words = (
            f"查封扣押还有 {left} 日到期，请及时处理、延长或者解除"
            if left >= 0
            else "查封扣押期限已经届满，应当立即解除并退还"
        )
        act = record_acts.append(
            record,
            None,
            record_acts.Entry(
                kind="duty.reminded", subject=key, content={"reason": words, "by": {"name": "系统"}}
            ),
        )
        for person in handler_ids(record):
            notice_acts.give(record, act, words, person_id=person, kind=Task.URGE)
