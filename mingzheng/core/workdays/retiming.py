"""Which periods end on another day once a new notice is loaded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from mingzheng.core.workdays.calendar import Calendar
from mingzheng.core.workdays.counting import Counted, Suspension


@dataclass(frozen=True)
class Period:
    """A period as it was counted; `id` is the caller's own."""

    id: object
    start: date
    n: int
    unit: str
    roll: bool = False
    suspensions: tuple[Suspension, ...] = ()


def changed(
    periods: Iterable[Period], old: Calendar, new: Calendar
) -> Iterator[tuple[Period, Counted, Counted]]:
    """(period, counted by old, counted by new) for each whose due date or certainty differs."""
    for each in periods:
        before = old.add(each.start, each.n, each.unit, each.roll, each.suspensions)
        after = new.add(each.start, each.n, each.unit, each.roll, each.suspensions)
        if (before.due, before.provisional) != (after.due, after.provisional):
            yield each, before, after
