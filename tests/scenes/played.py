"""A matter that many tests begin with is played once and copied.

`case(bodies).go("decided")` costs a second or two, and hundreds of tests begin so. Where a test
has written nothing yet, the database in which a matter has come so far is kept as bytes, and the
next test that wants the same matter goes on in a copy of it. The copy is the same to the byte: the
same ids, the same hashes, the same moments.

A matter is told by how it shall go (`how`: the fine, the texts, whom it is about). A kept stage
depends on what was asked of that until then and on nothing else, so that two matters that differ in
their fines share the way to the draft.

Only where that is certain: SQLite, the plain transaction of a test, no change made before by the
test, nothing replaced by it in the product.
"""

from __future__ import annotations

import copy
import sqlite3
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
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
# As many databases as are kept at once, each half a megabyte beside the first one.
MOST = 400
PAGE = 4096
# What a test asks for when it means to replace something.
REPLACING = {"monkeypatch", "settings", "ledger"}

# How a matter began and the stage that it reached → what is kept of such matters.
_kept: OrderedDict[tuple[str, str], list[Kept]] = OrderedDict()
_walk: dict[type, Callable[..., Any]] = {road: road.go for road in ROADS}
_untouched: tuple[int, list[str]] | None = None
_door = ""
# What is not said, and reads unlike everything that may be.
_NONE = b"not said"


class Pages:
    """A database as the pages in which it differs from the first that was kept."""

    first = b""

    def __init__(self, whole: bytes) -> None:
        cls = type(self)
        cls.first = cls.first or whole
        base = memoryview(cls.first)
        self.size = len(whole)
        self.own = {
            at: page
            for at in range(0, len(whole), PAGE)
            if (page := whole[at : at + PAGE]) != base[at : at + PAGE]
        }

    def whole(self) -> bytes:
        """The bytes of the database."""
        made = bytearray(self.first[: self.size].ljust(self.size, b"\0"))
        for at, page in self.own.items():
            made[at : at + PAGE] = page
        # Nothing in memory has a write-ahead log, whatever the file said that it was copied from.
        made[18:20] = b"\1\1"
        return bytes(made)


class Asked(dict[str, Any]):
    """How a matter shall go, and what of it was asked so far."""

    def __init__(self, how: dict[str, Any], asked: set[str] | None = None) -> None:
        super().__init__(how)
        self.asked = asked or set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        raise Unknown("how a matter goes is asked by name")

    keys = values = items = __iter__  # type: ignore[assignment]

    def said(self, names: Iterable[str]) -> dict[str, str]:
        """What these names stand for, as text."""
        return {name: told(dict.get(self, name, _NONE)) for name in sorted(names)}


@dataclass
class Kept:
    """A matter at a stage: what it was asked on its way, the database, the matter, and the stored
    files as they were.
    """

    asked: dict[str, str]
    pages: Pages
    road: Any
    files: dict[str, Any]

    def whole(self) -> bool:
        """Whether no test has damaged or destroyed its files since."""
        return all(moment(sha256) == said for sha256, said in self.files.items())


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
    """What a matter that has not begun depends on, beside how it shall go."""
    play = road.play
    own = {name: value for name, value in vars(road).items() if name not in ("play", "how")}
    place = [str(getattr(settings, name, "")) for name in ("STORE", "DATA", "CHANNELS", "PAGES")]
    return told([type(road).__name__, own, vars(play), place, _door])


def plain() -> bool:
    """Whether the database stands as it was founded, in the one transaction of a test."""
    return _untouched is not None and _untouched == _standing()


def _standing() -> tuple[int, list[str]] | None:
    """How much was written through this connection, and the savepoints that are open; None where
    nothing can be copied.
    """
    if connection.vendor != "sqlite" or not connection.in_atomic_block:
        return None
    return connection.connection.total_changes, list(connection.savepoint_ids)


def open_copy(kept: bytes) -> None:
    """This test goes on in a copy of a database, inside the same transaction as before."""
    old = connection.connection
    params = {**connection.get_connection_params(), "database": ":memory:"}
    new: sqlite3.Connection = connection.get_new_connection(params)
    with closing(sqlite3.connect(":memory:")) as laid:
        laid.deserialize(kept)
        # A database that was laid down as bytes is kept as bytes again without what its open
        # transaction wrote; one that was copied into is not.
        laid.backup(new)
    new.isolation_level = old.isolation_level
    connection.connection = new
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("BEGIN")
        for name in connection.savepoint_ids:
            cursor.execute(f'SAVEPOINT "{name}"')


def become(road: Any, kept: Kept, how: dict[str, Any]) -> None:
    """The matter in hand is where the kept one is; how it goes on is its own."""
    copied = copy.deepcopy(kept.road)
    play = road.play
    play.__dict__.update(copied.play.__dict__)
    road.__dict__.update(copied.__dict__)
    road.play, road.how = play, Asked(how, set(kept.asked))


def go(self: Any, until: str) -> Any:
    """`go` of a road, from the furthest stage that is kept."""
    walk = next(_walk[road] for road in type(self).__mro__ if road in _walk)
    if type(self) not in _walk or self.play.record is not None or not plain():
        return walk(self, until)
    how = self.how
    try:
        begun = fingerprint(self)
        told(how)
    except Unknown:
        return walk(self, until)
    road = sys.modules[type(self).__module__].ROAD  # type: ignore[attr-defined]
    stages = road[: road.index(until) + 1]
    self.how = Asked(how)
    done = 0
    for number in range(len(stages), 0, -1):
        if kept := found(begun, stages[number - 1], self.how):
            open_copy(kept.pages.whole())
            become(self, kept, how)
            done = number
            break
    try:
        for stage in stages[done:]:
            self.stage(stage) if hasattr(self, "stage") else getattr(self, stage)()
            keep(begun, stage, self)
    finally:
        # Also after a refusal: the test goes on with a plain dict.
        self.how = how
    return self


def found(begun: str, stage: str, how: Asked) -> Kept | None:
    """A matter that began like this and has reached this stage, being asked the same."""
    rows = _kept.get((begun, stage), [])
    rows[:] = [row for row in rows if row.whole()]
    for row in rows:
        if row.asked == how.said(row.asked):
            _kept.move_to_end((begun, stage))
            return row
    return None


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


def keep(begun: str, stage: str, road: Any) -> None:
    """The database as it is now, and the matter."""
    how, road.how = road.how, {}
    copied = copy.deepcopy(road)
    road.how = how
    _kept.setdefault((begun, stage), []).append(
        Kept(how.said(how.asked), Pages(connection.connection.serialize()), copied, files())
    )
    _kept.move_to_end((begun, stage))
    while sum(len(rows) for rows in _kept.values()) > MOST:
        _kept.popitem(last=False)


@contextmanager
def copied(replaces: bool, door: str = "") -> Iterator[None]:
    """One test: its matters may be copies unless it replaces something; afterwards the database
    is the founded one again.
    """
    global _untouched, _door
    if replaces:
        yield
        return
    own = connection.connection
    _door, _untouched = door, _standing()
    try:
        yield
    finally:
        _untouched = None
        if own is not None and connection.connection is not own:
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
