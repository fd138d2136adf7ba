"""An installation to break: founded once, a story told up to just before the operation, copied for
each injection.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from mingzheng.cases.memos import disagreements
from mingzheng.portal import checking
from mingzheng.records.seal.scrutiny import ledger_faults
from mingzheng.records.verify import verify_all

BASE = "mingzheng.sqlite3"
# The queue's own memory of its tries: work is done at least once, so these say nothing about a half
# state.
QUEUE = frozenset(
    f"jobs_job.{name}" for name in ("tries", "error", "lease_until", "run_after", "state")
)
# Of each column: a digest of its values, how many are empty, how many rows there are.
Print = dict[str, list[Any]]


def enter(folder: Path) -> None:
    """From now on this process is the installation in `folder`."""
    connection.close()
    connection.settings_dict["NAME"] = str(folder / BASE)
    settings.DATA, settings.LOG, settings.KEYS, settings.STORE = (
        folder,
        folder / "log",
        folder / "keys",
        str(folder / "store"),
    )
    settings.PAGES = folder / "pages"


def copy(source: Path, target: Path) -> Path:
    """A fresh copy in place of whatever was there."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return target


def verify() -> list[str]:
    """Everything that `mingzheng verify` says."""
    return [*verify_all(), *ledger_faults(), *disagreements(), *checking.disagreements()]


def fingerprint(base: Path) -> Print:
    """What every column of the database holds, read without the product's code."""
    plain = sqlite3.connect(base)
    found: Print = {}
    try:
        for (table,) in plain.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall():
            done = plain.execute(f'SELECT * FROM "{table}"')
            names = [each[0] for each in done.description]
            rows = done.fetchall()
            for name, values in zip(
                names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True
            ):
                text = "\x00".join(sorted(map(repr, values)))
                empty = sum(each in (None, "") for each in values)
                found[f"{table}.{name}"] = [
                    hashlib.sha256(text.encode()).hexdigest()[:16],
                    empty,
                    len(rows),
                ]
    finally:
        plain.close()
    return found


def differing(one: Print, other: Print, loose: frozenset[str]) -> list[str]:
    """Columns in which two states differ. Of a `loose` column only emptiness and number count: its
    values are new in every run.
    """
    return [
        name
        for name in one
        if name not in QUEUE
        and (one[name][1:] != other[name][1:] if name in loose else one[name] != other[name])
    ]


@contextmanager
def committed(then: Callable[[], None]) -> Iterator[None]:
    """Call `then` after everything that this process commits."""
    real = BaseDatabaseWrapper._commit

    def commit(self: Any) -> Any:
        done = real(self)
        then()
        return done

    def alone(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if not connection.in_atomic_block and not sql.startswith("SELECT"):
            then()
        return done

    BaseDatabaseWrapper._commit = commit
    try:
        with connection.execute_wrapper(alone):
            yield
    finally:
        BaseDatabaseWrapper._commit = real
