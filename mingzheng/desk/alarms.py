"""What stands still until somebody does something about it: a paper that could not be made, a seal
that cannot seal or soon will not, what a second administrator has to confirm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from mingzheng.agencies.acts import accounts
from mingzheng.agencies.models import Agency, Handler
from mingzheng.agencies.separation import ADMINS, SECURITY, SYSTEM
from mingzheng.core import clock
from mingzheng.documents import acts as document_acts
from mingzheng.documents import sealing
from mingzheng.documents.certificates import SOON
from mingzheng.documents.models import Document
from mingzheng.jobs.acts import stopped
from mingzheng.records.actors import Actor
from mingzheng.records.calendars import proposed

MOST = 5


@dataclass(frozen=True)
class Alarm:
    """One line on the workbench; `link` leads to the thing, where this person may see it."""

    say: str
    link: str = ""


def alarms(by: Actor) -> list[Alarm]:
    """What this person can have mended, at most a handful of each sort."""
    if by.agency_id is None:
        return []
    stuck = stopped(by.agency_id)
    papers = [int(job.key.rpartition(":")[2]) for job in stuck if job.kind == "document.render"]
    return [
        *(_own(by, papers) if papers else ()),
        *(_house(by.agency_id, len(stuck)) if SYSTEM in by.roles else ()),
        *(_second_hands(by) if by.roles & ADMINS else ()),
    ]


def _second_hands(by: Actor) -> Iterator[Alarm]:
    """What another administrator asked and this one may confirm."""
    agency = Agency.objects.get(pk=by.agency_id)
    for row in [each for each in accounts.waiting(agency, by) if each.mine][:MOST]:
        yield Alarm(
            f"{row.asker.name}提出“{row.said}：{row.account.person.name}”，等您确认",
            reverse("agencies:people"),
        )
    for notice in proposed(by) if by.roles & {SYSTEM, SECURITY} else ():
        if notice.act.actor_id != by.person_id:
            yield Alarm(f"《{notice.title}》等您确认载入", reverse("agencies:office"))


def _own(by: Actor, papers: list[int]) -> Iterator[Alarm]:
    mine = Handler.objects.filter(person_id=by.person_id, until=None).values("record")
    rows = Document.objects.filter(pk__in=papers, record__in=mine, blob=None, voided_by=None)
    for row in rows.order_by("pk")[:MOST]:
        yield Alarm(
            f"《{row.title}》{row.full_number}没有制作成功",
            reverse("desk:document", args=[row.pk]),
        )


def _house(agency_id: int, stuck: int) -> Iterator[Alarm]:
    if stuck:
        yield Alarm(
            f"有 {stuck} 件后台作业多次失败，已经停下。请运行 doctor 看原因，处理好以后运行 retry"
        )
    for code, held, fault in sealing.installed():
        if code != document_acts.seal_code(agency_id):
            continue
        if fault:
            yield Alarm(f"本机关的文书等着用印：{fault}")
        elif held and held.certificate.not_valid_after_utc < clock.now() + SOON:
            until = clock.local(held.certificate.not_valid_after_utc)
            yield Alarm(f"本机关的印章证书 {until:%Y-%m-%d} 到期，请现在申请新证书")
