"""How long it stays on each channel, and what happens when that day has passed: people are told,
nothing goes by itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from mingzheng.core import clock
from mingzheng.disclosure.access import ordered_down, shown_on
from mingzheng.disclosure.models import ChannelReceipt, Publication, Term
from mingzheng.jobs.acts import job
from mingzheng.notices import acts as notice_acts
from mingzheng.notices.models import Task
from mingzheng.procedures import registry
from mingzheng.records import acts as record_acts
from mingzheng.records import law
from mingzheng.records.models import Act, EffectiveAct, Record
from mingzheng.records.unit import work
from mingzheng.records.words import channel_name


def of(record: Record, channel: str, on: date, **more: Any) -> list[Any]:
    """The terms that the rules give a publication of this record on a channel."""
    rows = law.regime(record).terms(
        "publication.published",
        on,
        {**registry.facts_of(record), "channel": channel, **more},
        law.calendar(),
    )
    return [row for row in rows if row.channel in ("", channel)]


def remember(record: Record, found: Publication, channel: str, act: Act) -> date | None:
    """《政府信息公开条例》: keep the last day on this channel with its rule; None where the rules
    name none.
    """
    if found.form != "decision":
        return None
    dated = sorted(
        (row for row in of(record, channel, clock.today()) if row.until), key=lambda row: row.until
    )
    if not dated:
        return None
    first = dated[0]
    Term.objects.create(
        publication=found,
        agency_id=found.agency_id,
        channel=channel,
        until=first.until,
        rule=first.rule,
        source=first.source[:200],
        act=act,
    )
    return date.fromisoformat(first.until.isoformat())


@job("publication.terms", every=timedelta(hours=1))
def look() -> None:
    """Every publication whose last day on a channel has passed."""
    gone = ChannelReceipt.objects.filter(
        publication=OuterRef("publication"), channel=OuterRef("channel"), down=True
    )
    over = Term.objects.filter(until__lt=clock.today()).exclude(Exists(gone))
    for pk in over.values_list("pk", flat=True):
        end(pk)


def end(pk: int) -> Act | None:
    """国办发〔2018〕118号 二（四）: the term is over; the record says so once, whoever handles it
    is told to take it down by its route.
    """
    with work():
        row = Term.objects.select_related("publication").get(pk=pk)
        record = record_acts.lock(row.publication.record_id)
        told = EffectiveAct.objects.filter(
            record=record, kind="publication.term-ended", subject=str(pk)
        ).exists()
        shown = shown_on(record).get(row.channel)
        if (
            told
            or shown is None
            or shown.pk != row.publication_id
            or row.channel in ordered_down(record)
        ):
            return None
        words = f"公示期已满（{channel_name(row.channel)}），请报批撤下"
        act = record_acts.append(
            record,
            None,
            record_acts.Entry(
                kind="publication.term-ended",
                subject=str(pk),
                attrs={"channel": row.channel},
                facts={**registry.facts_of(record), "channel": row.channel},
                content={
                    "channel": row.channel,
                    "until": row.until,
                    "source": row.source,
                    "reason": words,
                },
            ),
        )
        for person in record.handlers.filter(until=None).values_list("person", flat=True):
            notice_acts.give(record, act, words, person_id=person, kind=Task.URGE)
        return act
