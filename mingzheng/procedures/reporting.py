"""What a supervising platform is told about a matter: rows of its tables, said by the chapter that
owns the matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from mingzheng.records.models import Record

# Column → text. Coded columns hold our own word (several joined by ";"); the pack's code lists turn
# it into the platform's code.
Row = Mapping[str, str]
Tables = Mapping[str, Sequence[Row]]
Telling = Callable[[Record, date], Tables]
_telling: dict[str, list[Telling]] = {}


def register_tables(kind: str, function: Telling) -> None:
    """Say which rows of which tables a record of this kind makes; a kind may have several such
    functions.
    """
    _telling.setdefault(kind, []).append(function)


def kinds() -> tuple[str, ...]:
    """The kinds of record that somebody tells a platform about."""
    return tuple(_telling)


def tables(record: Record, on: date) -> dict[str, list[Row]]:
    """Table → rows of this record as it stands on `on`; empty where there is nothing to tell
    yet.
    """
    found: dict[str, list[Row]] = {}
    for function in _telling.get(record.kind, ()):
        for table, rows in function(record, on).items():
            found.setdefault(table, []).extend(rows)
    return found
