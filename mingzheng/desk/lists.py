"""The list of cases: filter, sort, page by key, export."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from openpyxl import Workbook
from openpyxl.styles import Font

from mingzheng.agencies import access
from mingzheng.core import clock
from mingzheng.desk.inbox import record_light, state_name
from mingzheng.procedures import registry
from mingzheng.records import law
from mingzheng.records.actors import Actor
from mingzheng.records.duties import LEAD
from mingzheng.records.models import Record

PAGE = 20
# Excel takes a cell that begins like this for a formula; a quote mark in front makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cases(by: Actor, asked: QueryDict) -> QuerySet[Record]:
    """The visible cases that the query asks for."""
    found = access.visible(by).filter(kind="penalty")
    word = asked.get("q", "").strip()[:100]
    if word:
        found = found.filter(
            Q(title__icontains=word) | Q(parties__name__icontains=word) | Q(parties__identifier=word.upper())).distinct()
    if state := asked.get("state"):
        found = found.filter(state=state)
    today = clock.today()
    near = law.calendar().add(today, LEAD, "workday").due
    light = asked.get("light")
    if light == "r":
        found = found.filter(due__lt=today)
    elif light == "y":
        found = found.filter(due__gte=today, due__lte=near)
    elif light == "g":
        found = found.filter(due__gt=near)
    elif light == "n":
        found = found.filter(paused=True)
    return found


def page(found: QuerySet[Record], after: str, sort: str = "due") -> tuple[list[Record], str]:
    """One page by nearest deadline, or newest first (`new`), by key: page 1 and page 10 000 cost the same."""
    if sort == "new":
        newest = found.order_by("-pk")
        rows = list((newest.filter(pk__lt=int(after)) if re.fullmatch(r"\d{1,18}", after) else newest)[:PAGE + 1])
        return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""
    ordered = found.order_by(F("due").asc(nulls_last=True), "pk")
    if (key := _key(after)) is not None:
        due, pk = key
        ordered = ordered.filter(Q(due=None, pk__gt=pk) if due is None else (
            Q(due__gt=due) | Q(due=due, pk__gt=pk) | Q(due=None)))
    rows = list(ordered[:PAGE + 1])
    more = ""
    if len(rows) > PAGE:
        last = rows[PAGE - 1]
        more = f"{last.due.isoformat() if last.due else 'none'}_{last.pk}"
    return rows[:PAGE], more


def _key(after: str) -> tuple[date | None, int] | None:
    """Where a page begins, "DAY_ID" or "none_ID"; None for the first page and for anything else."""
    day, _, pk = after.partition("_")
    if not re.fullmatch(r"\d{1,18}", pk):
        return None
    try:
        return (None if day == "none" else date.fromisoformat(day)), int(pk)
    except ValueError:
        return None


def lines(rows: list[Record]) -> list[dict[str, Any]]:
    """Rows with light and state for the table."""
    return [{"record": row, "light": record_light(row), "state": state_name(row)} for row in rows]


def states() -> list[tuple[str, str]]:
    """The states one may filter by."""
    return [(state.code, state.name) for state in registry.procedure("penalty-ordinary").states]


def workbook(found: QuerySet[Record]) -> bytes:
    """The list as .xlsx, every text cell safe from being read as a formula."""
    book = Workbook()
    sheet = book.active
    sheet.title = "执法案件"
    sheet.append(["案件", "环节", "期限", "最后一天", "立案日期"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for record in found.order_by(F("due").asc(nulls_last=True), "pk")[:5000]:
        sheet.append([
            plain(record.title), state_name(record), record_light(record).words,
            record.due.isoformat() if record.due else "", clock.local(record.opened_at).date().isoformat()])
    for column, width in zip("ABCDE", (60, 14, 22, 14, 14), strict=True):
        sheet.column_dimensions[column].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain(text: str) -> str:
    """A cell's text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
