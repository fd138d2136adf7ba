"""Days that count: the calendar of 2026, periods of law, and what is not known yet."""

import random
from datetime import date, datetime, timedelta

import numpy
import pytest

from mingzheng.core.workdays import (
    Calendar,
    CountError,
    NoticeFault,
    Period,
    Suspension,
    changed,
    convention,
)
from mingzheng.core.workdays.bulk import Table
from tests.clause import rule

CALENDAR = Calendar.shipped()
DAYS = [
    ("2026-02-12", "02-24", "02-26", "02-28", "03-04", "03-18"),
    ("2026-04-30", "05-08", "05-11", "05-13", "05-18", "06-01"),
    ("2026-09-18", "09-22", "09-24", "09-29", "10-09", "10-22"),
    ("2026-09-30", "10-10", "10-13", "10-15", "10-20", "11-03"),
]
CALENDAR_DAYS = [
    ("2026-02-12", 15, "02-27"),
    ("2026-02-12", 30, "03-16"),
    ("2026-02-12", 60, "04-13"),
    ("2026-02-12", 90, "05-13"),
    ("2026-04-30", 15, "05-15"),
    ("2026-04-30", 30, "06-01"),
    ("2026-04-30", 60, "06-29"),
    ("2026-04-30", 90, "07-29"),
    ("2026-09-18", 15, "10-08"),
    ("2026-09-18", 30, "10-19"),
    ("2026-09-18", 60, "11-17"),
    ("2026-09-18", 90, "12-17"),
    ("2026-09-30", 15, "10-15"),
    ("2026-09-30", 30, "10-30"),
    ("2026-09-30", 60, "11-30"),
    ("2026-09-30", 90, "12-29"),
]
HOLIDAYS = [
    "01-01",
    "01-02",
    "02-16",
    "02-17",
    "02-18",
    "02-19",
    "02-20",
    "02-23",
    "04-06",
    "05-01",
    "05-04",
    "05-05",
    "06-19",
    "09-25",
    "10-01",
    "10-02",
    "10-05",
    "10-06",
    "10-07",
]
MADE_UP = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


@rule("WG-A7.1", "LX-A12.1", "LG-1.3")
@pytest.mark.parametrize("row", DAYS, ids=lambda row: row[0])
def test_workdays_of_2026_end_where_the_table_says(row: tuple[str, ...]) -> None:
    start = date.fromisoformat(row[0])
    held = [CALENDAR.add(start, n, "workday").due.isoformat()[5:] for n in (3, 5, 7, 10, 20)]
    assert held == list(row[1:])


@pytest.mark.parametrize(("start", "n", "due"), CALENDAR_DAYS)
def test_calendar_days_that_end_on_a_day_off_roll_on(start: str, n: int, due: str) -> None:
    counted = CALENDAR.add(date.fromisoformat(start), n, "day", roll=True)
    assert counted.due.isoformat() == f"2026-{due}"
    plain = CALENDAR.add(date.fromisoformat(start), n, "day")
    assert plain.due == date.fromisoformat(start) + timedelta(n)
    assert counted.rolled_from == (plain.due if plain.due != counted.due else None)


def test_2026_has_exactly_the_holidays_and_make_up_days_of_its_notice() -> None:
    days = [date(2026, 1, 1) + timedelta(n) for n in range(365)]
    off = [
        day.isoformat()[5:] for day in days if day.weekday() < 5 and not CALENDAR.is_workday(day)
    ]
    made_up = [
        day.isoformat()[5:] for day in days if day.weekday() > 4 and CALENDAR.is_workday(day)
    ]
    assert off == HOLIDAYS
    assert made_up == MADE_UP


def test_a_count_names_each_day_passed_over_and_each_make_up_day() -> None:
    counted = CALENDAR.add(date(2026, 9, 18), 7, "workday")
    assert dict(counted.skipped) == {
        date(2026, 9, 19): "星期六",
        date(2026, 9, 25): "中秋节放假",
        date(2026, 9, 26): "中秋节放假",
        date(2026, 9, 27): "中秋节放假",
    }
    assert counted.worked == ((date(2026, 9, 20), "国庆节调休上班"),)
    assert "2026年" in CALENDAR.notice_of(date(2026, 9, 25))


