"""What an officer takes along: his own live matters with all that the phone's screens need without
a network.
"""

from __future__ import annotations

import io
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency, Handler
from mingzheng.capture import asking, kinds
from mingzheng.cases.models import Visit
from mingzheng.core import clock
from mingzheng.core.steps import Step
from mingzheng.evidence import recording_requirements
from mingzheng.procedures import registry, roles
from mingzheng.procedures.forms import ActForm
from mingzheng.procedures.situation import Matter
from mingzheng.records.actors import Actor
from mingzheng.records.models import Record

# As many as one takes along: the matters whose visit is nearest, then the newest. A screen's limit,
# not law's.
MOST = 40
SENTENCES = {
    "whole": "本环节必须全程录音录像",
    "required": "本环节应当录音录像",
    "photo": "本环节应当拍照",
    "as-needed": "本环节按需要录音录像",
    "": "本机关的规则没有规定本环节要不要录音录像",
}
Json = dict[str, Any]


def mine(by: Actor) -> list[Record]:
    """The live matters that this person handles, nearest visit first."""
    final = [state.code for each in registry.procedures() for state in each.states if state.final]
    handled = Handler.objects.filter(person=by.person_id, until=None).values("record")
    rows = (
        access.visible(by)
        .filter(pk__in=handled, agency_id=by.agency_id)
        .exclude(procedure="")
        .exclude(state__in=final)
    )
    found = (
        rows.select_related("case", "visit").prefetch_related("parties").order_by("-pk")[: MOST * 5]
    )
    return sorted(found, key=_nearest)[:MOST]


def _nearest(record: Record) -> tuple[int, int]:
    visit: Visit | None = getattr(record, "visit", None)
    planned = visit.planned_on if visit else None
    return (1, 0) if planned is None else (0, abs((planned - clock.today()).days))


def brief(record: Record) -> Json:
    """A line of the list, and the head by which the phone sees that it has the rest already; ids
    are text, they outgrow a browser's numbers.
    """
    visit: Visit | None = getattr(record, "visit", None)
    return {
        "id": str(record.pk),
        "head": str(record.head or ""),
        "day": clock.today().isoformat(),
        "title": record.case.cause,
        "party": "、".join(row.name for row in record.parties.all() if row.until_id is None),
        "place": record.case.place,
        "state": registry.procedure(record.procedure).state(record.state).name,
        "planned": visit.planned_on.isoformat() if visit and visit.planned_on else "",
    }


def whole(record: Record, by: Actor) -> Json:
    """One matter with all that the screens need: the code to show, what to say, the rule of each
    step, the forms.
    """
    agency = Agency.objects.get(pk=record.agency_id)
    officers = list(
        record.handlers.filter(until=None).order_by("pk").values_list("person__name", flat=True)
    )
    matter = Matter(record)
    offered = [(kind, step) for kind, step in kinds.steps_of(record) if roles.may(by, matter, step)]
    forms = {
        step.key: registry.find(step.verb_key).form(None, record=record, actor=by, situation=matter)
        for _, step in offered
    }
    return {
        **brief(record),
        "code": _code(getattr(record, "visit", None)),
        "rules": _rules(matter, forms.get("recording.taken")),
        "prompt": {
            "department": agency.name,
            "officers": "、".join(officers),
            "matter": record.case.cause,
            "place": record.case.place,
        },
        "kinds": [
            _kind(kind, step, forms[step.key]) for kind, step in offered if kind.code != "photo"
        ],
        "standing": sorted(matter.standing),
    }


def _code(visit: Visit | None) -> Json | None:
    """The code that the counterpart's phone opens, drawn beforehand so that it shows without a
    network.
    """
    if visit is None:
        return None
    address = settings.PUBLIC_URL + reverse("portal:verified", args=[visit.code])
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, nl=False
    )
    return {"address": address, "svg": out.getvalue().decode()}


def _kind(kind: kinds.Kind, step: Step, form: ActForm) -> Json:
    return {
        "code": kind.code,
        "name": kind.name,
        "step": step.name,
        "key": step.key,
        "source": step.source,
        "icon": kind.icon,
        # A recording is marked while it runs; what was forgotten is typed when it is completed.
        "fields": asking.fields(form, *(("marks",) if kind.code == "text" else ())),
    }


def _rules(matter: Matter, form: ActForm | None) -> Json:
    """By act of a recorded step: the mode with its sentence and article, what is to be said and
    marked.
    """
    if form is None:
        return {}
    regime, facts, today = matter.regime, matter.facts, clock.today()
    out = {}
    for act, name in ((str(key), str(text)) for key, text in form.fields["step"].choices if key):  # type: ignore[attr-defined]
        demand = recording_requirements.of(regime, act, today, facts)
        out[act] = {
            "name": name,
            "mode": demand.mode,
            "sentence": SENTENCES.get(demand.mode, SENTENCES[""]),
            "source": demand.source,
            "text": "；".join(
                dict.fromkeys(
                    str(row.get("text", ""))
                    for row in demand.rows
                    if row.get("mode") == demand.mode
                )
            ),
            "unknown": [regime.words.fact_name(fact) for fact in demand.unknown],
            "say": [[str(row["id"]), str(row["name"])] for row in demand.statement],
            "marks": [str(row["name"]) for row in demand.markers],
        }
    return out
