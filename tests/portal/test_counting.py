"""“公示期限怎么算的”: the same days the engine counted, each one named."""

from __future__ import annotations

from datetime import date

from mingzheng.core import regimes, workdays
from mingzheng.core.canonical import plain
from mingzheng.portal.counting import Count, count

CALENDAR = workdays.Calendar.shipped()


def counted(decided: date, done: date | None, pack: str = "wenshang-industry") -> Count:
    """The publication duty of a penalty decision of this day."""
    (row,) = [
        each
        for each in (
            regimes.shipped()
            .regime(pack)
            .owed("decision.made", decided, {"kind": "penalty"}, CALENDAR)
        )
        if each.topic == "publication/decision"
    ]
    found = count(plain(row.how), done)  # type: ignore[arg-type]
    assert found is not None and found.due == row.due
    return found


def looks(found: Count) -> list[str]:
    return [f"{cell.on:%m-%d} {cell.look or cell.mark}" for cell in found.cells]


def test_weekends_and_the_festival_are_hatched_and_the_make_up_day_is_counted() -> None:
    found = counted(date(2026, 9, 18), date(2026, 9, 24))
    assert looks(found) == [
        "09-18 start",
        "09-19 off",
        "09-20 1",
        "09-21 2",
        "09-22 3",
        "09-23 4",
        "09-24 mk",
        "09-25 off",
        "09-26 off",
        "09-27 off",
        "09-28 6",
        "09-29 due",
    ]
    assert [cell.under for cell in found.cells][2] == "补班" and "中秋" in found.cells[7].under
    assert (found.nth, found.ahead, found.late) == (5, 2, False)


def test_the_last_day_itself_is_in_time() -> None:
    found = counted(date(2026, 9, 18), date(2026, 9, 29))
    assert (found.nth, found.ahead, found.late) == (7, 0, False) and found.cells[-1].look == "mk"


def test_a_publication_on_a_rest_day_counts_no_further() -> None:
    found = counted(date(2026, 9, 18), date(2026, 9, 26))
    assert found.rest and (found.nth, found.ahead, found.late) == (5, 2, False)


def test_a_publication_on_the_very_day_is_number_nought() -> None:
    assert (
        counted(date(2026, 9, 18), date(2026, 9, 18)).nth,
        counted(date(2026, 9, 18), None).nth,
    ) == (0, None)


def test_a_late_publication_is_late_and_its_days_are_not_numbered() -> None:
    found = counted(date(2026, 8, 14), date(2026, 8, 27))
    assert found.late and found.nth is None and found.ahead is None
    assert looks(found)[-3:] == ["08-25 due", "08-26 late", "08-27 mk"]


def test_a_long_count_is_told_as_a_sum() -> None:
    found = counted(date(2026, 9, 18), None, "changzhi-petition-2020")
    assert found.number == 20 and found.cells == () and len(found.skipped) > 7


def test_deductions_and_extensions_are_named() -> None:
    found = count(
        {
            "start": {"act": "case.opened", "date": "2026-03-02"},
            "within": 90,
            "unit": "day",
            "due": "2026-06-10",
            "source": "行政处罚法 第六十条",
            "suspensions": [{"from": "2026-03-10", "until": "2026-03-20", "why": "检测"}],
            "extensions": [{"by": 30, "unit": "day"}],
        },
        date(2026, 5, 1),
    )
    assert found is not None and found.cells == () and found.nth is None
    assert found.deducted == (
        (date(2026, 3, 10), date(2026, 3, 20), "检测"),
    ) and found.extended == ("30 日（自然日）",)


def test_promptly_counts_nothing() -> None:
    assert (
        count({"start": {"act": "decision.made", "date": "2026-03-02"}, "within": "promptly"}, None)
        is None
    )
