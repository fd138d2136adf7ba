"""“公示期限怎么算的”: the day strip or the sum, from the `how` stored with the duty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from mingzheng.core.regimes import vocabulary
from mingzheng.records.words import plain as public

# A strip longer than this is hard to read, so the sum is shown instead: layout, not law.
STRIP = 15
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Cell:
    """One day of the strip: look is start, off, mk, due, late or empty."""

    on: date
    look: str
    under: str
    mark: str
    said: str


@dataclass(frozen=True)
class Count:
    """How the last day was found; `cells` is empty where the sum is shown."""

    start: date
    event: str
    number: int
    unit: str
    due: date | None
    done: date | None
    nth: int | None
    cells: tuple[Cell, ...]
    skipped: tuple[tuple[date, str], ...]
    worked: tuple[tuple[date, str], ...]
    deducted: tuple[tuple[date, date, str], ...]
    extended: tuple[str, ...]
    provisional: bool
    source: str

    @property
    def late(self) -> bool:
        """Whether it was done after the last day."""
        return bool(self.done and self.due and self.done > self.due)

    @property
    def rest(self) -> bool:
        """Whether it was done on a day that does not count."""
        return any(day == self.done for day, _ in self.skipped)

    @property
    def ahead(self) -> int | None:
        """Working days left over when it was done; negative when late, None when not counted by
        days.
        """
        return None if self.nth is None else self.number - self.nth


def count(how: Mapping[str, Any], done: date | None) -> Count | None:
    """The computation as values; None when nothing was counted (及时, no start)."""
    if "start" not in how or not isinstance(how.get("within"), int):
        return None
    words = vocabulary()
    start, due = _day(how["start"]["date"]), _day(how["due"]) if how.get("due") else None
    skipped = tuple((_day(row["date"]), str(row["why"])) for row in how.get("skipped", ()))
    worked = tuple((_day(row["date"]), str(row["why"])) for row in how.get("worked", ()))
    deducted = tuple(
        (_day(row["from"]), _day(row["until"]), str(row.get("why") or ""))
        for row in how.get("suspensions", ())
        if row.get("until")
    )
    extended = tuple(
        str(row.get("until") or f"{row['by']} {words.units.get(str(row.get('unit')), '')}")
        for row in how.get("extensions", ())
    )
    plain = due is not None and how["unit"] == "workday" and not deducted and not extended
    cells = _cells(start, due, done, dict(skipped), dict(worked)) if plain and due else ()
    return Count(
        start,
        words.act_name(how["start"]["act"]),
        int(how["within"]),
        words.units.get(how["unit"], how["unit"]),
        due,
        done,
        _nth(cells, done),
        cells if len(cells) <= STRIP else (),
        skipped,
        worked,
        deducted,
        extended,
        bool(how.get("provisional")),
        public(str(how.get("source", ""))),
    )


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _cells(
    start: date, due: date, done: date | None, off: dict[date, str], worked: dict[date, str]
) -> tuple[Cell, ...]:
    last = max(due, done) if done else due
    found, n = [Cell(start, "start", f"周{WEEKDAYS[start.weekday()]}", "起算", "起算，当日不计")], 0
    for day in (start + timedelta(days=k) for k in range(1, (last - start).days + 1)):
        under = "补班" if day in worked else f"周{WEEKDAYS[day.weekday()]}"
        if day > due:
            look, mark, said = (
                ("mk", "公示", "公示，已过期限") if day == done else ("late", "超", "已过期限")
            )
        elif day in off:
            holiday = off[day] if not off[day].startswith("星期") else under
            look, mark, under, said = "off", "休", holiday, f"{off[day]}，不计"
        else:
            n += 1
            look, mark, said = "", str(n), f"第 {n} 个工作日"
        if day == due:
            look, under, said = "due", "截止", f"{said}，最后一天"
        if day == done:
            look, under, said = "mk", "公示", f"{said}，公示"
        found.append(Cell(day, look, under, mark, said))
    return tuple(found)


def _nth(cells: tuple[Cell, ...], done: date | None) -> int | None:
    """How many days had been counted when it was done; None when late or not counted day by day."""
    if (
        done is None
        or not cells
        or any(cell.on == done and "已过期限" in cell.said for cell in cells)
    ):
        return None
    return sum(1 for cell in cells if cell.on <= done and "个工作日" in cell.said)
