"""One year's holiday notice of the State Council, read from law/holidays/<year>.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path


@cache
def most_days_off() -> int:
    """How many days off a year's notice may name, from notices.toml."""
    path = Path(__file__).with_name("notices.toml")
    return int(tomllib.loads(path.read_text(encoding="utf-8"))["most_days_off"])


class NoticeFault(ValueError):
    """A notice that cannot be read; the message is Chinese and says how to mend it."""


@dataclass(frozen=True)
class Holiday:
    """`first` to `last` are off, both included; `work` are the make-up workdays."""

    name: str
    first: date
    last: date
    work: tuple[date, ...] = ()

    def days(self) -> list[date]:
        return [self.first + timedelta(n) for n in range((self.last - self.first).days + 1)]


@dataclass(frozen=True)
class Notice:
    """A year's notice. `number` is empty where no text with its 文号 was read."""

    year: int
    title: str
    number: str
    confirmed: bool
    holidays: tuple[Holiday, ...]


def read_notice(data: Mapping[str, object], where: str = "放假通知") -> Notice:
    """Turn the parsed TOML of one year into a Notice, or raise NoticeFault naming `where`."""
    year = data.get("year")
    if not isinstance(year, int) or isinstance(year, bool):
        raise NoticeFault(f"{where}：缺少 year（四位年份，如 year = 2027）")
    rows = data.get("holiday", [])
    if not isinstance(rows, list):
        raise NoticeFault(f"{where}：holiday 应写成 [[holiday]] 表")
    # An empty year would be counted as one that everybody works through.
    if not rows:
        raise NoticeFault(f"{where}：{year} 年一个放假安排也没有，请补上 [[holiday]]")
    notice = Notice(
        year=year,
        title=str(data.get("title", f"{year}年放假安排")),
        number=str(data.get("notice_number", "")),
        confirmed=data.get("confirmed") is True,
        holidays=tuple(_holiday(row, where, year) for row in rows),
    )
    off = sum(len(each.days()) for each in notice.holidays)
    if off > (most := most_days_off()):
        raise NoticeFault(f"{where}：{year} 年放假共 {off} 天，超过 {most} 天，请核对起止日期")
    return notice


def _holiday(row: object, where: str, year: int) -> Holiday:
    if not isinstance(row, Mapping) or not isinstance(row.get("name"), str):
        raise NoticeFault(f"{where}：每个 [[holiday]] 要有 name（节日名称）")
    name = str(row["name"])
    first = _day(row.get("from"), where, name, "from", year)
    last = _day(row.get("to", first), where, name, "to", year)
    if last < first:
        raise NoticeFault(f"{where}：{name} 的 to 早于 from，请核对起止日期")
    work = row.get("work", [])
    if not isinstance(work, list):
        raise NoticeFault(f"{where}：{name} 的 work 应为日期列表，如 work = [2026-02-14]")
    made_up = tuple(_day(day, where, name, "work", year) for day in work)
    inside = [day for day in made_up if first <= day <= last]
    if inside:
        raise NoticeFault(f"{where}：{name} 的调休上班日 {inside[0]} 又在放假期间内，请核对")
    return Holiday(name, first, last, made_up)


def _day(value: object, where: str, name: str, key: str, year: int) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise NoticeFault(f"{where}：{name} 的 {key} 应为日期，如 {year}-10-01（不加引号）")
    if abs(value.year - year) > 1:
        raise NoticeFault(f"{where}：{name} 的日期 {value} 不属于 {year} 年前后，请核对年份")
    return value


def read_folder(folder: Path) -> list[Notice]:
    """Every notice of a folder, ordered by year."""
    notices = []
    for path in sorted(folder.glob("*.toml")):
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise NoticeFault(f"{path.name}：不是合法的 TOML：{error}") from error
        notices.append(read_notice(data, path.name))
    return sorted(notices, key=lambda notice: notice.year)
