"""A record as a platform asks about it: what still stands, with its words, papers and counterpart,
read once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.cases.models import Case, CaseParty
from mingzheng.core import clock
from mingzheng.documents.models import Document
from mingzheng.records.models import EffectiveAct, Record

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Happened:
    """One act that still stands: `said` is its content, empty once that was lawfully destroyed."""

    act_id: int
    kind: str
    of: str
    on: date
    said: Mapping[str, Any]

    @property
    def approval(self) -> Mapping[str, Any]:
        """The last agreement of its route: {"name", "opinion", "on" …}; empty where nobody had to
        agree.
        """
        given = [
            each for each in self.said.get("approvals", ()) if each.get("kind") == "approval.given"
        ]
        return given[-1] if given else {}

    @property
    def by(self) -> str:
        """Who did it."""
        return str(self.said.get("by", {}).get("name", ""))

    def text(self, name: str) -> str:
        """A word of its content, empty where it has none."""
        return str(self.said.get(name) or "")


@dataclass(frozen=True)
class Matter:
    """The record, its case, its agency, the counterpart it is about, what happened (oldest first),
    its papers in force.
    """

    record: Record
    case: Case
    agency: Agency
    party: CaseParty | None
    acts: tuple[Happened, ...]
    papers: tuple[Document, ...]

    @classmethod
    def of(cls, record: Record) -> Matter:
        """Read what there is."""
        standing = (
            EffectiveAct.objects.filter(record=record, voided_by=None)
            .select_related("act__content")
            .order_by("happened_at", "act_id")
        )
        acts = tuple(
            Happened(
                row.act_id,
                row.kind,
                row.of,
                clock.local(row.happened_at).date(),
                json.loads(row.act.content.body) if hasattr(row.act, "content") else {},
            )
            for row in standing
        )
        party = record.parties.filter(until=None).exclude(role="interested").order_by("pk").first()
        return cls(
            record,
            record.case,
            Agency.objects.get(pk=record.agency_id),
            party,
            acts,
            tuple(
                record.documents.filter(voided_by=None)
                .select_related("act", "made_before")
                .order_by("pk")
            ),
        )

    @property
    def code(self) -> str:
        """案件编号: the agency's credit code and the record's number, so that no two agencies of a
        province share one.
        """
        return f"{self.agency.uscc}-{self.record.pk}"

    def all(self, kind: str, of: str = "") -> list[Happened]:
        """Every act of a kind, oldest first."""
        return [each for each in self.acts if each.kind == kind and of in ("", each.of)]

    def last(self, kind: str, of: str = "") -> Happened | None:
        """The newest act of a kind."""
        found = self.all(kind, of)
        return found[-1] if found else None

    def held(self, kind: str, of: str = "") -> str:
        """Whether there is such an act: yes or no."""
        return YES if self.last(kind, of) else NO

    def day(self, kind: str, of: str = "") -> str:
        """The day of the newest act of a kind."""
        found = self.last(kind, of)
        return day(found.on) if found else ""

    def said(self, kind: str, name: str, of: str = "") -> str:
        """A word of the newest act of a kind."""
        found = self.last(kind, of)
        return found.text(name) if found else ""

    def paper(self, *kinds: str) -> Document | None:
        """The newest paper of one of these kinds."""
        return next((made for made in reversed(self.papers) if made.kind in kinds), None)

    def paper_of(self, act_id: int, kind: str) -> Document | None:
        """The paper of this kind that an act left."""
        return next(
            (made for made in self.papers if made.kind == kind and made.left_by(act_id)),
            None,
        )


def number(made: Document | None) -> str:
    """The number of a paper, empty where there is none."""
    return made.full_number if made else ""


def elements(made: Document | None) -> Mapping[str, Any]:
    """The elements of a paper by id."""
    found: Mapping[str, Any] = json.loads(made.body).get("elements", {}) if made else {}
    return found


def day(on: date | None) -> str:
    """YYYY-MM-DD, empty where unknown."""
    return on.isoformat() if on else ""


def yuan(fen: int | None) -> str:
    """分 as 元 with cents only where there are some; empty where unknown."""
    if fen is None:
        return ""
    return f"{fen // 100}.{fen % 100:02d}" if fen % 100 else str(fen // 100)


def whole_yuan(fen: int | None) -> str:
    """分 as whole 元, half a yuan up, for columns that take integers."""
    return "" if fen is None else str((fen + 50) // 100)


def yes(found: object) -> str:
    """yes or no."""
    return YES if found else NO