@pytest.mark.parametrize("start", [date(2026, 1, 31), date(2024, 1, 31), date(2025, 12, 31)])
def test_months_end_on_the_same_day_or_the_months_end(start: date) -> None:
    due = CALENDAR.add(start, 1, "month").due
    after = due + timedelta(days=1)
    assert due.day == start.day or after.day == 1


def test_a_leap_day_plus_a_year_is_the_end_of_february() -> None:
    assert CALENDAR.add(date(2024, 2, 29), 1, "year").due == date(2025, 2, 28)
    assert CALENDAR.add(date(2026, 9, 18), 6, "month").due == date(2027, 3, 18)


def test_hours_run_from_the_minute_or_end_on_the_earliest_day() -> None:
    assert CALENDAR.add(datetime(2026, 9, 18, 15, 30), 24, "hour").due == datetime(
        2026, 9, 19, 15, 30
    )
    assert CALENDAR.add(date(2026, 9, 18), 24, "hour").due == date(2026, 9, 19)


def test_counting_one_by_one_gives_the_same_day_as_counting_at_once() -> None:
    for offset in range(0, 8000, 53):
        start = date(2004, 1, 1) + timedelta(offset)
        step = start
        for n in range(1, 31):
            step = CALENDAR.add(step, 1, "workday").due
            assert CALENDAR.add(start, n, "workday").due == step


def test_a_later_start_never_ends_earlier() -> None:
    for offset in range(0, 8300, 7):
        start = date(2004, 1, 1) + timedelta(offset)
        for n in (1, 3, 7, 20):
            first = CALENDAR.add(start, n, "workday")
            assert first.due <= CALENDAR.add(start + timedelta(1), n, "workday").due
            assert CALENDAR.is_workday(first.due)
            assert CALENDAR.workdays_between(start, first.due) == n


def test_the_fast_way_agrees_with_the_explained_way() -> None:
    starts = [date(2025, 11, 1) + timedelta(n) for n in range(400)]
    counted = Table(CALENDAR).due(numpy.array([day.toordinal() for day in starts]), 7)
    assert [date.fromordinal(int(day)) for day in counted] == [
        CALENDAR.add(day, 7, "workday").due for day in starts
    ]


@pytest.mark.parametrize(
    ("start", "n", "unit", "roll", "provisional"),
    [
        (date(2026, 12, 28), 7, "workday", False, True),
        (date(2026, 12, 1), 7, "workday", False, False),
        (date(2003, 12, 29), 7, "workday", False, True),
        (date(2026, 12, 20), 30, "day", True, True),
        (date(2026, 12, 20), 30, "day", False, False),
    ],
)
def test_a_date_beyond_the_last_notice_is_provisional(
    start: date, n: int, unit: str, roll: bool, provisional: bool
) -> None:
    assert CALENDAR.add(start, n, unit, roll).provisional is provisional


def test_a_suspended_workday_does_not_count() -> None:
    pause = Suspension(date(2026, 9, 21), date(2026, 9, 24), "检测")
    counted = CALENDAR.add(date(2026, 9, 18), 7, "workday", suspensions=[pause])
    days = [date(2026, 9, 18) + timedelta(n) for n in range(1, 40)]
    free = [day for day in days if CALENDAR.is_workday(day) and not pause.holds(day)]
    assert counted.due == free[6]


def test_any_row_of_suspensions_counts_like_walking_day_by_day() -> None:
    choose = random.Random(7)
    for _ in range(300):
        start = date(2025, 12, 1) + timedelta(choose.randint(0, 250))
        pauses, day = [], start - timedelta(5)
        for _ in range(choose.randint(0, 3)):
            first = day + timedelta(choose.randint(0, 15))
            day = first + timedelta(choose.randint(0, 12))
            pauses.append(Suspension(first, day))
        n = choose.randint(1, 20)
        for unit in ("workday", "day"):
            left, walked = n, start
            while left:
                walked += timedelta(1)
                counts = unit == "day" or CALENDAR.is_workday(walked)
                left -= counts and not any(pause.holds(walked) for pause in pauses)
            assert CALENDAR.add(start, n, unit, suspensions=pauses).due == walked


def test_suspended_days_are_added_to_a_calendar_period() -> None:
    pause = Suspension(date(2026, 9, 20), date(2026, 9, 30), "鉴定")
    assert CALENDAR.add(date(2026, 9, 18), 90, "day", suspensions=[pause]).due == date(2026, 12, 27)


