"""The calendar of workdays: which days count, and where a period ends."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from mingzheng.core.workdays.counting import (
    Counted,
    CountError,
    Suspension,
    check_amount,
    in_order,
    plain_due,
    stretched,
)
from mingzheng.core.workdays.notices import Notice, read_folder, read_notice

FIRST, LAST = date(1949, 10, 1).toordinal(), date(2199, 12, 31).toordinal()
WEEKEND = {5: "星期六", 6: "星期日"}


class Calendar:
    """Workdays by the notices given. Outside their years only weekends are known: provisional."""

    def __init__(self, notices: Iterable[Notice]) -> None:
        self.notices = {notice.year: notice for notice in notices}
        self._off: dict[int, tuple[str, Notice]] = {}
        self._made_up: dict[int, tuple[str, Notice]] = {}
        for notice in self.notices.values():
            for holiday in notice.holidays:
                for day in holiday.days():
                    self._off[day.toordinal()] = (f"{holiday.name}放假", notice)
                for day in holiday.work:
                    self._made_up[day.toordinal()] = (f"{holiday.name}调休上班", notice)
        self._workdays = array("l", (n for n in range(FIRST, LAST + 1) if self._counts(n)))

    @staticmethod
    @cache
    def shipped() -> "Calendar":
        """The calendar of law/holidays, beside the package."""
        return Calendar(read_folder(Path(__file__).parents[3] / "law" / "holidays"))

    def with_notice(self, notice: Notice | Mapping[str, object]) -> "Calendar":
        """A new calendar in which this notice (or its parsed TOML) replaces its year's."""
        read = notice if isinstance(notice, Notice) else read_notice(notice)
        return Calendar({**self.notices, read.year: read}.values())

    def _counts(self, ordinal: int) -> bool:
        if ordinal in self._made_up:
            return True
        return (ordinal + 6) % 7 < 5 and ordinal not in self._off

    def is_workday(self, day: date) -> bool:
        return self._counts(day.toordinal())

    def covers(self, day: date) -> bool:
        """Whether a notice for this day's year is loaded."""
        return day.year in self.notices

    def why_off(self, day: date) -> str:
        """Why the day does not count, or "" for a workday."""
        if self.is_workday(day):
            return ""
        held = self._off.get(day.toordinal())
        return held[0] if held else WEEKEND[day.weekday()]

    def notice_of(self, day: date) -> str:
        """Title of the notice that makes this day off or a make-up workday; "" if none does."""
        ordinal = day.toordinal()
        held = self._made_up.get(ordinal) or self._off.get(ordinal)
        return f"{held[1].title}{held[1].number}" if held else ""

    def add(
        self,
        start: date,
        n: int,
        unit: str,
        roll: bool = False,
        suspensions: Sequence[Suspension] = (),
    ) -> Counted:
        """Count n units from start, start excluded. `roll` moves a due day, month or year date on
        a day off to the next workday. Raises CountError with a Chinese message."""
        check_amount(n, unit)
        pauses = in_order(suspensions)
        if unit == "hour":
            return self._hours(start, n, pauses)
        day = start.date() if isinstance(start, datetime) else start
        if unit == "workday":
            return self._workdays_from(day, n, pauses)
        due = stretched(day, plain_due(day, n, unit), pauses)
        rolled = self.next_workday(due) if roll else due
        passed = tuple((each, self.why_off(each)) for each in _days(due, rolled))
        return Counted(
            day,
            n,
            unit,
            rolled,
            roll and not self._known(due, rolled),
            passed,
            (),
            roll,
            due if rolled != due else None,
            pauses,
        )

    def _hours(self, start: date, n: int, pauses: tuple[Suspension, ...]) -> Counted:
        # Without a clock time only the day can be told, and the earliest one is the safe answer.
        try:
            if isinstance(start, datetime):
                end = start + timedelta(hours=n)
                moved = stretched(start.date(), end.date(), pauses) - end.date()
                return Counted(start, n, "hour", end + moved, False, suspensions=pauses)
            due = stretched(start, start + timedelta(days=n // 24), pauses)
        except OverflowError as error:
            raise CountError(f"自 {start} 起 {n} 小时超出可计算的日期范围") from error
        return Counted(start, n, "hour", due, False, suspensions=pauses)

    def _workdays_from(self, start: date, n: int, pauses: tuple[Suspension, ...]) -> Counted:
        due = self._nth(start, n)
        for each in pauses:
            # A suspended workday is replaced by one more workday after what was due so far.
            first = max(each.start, start + timedelta(days=1))
            if first <= due and each.end > first:
                left = self.workdays_between(first - timedelta(days=1), due)
                due = self._nth(each.end - timedelta(days=1), left)
        between = [start + timedelta(k) for k in range(1, (due - start).days + 1)]
        off = tuple((day, self.why_off(day)) for day in between if not self.is_workday(day))
        made_up = tuple(
            (day, self._made_up[day.toordinal()][0])
            for day in between
            if day.toordinal() in self._made_up and not any(each.holds(day) for each in pauses)
        )
        return Counted(
            start, n, "workday", due, not self._known(start, due), off, made_up, suspensions=pauses
        )

    def _nth(self, start: date, n: int) -> date:
        if n == 0:
            return start
        index = bisect_right(self._workdays, start.toordinal()) + n - 1
        if start.toordinal() < FIRST or index >= len(self._workdays):
            raise CountError(f"自 {start} 起 {n} 个工作日超出可计算的日期范围（1949 至 2199 年）")
        return date.fromordinal(self._workdays[index])

    def next_workday(self, day: date) -> date:
        """The day itself if it is a workday, else the next one."""
        return day if self.is_workday(day) else self._nth(day, 1)

    def _known(self, start: date, due: date) -> bool:
        first = start if start == due else start + timedelta(days=1)
        return all(year in self.notices for year in range(first.year, due.year + 1))

    def workdays_between(self, start: date, end: date) -> int:
        """Workdays after start up to and including end; negative when end lies before start."""
        if end < start:
            return -self.workdays_between(end, start)
        return bisect_right(self._workdays, end.toordinal()) - bisect_right(
            self._workdays, start.toordinal()
        )

    def workday_numbers(self) -> Sequence[int]:
        """Every workday of the computable span as `date.toordinal()`, ascending."""
        return self._workdays


def _days(first: date, end: date) -> list[date]:
    return [first + timedelta(n) for n in range((end - first).days)]
