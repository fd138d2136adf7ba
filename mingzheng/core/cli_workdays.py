"""`mingzheng workdays add DATE N --unit …`, or JSON Lines from standard input with `-`."""

import argparse
import json
import sys
from datetime import date, datetime
from io import TextIOWrapper
from typing import Any

from mingzheng.core.workdays import UNITS, Calendar, Counted, CountError, NoticeFault

PROVISIONAL = "暂估：{year} 年的国务院放假通知尚未载入，只按周末推算；通知公布后请重新计算"


def add_workdays_commands(parser: argparse.ArgumentParser) -> None:
    """Put the sub-commands of `workdays` on a parser."""
    commands = parser.add_subparsers(required=True, metavar="命令", dest="command")
    add = commands.add_parser("add", help="自某日起加若干工作日、日、月、年或小时")
    add.add_argument(
        "date",
        metavar="日期",
        help="起算日（当日不计），如 2026-09-18；写 - 从标准输入读 JSON Lines",
    )
    add.add_argument("n", metavar="数量", nargs="?", help="期间长度，非负整数")
    add.add_argument(
        "--unit",
        metavar="单位",
        choices=UNITS,
        default="workday",
        help="hour 小时、workday 工作日（默认）、day 自然日、month 月、year 年",
    )
    add.add_argument(
        "--roll", action="store_true", help="到期日遇休息日顺延至下一工作日（日、月、年）"
    )
    add.add_argument("--json", action="store_true", help="输出 JSON")
    add.set_defaults(answer=_add)


def _add(options: argparse.Namespace) -> int:
    try:
        calendar = Calendar.shipped()
    except NoticeFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    if options.date == "-":
        return _many(calendar)
    if options.n is None:
        sys.stderr.write("缺少参数：数量，如 mingzheng workdays add 2026-09-18 7\n")
        return 2
    try:
        counted = calendar.add(_start(options.date), _whole(options.n), options.unit, options.roll)
    except CountError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(_line(counted) if options.json else f"{counted.due.isoformat()}\n")
    if not counted.provisional:
        return 0
    first = next(
        (
            year
            for year in range(counted.start.year, counted.due.year + 1)
            if year not in calendar.notices
        ),
        counted.due.year,
    )
    sys.stderr.write(PROVISIONAL.format(year=first) + "\n")
    return 3


def _start(text: object) -> date:
    try:
        held = str(text)
        return datetime.fromisoformat(held) if "T" in held else date.fromisoformat(held)
    except ValueError:
        raise CountError(f"“{text}”不是日期，应写成 2026-09-18") from None


def _whole(text: object) -> int:
    try:
        if isinstance(text, (bool, float)):
            raise ValueError
        return int(str(text))
    except ValueError:
        raise CountError(f"期间长度应为整数，而不是“{text}”") from None


def answer_of(counted: Counted) -> dict[str, Any]:
    """The JSON of one counted period."""
    return {
        "due": counted.due.isoformat(),
        "provisional": counted.provisional,
        "skipped": [{"date": day.isoformat(), "why": why} for day, why in counted.skipped],
        "worked": [{"date": day.isoformat(), "why": why} for day, why in counted.worked],
    }


def _line(counted: Counted) -> str:
    return json.dumps(answer_of(counted), ensure_ascii=False) + "\n"


def _many(calendar: Calendar) -> int:
    """One JSON answer a line; a line that can't be answered holds {"error"} and the exit is 1."""
    bad = 0
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # a line that is no UTF-8 is a bad line, no crash
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            sys.stdout.write(_line(_asked(line, calendar)))
        except CountError as error:
            bad += 1
            sys.stdout.write(json.dumps({"error": str(error)}, ensure_ascii=False) + "\n")
            sys.stderr.write(f"第 {number} 行：{error}\n")
    return 1 if bad else 0


def _asked(line: str, calendar: Calendar) -> Counted:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise CountError("不是合法的 JSON") from None
    if not isinstance(row, dict) or "date" not in row or "n" not in row:
        raise CountError('每行应为 {"date", "n", "unit", "roll"}')
    roll = row.get("roll", False)
    if not isinstance(roll, bool):
        raise CountError(f"roll 应为 true 或 false，而不是 {roll!r}")
    return calendar.add(
        _start(row["date"]), _whole(row["n"]), str(row.get("unit", "workday")), roll
    )
