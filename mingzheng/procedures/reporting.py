"""What a supervising platform is told about a matter: rows of its tables, said by the chapter that
owns the matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from mingzheng.procedures import matter_kinds
from mingzheng.records.models import Record

# Column → text. Coded columns hold our own word (several joined by ";"); the pack's code lists turn
# it into the platform's code.
Row = Mapping[str, str]
Tables = Mapping[str, Sequence[Row]]
Telling = Callable[[Record, date], Tables]


def kinds() -> tuple[str, ...]:
    """The kinds of record that somebody tells a platform about."""
    return tuple(kind.code for kind in matter_kinds.every() if kind.tables)


def tables(record: Record, on: date) -> dict[str, list[Row]]:
    """Table → rows of this record as it stands on `on`; empty where there is nothing to tell
    yet.
    """
    found: dict[str, list[Row]] = {}
    kind = matter_kinds.known(record.kind)
    for function in kind.tables if kind else ():
        for table, rows in function(record, on).items():
            found.setdefault(table, []).extend(rows)
    return found
