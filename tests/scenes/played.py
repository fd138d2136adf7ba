"""A matter that many tests begin with is played once and copied.

`case(bodies).go("decided")` costs a second or two, and hundreds of tests begin so. Where a test
has written nothing yet, the database in which a matter has come so far is kept as bytes, and the
next test that wants the same matter goes on in a copy of it. The copy is the same to the byte: the
same ids, the same hashes, the same moments.

Only where that is certain: SQLite, the plain transaction of a test, no change made before by the
test, nothing replaced by it in the product.
"""

from __future__ import annotations

import copy
import sqlite3
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, models

from mingzheng.records import store
from mingzheng.records.models import Blob
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.licensing import Licensing
from mingzheng.site.demo.other import Otherwise
from mingzheng.site.demo.tour import Tour

ROADS = (Journey, Licensing, Otherwise, Tour)
# As many databases as are kept at once, each a few megabytes.
MOST = 40
# What a test asks for when it means to replace something.
REPLACING = {"monkeypatch", "settings", "ledger"}

# Name → the database, the matter, and the stored files as they were.
_kept: OrderedDict[str, tuple[bytes, Any, dict[str, Any]]] = OrderedDict()
_walk: dict[type, Callable[..., Any]] = {road: road.go for road in ROADS}
_untouched: int | None = None
_door = ""


class Unknown(Exception):
    """Something whose sameness cannot be told."""


def told(value: Any) -> str:
    """A value as text that is the same for the same thing only."""
    match value:
        case None | bool() | int() | str() | float() | date() | bytes():
            return repr(value)
        case models.Model():
            return f"{value._meta.label}:{value.pk}"
        case dict():
            return "{" + ",".join(f"{told(k)}:{told(v)}" for k, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ",".join(told(each) for each in value) + "]"
    raise Unknown(type(value).__name__)


def fingerprint(road: Any) -> str:
    """What a matter that has not begun depends on."""
    play = road.play
    own = {name: value for name, value in vars(road).items() if name != "play"}
    place = [str(getattr(settings, name, "")) for name in ("STORE", "DATA", "CHANNELS", "PAGES")]
    return told([type(road).__name__, own, vars(play), place, _door])


def plain() -> bool:
    """Whether the database stands as it was founded, in the one transaction of a test."""
    return (
        _untouched is not None
        and connection.vendor == "sqlite"
        and len(connection.savepoint_ids) == 1
        and connection.connection.total_changes == _untouched
    )


def open_copy(kept: bytes) -> None:
    """This test goes on in a copy of a database, inside the same transaction as before."""
    old = connection.connection
    params = {**connection.get_connection_params(), "database": ":memory:"}
    new: sqlite3.Connection = connection.get_new_connection(params)
    new.deserialize(kept)
    new.isolation_level = old.isolation_level
    connection.connection = new
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("BEGIN")
        for name in connection.savepoint_ids:
            cursor.execute(f'SAVEPOINT "{name}"')


def become(road: Any, kept: Any) -> None:
    """The matter in hand is where the kept one is."""
    copied = copy.deepcopy(kept)
    play = road.play
    play.__dict__.update(copied.play.__dict__)
    road.__dict__.update(copied.__dict__)
    road.play = play


def go(self: Any, until: str) -> Any:
    """`go` of a road, from the furthest stage that is kept."""
    walk = next(_walk[road] for road in type(self).__mro__ if road in _walk)
    if type(self) not in _walk or self.play.record is not None or not plain():
        return walk(self, until)
    try:
        begun = fingerprint(self)
    except Unknown:
        return walk(self, until)
    road = sys.modules[type(self).__module__].ROAD  # type: ignore[attr-defined]
    stages = road[: road.index(until) + 1]
    done = next((n for n in range(len(stages), 0, -1) if whole(f"{begun}/{stages[n - 1]}")), 0)
    if done:
        name = f"{begun}/{stages[done - 1]}"
        _kept.move_to_end(name)
        data, matter, _ = _kept[name]
        open_copy(data)
        become(self, matter)
    for stage in stages[done:]:
        self.stage(stage) if hasattr(self, "stage") else getattr(self, stage)()
        keep(f"{begun}/{stage}", self)
    return self


def files() -> dict[str, Any]:
    """The files that the database names, each with its size and its moment."""
    return {sha256: moment(sha256) for sha256 in Blob.objects.values_list("pk", flat=True)}


def moment(sha256: str) -> tuple[int, int] | None:
    """When a stored file was written; None when it is not there."""
    try:
        stat = store.path_of(sha256).stat()
    except FileNotFoundError:
        return None
    return stat.st_size, stat.st_mtime_ns


def whole(name: str) -> bool:
    """Whether a matter is kept, and no test has damaged or destroyed its files since."""
    if name not in _kept:
        return False
    if all(moment(sha256) == said for sha256, said in _kept[name][2].items()):
        return True
    del _kept[name]
    return False


def keep(name: str, road: Any) -> None:
    """The database as it is now, and the matter."""
    _kept[name] = (connection.connection.serialize(), copy.deepcopy(road), files())
    while len(_kept) > MOST:
        _kept.popitem(last=False)


@contextmanager
def copied(replaces: bool, door: str = "") -> Iterator[None]:
    """One test: its matters may be copies unless it replaces something; afterwards the database
    is the founded one again.
    """
    global _untouched, _door
    own = connection.connection
    _door = door
    _untouched = None if replaces or own is None else own.total_changes
    try:
        yield
    finally:
        _untouched = None
        if own is not None and connection.connection is not own and connection.vendor == "sqlite":
            try:
                if not connection.needs_rollback:
                    # As Django does it at the end of every test, in the database that it knows.
                    connection.check_constraints()
            finally:
                connection.connection.close()
                connection.connection = own


def install() -> None:
    """Every road of the demo goes this way."""
    for road in ROADS:
        road.go = go  # type: ignore[method-assign]


__all__ = ["REPLACING", "copied", "install"]
