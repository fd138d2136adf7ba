"""Pages by key: a few ordered parts, each along its own index, merged in one statement.

A position is the sort value and the id of the last row shown, so page 10 000 costs what page 1
costs. Rows without a value come last, as a run of their own: a range over an index cannot say
"later, or nothing".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value

from mingzheng.agencies.split import Way, statements
from mingzheng.core import given


@dataclass(frozen=True)
class Part:
    """Rows of one model under a `tag`; `ways` where they are reached by several
    (`Reach.parted`).
    """

    tag: str
    rows: QuerySet[Any]
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True)
class Sort:
    """An order: `field` then id, both ascending or both descending.

    `fields` names the field where a part's model reaches it by another way: {"task":
    "record__due"}. `personal` values (names, titles) stay out of addresses: the position is
    then the id alone, and the value is looked up.
    """

    key: str
    name: str
    field: str
    descending: bool = False
    personal: bool = False
    fields: tuple[tuple[str, str], ...] = ()

    def of(self, tag: str) -> str:
        """The field of the part `tag`."""
        return dict(self.fields).get(tag, self.field)


@dataclass(frozen=True)
class Position:
    """Where a page begins: after the row with this value (None: without one) and id."""

    value: Any
    pk: int


class Beyond(Func):
    """(value, id) > (value, id), compared as rows: what an index over both can answer."""

    output_field = BooleanField()
    arity = 4

    def __init__(self, *expressions: Any, sign: str = ">", **extra: Any) -> None:
        super().__init__(*expressions, **extra)
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """The comparison as both databases write it."""
        sides = [compiler.compile(each) for each in self.source_expressions]
        words = [words for words, _ in sides]
        return f"({words[0]}, {words[1]}) {self.sign} ({words[2]}, {words[3]})", [
            given for _, more in sides for given in more
        ]


def keys(
    parts: Sequence[Part], sort: Sort, after: Position | None, limit: int
) -> list[tuple[str, int]]:
    """The next `limit` (tag, id) of the parts together, at most two statements."""
    found: list[tuple[str, int]] = []
    if after is None or after.value is not None:
        found = _merged([_valued(part, sort, after, limit) for part in parts], sort, limit)
    if len(found) < limit and _nullable(parts, sort):
        rest = after if after is not None and after.value is None else None
        found += _merged(
            [_valueless(part, sort, rest, limit) for part in parts], sort, limit - len(found)
        )
    return found


def count(parts: Sequence[Part], most: int) -> int:
    """How many rows the parts hold together, counted up to `most`, in one statement."""
    cuts = [replace(part, rows=part.rows.order_by().values_list("pk")[:most]) for part in parts]
    found = _fetched(
        cuts, f"SELECT COUNT(*) FROM (SELECT * FROM ({{}}) AS every LIMIT {int(most)}) AS counted"
    )
    return int(found[0][0]) if found else 0


def _nullable(parts: Sequence[Part], sort: Sort) -> bool:
    return any(_field(part.rows.model, sort.of(part.tag)).null for part in parts)


def _field(model: type[Model], path: str) -> Any:
    *way, last = path.split("__")
    for step in way:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]
    return model._meta.pk if last == "pk" else model._meta.get_field(last)


def _valued(part: Part, sort: Sort, after: Position | None, limit: int) -> Part:
    rows, field = part.rows, sort.of(part.tag)
    if after is not None:
        rows = rows.filter(
            Beyond(
                F(field),
                F("pk"),
                Value(after.value, output_field=_field(rows.model, field)),
                Value(after.pk, output_field=rows.model._meta.pk),
                sign="<" if sort.descending else ">",
            )
        )
    elif _field(rows.model, field).null:
        rows = rows.filter(**{f"{field}__isnull": False})
    return _cut(replace(part, rows=rows), field, sort, limit)


def _valueless(part: Part, sort: Sort, after: Position | None, limit: int) -> Part:
    field = sort.of(part.tag)
    rows = part.rows.filter(**{f"{field}__isnull": True})
    if after is not None:
        rows = rows.filter(**{"pk__lt" if sort.descending else "pk__gt": after.pk})
    return _cut(replace(part, rows=rows), field, sort, limit)


def _cut(part: Part, field: str, sort: Sort, limit: int) -> Part:
    sign = "-" if sort.descending else ""
    # Only columns of the index are asked for, so that a filter passes over rows without reading
    # them.
    rows = part.rows.order_by(f"{sign}{field}", f"{sign}pk").values_list(
        field, "pk", Value(part.tag)
    )
    return replace(part, rows=rows[:limit])


def _merged(cuts: Sequence[Part], sort: Sort, limit: int) -> list[tuple[str, int]]:
    """The first rows of several ordered query sets. Django cannot write this for SQLite, so the
    words are joined here.
    """
    way = " DESC" if sort.descending else ""
    return [
        (tag, int(pk))
        for _, pk, tag in _fetched(cuts, "{} " + f"ORDER BY 1{way}, 2{way} LIMIT {int(limit)}")
    ]


def _fetched(cuts: Sequence[Part], frame: str) -> list[tuple[Any, ...]]:
    words: list[str] = []
    given: list[Any] = []
    for cut in cuts:
        for sql, values in statements(cut.rows, cut.ways):
            words.append(f"SELECT * FROM ({sql}) AS part{len(words)}")
            given += values
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(frame.format(" UNION ALL ".join(words)), given)
        return list(cursor.fetchall())


def position(sort: Sort, tag: str, row: Model) -> Position:
    """Where the rows after this one begin."""
    value: Any = row
    for step in sort.of(tag).split("__"):
        value = getattr(value, step)
    return Position(value, row.pk)


def written(sort: Sort, tag: str, row: Model) -> str:
    """The position after a row as it stands in an address."""
    at = position(sort, tag, row)
    if sort.personal:
        return str(at.pk)
    said = at.value.isoformat() if isinstance(at.value, date) else at.value
    return f"{'none' if said is None else said}_{at.pk}"


def read(text: str, parts: Sequence[Part], sort: Sort) -> Position | None:
    """The position of an address; None for the first page and for anything else.

    A position by id alone is looked up among the parts, so that a foreign record answers nothing.
    """
    value, _, pk = text.rpartition("_")
    at = given.number(pk)
    if at is None:
        return None
    if sort.personal:
        here = [
            replace(part, rows=part.rows.filter(pk=at).order_by().values_list(sort.of(part.tag)))
            for part in parts
        ]
        found = _fetched(here, "{}")
        return Position(found[0][0], at) if found else None
    if value == "none":
        return Position(None, at)
    typed = _typed(value, parts, sort)
    return None if typed is None else Position(typed, at)


def _typed(value: str, parts: Sequence[Part], sort: Sort) -> Any:
    """The value by which the list is ordered; None for nonsense."""
    kind = _field(parts[0].rows.model, sort.of(parts[0].tag)).get_internal_type()
    if kind == "DateField":
        return given.day(value)
    if kind == "DateTimeField":
        moment = given.moment(value)
        return moment if moment and datetime.fromisoformat(value).tzinfo else None
    return given.number(value)
