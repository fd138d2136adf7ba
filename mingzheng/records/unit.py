"""The unit of work: a transaction that seals what it did
([0023](../../docs/decisions/0023-effects.md)).

`work()` stands wherever a room would say `transaction.atomic()`. The outermost one ends, still within
its transaction, by writing one effect over every kept row that was created, changed or removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

# What a row is known by: its model and its key.
Key = tuple[type[Any], Any]
# Of a row that has to be read again, and of one that is gone.
READ, GONE = object(), object()


class Unit:
    """What one transaction did so far, in order: rows with their text, `READ` or `GONE`; acts with
    what their leaves commit to.
    """

    def __init__(self) -> None:
        self.rows: dict[Key, Any] = {}
        self.acts: dict[int, bytes] = {}


# In tests: what is digested from memory is read again and compared.
strict = False
_seal: list[Callable[[Unit], None]] = []


def seal_with(function: Callable[[Unit], None]) -> None:
    """Say who writes the effect of a unit; said once, when the models are there."""
    _seal[:] = [function]


def current() -> Unit | None:
    """The unit that is open on this connection."""
    return getattr(connection, "unit_of_work", None)


@contextmanager
def work() -> Iterator[Unit]:
    """A transaction, or a part of one that can be taken back by itself; sealed at the end of the
    outermost.
    """
    unit = current()
    if unit is None:
        with transaction.atomic():
            unit = Unit()
            connection.unit_of_work = unit  # type: ignore[attr-defined]
            try:
                yield unit
                if unit.rows or unit.acts:
                    _seal[0](unit)
            finally:
                connection.unit_of_work = None  # type: ignore[attr-defined]
        return
    rows, acts = dict(unit.rows), dict(unit.acts)
    try:
        with transaction.atomic():
            yield unit
    except BaseException:
        unit.rows, unit.acts = rows, acts
        raise


@contextmanager
def joined() -> Iterator[Unit]:
    """The open unit without a savepoint, for a single statement; a unit of its own where none is
    open.
    """
    unit = current()
    if unit is not None:
        yield unit
        return
    with work() as made:
        yield made
