"""The road of taking a licence away: revoked, withdrawn or struck off of the agency's own
motion.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzheng.cases.models import Licence
from mingzheng.site.demo.licensing import NOTHING, Licensing
from mingzheng.site.demo.play import Play, at

ROAD = ("begun", "drafted", "told", "heard", "proposed", "decided", "served", "published", "closed")
OUTCOMES = {"revocation": "revoked", "withdrawal": "withdrawn", "cancellation": "cancelled"}
BASES = {
    "revocation": "《中华人民共和国行政许可法》第六十九条",
    "withdrawal": "《中华人民共和国行政许可法》第八条第二款",
    "cancellation": "《中华人民共和国行政许可法》第七十条",
}


class Ending(Licensing):
    """One certificate on its way out; `about` is the certificate, `sort` what is to become of
    it.
    """

    def __init__(self, play: Play, start: date, about: Licence, sort: str, **how: Any) -> None:
        play.item = about.item.code
        super().__init__(
            play,
            start,
            **{
                "sort": sort,
                "outcome": OUTCOMES[sort],
                "about": about,
                "content": about.content,
                **how,
            },
        )

    def go(self, until: str) -> Ending:
        """Take every stage up to and with `until`."""
        for stage in ROAD[: ROAD.index(until) + 1]:
            getattr(self, stage)()
        return self

    def begun(self) -> None:
        with at(self.day, 9):
            self.play.begin(
                "licence-end",
                sort=self.how["sort"],
                licence=self.how["about"].pk,
                summary=self.how["facts"],
            )

    def drafted(self) -> None:
        with at(self.forward(2), 10):
            self.draft_ending()
        if self.how.get("review"):
            self.review()

    def draft_ending(self, **more: Any) -> None:
        """The draft at the present moment."""
        self.play.step(
            "draft.made",
            **{
                "ground": self.how["ground"],
                "facts_text": self.how["facts"],
                "basis": BASES[self.how["sort"]],
                "compensation": self.how.get("compensation", ""),
                **NOTHING,
                **self.how.get("judged", {}),
                **more,
            },
        )

    def told(self) -> None:
        if self.how["sort"] != "cancellation":
            with at(self.forward(1), 10):
                self.play.step(
                    "party.notified:revocation", contact="承办人，0537-0000001", **self.service()
                )

    def heard(self) -> None:
        if self.how["sort"] != "cancellation":
            with at(self.forward(2), 10):
                self.play.step(
                    "statement.heard",
                    officers=self.play.officers_ids(),
                    speaker=self.name,
                    signed="signed",
                    text=self.how.get("said", "对事实没有异议。"),
                    finding="已核对，事实清楚。",
                    accepted="no",
                )
