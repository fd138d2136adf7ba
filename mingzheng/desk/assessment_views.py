"""公示考核: how each unit published in a year, figure by figure, and the faults that were put on
record.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpResponse
from django.shortcuts import redirect, render

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency, Unit
from mingzheng.agencies.requests import SignedRequest
from mingzheng.core import clock, given
from mingzheng.desk.identity import signed_in
from mingzheng.desk.menu import shell
from mingzheng.oversight.acts import findings
from mingzheng.oversight.procedures import FINDING, SUPERVISORS
from mingzheng.procedures.outcome import Absent
from mingzheng.records.actors import Actor
from mingzheng.records.models import Duty, Record
from mingzheng.records.refusal import Refused

# What is looked at: topics of the packs, in the words of the table.
TOPICS = {
    "publication/decision": "决定公示",
    "publication/random": "抽查结果公示",
    "publication/withdrawal": "撤下",
    "publication/correction": "更正",
    "lists/update": "清单更新",
}


@dataclass
class Figures:
    """Of one unit: how many were due, in time, late, still open and overdue, by topic; `undated`
    have no number of days.
    """

    unit: str
    unit_id: int
    done: int = 0
    late: int = 0
    overdue: int = 0
    within: int = 0
    undated: int = 0
    # A plain dict: a template that asks a defaultdict for `items` gets a new entry instead.
    by_topic: dict[str, int] = field(default_factory=dict)
    late_ones: list[Record] = field(default_factory=list)

    @property
    def rate(self) -> int | None:
        """Share of what is over or overdue that was in time, in percent."""
        counted = self.done + self.late + self.overdue
        return round(100 * self.done / counted) if counted else None


def figures(agency: Agency, year: int) -> list[Figures]:
    """Every unit that owed something in the year, worst first."""
    found = {
        unit.pk: Figures(unit.name, unit.pk)
        for unit in Unit.objects.filter(agency=agency).order_by("pk")
    }
    rows = Duty.objects.filter(
        agency_id=agency.pk, topic__in=TOPICS, awaited=False, opened_by__happened_at__year=year
    ).exclude(state=Duty.VOID)
    today = clock.today()
    for duty in rows.select_related("record").iterator():
        held = found.get(duty.record.unit_id or 0)
        if held is None:
            continue
        named = TOPICS[duty.topic]
        held.by_topic[named] = held.by_topic.get(named, 0) + 1
        over = clock.local(duty.closed_at).date() if duty.closed_at else today
        if duty.light_due is None:
            held.undated += 1
        elif duty.state == Duty.DONE:
            held.done, held.late = (
                held.done + (over <= duty.light_due),
                held.late + (over > duty.light_due),
            )
        elif over > duty.light_due:
            held.overdue += 1
            held.late_ones.append(duty.record)
        else:
            held.within += 1
    return sorted(
        (each for each in found.values() if each.by_topic),
        key=lambda each: (each.rate if each.rate is not None else 101, each.unit_id),
    )


@signed_in
def assessment(request: SignedRequest) -> HttpResponse:
    """The table, the findings, and putting a new one on record; for those who supervise
    disclosure.
    """
    by: Actor = request.actor
    agency = Agency.objects.get(pk=by.agency_id)
    if not agency.pack or not by.roles & set(SUPERVISORS):
        raise Absent()
    refusal = None
    if request.method == "POST":
        try:
            return redirect("desk:case", _found(request, by, agency).pk)
        except Refused as error:
            refusal = error
    year = clock.today().year
    asked = given.key(request.GET.get("year"))
    year = asked if 2004 <= asked <= year else year
    seen = (
        access.visible(by).filter(procedure=FINDING.code, agency_id=agency.pk).order_by("-pk")[:50]
    )
    return render(
        request,
        "desk/assessment.html",
        shell(
            request,
            "assessment",
            {
                "year": year,
                "years": range(clock.today().year, clock.today().year - 5, -1),
                "rows": figures(agency, year),
                "faults": findings.FAULTS.items(),
                "units": Unit.objects.filter(agency=agency).order_by("pk"),
                "said": request.POST,
                "refusal": refusal,
                "findings": [(row, FINDING.state(row.state).name) for row in seen],
            },
        ),
        status=409 if refusal else 200,
    )


def _found(request: SignedRequest, by: Actor, agency: Agency) -> Record:
    said = request.POST
    unit = Unit.objects.filter(agency=agency, pk=given.key(said.get("unit"))).first()
    matter = access.visible(by).filter(pk=given.key(said.get("about")), agency_id=agency.pk).first()
    if unit is None:
        raise Refused("请选择科室。", ())
    return findings.find(
        by, agency, unit, said.get("fault", ""), said.get("text", "")[:2000], matter
    )