def test_a_suspension_after_the_end_changes_nothing() -> None:
    pause = Suspension(date(2026, 10, 20), date(2026, 10, 30))
    for unit in ("workday", "day"):
        assert (
            CALENDAR.add(date(2026, 9, 18), 7, unit, suspensions=[pause]).due
            == CALENDAR.add(date(2026, 9, 18), 7, unit).due
        )


def test_two_suspensions_of_the_same_days_are_refused() -> None:
    pauses = [
        Suspension(date(2026, 9, 20), date(2026, 9, 25)),
        Suspension(date(2026, 9, 24), date(2026, 9, 28)),
    ]
    with pytest.raises(CountError, match="重叠"):
        CALENDAR.add(date(2026, 9, 18), 7, "workday", suspensions=pauses)


@pytest.mark.parametrize(
    ("law", "n", "unit"),
    [
        ("penalty-law", 2, "workday"),
        ("penalty-law", 3, "workday"),
        ("penalty-law", 5, "workday"),
        ("penalty-law", 7, "workday"),
        ("penalty-law", 10, "day"),
        ("penalty-law", 15, "day"),
        ("penalty-law", 90, "day"),
        ("coercion-law", 10, "workday"),
        ("coercion-law", 30, "day"),
        ("licence-law", 20, "workday"),
        ("licence-law", 45, "workday"),
        ("petition-regulation", 15, "day"),
        ("petition-regulation", 60, "day"),
    ],
)
def test_each_law_means_its_own_days(law: str, n: int, unit: str) -> None:
    assert convention(law, n) == unit


def test_an_unknown_convention_says_which_are_known() -> None:
    with pytest.raises(CountError, match="penalty-law"):
        convention("traffic-law", 3)


@pytest.mark.parametrize(
    ("n", "unit", "says"),
    [
        (-1, "workday", "负数"),
        (3, "week", "单位"),
        (10**9, "workday", "范围"),
        (10**9, "day", "范围"),
        (10**6, "year", "范围"),
        (10**12, "hour", "范围"),
    ],
)
def test_a_period_that_cannot_be_counted_says_why(n: int, unit: str, says: str) -> None:
    with pytest.raises(CountError, match=says):
        CALENDAR.add(date(2026, 9, 18), n, unit)


def new_year_2027() -> dict[str, object]:
    return {
        "year": 2027,
        "title": "2027年放假安排",
        "holiday": [
            {
                "name": "元旦",
                "from": date(2027, 1, 1),
                "to": date(2027, 1, 3),
                "work": [date(2026, 12, 26)],
            }
        ],
    }


def test_a_new_notice_moves_only_the_periods_it_touches() -> None:
    old, new = CALENDAR, CALENDAR.with_notice(new_year_2027())
    periods = [
        Period("a", date(2026, 12, 28), 5, "workday"),
        Period("b", date(2026, 9, 18), 7, "workday"),
        Period("c", date(2026, 12, 24), 3, "workday"),
    ]
    moved = {
        period.id: (before.due, after.due, after.provisional)
        for period, before, after in changed(periods, old, new)
    }
    assert moved == {
        "a": (date(2027, 1, 4), date(2027, 1, 5), False),
        "c": (date(2026, 12, 29), date(2026, 12, 28), False),
    }


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"name": "元旦", "from": "2027-01-01"}, "应为日期"),
        ({"name": "元旦", "from": date(2027, 1, 3), "to": date(2027, 1, 1)}, "早于"),
        ({"name": "元旦", "from": date(2020, 1, 3)}, "年份"),
        ({"name": "元旦", "from": date(2027, 1, 1), "work": [date(2027, 1, 1)]}, "放假期间"),
        ({"from": date(2027, 1, 1)}, "name"),
    ],
)
def test_a_faulty_notice_says_what_to_mend(row: dict[str, object], says: str) -> None:
    with pytest.raises(NoticeFault, match=says):
        CALENDAR.with_notice({"year": 2027, "holiday": [row]})


def test_every_year_from_2004_to_2026_has_its_notice_and_no_invented_number() -> None:
    assert sorted(CALENDAR.notices) == list(range(2004, 2027))
    assert all(notice.number == "" or notice.confirmed for notice in CALENDAR.notices.values())
