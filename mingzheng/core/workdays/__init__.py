"""Days that count: the State Council's calendar, periods of law, and what a new notice changes."""

from mingzheng.core.workdays.calendar import Calendar
from mingzheng.core.workdays.conventions import convention
from mingzheng.core.workdays.counting import UNITS, Counted, CountError, Suspension
from mingzheng.core.workdays.notices import Notice, NoticeFault, read_notice
from mingzheng.core.workdays.retiming import Period, changed

__all__ = [
    "UNITS",
    "Calendar",
    "CountError",
    "Counted",
    "Notice",
    "NoticeFault",
    "Period",
    "Suspension",
    "changed",
    "convention",
    "read_notice",
]
