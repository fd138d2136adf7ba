"""The database of the tests with the standing bodies of the demo, founded once and copied.

Migrating and founding take some eight seconds. The founded database lies in a file that is named
by the content of the product and the law; as long as neither changes, every run and every worker
of a run copies it.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".pytest_cache" / "founded"
# As many as a branch or two need.
MOST = 4
# The quick way: nothing that begins with this database tests the strength of a hash.
HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def content() -> str:
    """What the founded database depends on: the product, its law, and how the tests found it."""
    digest = hashlib.sha256(repr(HASHERS).encode())
    for folder in ("mingzheng", "law"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".toml", ".json") and path.is_file():
                digest.update(f"{path.relative_to(ROOT)}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:24]


def from_file(make: Callable[[], None]) -> None:
    """The test database as a copy of the file; where there is none, `make` founds it here and it is
    kept.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{content()}.sqlite3"
    # One worker founds, the other waits and copies.
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            _copy(path)
            return
        make()
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as target:
            connection.ensure_connection()
            connection.connection.backup(target)
        part.rename(path)
        for old in sorted(KEPT.glob("*.sqlite3"), key=lambda each: each.stat().st_mtime)[:-MOST]:
            old.unlink(missing_ok=True)


def lay(target: Path) -> None:
    """The founded database as the file of an installation. Whoever asks has asked for the test
    database before, so that it is there.
    """
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.copyfile(KEPT / f"{content()}.sqlite3", target)


def settle(target: Path, make: Callable[[], None]) -> None:
    """The founded database as the file of the installation that this process is, outside the tests:
    copied where it is kept, founded by `make` where no test has kept it yet.
    """
    try:
        lay(target)
    except FileNotFoundError:
        make()


def _copy(path: Path) -> None:
    path.touch()
    name = connection.creation._get_test_db_name()
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as source:
        source.backup(connection.connection)
