"""Effects: what a transaction changed, sealed beside its acts; and every kept row held against them
([0023](../../docs/decisions/0023-effects.md)).
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from mingzheng.core.canonical import commitment
from mingzheng.records import kept, unit
from mingzheng.records.ids import effect_id
from mingzheng.records.models import Act, Effect, Leaf

# Rows of the opening balance in one effect.
OPENING = 1000
# How an effect begins that binds what the sealer and its witnesses signed.
COVER = '{"acts":[],"cover":'
# So many leaves are taken again: what was written before them may be committed after them.
RECENT = 1000


@dataclass(frozen=True)
class Fault:
    """A row that is not as its last effect left it; `acts` are those of that effect."""

    table: str
    id: Any
    what: str
    acts: tuple[int, ...] = ()

    def __str__(self) -> str:
        after = f"，最后一次改动是行为 {'、'.join(map(str, self.acts))}" if self.acts else ""
        return f"表 {self.table} 的第 {self.id} 行{self.what}{after}。"


CHANGED, MISSING, ADDED = "被改过", "不见了", "没有来历，不是本系统写入的"


def seal(done: unit.Unit) -> None:
    """Write the effect of a unit, and the leaves of it and of its acts; in the unit's own
    transaction.
    """
    again: dict[type[Any], list[Any]] = {}
    for (model, key), said in done.rows.items():
        if said is unit.READ:
            again.setdefault(model, []).append(key)
    texts = {model: kept.read(model, keys) for model, keys in again.items()}
    if unit.strict:
        _examine(done)
    rows = [
        (
            model._meta.db_table,
            key,
            None if said is unit.GONE else texts[model].get(key) if said is unit.READ else said,
        )
        for (model, key), said in done.rows.items()
    ]
    leaves = [Leaf(entry=act, commitment=bound) for act, bound in done.acts.items()]
    Leaf.objects.bulk_create([*leaves, write(rows, list(done.acts))])


def _examine(done: unit.Unit) -> None:
    """AssertionError where memory says other than was written."""
    for (model, key), said in done.rows.items():
        if isinstance(said, str):
            now = kept.read(model, [key]).get(key)
            assert now == said, f"{model.__name__} {key}: wrote {said}, holds {now}"


def write(
    rows: Iterable[tuple[str, Any, str | None]],
    acts: list[int],
    opening: bool = False,
    cover: dict[str, int] | None = None,
) -> Leaf:
    """The row of an effect; answers its leaf."""
    salt, number = secrets.token_bytes(32), effect_id()
    said = [
        [table, key, digest(salt, text) if text is not None else None] for table, key, text in rows
    ]
    told = {"acts": acts, "id": number, "rows": said, **({"opening": True} if opening else {})}
    told |= {"cover": cover} if cover else {}
    body = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    Effect.objects.create(id=number, body=body, salt=salt, opening=opening)
    return Leaf(entry=number, commitment=commitment(salt, body))


def digest(salt: bytes, text: str) -> str:
    """What an effect says of a row: SHA-256 over its salt and the row's text, in hexadecimal."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def cover() -> int:
    """《电子签名法》第八条: bind the heads, cosignatures and time stamps that have come since the last
    time; answers how many rows.
    """
    # In the order of the leaves: the numbers of effects have none.
    covering = Effect.objects.filter(body__startswith=COVER)
    newest = Leaf.objects.filter(entry__in=covering.values("pk")).order_by("-pk").first()
    before = covering.filter(pk=newest.entry).first() if newest else None
    reached: dict[str, int] = json.loads(before.body)["cover"] if before else {}
    found: list[tuple[str, Any, str | None]] = []
    with unit.work():
        for model in kept.models_covered():
            name = model._meta.db_table
            fresh = list(kept.every(model, after=reached.get(name)))
            found += [(name, key, text) for key, text in fresh]
            if fresh:
                reached[name] = fresh[-1][0]
        if found:
            write(found, [], cover=reached).save(force_insert=True)
    return len(found)


def rows() -> int:
    """How many rows are kept."""
    return sum(model._base_manager.count() for model in kept.models_kept())


def opened() -> int:
    """How many rows the opening balance had."""
    bodies = Effect.objects.filter(opening=True).values_list("body", flat=True)
    return sum(len(json.loads(body)["rows"]) for body in bodies.iterator())


