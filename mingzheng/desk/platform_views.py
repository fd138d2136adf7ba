"""省行政执法监督平台: what would go out, what is wrong with it, the file, and the receipt that
comes back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from mingzheng.agencies import access
from mingzheng.agencies import acts as agency_acts
from mingzheng.agencies.models import Agency
from mingzheng.agencies.requests import SignedRequest
from mingzheng.core import clock, given
from mingzheng.desk.channels_views import download
from mingzheng.desk.identity import signed_in, stepped_up
from mingzheng.desk.menu import EXPORTERS, powers, shell
from mingzheng.desk.views import find, note_reading
from mingzheng.disclosure.channels import platform, platform_standing
from mingzheng.procedures import matter_kinds, reporting
from mingzheng.procedures.outcome import Absent
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import Refused, refuse

EXPORT = "platform"
# What somebody only looked at has not changed.
LOOKED = ("case.read", "volume.read", "notice.read", "duty.reminded", "duty.urged", "original.read")
# So many matters are checked while somebody waits; more go in several periods.
MOST, SHOWN, FAULTY = 200, 10, 100
# Before this year nobody kept such records, and a clock of the zone cannot show the first day of
# all.
OLDEST = 2000
LONGEST = {"receipt": 100, "note": 500}


@dataclass(frozen=True)
class Asked:
    """What is asked for: a period and a kind of matter, or one case."""

    since: date
    until: date
    kind: str = ""
    record: Record | None = None

    @property
    def words(self) -> dict[str, str]:
        """For the manifest and the record of the export."""
        if self.record:
            return {"case": str(self.record.pk)}
        return {
            "from": self.since.isoformat(),
            "until": self.until.isoformat(),
            **({"kind": self.kind} if self.kind else {}),
        }


@dataclass(frozen=True)
class Sent:
    """An export that was taken, and the newest answer to it."""

    act: Act
    said: dict[str, Any]
    answer: dict[str, Any]

    @property
    def period(self) -> tuple[date, date] | None:
        """From when until when; None for a single case."""
        found = [self.said.get(name) for name in ("from", "until")]
        return (
            (date.fromisoformat(found[0]), date.fromisoformat(found[1]))
            if found[0] and found[1]
            else None
        )


def kinds(agency: Agency) -> list[tuple[str, str]]:
    """(kind, name) of the matters that the agency has power for and the platform wants, then the
    agency's own data.
    """
    held = powers(agency)
    return [
        *((kind, matter_kinds.name(kind)) for kind in reporting.kinds() if kind in held),
        (platform.STANDING, "主体、人员、职权"),
    ]


@signed_in
@stepped_up
def export(request: SignedRequest) -> HttpResponse:
    """Counts and faults of a period or of one case; POST takes the file, which is on the record."""
    by: Actor = request.actor
    agency = Agency.objects.get(pk=by.agency_id)
    if not agency.pack or not by.roles & EXPORTERS:
        raise Absent()
    refusal: Refused | None = None
    asked, told = _usual(by, agency), None
    try:
        asked = _asked(request, agency, asked)
        told = _told(by, agency, asked)
        if request.method == "POST":
            return _take(request, by, agency, asked, told)
    except Refused as error:
        refusal = error
    names = kinds(agency)
    return render(
        request,
        "desk/platform.html",
        shell(
            request,
            "channels",
            {
                "asked": asked,
                "told": told,
                "kinds": names,
                "refusal": refusal,
                "sent": sent(agency),
                "name": platform.NAME,
                "faulty": told.faulty()[:FAULTY] if told else [],
                "kind_name": dict(names).get(asked.kind, ""),
                "longest": LONGEST,
            },
        ),
        status=409 if refusal else 200,
    )


def _usual(by: Actor, agency: Agency) -> Asked:
    """From the last day of this person's export before, because more may have happened on it; else
    from the beginning of the year.

    Somebody else's export may have reached less far.
    """
    today = clock.today()
    last = next(
        (
            row.period[1]
            for row in sent(agency, MOST)
            if row.act.actor_id == by.person_id and row.period and not row.said.get("kind")
        ),
        None,
    )
    return Asked(last or today.replace(month=1, day=1), today)


def _asked(request: SignedRequest, agency: Agency, usual: Asked) -> Asked:
    data = request.POST if request.method == "POST" else request.GET
    if data.get("case"):
        record = find(request, given.key(data["case"]))
        if record.agency_id != agency.pk or record.kind not in reporting.kinds():
            raise Absent()
        return Asked(usual.since, usual.until, record=record)
    kind = data.get("kind", "")
    if kind and kind not in dict(kinds(agency)):
        raise Absent()
    since, until = (
        given.day(data[name]) if data.get(name) else day
        for name, day in (("from", usual.since), ("until", usual.until))
    )
    if since is None or until is None:
        raise refuse("日期没有看懂，请按年月日重新选择。", title="没有导出")
    if since.year < OLDEST:
        raise refuse(f"起始日期太早，请从 {OLDEST} 年以后选。", title="没有导出")
    return Asked(since, until, kind)


def matters(by: Actor, agency: Agency, asked: Asked) -> QuerySet[Record]:
    """The agency's matters within this identity's reach on which the last thing was entered within
    the period.
    """
    wanted = {asked.kind} if asked.kind else set(reporting.kinds())
    last = (
        Act.objects.filter(record=OuterRef("pk"))
        .exclude(kind__in=LOOKED)
        .order_by("-pk")
        .values("recorded_at")[:1]
    )
    begin, end = (
        datetime.combine(on, time(), tzinfo=clock.ZONE)
        for on in (asked.since, min(asked.until, clock.today()) + timedelta(days=1))
    )
    rows = access.visible(by).filter(agency_id=agency.pk, kind__in=wanted & powers(agency))
    return (
        rows.annotate(entered=Subquery(last))
        .filter(entered__gte=begin, entered__lt=end)
        .order_by("pk")
    )


def _told(by: Actor, agency: Agency, asked: Asked) -> platform.Told:
    if not platform.Lists(agency, clock.today()).tables:
        raise refuse(
            "本机关采用的规则包里还没有平台的表和代码，请由法制机构采用新版规则包。",
            title="没有导出",
        )
    if asked.kind == platform.STANDING:
        return platform.gather(agency, (), platform_standing.of(agency, clock.today()))
    if asked.record:
        return platform.gather(agency, [asked.record])
    if asked.until < asked.since:
        raise refuse(
            f"截止日期（{asked.until:%Y年%-m月%-d日}）早于起始日期（{asked.since:%Y年%-m月%-d日}），请对调。",
            title="没有导出",
        )
    rows = matters(by, agency, asked)
    if (count := rows.count()) > MOST:
        raise refuse(
            f"这段时间里有 {count} 件事项有变动，一次最多核对 {MOST} 件。请缩短期间，或者按类型分几次导出。",
            title="没有导出",
        )
    return platform.gather(agency, rows)


def _take(
    request: SignedRequest, by: Actor, agency: Agency, asked: Asked, told: platform.Told
) -> HttpResponse:
    if not told.good:
        raise refuse("没有可以导出的行。不合格的先改，或者换一段期间。", title="没有导出")
    for record in {
        row.record.pk: row.record for row in told.rows if row.record and row.goes
    }.values():
        # A sealed matter leaves only where it may be read, and reading it is on its own record.
        note_reading(request, record)
    name = f"{platform.NAME}{'单件' if asked.record else ''}{clock.now():%Y%m%d-%H%M}.zip"
    made, manifest = platform.package(told, agency, asked.words, name)
    agency_acts.note_export(
        agency,
        by,
        platform.NAME,
        told.good,
        EXPORT,
        {
            **asked.words,
            "left_out": manifest["left_out"],
            "tables": {each["table"]: each["rows"] for each in manifest["tables"]},
            "file_sha256": made.sha256,
        },
    )
    return download(made)


def sent(agency: Agency, most: int = SHOWN) -> list[Sent]:
    """The last exports, newest first, each with the newest answer to it."""
    rows = list(
        Act.objects.filter(record=agency.record, kind="data.exported", of=EXPORT)
        .select_related("content")
        .order_by("-pk")[:most]
    )
    answers = {
        act.subject: _said(act)
        for act in (
            Act.objects.filter(
                record=agency.record,
                kind="export.receipted",
                subject__in=[str(row.pk) for row in rows],
            )
            .select_related("content")
            .order_by("pk")
        )
    }
    return [Sent(row, _said(row), answers.get(str(row.pk), {})) for row in rows]


def _said(act: Act) -> dict[str, Any]:
    return json.loads(act.content.body) if hasattr(act, "content") else {}


@signed_in
@require_POST
def receipt(request: SignedRequest, act_id: int) -> HttpResponse:
    """The platform's answer to an export, entered by whoever may take one."""
    by: Actor = request.actor
    agency = Agency.objects.get(pk=by.agency_id)
    taken = Act.objects.filter(record=agency.record, pk=act_id, kind="data.exported", of=EXPORT)
    if not by.roles & EXPORTERS or not taken.exists():
        raise Absent()
    said, note = (request.POST.get(name, "").strip()[:most] for name, most in LONGEST.items())
    try:
        agency_acts.note_receipt(agency, by, act_id, said, note)
    except Refused as error:
        usual = _usual(by, agency)
        return render(
            request,
            "desk/platform.html",
            shell(
                request,
                "channels",
                {
                    "asked": usual,
                    "kinds": kinds(agency),
                    "refusal": error,
                    "sent": sent(agency),
                    "name": platform.NAME,
                    "longest": LONGEST,
                    "typed": {"for": act_id, "note": note},
                },
            ),
            status=409,
        )
    return redirect(reverse("disclosure:platform") + "?done=1#sent")
