"""The rules pages: every agency side by side, and one agency rule by rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mingzheng.agencies.models import Body
from mingzheng.core import clock
from mingzheng.core.regimes import Regime
from mingzheng.portal import places, questions, rulebook
from mingzheng.portal.page import show
from mingzheng.records import law
from mingzheng.records.models import AdoptedPack


@dataclass(frozen=True)
class Adopted:
    """Which text an agency has adopted: its packs nearest first, fingerprint and day."""

    place: places.Place
    title: str
    version: str
    on: datetime
    rules: int
    since: date | None


@dataclass(frozen=True)
class Compared:
    """One question with the higher norm's answer and the agencies' answers (place, answer, whether it is this page's)."""

    name: str
    standard: questions.Answer
    rows: tuple[tuple[places.Place, questions.Answer, bool], ...]
    most: int


def regime_of(body: Body) -> Regime:
    """The rules the agency has adopted."""
    found: Regime = law.regime_of(body.pk, body.pack)
    return found


def adopted(body: Body) -> Adopted:
    """The adopted version of an agency."""
    row = AdoptedPack.objects.filter(agency_id=body.pk, pack=body.pack).latest("pk")
    regime = regime_of(body)
    texts = rulebook.texts(regime, clock.today())
    since = min((rule.since for text in texts for rule in text.rules if rule.since), default=None)
    return Adopted(places.place(body), "；".join(text.title for text in texts), row.version[:12], row.adopted_at,
                   sum(len(text.rules) for text in texts), since)


def compared(bodies: list[Body], here: Body | None = None) -> list[Compared]:
    """Every question to every agency."""
    on, found = clock.today(), []
    faces = [(places.place(body), regime_of(body), body == here) for body in bodies]
    # The common base is what stands above the agency with the fewest texts of its own kind of business.
    base = min((regime for _, regime, _ in faces), key=lambda regime: len(regime.chain), default=None)
    if base is None:
        return []
    for each in questions.QUESTIONS:
        rows = tuple((face, questions.answer(regime, each.id, on), mine) for face, regime, mine in faces)
        standard = questions.standard(base, each.id, on)
        most = max((answer.number or 0 for answer in (standard, *(row[1] for row in rows))), default=0)
        found.append(Compared(each.name, standard, rows, most))
    return found


def chapter(body: Body) -> dict[str, Any]:
    """What both the public page and the desk's page of one agency show."""
    regime, on = regime_of(body), clock.today()
    return {
        "adopted": adopted(body), "texts": rulebook.texts(regime, on), "defects": rulebook.defects(regime),
        "legend": [rulebook.badge(key) for key in rulebook.BADGES],
        "questions": [(each.name, questions.standard(regime, each.id, on), questions.answer(regime, each.id, on))
                      for each in questions.QUESTIONS]}


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """The packs in force, agency by agency, and the same questions side by side."""
    bodies = places.agencies()
    return show(request, "rules", {
        "here": "rules", "adopted": [adopted(body) for body in bodies], "compared": compared(bodies)})


@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One agency's rules in plain words, each beside the higher norm."""
    body = Body.objects.filter(code=code).exclude(pack="").first()
    if body is None:
        raise Http404
    bodies = places.agencies()
    return show(request, "rules_one", {
        "here": "rules", "place": places.place(body), "compared": compared(bodies, body)[:3],
        "others": [places.place(each) for each in bodies if each != body], **chapter(body)})
