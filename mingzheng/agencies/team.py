"""Who has to do with one record: its handlers, who was called in from outside, who must stay away.

Read in one statement, and held only as long as the situation that asks.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, F, Q, Value
from django.db.models.functions import Cast

from mingzheng.agencies.models import Certificate, Exclusion, Grant, Handler
from mingzheng.core import clock
from mingzheng.records.models import Record

# What a person called in from another body may come for, if he is to act and not only to look.
ACTING = ("replacement", "joint")


@dataclass(frozen=True)
class Member:
    """A person and what ties him to the record; `purpose` and days only where he was called in."""

    tie: str
    pk: int
    person_id: int
    name: str
    purpose: str
    since: date | None
    until: date | None


@dataclass(frozen=True)
class Team:
    """Everybody tied to one record, as read at one moment."""

    members: tuple[Member, ...]

    @classmethod
    def of(cls, record: Record) -> Team:
        """Read it now."""
        nothing = Cast(Value(None), DateField())
        called = (
            Grant.objects.filter(record=record)
            .annotate(begins=F("since"), ends=F("until"), tie=Value("called"), why_=F("purpose"))
            .values_list("tie", "pk", "person_id", "person__name", "why_", "begins", "ends")
        )
        handling = Handler.objects.filter(record=record, until=None)
        excluded = Exclusion.objects.filter(record=record)
        others = [
            rows.annotate(tie=Value(tie), why_=Value(""), begins=nothing, ends=nothing).values_list(
                "tie", "pk", "person_id", "person__name", "why_", "begins", "ends"
            )
            for tie, rows in (("handler", handling), ("excluded", excluded))
        ]
        rows = called.union(*others, all=True)
        return cls(tuple(sorted((Member(*row) for row in rows), key=lambda each: each.pk)))

    @property
    def handlers(self) -> list[Member]:
        """Who handles the record now, in the order of assignment."""
        return [each for each in self.members if each.tie == "handler"]

    def handles(self, person_id: int) -> bool:
        """Whether this person handles the record now."""
        return any(each.person_id == person_id for each in self.handlers)

    def excluded(self, person_id: int) -> bool:
        """Whether this person was recused from the record."""
        return any(each.person_id == person_id for each in self.members if each.tie == "excluded")

    def called(self, on: date, purposes: Collection[str] = ACTING) -> list[Member]:
        """Who was called in from outside to act on that day."""
        return [
            each
            for each in self.members
            if each.tie == "called"
            and each.purpose in purposes
            and each.since is not None
            and each.until is not None
            and each.since <= on <= each.until
        ]

    def acts(self, person_id: int, on: date) -> bool:
        """Whether a person from outside may act here on that day."""
        return any(each.person_id == person_id for each in self.called(on))

    def was_called_for(self, person_id: int, purpose: str) -> bool:
        """Whether he was called in for this, on whatever days."""
        return any(
            each.person_id == person_id and each.purpose == purpose
            for each in self.members
            if each.tie == "called"
        )

    def certificates(self, agency_id: int) -> list[Certificate]:
        """The certificates of the agency's officers and of everybody in the team, read now."""
        people = {each.person_id for each in self.members}
        held = Q(agency=agency_id) | Q(person__in=people)
        return list(
            Certificate.objects.filter(held).select_related("person").order_by("until", "pk")
        )


def valid_number(
    certificates: Collection[Certificate], person_id: int, agency_id: int, kind: str = ""
) -> str:
    """The number of a certificate among these that is valid today for `kind` of matter, or empty."""
    today = clock.today()
    for row in sorted(certificates, key=lambda each: each.pk):
        if (
            (row.person_id, row.agency_id, row.state) == (person_id, agency_id, Certificate.VALID)
            and row.since <= today <= row.until
            and (not kind or not row.scope or kind in row.scope)
        ):
            return row.number
    return ""
