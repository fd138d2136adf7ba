"""How often: one row for each (what, who), shared by the web processes of this machine.

A row holds the moment at which everything spent is given back (the generic cell rate algorithm), so
it needs no window, is exact to the second, and says when to come again. It lies in a small database
of its own beside the product's: a flood of strangers never takes the lock that officers wait for, and
losing the file forgives everybody. Who is kept as a keyed hash, so the file names no address.
"""

from __future__ import annotations

import hashlib
import logging
import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings

from mingzheng.core import clock
from mingzheng.limits import addresses, table

log = logging.getLogger(__name__)
# Rows that are forgiven are thrown away when there are so many; beyond the larger number the oldest go.
SWEEP, MOST = 10_000, 200_000


def spend(name: str, *, address: str = "", about: str = "") -> int:
    """Count one more `name` by this address and about this thing. 0 where it may go on; else the
    seconds after which it may be tried again, and nothing is counted.
    """
    return _asked(name, address, about, True)


def waiting(name: str, *, address: str = "", about: str = "") -> int:
    """The same without counting: for who counts only what failed."""
    return _asked(name, address, about, False)


def _asked(name: str, address: str, about: str, counts: bool) -> int:
    limits = table.numbers()["rate"].get(name, {})
    who = {"address": addresses.group(address) if address else "", "object": about}
    asked = [(_key(name, side, who[side]), *pair) for side, pair in limits.items() if who.get(side)]
    try:
        with _open() as rows:
            return _judge(rows, asked, counts)
    except sqlite3.Error:
        # The counters guard the house; where they fail the house stays open, and the log says so.
        log.warning("the counters of %s could not be used", name, exc_info=True)
        if counts:
            place().unlink(missing_ok=True)
        return 0


def _judge(rows: sqlite3.Connection, asked: list[tuple[str, int, int]], counts: bool) -> int:
    now = clock.now().timestamp()
    later, longest = [], 0.0
    for key, many, seconds in asked:
        found = rows.execute("SELECT free FROM spent WHERE key = ?", (key,)).fetchone()
        # A clock that was set back does not shut anybody out for longer than the whole time.
        free = min(max(found[0] if found else now, now), now + seconds) + seconds / many
        longest = max(longest, free - seconds - now)
        later.append((key, free))
    if longest > 1e-6:
        return math.ceil(longest)
    if counts:
        rows.executemany("INSERT OR REPLACE INTO spent (key, free) VALUES (?, ?)", later)
        _sweep(rows, now)
    return 0


def _sweep(rows: sqlite3.Connection, now: float) -> None:
    (many,) = rows.execute("SELECT COUNT(*) FROM spent").fetchone()
    if many > SWEEP:
        rows.execute("DELETE FROM spent WHERE free < ?", (now,))
    if many > MOST:
        rows.execute(
            "DELETE FROM spent WHERE key IN (SELECT key FROM spent ORDER BY free LIMIT ?)",
            (MOST // 10,),
        )


def place() -> Path:
    """Where they lie; may be emptied at any time."""
    return Path(settings.DATA) / "limits.sqlite3"


def _key(name: str, side: str, who: str) -> str:
    return hashlib.blake2b(
        f"{name} {side} {who}".encode("utf-8", "replace"),
        key=settings.SECRET_KEY.encode()[:64],
        digest_size=18,
    ).hexdigest()


@contextmanager
def _open() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(place(), timeout=2, isolation_level=None)) as rows:
        rows.execute("PRAGMA journal_mode=MEMORY")
        rows.execute("PRAGMA synchronous=OFF")
        rows.execute("BEGIN IMMEDIATE")
        rows.execute("CREATE TABLE IF NOT EXISTS spent (key TEXT PRIMARY KEY, free REAL NOT NULL)")
        yield rows
        rows.execute("COMMIT")
