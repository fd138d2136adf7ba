"""The one source of time, Asia/Shanghai.

All code reads time here; a house rule forbids `datetime.now`, `date.today` and
`time.time` for anything that a record could depend on. Tests and the demo fix
the clock with `fixed`; a running server may only be moved by `MINGZHENG_CLOCK`,
and only when its installation is marked as a demo (see `site.settings`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_fixed: ContextVar[datetime | None] = ContextVar("mingzheng_clock", default=None)
_shift: list[timedelta] = [timedelta(0)]


def now() -> datetime:
    """The moment, aware, in Asia/Shanghai, to the microsecond."""
    fixed_at = _fixed.get()
    if fixed_at is not None:
        return fixed_at
    return datetime.now(ZONE) + _shift[0]


def today() -> date:
    """The calendar day in China, never the day in UTC."""
    return now().date()


def local(moment: datetime) -> datetime:
    """The same moment in Asia/Shanghai; a naive one is read as Asia/Shanghai."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=ZONE)
    return moment.astimezone(ZONE)


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Inside the block, `now()` answers `moment`."""
    token = _fixed.set(local(moment))
    try:
        yield
    finally:
        _fixed.reset(token)


def start_demo_clock(moment: datetime) -> None:
    """Move this process's clock so that it now shows `moment` and goes on from there."""
    _shift[0] = local(moment) - datetime.now(ZONE)
