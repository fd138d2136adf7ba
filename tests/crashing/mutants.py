"""Faults planted to see that they are found: called in the child before the operation."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from mingzheng.evidence.models import Upload
from mingzheng.procedures import acts as procedure_acts
from mingzheng.records import store


def row_before_file() -> None:
    """The row speaks of the file before the file is there."""
    adopt, put = store.adopt, store.put

    def adopted(path: Path, made: Any, *rest: Any) -> store.Stored:
        stored = store.Stored(made, path.stat().st_size, "application/octet-stream")
        Upload.objects.filter(state=Upload.OPEN).update(
            blob=store.register(stored), state=Upload.STORED
        )
        return adopt(path, made, *rest)

    def put_late(chunks: Any, media_type: str, limit: int | None = None) -> store.Stored:
        data = b"".join(chunks)
        store.register(store.Stored(store.fingerprint((data,)), len(data), media_type))
        return put((data,), media_type, limit)

    store.adopt, store.put = adopted, put_late


def act_before_effect() -> None:
    """The act is committed by itself and its effect after it, instead of both together."""
    procedure_acts.work = nullcontext


def no_waiting() -> None:
    """Nothing of ours waits for the disk."""
    os.fsync = lambda handle: None


MUTANTS = {
    each.__name__.replace("_", "-"): each
    for each in (row_before_file, act_before_effect, no_waiting)
}
