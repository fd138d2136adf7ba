"""What a list is: columns, filters, orders, pages by key. One noun for every list of the desk.

A list is given parts, query sets that share no row (`agencies.access.Reach.parted` makes them),
and the query of the address. It answers one page for the screen or every row for the sheet,
from the same cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet

from mingzheng.core import given
from mingzheng.desk.lists import keyset
from mingzheng.desk.lists.keyset import Part, Sort
from mingzheng.records.duties import Light

PAGE = 20
# A sheet of more rows is no list any more; whoever needs all of them narrows the filters.
CAP = 10_000
_CHUNK = 500

Narrow = Callable[[QuerySet[Any], str], QuerySet[Any]]


@dataclass(frozen=True)
class Cell:
    """What stands in a cell. `value` is what the sheet gets where that is a day, a moment or a
    number.

    On the screen the main cell may have a `link` with its `verb`, and `done`, the address that
    a press of 已阅 posts to.
    """

    text: str
    value: date | datetime | int | None = None
    link: str = ""
    small: str = ""
    light: Light | None = None
    verb: str = "打开"
    done: str = ""


@dataclass(frozen=True)
class Column:
    """A heading and how to get its cell from a row; `width` in characters of the sheet, 0 for the
    screen only.

    `place` is where it stands on the screen: "due", "main", "state", or empty for the sheet
    only. `sort` and `back` are the keys of the orders that a press on the heading chooses, in
    turns.
    """

    head: str
    cell: Callable[[Any], Cell]
    width: int = 16
    place: str = "state"
    sort: str = ""
    back: str = ""


@dataclass(frozen=True)
class Filter:
    """One condition: `narrow` applies it to a part. `choices` (value, name) for a select; else
    `kind` is word or day.

    `per_tag` says it otherwise for the parts whose model reaches the field by another way.
    """

    name: str
    label: str
    narrow: Narrow
    kind: str = "choice"
    choices: Sequence[tuple[str, str]] = ()
    hint: str = ""
    every: str = "全部"
    lamps: bool = False
    per_tag: Mapping[str, Narrow] = field(default_factory=dict)

    def clean(self, asked: str) -> str:
        """The value if it is one of those that may be asked for, else empty."""
        asked = asked.strip()[:100]
        if self.kind == "word":
            return "" if given.foul(asked) else asked
        if self.kind == "day":
            return asked if given.day(asked) else ""
        return asked if any(asked == value for value, _ in self.choices) else ""

    def on(self, part: Part, value: str) -> Part:
        """The part under this condition."""
        return replace(part, rows=self.per_tag.get(part.tag, self.narrow)(part.rows, value))


@dataclass(frozen=True)
class Page:
    """One page: rows of {column, cell}, and every link, each of which keeps what was asked."""

    listing: Listing
    asked: dict[str, str]
    sort: Sort
    rows: list[list[dict[str, Any]]]
    first: bool
    next: str

    def link(self, **changes: str) -> str:
        """The address of this list with something changed; always from its first page."""
        return (
            self.listing.address
            + "?"
            + urlencode(
                {
                    name: value
                    for name, value in ({"sort": self.sort.key} | self.asked | changes).items()
                    if value
                }
            )
        )

    @property
    def heads(self) -> list[dict[str, Any]]:
        """The headings of the screen: text, link of the order behind it, and which way it runs
        now.
        """
        return [self._head(column) for column in self.listing.columns if column.place]

    def _head(self, column: Column) -> dict[str, Any]:
        now = self.sort.key in (column.sort, column.back) and bool(column.sort)
        turn = column.back if column.back and self.sort.key == column.sort else column.sort
        way = ("descending" if self.sort.descending else "ascending") if now else ""
        return {
            "text": column.head,
            "place": column.place,
            "way": way,
            "link": self.link(sort=turn) if turn else "",
        }

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The filters of the form with their values."""
        return [
            {"filter": each, "value": self.asked.get(each.name, "")}
            for each in self.listing.filters
            if not each.lamps
        ]

    @property
    def lamps(self) -> list[dict[str, str]]:
        """The filter by light as a row of links."""
        return [
            {
                "value": value,
                "name": name,
                "link": self.link(**{each.name: value}),
                "here": "yes" if self.asked.get(each.name, "") == value else "",
            }
            for each in self.listing.filters
            if each.lamps
            for value, name in [("", "全部"), *each.choices]
        ]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form has to carry along."""
        lamps = {each.name for each in self.listing.filters if each.lamps}
        return [
            *self.listing.along.items(),
            *((name, value) for name, value in self.asked.items() if name in lamps),
        ]

    @property
    def cap(self) -> int:
        """How many rows a sheet holds at most."""
        return CAP

    @property
    def following(self) -> str:
        """The address of the next page, or empty."""
        return self.link(after=self.next) if self.next else ""

    @property
    def start(self) -> str:
        """The address of the first page."""
        return self.link()

    @property
    def sheet(self) -> str:
        """The address of the same list as a sheet."""
        return self.link(export="xlsx")

    @property
    def reset(self) -> str:
        """The address without any condition."""
        return self.listing.address + (
            "?" + urlencode(self.listing.along) if self.listing.along else ""
        )

    @property
    def narrowed(self) -> bool:
        """Whether any condition is set."""
        return bool(set(self.asked) - set(self.listing.along))


@dataclass(frozen=True)
class Listing:
    """A list: what it is called, where it is, its columns, filters and orders (the first is the
    usual one).

    `load` maps the tag of a part to the query set that reads its rows with everything the cells
    look at; `along` are words of the address that are no filters (which tab).
    """

    title: str
    address: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    sorts: tuple[Sort, ...]
    load: Mapping[str, QuerySet[Any]]
    along: Mapping[str, str] = field(default_factory=dict)
    empty: str = "这里现在没有内容"
    advice: str = ""

    @property
    def printed(self) -> list[Column]:
        """The columns of the sheet."""
        return [column for column in self.columns if column.width]

    def asked(self, query: Mapping[str, str]) -> dict[str, str]:
        """What of an address this list understands; nonsense counts as not asked."""
        found = {each.name: each.clean(query.get(each.name, "")) for each in self.filters}
        return {**self.along, **{name: value for name, value in found.items() if value}}

    def conditions(self, query: Mapping[str, str]) -> list[tuple[str, str]]:
        """What was asked, in words."""
        asked = self.asked(query)
        return [
            ("排序", self.sort(query).name),
            *(
                (each.label, dict(each.choices).get(asked[each.name], asked[each.name]))
                for each in self.filters
                if each.name in asked
            ),
        ]

    def sort(self, query: Mapping[str, str]) -> Sort:
        """The order asked for, or the usual one."""
        return next((each for each in self.sorts if each.key == query.get("sort")), self.sorts[0])

    def narrowed(self, parts: Sequence[Part], asked: Mapping[str, str]) -> list[Part]:
        """The parts under every condition."""
        found = list(parts)
        for each in self.filters:
            if value := asked.get(each.name, ""):
                found = [each.on(part, value) for part in found]
        return found

    def page(self, parts: Sequence[Part], query: Mapping[str, str], size: int = PAGE) -> Page:
        """One page of the list; a constant number of statements whatever the page and the size of
        the tables.
        """
        asked, sort = self.asked(query), self.sort(query)
        narrowed = self.narrowed(parts, asked)
        after = keyset.read(query.get("after", ""), narrowed, sort)
        found = keyset.keys(narrowed, sort, after, size + 1)
        rows = self._loaded(found[:size])
        more = keyset.written(sort, *rows[-1]) if len(found) > size and rows else ""
        return Page(
            self,
            asked,
            sort,
            [
                [
                    {"column": column, "cell": column.cell(row)}
                    for column in self.columns
                    if column.place
                ]
                for _, row in rows
            ],
            after is None,
            more,
        )

    def all(
        self, parts: Sequence[Part], query: Mapping[str, str], cap: int = CAP
    ) -> Iterator[list[Cell]]:
        """The cells of every row in order, read in pages, at most `cap` and one more that says
        there are others.
        """
        sort, left, after = self.sort(query), cap + 1, None
        narrowed = self.narrowed(parts, self.asked(query))
        while left > 0:
            found = keyset.keys(narrowed, sort, after, min(_CHUNK, left))
            rows = self._loaded(found)
            for _, row in rows:
                yield [column.cell(row) for column in self.printed]
            left -= len(found)
            if len(found) < _CHUNK or not rows:
                return
            after = keyset.position(sort, *rows[-1])

    def _loaded(self, found: Sequence[tuple[str, int]]) -> list[tuple[str, Model]]:
        """The rows behind the keys, one statement a kind (and one for each thing it fetches
        along).
        """
        rows: dict[tuple[str, int], Model] = {}
        for tag in dict.fromkeys(tag for tag, _ in found):
            for row in self.load[tag].filter(pk__in=[pk for each, pk in found if each == tag]):
                rows[tag, row.pk] = row
        return [(tag, rows[tag, pk]) for tag, pk in found if (tag, pk) in rows]
