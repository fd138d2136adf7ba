"""What a unit may know of how its visits were rated: sums of so many that nobody can tell whose
mark is which.

Months are taken whole, once they are over, in order: a sum that was shown never changes by one
more rating, and what is not enough for a sum waits for the months after it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.oversight.acts.ratings import QUESTIONS
from mingzheng.oversight.models import Rating
from mingzheng.records import law

RULE = "ratings/shown"


@dataclass(frozen=True)
class Least:
    """How many ratings a sum needs, in which unit, by which source."""

    number: int
    unit: str
    source: str


@dataclass(frozen=True)
class Sum:
    """The ratings of some months together: `marks` is {question: {answer: how many}}; `first` and
    `last` are first days of months.
    """

    first: date
    last: date
    number: int
    marks: Mapping[str, Mapping[str, int]]


def least(agency: Agency) -> Least | None:
    """The number that the agency's rules give; None where they give none, and then nothing is ever
    shown.
    """
    regime = law.regime_of(agency.pk, agency.pack) if agency.pack else None
    rule = (
        next((each for each in regime.rules("quota") if each.id == RULE), None) if regime else None
    )
    return Least(int(rule.body["at_least"]), rule.text_of("unit"), rule.source) if rule else None


def sums(agency: Agency) -> list[Sum]:
    """The sums that the unit may see, newest first."""
    wanted, found = least(agency), []
    this_month = clock.today().replace(day=1)
    held: list[Rating] = []
    rows = (
        list(Rating.objects.filter(agency=agency, month__lt=this_month).order_by("month", "pk"))
        if wanted
        else []
    )
    for n, row in enumerate(rows):
        held.append(row)
        over = n + 1 == len(rows) or rows[n + 1].month != row.month
        if wanted and over and len(held) >= wanted.number:
            found.append(
                Sum(
                    held[0].month,
                    row.month,
                    len(held),
                    {key: Counter(each.marks[key] for each in held) for key in QUESTIONS},
                )
            )
            held = []
    return found[::-1]