def open_balance() -> int:
    """Seal what stands in an installation that is older than effects; answers the number of rows.
    Done once: nothing where there is an effect, or the log knows of one.
    """
    if Effect.objects.exists() or Leaf.objects.count() > Act.objects.count():
        return 0
    total = 0
    with unit.work():
        for model in kept.models_kept():
            batch: list[tuple[str, Any, str | None]] = []
            for key, text in kept.every(model):
                batch.append((model._meta.db_table, key, text))
                if len(batch) == OPENING:
                    total += _opened(batch)
                    batch = []
            total += _opened(batch)
    return total


def _opened(batch: list[tuple[str, Any, str | None]]) -> int:
    if batch:
        write(batch, [], opening=True).save(force_insert=True)
    return len(batch)


class Fold:
    """The last digest of every row that effects speak of, in a file that goes with it: memory stays
    flat.
    """

    def __init__(self) -> None:
        self.file = tempfile.NamedTemporaryFile(prefix="mingzheng-fold-")
        self.base = sqlite3.connect(self.file.name, isolation_level=None)
        self.base.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
            "CREATE TABLE effect (place INTEGER PRIMARY KEY, number INT, salt BLOB, acts TEXT);"
            "CREATE TABLE last (name TEXT, key, place INT, digest TEXT, PRIMARY KEY (name, key))"
            " WITHOUT ROWID; BEGIN"
        )
        # The newest leaf that was taken, and the highest number among those taken.
        self.newest = self.top = 0
        self.opening = True

    def __enter__(self) -> Fold:
        return self

    def __exit__(self, *_: object) -> None:
        self.base.close()
        self.file.close()

    def follow(self, after: int = 0) -> Iterator[Fault]:
        """Take the effects of the leaves beyond `after`, in their order; each that its leaf does not
        prove, or that no act explains. Those that were taken before are not judged again.
        """
        judged = self.newest
        alone = {
            model._meta.db_table: bool(model.by_itself)
            for model in kept.models_kept()
            if model.by_itself or model.born_alone
        } | {model._meta.db_table: True for model in kept.models_covered()}
        table = Effect._meta.db_table
        for place, index, number, body, salt, bound in _effects(after):
            said = _read(body)
            if place <= judged and said is not None:
                self._take(place, index, salt, said)
                continue
            if said is None or said["id"] != number or commitment(salt, body) != bound:
                yield Fault(table, number, CHANGED, tuple(said["acts"]) if said else ())
            if said is None:
                continue
            if not said["acts"] and not (said.get("opening") and self.opening):
                for name in sorted(self._unexplained(said["rows"], alone)):
                    yield Fault(table, number, f"改了表 {name}，却没有对应的行为")
            # What stood before is opened once, before everything else.
            self.opening = self.opening and bool(said.get("opening"))
            if index is not None and index < self.top and self._later(index, said["rows"]):
                yield Fault(
                    Leaf._meta.db_table, place, "的次序与存证日志不一致", tuple(said["acts"])
                )
            self.top = max(self.top, index or 0)
            self._take(place, index, salt, said)

    def _later(self, index: int, rows: list[list[Any]]) -> bool:
        """Whether one of these rows was taken from a leaf with a higher number already."""
        asked = "SELECT max(ifnull(number, 0)) FROM last JOIN effect USING (place) WHERE name = ? AND key = ?"
        found = (self.base.execute(asked, [name, key]).fetchone()[0] for name, key, _ in rows)
        return any(number is not None and number > index for number in found)

    def _unexplained(self, rows: list[list[Any]], alone: dict[str, bool]) -> set[str]:
        """The tables that no act explains: `alone` says which may do without, and whether also for
        changes.
        """
        return {
            name
            for name, key, _ in rows
            if name not in alone or not alone[name] and self.about(name, key)[0]
        }

    def _take(self, place: int, index: int | None, salt: bytes, said: dict[str, Any]) -> None:
        self.newest = max(self.newest, place)
        self.base.execute(
            "INSERT OR REPLACE INTO effect VALUES (?, ?, ?, ?)",
            (place, index, salt, json.dumps(said["acts"])),
        )
        self.base.executemany(
            "INSERT INTO last VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET place = excluded.place, digest = excluded.digest"
            " WHERE excluded.place > last.place",
            [(name, key, place, digest) for name, key, digest in said["rows"]],
        )

    def differing(self, name: str, rows: Iterable[tuple[Any, str]]) -> Iterator[Any]:
        """The keys of rows that are not as their last effect left them."""
        for batch in batched(rows, 500):
            marks = ",".join("?" * len(batch))
            known = {
                key: (salt, said)
                for key, salt, said in self.base.execute(
                    "SELECT key, salt, digest FROM last JOIN effect USING (place)"
                    f" WHERE name = ? AND key IN ({marks})",
                    [name, *(key for key, _ in batch)],
                )
            }
            for key, text in batch:
                salt, said = known.get(key, (b"", None))
                if said is None or digest(salt, text) != said:
                    yield key

    def count(self, name: str) -> int:
        """How many rows a table should have."""
        asked = "SELECT count(*) FROM last WHERE name = ? AND digest IS NOT NULL"
        return int(self.base.execute(asked, [name]).fetchone()[0])

    def keys(self, name: str) -> Iterator[Any]:
        """The keys of the rows that a table should have."""
        asked = "SELECT key FROM last WHERE name = ? AND digest IS NOT NULL"
        return (key for (key,) in self.base.execute(asked, [name]))

    def about(self, name: str, key: Any) -> tuple[bool, tuple[int, ...]]:
        """Whether a row should be there, and the acts of its last effect."""
        asked = "SELECT digest, acts FROM last JOIN effect USING (place) WHERE name = ? AND key = ?"
        row = self.base.execute(asked, [name, key]).fetchone()
        return (row[0] is not None, tuple(json.loads(row[1]))) if row else (False, ())


