"""Many deadlines at once: two table look-ups a deadline, for nightly work and re-timing."""

from __future__ import annotations

from typing import Any

import numpy

from mingzheng.core.workdays.calendar import FIRST, LAST, Calendar


class Table:
    """A calendar laid out so that whole arrays of day numbers are counted at once.

    Day numbers are `date.toordinal()` within the span of the calendar.
    """

    def __init__(self, calendar: Calendar) -> None:
        self.workdays = numpy.array(calendar.workday_numbers(), dtype=numpy.int32)
        marks = numpy.zeros(LAST - FIRST + 2, dtype=numpy.int32)
        marks[self.workdays - FIRST + 1] = 1
        # upto[d - FIRST + 1] = how many workdays lie on or before day d.
        self.upto = numpy.cumsum(marks, dtype=numpy.int32)

    def due(self, starts: Any, n: Any) -> Any:
        """Day numbers of the n-th workday after each start (start day excluded)."""
        return self.workdays[self.upto[starts - (FIRST - 1)] + (n - 1)]

    def left(self, today: int, dues: Any) -> Any:
        """Workdays from `today` to each due day; negative when it has passed."""
        return self.upto[dues - (FIRST - 1)] - self.upto[today - (FIRST - 1)]
