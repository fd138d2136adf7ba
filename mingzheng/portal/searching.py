"""Search in what is public now, and the register of what was withdrawn: by keys, never by page
numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from mingzheng.agencies.models import Agency, Party
from mingzheng.core import given
from mingzheng.disclosure.models import Publication
from mingzheng.portal import indexing
from mingzheng.portal.reading import Line, line
from mingzheng.portal.tombs import Tomb, tomb
from mingzheng.rulebook.adopted import enforcing
from mingzheng.search.reading import Asked

PAGE = 20
# Counting stops here: past it nobody needs the number, and the database need not walk on.
CAP = 1000
# A longer question is a pasted document, not a search.
LONGEST = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Question:
    """What was asked, as understood; `faults` says what could not be."""

    q: str
    agency: str
    since: date | None
    until: date | None
    party: str
    faults: tuple[str, ...]

    def said(self) -> list[str]:
        """The conditions in words, for the reader and for the empty page."""
        names = {body.code: body.name for body in enforcing()}
        shown = self.q if len(self.q) <= 40 else self.q[:40] + "……"
        return [
            text
            for text in (
                f"“{shown}”" if self.q else "",
                names.get(self.agency, ""),
                f"{_cn(self.since)}起" if self.since else "",
                f"{_cn(self.until)}止" if self.until else "",
                f"当事人是{Party.KINDS[self.party]}" if self.party else "",
            )
            if text
        ]


@dataclass(frozen=True)
class Found:
    """A page of lines, how many there are in words, and the key of the next page."""

    lines: tuple[Line, ...]
    count: str
    next: str


def ask(data: Mapping[str, str]) -> Question:
    """Read the question from the address; what is not understood becomes a sentence."""
    faults = []
    q = _CONTROL.sub(" ", data.get("q", "")).strip()
    if len(q) > LONGEST:
        faults.append(
            f"关键词太长：最多 {LONGEST} 个字，现在是 {len(q)} 个字。请只留名称、文号或者几个关键的字。"
        )
    days: list[date | None] = []
    for name, label in (("since", "公示日期起"), ("until", "公示日期止")):
        days.append(given.day(data.get(name)))
        if data.get(name) and days[-1] is None:
            faults.append(f"{label}没有看懂，请写成 2026-08-20 这样。")
    if days[0] and days[1] and days[0] > days[1]:
        faults.append("公示日期的起日晚于止日，请调换。")
    known = {body.code for body in enforcing()}
    agency, party = data.get("agency", ""), data.get("party", "")
    return Question(
        q,
        agency if agency in known else "",
        days[0],
        days[1],
        party if party in Party.KINDS else "",
        tuple(faults),
    )


def search(asked: Question, after: str = "") -> Found:
    """Newest first. `after` is the key `date.id` of the last line already seen."""
    if asked.faults:
        return Found((), "0", "")
    index = indexing.opened()
    if index is None:
        rows, more, seen = _page(_matching(indexing.public(), asked), after)
        return _found(rows, more, seen)
    news, key = indexing.since(index), _read(after)
    came, came_more, came_seen = _page(_matching(news.came, asked), after)
    answer = index.find(_asked(asked, key, news.gone), PAGE, CAP)
    held = {row.pk: row for row in indexing.public().filter(pk__in=answer.ids)}
    rows = sorted([*came, *held.values()], key=lambda row: (row.published_on, row.pk), reverse=True)
    return _found(
        rows[:PAGE],
        came_more or answer.more or len(rows) > PAGE,
        came_seen + answer.count + answer.capped,
    )


def _asked(asked: Question, key: tuple[date, int] | None, gone: frozenset[int]) -> Asked:
    equal = [("agency", Agency.objects.get(code=asked.agency).pk)] if asked.agency else []
    equal += [("party", indexing.PARTIES[asked.party])] if asked.party else []
    return Asked(
        tuple(asked.q.split()),
        tuple(equal),
        asked.since.toordinal() if asked.since else None,
        asked.until.toordinal() if asked.until else None,
        (key[0].toordinal(), key[1]) if key else None,
        gone,
    )


def _page(rows: QuerySet[Publication], after: str) -> tuple[list[Publication], bool, int]:
    seen = len(rows.values_list("pk", flat=True)[: CAP + 1])
    page = list(_after(rows, "published_on", after).order_by("-published_on", "-id")[: PAGE + 1])
    return page[:PAGE], len(page) > PAGE, seen


def _found(rows: list[Publication], more: bool, seen: int) -> Found:
    bodies = Agency.objects.in_bulk()
    return Found(
        tuple(line(row, bodies) for row in rows),
        f"{CAP}+" if seen > CAP else str(seen),
        _key(rows[-1].published_on, rows[-1].pk) if more and rows else "",
    )


def _matching(rows: QuerySet[Publication], asked: Question) -> QuerySet[Publication]:
    for word in asked.q.split():
        rows = rows.filter(search__icontains=word)
    if asked.agency:
        rows = rows.filter(agency_id=Agency.objects.get(code=asked.agency).pk)
    if asked.since:
        rows = rows.filter(published_on__gte=asked.since)
    if asked.until:
        rows = rows.filter(published_on__lte=asked.until)
    return rows.filter(party_kind=asked.party) if asked.party else rows


def withdrawn(after: str = "", limit: int = PAGE) -> tuple[list[Tomb], str, int]:
    """The register of withdrawals, newest first, its next key and how many there are."""
    rows = Publication.objects.filter(state=Publication.WITHDRAWN)
    number = rows.count()
    page = list(
        _after(rows, "withdrawn_on", after)
        .select_related("withdrawn_by", "record")
        .order_by("-withdrawn_on", "-id")[: limit + 1]
    )
    more = len(page) > limit
    return (
        [tomb(row) for row in page[:limit]],
        _key(page[limit - 1].withdrawn_on, page[limit - 1].pk) if more else "",
        number,
    )


def _after(rows: QuerySet[Publication], field: str, key: str) -> QuerySet[Publication]:
    found = _read(key)
    return (
        rows.filter(Q(**{f"{field}__lt": found[0]}) | Q(**{field: found[0], "id__lt": found[1]}))
        if found
        else rows
    )


def _read(key: str) -> tuple[date, int] | None:
    """The day and id of a key; None for nonsense, which starts at the top."""
    day, _, number = key.partition(".")
    on, pk = given.day(day), given.number(number)
    return (on, pk) if on is not None and pk is not None else None


def _key(on: date | None, pk: int) -> str:
    return f"{on:%Y-%m-%d}.{pk}"


def _cn(on: date | None) -> str:
    return f"{on.year}年{on.month}月{on.day}日" if on else ""
