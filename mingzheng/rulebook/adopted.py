"""What an agency has adopted, and every agency's answers to the same questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.core.regimes import Regime
from mingzheng.records import law
from mingzheng.records.models import AdoptedPack
from mingzheng.rulebook import questions, texts


@dataclass(frozen=True)
class Adopted:
    """Which texts an agency has adopted: fingerprint, day, how many rules, since when."""

    code: str
    name: str
    title: str
    version: str
    on: datetime
    rules: int
    since: date | None


@dataclass(frozen=True)
class Row:
    """One agency's answer; `mine` marks the agency of the page."""

    code: str
    name: str
    answer: questions.Answer
    mine: bool


@dataclass(frozen=True)
class Compared:
    """One question: the higher norm's answer and the agencies' answers; `most` scales the bars."""

    name: str
    standard: questions.Answer
    rows: tuple[Row, ...]
    most: int


def enforcing() -> list[Agency]:
    """Every agency that enforces: those with a pack of their own."""
    return list(Agency.objects.exclude(pack="").order_by("pk"))


def regime_of(agency: Agency) -> Regime:
    """The rules the agency has adopted."""
    found: Regime = law.regime_of(agency.pk, agency.pack)
    return found


def adopted(agency: Agency) -> Adopted:
    """The adopted version of an agency."""
    row = AdoptedPack.objects.filter(agency_id=agency.pk, pack=agency.pack).latest("pk")
    held = texts.texts(regime_of(agency), clock.today())
    since = min((rule.since for text in held for rule in text.rules if rule.since), default=None)
    return Adopted(
        agency.code,
        agency.name,
        "；".join(text.title for text in held),
        row.version[:12],
        row.adopted_at,
        sum(len(text.rules) for text in held),
        since,
    )


def compared(
    bodies: list[Agency], here: Agency | None = None, ids: tuple[str, ...] = ()
) -> list[Compared]:
    """Every question, or only those named, to every agency."""
    if not bodies:
        return []
    on, found = clock.today(), []
    faces = [(body, regime_of(body)) for body in bodies]
    # The common base is what stands above the agency with the fewest texts for its own line of
    # business.
    base = min((regime for _, regime in faces), key=lambda regime: len(regime.chain))
    for each in questions.QUESTIONS:
        if ids and each.id not in ids:
            continue
        rows = tuple(
            Row(body.code, body.name, questions.answer(regime, each.id, on), body == here)
            for body, regime in faces
        )
        standard = questions.standard(base, each.id, on)
        most = max(answer.number or 0 for answer in (standard, *(row.answer for row in rows)))
        found.append(Compared(each.name, standard, rows, most))
    return found


def chapter(agency: Agency) -> dict[str, Any]:
    """What the public page and the desk's page of one agency both show."""
    regime, on = regime_of(agency), clock.today()
    return {
        "adopted": adopted(agency),
        "texts": texts.texts(regime, on),
        "defects": texts.defects(regime),
        "legend": [texts.badge(key) for key in texts.BADGES],
        "questions": [
            (
                each.name,
                questions.standard(regime, each.id, on),
                questions.answer(regime, each.id, on),
            )
            for each in questions.QUESTIONS
        ],
    }
