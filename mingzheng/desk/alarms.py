"""What stands still until somebody does something about it: a paper that could not be made, a seal
that cannot seal or soon will not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from mingzheng.agencies.models import Handler
from mingzheng.agencies.separation import SYSTEM
from mingzheng.core import clock
from mingzheng.documents import acts as document_acts
from mingzheng.documents import sealing
from mingzheng.documents.certificates import SOON
from mingzheng.documents.models import Document
from mingzheng.jobs.acts import stopped
from mingzheng.records.actors import Actor

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
    ]


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
