"""What is destroyed for good: the content of an act with its salt, and the bytes of a file. Leaf,
row and commitment stay.

Each destroyed thing is named by an act `erasure.executed` of its own: `subject` is the act's
id, or, with `of` "file", the SHA-256 of the file. Triggers let go of a content only on such an
act; `mingzheng verify` misses only such files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from django.db import connection

from mingzheng.records import kept, store
from mingzheng.records.models import Act, ActContent, Attachment

KIND, FILE = "erasure.executed", "file"
_made_from: list[Callable[[str], Sequence[str]]] = []
_kept_besides: list[Callable[[int], None]] = []


def register(
    made_from: Callable[[str], Sequence[str]], kept_besides: Callable[[int], None]
) -> None:
    """A chapter says what it made from a file (SHA-256 of each), and forgets what it keeps besides
    an act's content (act id).
    """
    _made_from.append(made_from)
    _kept_besides.append(kept_besides)


def made_from(sha256: str) -> list[str]:
    """The files that were made from this one and go with it."""
    return [each for chapter in _made_from for each in chapter(sha256)]


def file_erased(sha256: str) -> bool:
    """Whether an erasure names this file."""
    return Act.objects.filter(kind=KIND, of=FILE, subject=sha256).exists()


def erased_files() -> set[str]:
    """The SHA-256 of every file that an erasure names."""
    return set(Act.objects.filter(kind=KIND, of=FILE).values_list("subject", flat=True))


def shared(sha256: str, record_id: int) -> bool:
    """Whether another matter keeps the same bytes."""
    return Attachment.objects.filter(blob=sha256).exclude(record=record_id).exists()


def destroy_content(act: Act) -> None:
    """Remove the JSON and the salt of an act that an erasure of its record names; the database
    refuses any other.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Otherwise the bytes would stay readable in the free pages of the database file.
            cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("DELETE FROM records_actcontent WHERE act_id = %s", [act.pk])
    kept.removed(ActContent, act.pk)
    for forget in _kept_besides:
        forget(act.pk)


def destroy_file(sha256: str) -> None:
    """Remove the bytes of a file that an erasure names; done twice it is done once."""
    if not file_erased(sha256):
        raise ValueError("no erasure names this file")
    path = store.path_of(sha256)
    if path.exists():
        path.unlink()
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
