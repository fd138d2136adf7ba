"""A thousand deadlines against an oracle that walks day by day: 2026 written down by hand, earlier
years from a calendar made by other people.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

import holidays
import pytest

from mingzheng.core.workdays import Calendar

# The State Council's days of 2026: weekdays off, and Saturdays and Sundays worked.
OFF_2026 = {
    (1, 1),
    (1, 2),
    (2, 16),
    (2, 17),
    (2, 18),
    (2, 19),
    (2, 20),
    (2, 23),
    (4, 6),
    (5, 1),
    (5, 4),
    (5, 5),
    (6, 19),
    (9, 25),
    (10, 1),
    (10, 2),
    (10, 5),
    (10, 6),
    (10, 7),
}
WORKED_2026 = {(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)}
OTHERS = holidays.country_holidays("CN", years=range(2018, 2026))


def works(day: date) -> bool:
    """Whether `day` is a working day, by the oracle."""
    if day.year == 2026:
        if (day.month, day.day) in WORKED_2026:
            return True
        return day.weekday() < 5 and (day.month, day.day) not in OFF_2026
    return OTHERS.is_working_day(day)


def walk(start: date, n: int, unit: str, roll: bool) -> date:
    """The last day of a period, found by walking."""
    day = start
    if unit == "workday":
        while n:
            day += timedelta(days=1)
            n -= works(day)
        return day
    if unit == "day":
        day = start + timedelta(days=n)
    else:
        months = n * (12 if unit == "year" else 1) + start.month - 1
        year, month = start.year + months // 12, months % 12 + 1
        last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
        day = date(year, month, min(start.day, last))
    while roll and not works(day):
        day += timedelta(days=1)
    return day


def thousand() -> list[tuple[date, int, str, bool]]:
    """A thousand periods that end before the calendars do, the same ones every time."""
    rng, out = random.Random(2026), []
    first, last = date(2018, 1, 1), date(2026, 12, 20)
    while len(out) < 1000:
        start = first + timedelta(days=rng.randrange((last - first).days))
        unit = rng.choice(["workday"] * 5 + ["day"] * 3 + ["month", "year"])
        n = {
            "workday": rng.randint(1, 45),
            "day": rng.randint(1, 120),
            "month": rng.randint(1, 9),
            "year": rng.randint(1, 5),
        }[unit]
        roll = unit != "workday" and rng.random() < 0.6
        if walk_ends(start, n, unit) <= last:
            out.append((start, n, unit, roll))
    return out


def walk_ends(start: date, n: int, unit: str) -> date:
    """A day that the period surely ends before."""
    return start + timedelta(days=n * {"workday": 3, "day": 1, "month": 31, "year": 366}[unit] + 12)


def test_a_thousand_deadlines_end_on_the_oracles_day() -> None:
    calendar = Calendar.shipped()
    wrong = []
    for start, n, unit, roll in thousand():
        counted = calendar.add(start, n, unit, roll)
        if counted.due != walk(start, n, unit, roll) or counted.provisional:
            wrong.append((start, n, unit, roll, counted.due, walk(start, n, unit, roll)))
    assert wrong == []


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 10, 10)])
def test_a_made_up_saturday_counts_although_a_weekend_rule_would_skip_it(day: date) -> None:
    assert day.weekday() == 5
    assert Calendar.shipped().add(day - timedelta(days=1), 1, "workday").due == day


def test_the_oracle_itself_can_be_wrong_and_is_noticed() -> None:
    # Positive control: a calendar of weekends only misses a good part of the thousand.
    plain = Calendar([])
    missed = sum(
        plain.add(start, n, unit, roll).due != walk(start, n, unit, roll)
        for start, n, unit, roll in thousand()
    )
    assert missed > 200
