"""渠道与回执: what still has to go to which channel, by when, the file that it takes, and the receipt it gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from mingzheng.agencies import access
from mingzheng.agencies import acts as agency_acts
from mingzheng.agencies.models import Body
from mingzheng.core import clock
from mingzheng.desk.identity import signed_in
from mingzheng.desk.menu import EXPORTERS, powers, shell
from mingzheng.disclosure.channels import double_publication, packages, tables
from mingzheng.disclosure.forms.publishing import OWN, said_channel
from mingzheng.disclosure.models import ChannelReceipt, Publication
from mingzheng.procedures.outcome import Absent
from mingzheng.records.actors import Actor
from mingzheng.records.duties import light
from mingzheng.records.models import Duty
from mingzheng.records.words import owner_name

SHOWN = 50
TOPICS = ("publication/decision", "publication/random", "publication/withdrawal", "credit/report", "credit/state")
THEN = ("publication.published", "decision.transmitted", "publication.withdrawn", "publication.corrected")


@dataclass(frozen=True)
class Owed:
    """A duty that waits for a channel or a platform: its light, and where to take the file and give the receipt."""

    duty: Any
    light: Any
    title: str
    target: str
    step: str
    code: str
    channel: str


@signed_in
def channels(request: HttpRequest) -> HttpResponse:
    """What is owed to channels and platforms, nearest first, and what they confirmed last."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    body = Body.objects.get(pk=by.agency_id)
    if not body.pack:
        raise Absent()
    reach = access.reach(by)
    waiting = reach.within(Duty.objects.filter(agency_id=body.pk, state=Duty.OPEN, topic__in=TOPICS).select_related("record"), "record__")
    owed = [made for duty in waiting.order_by("light_due", "pk")[:SHOWN * 4] if (made := _owed(duty)) is not None][:SHOWN]
    done = reach.within(ChannelReceipt.objects.filter(agency_id=body.pk).exclude(channel=OWN), "publication__record__")
    kinds = [(kind, name) for kind, name in double_publication.KINDS.items() if kind in powers(body)]
    return render(request, "desk/channels.html", shell(request, "channels", {
        "owed": owed, "receipts": [{"row": row, "channel": said_channel(row.channel)} for row in
                                   done.select_related("publication").order_by("-on", "-pk")[:SHOWN]],
        "kinds": kinds, "may_export": bool(by.roles & EXPORTERS)}))


def _owed(duty: Duty) -> Owed | None:
    if duty.channel in ("", OWN) and not duty.to:
        return None
    live = Publication.objects.filter(record=duty.record_id, state=Publication.LIVE).order_by("-pk").first()
    step = next((then for then in THEN if then in duty.then), "")
    # Other channels take what stands here: before that there is no file to take and no receipt to give.
    first = step == "publication.published"
    key = "" if first and live is None else f"{step}:{live.of}" if first and live else step
    target = owner_name(duty.to) if duty.to else said_channel(duty.channel)
    channel = duty.channel or "credit-china"
    return Owed(duty, light(duty), duty.record.title, target, key, live.code if live else "", channel)


@signed_in
def package(request: HttpRequest, channel: str, code: str) -> HttpResponse:
    """The file that a channel takes, as a download; only what is public now."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    row = access.reach(by).within(Publication.objects.filter(code=code, state=Publication.LIVE).select_related("record"), "record__").first()
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
def double(request: HttpRequest, kind: str) -> HttpResponse:
    """The 双公示 table of the agency; faulty rows are told first and left out; taking it is on the record."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    body = Body.objects.get(pk=by.agency_id)
    if kind not in double_publication.KINDS or kind not in powers(body) or not by.roles & EXPORTERS:
        raise Absent()
    mine = set(access.visible(by).filter(agency_id=body.pk, kind=kind).values_list("pk", flat=True))
    rows = [row for row in double_publication.rows(body.pk, kind) if row.record.pk in mine]
    if request.method != "POST":
        return render(request, "desk/double.html", shell(request, "channels", {
            "kind": kind, "name": double_publication.KINDS[kind], "rows": rows, "good": sum(not row.faults for row in rows)}))
    good = [row.columns for row in rows if not row.faults]
    agency_acts.note_export(body, by, f"双公示（{double_publication.KINDS[kind]}）", len(good))
    wanted = double_publication.columns(body.pk, body.pack, kind, clock.today())
    name = f"{double_publication.KINDS[kind]}双公示{clock.today():%Y%m%d}.xlsx"
    return download(packages.Package(name, tables.XLSX, tables.workbook(double_publication.KINDS[kind], wanted, good)))

