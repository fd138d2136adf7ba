"""One query set, several disjoint ways to its rows: compiled once, said once for each way.

Who may see a matter is an "or" (his unit's, those he handles elsewhere, a whole county's), and
no index answers an "or" in order. Each way by itself runs along one index; a list joins the
ways and takes the first rows of each. The query set carries a mark where the condition of a way
goes, so that filters and orders are put on it only once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, F, Func, Model, QuerySet

M = TypeVar("M", bound=Model)
# (condition over the columns {0}, {1} …, its values)
Way = tuple[str, tuple[Any, ...]]
_MARK = re.compile(r"THE_WAY\(([^()]*)\)")


class _Here:
    """Stands among the values where those of a way go."""


class Marked(Func):
    """The place in a query where the condition of a way goes, with the columns that it speaks
    about.
    """

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """A mark that no database understands: only `statements` makes sense of it."""
        names = ", ".join(compiler.compile(each)[0] for each in self.source_expressions)
        return f"THE_WAY({names})", [_Here]


def marked(rows: QuerySet[M], columns: Sequence[str]) -> QuerySet[M]:
    """The rows with a mark for conditions over these columns."""
    return rows.filter(Marked(*(F(column) for column in columns)))


def statements(rows: QuerySet[Any], ways: Iterable[Way]) -> Iterator[tuple[str, list[Any]]]:
    """The statement of each way with its values; of the rows themselves where there is no mark;
    none if nothing can match.
    """
    try:
        sql, given = rows.query.sql_with_params()
    except EmptyResultSet:
        return
    mark = _MARK.search(sql)
    if mark is None:
        yield sql, list(given)
        return
    columns, at = mark.group(1).split(", "), list(given).index(_Here)
    for condition, values in ways:
        said = sql[: mark.start()] + "(" + condition.format(*columns) + ")" + sql[mark.end() :]
        yield said, [*given[:at], *values, *given[at + 1 :]]
