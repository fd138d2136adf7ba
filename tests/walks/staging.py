"""What stands in the register before somebody opens the pages: one case of every fate, told by the
acts themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.catalogue.models import Page
from mingzheng.disclosure.access import channels_up
from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from mingzheng.oversight.acts.intake import receive
from mingzheng.oversight.models import Feedback
from mingzheng.site.demo import parties, published, turns
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import Play, at
from mingzheng.site.demo.tour import Tour
from tests.cases.telling import TUESDAY, case, do

WORDS = "公示页上的事实部分与我收到的决定书不一样，请核对。"


@dataclass
class Stage:
    """The cases by their fate; `today` is past all of them."""

    live: Journey
    gone: Journey
    corrected: Journey
    served: Journey
    visit: Tour
    page: Page
    told: Feedback
    today: date

    def public(self, journey: Journey, state: str = Publication.LIVE) -> Publication:
        """The publication of a case in this state."""
        return Publication.objects.get(record=journey.play.record, state=state)

    def paper(self) -> Document:
        """A decision that somebody holds in his hand."""
        return (
            Document.objects.filter(record=self.live.play.record, number__isnull=False)
            .order_by("pk")
            .last()
        )


def corrected(journey: Journey) -> Journey:
    """Found wrong, put right by an approved text, on every channel."""
    live = Publication.objects.get(record=journey.play.record, state=Publication.LIVE)
    do(journey, "publication.found-wrong", hour=17, reason="事实部分写错一处")
    with at(journey.forward(1), 9):
        journey.play.propose(
            amended="台账 → 登记台账" if "台账" in live.body else "秸秆 → 玉米秸秆"
        )
        journey.play.step("publication.approved")
    with at(journey.day, 10):
        journey.play.approve()
    do(
        journey,
        "publication.corrected",
        hour=11,
        reason="事实部分有一处笔误，已经更正。",
        **{f"receipt-{channel}": "G1" for channel in channels_up(live) if channel != "own-site"},
    )
    return journey


def published_page(agency: Agency, on: date) -> Page:
    """The list of items, compiled by who compiles it there, approved by a second person and
    public.
    """
    told = published.TOLD[agency.code]
    with at(on, 9):
        kept = published.Keeping(agency, told["keeper"], "item-list")
        kept.compile(**{name: told[name] for name in ("duties", "powers", "unit") if name in told})
        kept.publish()
    return kept.page


def set_up() -> Stage:
    """Play every story; a minute apart in days, so that no two share a moment."""
    bodies: dict[str, Any] = {body.code: body for body in Agency.objects.all()}
    live = case(bodies, "wg").go("published")
    gone = case(bodies, "lm", start=date(2026, 4, 9), party=parties.company("lm", 3)).go(
        "published"
    )
    turns.revoked(gone)
    fixed = corrected(case(bodies, "fc", start=date(2026, 4, 14), fine="500").go("published"))
    served = case(bodies, "fc", start=date(2026, 6, 9), party=parties.citizen(2), fine="800").go(
        "served"
    )
    visit = Tour(
        Play(bodies["wg"], ("张三", "李四"), parties.company("wg", 1), "jc-jn"), TUESDAY
    ).go("visited")
    page = published_page(bodies["wg"], date(2026, 6, 10))
    with at(date(2026, 6, 11), 9):
        told = receive(
            bodies["wg"], "complaint", {"text": WORDS, "correct": "", "name": "孙某", "contact": ""}
        )
    return Stage(
        live, gone, fixed, served, visit, page, told, max(served.day, gone.day, date(2026, 6, 30))
    )
