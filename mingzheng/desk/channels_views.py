"""渠道与回执: what still has to go to which channel, by when, the file that it takes, and the
receipt it gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from mingzheng.agencies import access
from mingzheng.agencies import acts as agency_acts
from mingzheng.agencies.models import Agency, Handler
from mingzheng.agencies.requests import SignedRequest
from mingzheng.core import clock
from mingzheng.desk.identity import signed_in, stepped_up
from mingzheng.desk.menu import EXPORTERS, powers, shell
from mingzheng.disclosure.access import OWN_SITE
from mingzheng.disclosure.acts import delivering
from mingzheng.disclosure.channels import connections, double_publication, packages, tables
from mingzheng.disclosure.forms.publishing import said_channel
from mingzheng.disclosure.models import ChannelReceipt, ChannelTask, Publication
from mingzheng.procedures import registry
from mingzheng.procedures.outcome import Absent
from mingzheng.records.actors import Actor
from mingzheng.records.duties import light
from mingzheng.records.models import Duty, Record
from mingzheng.records.words import owner_name

SHOWN = 50
SENDERS = frozenset({"handler", "publisher", "publishing-head", "unit-head"})
TOPICS = (
    "publication/decision",
    "publication/random",
    "publication/withdrawal",
    "credit/report",
    "credit/state",
)
CONFIRMED = "publication.withdrawn:confirmed"
THEN = (
    "publication.published",
    "decision.transmitted",
    "publication.withdrawn",
    "publication.corrected",
)


@dataclass(frozen=True)
class Owed:
    """What waits for a channel or a platform: its light, where to take the file and give the
    receipt, how its delivery stands.

    `light` is None for what no rule sets a day for; `file` is the channel whose file may be
    taken, empty for none.
    """

    record: Record
    light: Any
    due: date | None
    text: str
    target: str
    step: str
    code: str
    file: str
    task: ChannelTask | None
    connected: bool
    down: bool
    mine: bool = False


@signed_in
def channels(request: SignedRequest) -> HttpResponse:
    """What is owed to channels and platforms, nearest first, and what they confirmed last."""
    by: Actor = request.actor
    agency = Agency.objects.get(pk=by.agency_id)
    if not agency.pack:
        raise Absent()
    reach = access.reach(by)
    done = reach.within(
        ChannelReceipt.objects.filter(agency_id=agency.pk).exclude(channel=OWN_SITE),
        "publication__record__",
    )
    kinds = [
        (kind, name) for kind, name in double_publication.kinds().items() if kind in powers(agency)
    ]
    return render(
        request,
        "desk/channels.html",
        shell(
            request,
            "channels",
            {
                "owed": _for(by, _all_owed(by, agency)[:SHOWN]),
                "connected": [_named(channel) for channel in connections.of(agency.pk)],
                "receipts": [
                    {"row": row, "channel": said_channel(row.channel)}
                    for row in done.select_related("publication").order_by("-on", "-pk")[:SHOWN]
                ],
                "kinds": kinds,
                "may_export": bool(by.roles & EXPORTERS),
                "may_send": bool(by.roles & SENDERS),
            },
        ),
    )


def _for(by: Actor, owed: list[Owed]) -> list[Owed]:
    """The same lines, each with whether this person may take its step."""
    mine = set(
        Handler.objects.filter(
            person=by.person_id, until=None, record__in={each.record.pk for each in owed}
        ).values_list("record", flat=True)
    )

    def may(each: Owed) -> bool:
        row = registry.step_of(each.record, each.step) if each.step else None
        roles = set(row.by) if row else set()
        return bool(roles & by.roles - {"handler"}) or (
            "handler" in roles and each.record.pk in mine
        )

    return [replace(each, mine=may(each)) for each in owed]


def _all_owed(by: Actor, agency: Agency) -> list[Owed]:
    """Duties first, nearest first; then what waits for a channel without a day of its own."""
    reach, joined = access.reach(by), connections.of(agency.pk)
    waiting = reach.within(
        Duty.objects.filter(agency_id=agency.pk, state=Duty.OPEN, topic__in=TOPICS).select_related(
            "record"
        ),
        "record__",
    )
    running = reach.within(
        ChannelTask.objects.filter(
            agency_id=agency.pk, state__in=(ChannelTask.OPEN, ChannelTask.REFUSED)
        ).select_related("record", "publication"),
        "record__",
    ).order_by("pk")[: SHOWN * 4]
    tasks = {(row.record_id, row.channel, row.what == ChannelTask.DOWN): row for row in running}
    out = []
    for duty in waiting.order_by("light_due", "pk")[: SHOWN * 4]:
        row = tasks.pop(
            (duty.record_id, duty.channel or duty.to, "publication.withdrawn" in duty.then), None
        )
        if duty.channel not in ("", OWN_SITE) or duty.to:
            out.append(_of_duty(duty, row, joined))
    return out + [_of_task(row, joined) for row in tasks.values()]


def _of_duty(duty: Any, task: ChannelTask | None, joined: Mapping[str, Any]) -> Owed:
    live = (
        Publication.objects.filter(record=duty.record_id, state=Publication.LIVE)
        .order_by("-pk")
        .first()
    )
    down, code = "publication.withdrawn" in duty.then, live.code if live else ""
    if task is not None and down:
        step = CONFIRMED
    else:
        step = next((then for then in THEN if then in duty.then), "")
        # Other channels take what stands here: before that there is no file to take and no receipt
        # to give.
        if step == "publication.published":
            step = f"{step}:{live.of}" if live else ""
    file = "" if down or not code else duty.channel or "credit-china"
    return Owed(
        duty.record,
        light(duty),
        duty.light_due,
        duty.text,
        _named(duty.channel or duty.to),
        step,
        code,
        file,
        task,
        (duty.channel or duty.to) in joined,
        down,
    )


def _of_task(row: ChannelTask, joined: Mapping[str, Any]) -> Owed:
    down, report = row.what == ChannelTask.DOWN, row.what == ChannelTask.REPORT
    step = (
        CONFIRMED
        if down
        else "decision.transmitted"
        if report
        else f"publication.published:{row.publication.of}"
    )
    file = "" if down else "credit-china" if report else row.channel
    return Owed(
        row.record,
        None,
        None,
        "撤下原来的内容" if down else "送达最新的公示内容",
        _named(row.channel),
        step,
        row.publication.code,
        file,
        row,
        row.channel in joined,
        down,
    )


def _named(channel: str) -> str:
    return owner_name(channel) if "/" in channel else said_channel(channel)


@signed_in
@require_POST
def again(request: SignedRequest, key: str) -> HttpResponse:
    """What a channel sent back goes out once more."""
    by: Actor = request.actor
    row = (
        access.reach(by)
        .within(ChannelTask.objects.filter(key=key, agency_id=by.agency_id), "record__")
        .first()
    )
    if row is None or not by.roles & SENDERS:
        raise Absent()
    delivering.again(by, row)
    return redirect("disclosure:channels")


@signed_in
def package(request: SignedRequest, channel: str, code: str) -> HttpResponse:
    """The file that a channel takes, as a download; only what is public now."""
    by: Actor = request.actor
    row = (
        access.reach(by)
        .within(
            Publication.objects.filter(code=code, state=Publication.LIVE).select_related("record"),
            "record__",
        )
        .first()
    )
    if row is None or not channel.replace("-", "").isalpha():
        raise Absent()
    return download(packages.make(row, channel))


def download(made: packages.Package) -> HttpResponse:
    """The file as a download that no browser opens by itself."""
    response = HttpResponse(made.data, content_type=made.media)
    response["Content-Disposition"] = content_disposition_header(True, made.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@signed_in
@stepped_up
def double(request: SignedRequest, kind: str) -> HttpResponse:
    """The 双公示 table of the agency; faulty rows are told first and left out; taking it is on the
    record.
    """
    by: Actor = request.actor
    agency = Agency.objects.get(pk=by.agency_id)
    if (
        kind not in double_publication.kinds()
        or kind not in powers(agency)
        or not by.roles & EXPORTERS
    ):
        raise Absent()
    mine = set(
        access.visible(by).filter(agency_id=agency.pk, kind=kind).values_list("pk", flat=True)
    )
    rows = [row for row in double_publication.rows(agency.pk, kind) if row.record.pk in mine]
    if request.method != "POST":
        return render(
            request,
            "desk/double.html",
            shell(
                request,
                "channels",
                {
                    "kind": kind,
                    "name": double_publication.kinds()[kind],
                    "rows": rows,
                    "good": sum(not row.faults for row in rows),
                },
            ),
        )
    good = [row.columns for row in rows if not row.faults]
    agency_acts.note_export(agency, by, f"双公示（{double_publication.kinds()[kind]}）", len(good))
    wanted = double_publication.columns(agency.pk, agency.pack, kind, clock.today())
    name = f"{double_publication.kinds()[kind]}双公示{clock.today():%Y%m%d}.xlsx"
    return download(
        packages.Package(
            name, tables.XLSX, tables.workbook(double_publication.kinds()[kind], wanted, good)
        )
    )
