"""Pages as files: what an answer was, to the byte, until something about it changes.

Beside a page lies its *turn*: a word that changes whenever the page is dropped. Whoever makes a
page anew reads the turn before the database and may keep what he made only if the turn is still
the same; so a page read just before a withdrawal can never be kept after it. While the
transaction that drops a page is open its turn is *held*, and nothing is kept.

A kept page begins with a mark over everything else in it, made with the secret of the installation
and for this very place. What has another mark, is empty or torn is not answered: it goes, the page is
made anew from the database, and the doctor tells of it.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import logging
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

log = logging.getLogger(__name__)
CODE = re.compile(r"[a-z2-7]{26}")
SIZES = ("normal", "large")
HELD, FREE = "held", "free"
# No transaction lasts so long: a turn that is held longer was left behind by a process that died.
FORGOTTEN = 300


@dataclass(frozen=True)
class Kept:
    """An answer: status line, headers, body, and the ETag among the headers."""

    status: str
    headers: tuple[tuple[str, str], ...]
    etag: str
    body: bytes


def _place(code: str, size: str) -> Path:
    return Path(settings.PAGES) / code[:2] / f"{code}.{size}"


def read(code: str, size: str) -> Kept | None:
    """The page as it was kept; None when it has to be made. `code` is of the shape CODE, `size`
    one of SIZES.
    """
    path = f"{settings.PAGES}/{code[:2]}/{code}.{size}"
    try:
        now = os.stat(path)
    except OSError:
        return None
    # A page is only ever replaced as a whole file: the same file, the same page.
    return _read(path, now.st_ino, now.st_mtime_ns)


@lru_cache(maxsize=1024)
def _read(path: str, inode: int, changed: int) -> Kept | None:
    try:
        data = Path(path).read_bytes()
    except OSError:
        return None
    code, _, size = Path(path).name.partition(".")
    mark, _, rest = data.partition(b"\n")
    if not hmac.compare_digest(mark, _mark(code, size, rest)):
        _refuse(code, size, inode, old=mark.startswith(b"{"))
        return None
    head, _, body = rest.partition(b"\n")
    said = json.loads(head)
    return Kept(
        said["status"], tuple((name, value) for name, value in said["headers"]), said["etag"], body
    )


def _mark(code: str, size: str, rest: bytes) -> bytes:
    """What only this installation can write over a page at this place."""
    key = hashlib.sha256(b"mingzheng kept pages" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, f"{code}.{size}\n".encode() + rest, hashlib.sha256).hexdigest().encode()


def _refuse(code: str, size: str, inode: int, old: bool) -> None:
    """Take a page away that is not ours, unless another one lies in its place by now; `old` is one
    that was kept before pages had marks, and nothing to tell of.
    """
    place = _place(code, size)
    with _locked(code), suppress(OSError):
        if place.stat().st_ino == inode:
            place.unlink()
    if not old:
        log.error("kept page %s.%s was changed behind the platform and is made anew", code, size)
        with _foreign().open("a") as told:
            told.write(f"{timezone.now().isoformat()} {code} {size}\n")


def _foreign() -> Path:
    return Path(settings.PAGES) / "foreign.log"


def foreign(since: datetime) -> list[str]:
    """The codes of kept pages that were not ours, found since then."""
    try:
        lines = _foreign().read_text().splitlines()
    except OSError:
        return []
    found = [line.split() for line in lines]
    return [each[1] for each in found if datetime.fromisoformat(each[0]) >= since]


def turn(code: str) -> str:
    """The turn of a page, read before the page is made; one left behind by a dead process is
    freed.
    """
    path = _turn_file(code)
    try:
        word = path.read_text()
        if word.startswith(HELD) and timezone.now().timestamp() - path.stat().st_mtime > FORGOTTEN:
            with _locked(code):
                if path.read_text() == word:
                    path.write_text(f"{FREE} {secrets.token_hex(8)}")
            return path.read_text()
        return word
    except OSError:
        return ""


def keep(
    code: str,
    size: str,
    seen: str,
    status: str,
    headers: Sequence[tuple[str, str]],
    etag: str,
    body: bytes,
) -> bool:
    """Keep a page that was made in the turn `seen`; False when the page was dropped meanwhile, or
    is being dropped.
    """
    if seen.startswith(HELD):
        return False
    place = _place(code, size)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_suffix(f".{secrets.token_hex(6)}")
    head = json.dumps({"status": status, "headers": list(headers), "etag": etag}).encode()
    rest = head + b"\n" + body
    with fresh.open("wb") as file:
        file.write(_mark(code, size, rest) + b"\n" + rest)
        file.flush()
        os.fsync(file.fileno())
    with _locked(code):
        path = _turn_file(code)
        if (path.read_text() if path.exists() else "") == seen:
            os.replace(fresh, place)
            return True
    fresh.unlink()
    return False


def drop(code: str) -> None:
    """Within the transaction that changes a page: it is gone at once, and made anew from the
    database when it is asked for.
    """
    word = secrets.token_hex(8)
    with _locked(code):
        _turn_file(code).write_text(f"{HELD} {word}")
        for size in SIZES:
            _place(code, size).unlink(missing_ok=True)
    transaction.on_commit(lambda: _free(code, word))


def _free(code: str, word: str) -> None:
    with _locked(code):
        path = _turn_file(code)
        # Another transaction may hold it again by now.
        if path.read_text() == f"{HELD} {word}":
            path.write_text(f"{FREE} {secrets.token_hex(8)}")


def codes() -> Iterator[tuple[str, str]]:
    """(code, size) of every page that is kept."""
    for path in sorted(Path(settings.PAGES).glob("??/*")):
        code, _, size = path.name.partition(".")
        if CODE.fullmatch(code) and size in SIZES:
            yield code, size


def _turn_file(code: str) -> Path:
    return Path(settings.PAGES) / "turns" / code[:2] / code


@contextmanager
def _locked(code: str) -> Iterator[None]:
    path = _turn_file(code).with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
