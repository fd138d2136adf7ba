"""Deadlines: whole arrays against numpy's own business days, and the lists of lights in the
database.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import numpy
from django.db import connection

from mingzheng.core.workdays import Calendar
from mingzheng.core.workdays.bulk import Table
from mingzheng.core.workdays.calendar import FIRST, LAST
from mingzheng.site.bench.clockwork import rounds

COUNT = 1_000_000


def run() -> dict[str, Any]:
    """Nanoseconds a deadline, the ratio to numpy with the true calendar, milliseconds for reds and
    counts.
    """
    return {"arrays": _arrays(), "lights": [_lights(size) for size in (100_000, COUNT)]}


def _arrays() -> dict[str, Any]:
    calendar = Calendar.shipped()
    table = Table(calendar)
    rng = numpy.random.default_rng(7)
    starts = rng.integers(
        date(2006, 1, 1).toordinal(), date(2026, 9, 1).toordinal(), COUNT, dtype=numpy.int32
    )
    counts = rng.integers(1, 31, COUNT, dtype=numpy.int32)
    off = sorted(set(range(FIRST, LAST + 1)) - set(calendar.workday_numbers()))
    epoch = date(1970, 1, 1).toordinal()
    # A business-day calendar cannot express make-up Saturdays: seven-day week, every day off a
    # holiday.
    busy = numpy.busdaycalendar(
        weekmask="1111111", holidays=numpy.array([n - epoch for n in off], dtype="datetime64[D]")
    )
    as_days = (starts - epoch).astype("datetime64[D]")
    answers: dict[str, Any] = {}

    def ours() -> None:
        answers["ours"] = table.due(starts, counts)

    def numpys() -> None:
        answers["numpy"] = numpy.busday_offset(as_days, counts, roll="preceding", busdaycal=busy)

    taken = rounds({"ours": ours, "numpy": numpys})
    wrong = int((answers["ours"] - epoch != answers["numpy"].astype(numpy.int64)).sum())
    return {
        "deadlines": COUNT,
        "ours_ns": round(taken["ours"] / COUNT * 1e9, 1),
        "numpy_ns": round(taken["numpy"] / COUNT * 1e9, 1),
        "ratio": round(taken["numpy"] / taken["ours"], 1),
        "goal": ">= 20",
        "differ": wrong,
    }


def _lights(size: int) -> dict[str, Any]:
    rng, today = random.Random(7), date(2026, 9, 18)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_duty")
        # The columns and the index of the duty table that the two questions touch, at size.
        cursor.execute(
            "CREATE TABLE bench_duty (id INTEGER PRIMARY KEY, agency_id BIGINT, state VARCHAR(8),"
            " light_due DATE)"
        )
        rows = [
            (n, 1, "open", (today + timedelta(days=rng.randint(-3, 90))).isoformat())
            for n in range(size)
        ]
        cursor.executemany("INSERT INTO bench_duty VALUES (%s, %s, %s, %s)", rows)
        cursor.execute(
            "CREATE INDEX bench_duty_by_light ON bench_duty (agency_id, state, light_due)"
        )
        cursor.execute("ANALYZE bench_duty")
    near = Calendar.shipped().add(today, 2, "workday").due

    def reds() -> None:
        _ask(
            "SELECT id FROM bench_duty WHERE agency_id = 1 AND state = 'open' AND light_due < %s "
            "ORDER BY light_due, id LIMIT 20",
            [today],
        )

    def counts() -> None:
        _ask(
            "SELECT sum(light_due < %s), sum(light_due BETWEEN %s AND %s), sum(light_due > %s) FROM"
            " bench_duty WHERE agency_id = 1 AND state = 'open'",
            [today, today, near, near],
        )

    def ranges() -> None:
        for low, high in ((date.min, today - timedelta(days=1)), (today, near)):
            _ask(
                "SELECT count(*) FROM bench_duty WHERE agency_id = 1 AND state = 'open' AND"
                " light_due BETWEEN %s AND %s",
                [low, high],
            )

    taken = rounds({"reds": reds, "scan": counts, "ranges": ranges})
    return {
        "duties": size,
        "reds_ms": round(taken["reds"] * 1e3, 2),
        "reds_goal_ms": "< 5",
        "counts_one_scan_ms": round(taken["scan"] * 1e3, 2),
        "counts_by_range_ms": round(taken["ranges"] * 1e3, 2),
        "counts_goal_ms": "<= 50",
    }


def _ask(sql: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