def faults() -> Iterator[Fault]:
    """Every row of every kept table that is not as its last effect left it, and every effect that
    its leaf does not prove.
    """
    with Fold() as fold:
        yield from list(fold.follow())
        for model in kept.models_kept():
            yield from faults_of(fold, model)
        for model in kept.models_covered():
            yield from _certain(fold, model, list(fold.keys(model._meta.db_table)))


def faults_of(fold: Fold, model: type[kept.Kept]) -> Iterator[Fault]:
    """The same of one table. What differs is read again while nobody writes: on a running
    installation a row may have been read after its next change.
    """
    suspects = list(_suspects(fold, model))
    if suspects:
        with transaction.atomic():
            yield from list(fold.follow(fold.newest - RECENT))
            yield from _certain(fold, model, suspects)


def _suspects(fold: Fold, model: type[kept.Kept]) -> Iterator[Any]:
    name, seen = model._meta.db_table, 0

    def counted() -> Iterator[tuple[Any, str]]:
        nonlocal seen
        for row in kept.every(model):
            seen += 1
            yield row

    added = list(fold.differing(name, counted()))
    yield from added
    if seen != fold.count(name) or added:
        for batch in batched(fold.keys(name), 500):
            held = set(model._base_manager.filter(pk__in=batch).values_list("pk", flat=True))
            yield from (key for key in batch if key not in held)


def _certain(fold: Fold, model: type[kept.Kept], keys: list[Any]) -> Iterator[Fault]:
    name = model._meta.db_table
    for batch in batched(keys, 500):
        rows = kept.read(model, batch)
        differs = set(fold.differing(name, rows.items()))
        for key in batch:
            expected, acts = fold.about(name, key)
            if key not in rows and expected:
                yield Fault(name, key, MISSING, acts)
            elif key in differs:
                yield Fault(name, key, CHANGED if expected else ADDED, acts)


def _effects(after: int) -> Iterator[tuple[int, int | None, int, str, bytes, bytes]]:
    """(place and number of the leaf, id, body, salt, what the leaf commits to) of effects, in the order of
    their leaves.
    """
    own = Effect.objects.filter(pk=OuterRef("entry"))
    rows = (
        Leaf.objects.filter(pk__gt=after)
        .annotate(body=Subquery(own.values("body")[:1]), salt=Subquery(own.values("salt")[:1]))
        .exclude(body=None)
        .order_by("pk")
        .values_list("pk", "leaf_index", "entry", "body", "salt", "commitment")
    )
    for place, index, number, body, salt, bound in rows.iterator(chunk_size=2000):
        yield place, index, number, body, bytes(salt), bytes(bound)


def _read(body: str) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
        return said if isinstance(said["rows"], list) and isinstance(said["acts"], list) else None
    except (ValueError, TypeError, KeyError):
        return None


def batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most `size`."""
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch
