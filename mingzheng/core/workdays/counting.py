"""What a counted period looks like, and the arithmetic of plain calendar periods."""

import calendar as months
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

UNITS = ("hour", "workday", "day", "month", "year")


class CountError(ValueError):
    """A period that cannot be counted; the message is Chinese and says why."""


@dataclass(frozen=True)
class Suspension:
    """Days that do not count: `start` included, `end` not (the clock runs again on `end`)."""

    start: date
    end: date
    why: str = ""

    def holds(self, day: date) -> bool:
        return self.start <= day < self.end


@dataclass(frozen=True)
class Counted:
    """A period counted from `start` (itself excluded). `due` is a datetime only for hours from a
    point in time. `skipped` are the days off passed over, `worked` the make-up workdays counted."""

    start: date
    n: int
    unit: str
    due: date
    provisional: bool
    skipped: tuple[tuple[date, str], ...] = ()
    worked: tuple[tuple[date, str], ...] = ()
    roll: bool = False
    rolled_from: date | None = None
    suspensions: tuple[Suspension, ...] = ()


def plain_due(start: date, n: int, unit: str) -> date:
    """The last day of n days, months or years; the same-number day, else the month's end."""
    try:
        if unit == "day":
            return start + timedelta(days=n)
        index = start.year * 12 + start.month - 1 + (n if unit == "month" else n * 12)
        year, month = divmod(index, 12)
        last = months.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(start.day, last))
    except (OverflowError, ValueError) as error:
        raise CountError(f"自 {start} 起 {n} {unit} 超出可计算的日期范围") from error


def in_order(intervals: Iterable[Suspension]) -> tuple[Suspension, ...]:
    """Sorted by start; two that overlap would count the same day twice, so they are refused."""
    ordered = tuple(sorted(intervals, key=lambda each: each.start))
    for each in ordered:
        if each.end < each.start:
            raise CountError(f"中止期间的止日 {each.end} 早于起日 {each.start}，请核对")
    for before, after in zip(ordered, ordered[1:], strict=False):
        if after.start < before.end:
            raise CountError(
                f"两段中止期间重叠：{before.start} 至 {before.end} 与 {after.start} 至 {after.end}；"
                "同一天不能扣除两次，请合并或更正"
            )
    return ordered


def stretched(start: date, due: date, ordered: tuple[Suspension, ...]) -> date:
    """`due` moved on by every suspended day between start and due."""
    for each in ordered:
        first = max(each.start, start + timedelta(days=1))
        if first <= due and each.end > first:
            due += each.end - first
    return due


def check_amount(n: object, unit: str) -> None:
    if unit not in UNITS:
        raise CountError(f"不认识的期间单位“{unit}”，可用：{'、'.join(UNITS)}")
    if isinstance(n, bool) or not isinstance(n, int):
        raise CountError(f"期间长度应为整数，而不是 {n!r}")
    if n < 0:
        raise CountError(f"期间长度不能为负数（{n}）")
