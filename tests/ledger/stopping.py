"""Stop a process after its k-th change of the outside world: a write, a rename, an fsync, a commit.

With `power` everything that was written and not waited for is lost too, as when the electricity
fails.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.transaction import Atomic


class Stopped(BaseException):
    """The process is no more."""


class World:
    """Counts changes, remembers what is not yet on disk, stops after change number `after`."""

    def __init__(self, after: int, power: bool) -> None:
        self.after, self.power = after, power
        self.done = 0
        self.safe: dict[str, int] = {}

    def change(self) -> None:
        self.done += 1
        if self.done == self.after:
            raise Stopped

    def lose(self) -> None:
        """Files fall back to what was last waited for."""
        for path, size in self.safe.items():
            if self.power and os.path.exists(path):
                os.truncate(path, size)


def place(handle: int) -> str:
    return os.readlink(f"/proc/self/fd/{handle}")


def patched(world: World) -> dict[str, Any]:
    """os functions that tell the world."""
    real = {
        name: getattr(os, name)
        for name in ("write", "fsync", "fdatasync", "replace", "open", "truncate", "ftruncate")
    }

    def write(handle: int, data: Any) -> int:
        path = place(handle)
        world.safe.setdefault(path, os.fstat(handle).st_size)
        done: int = real["write"](handle, data)
        world.change()
        return done

    def wait(name: str) -> Any:
        def waiting(handle: int) -> None:
            real[name](handle)
            world.safe.pop(place(handle), None)
            world.change()

        return waiting

    def replace(source: Any, target: Any) -> None:
        real["replace"](source, target)
        world.safe.pop(str(target), None)
        if str(source) in world.safe:
            world.safe[str(target)] = world.safe.pop(str(source))
        world.change()

    def opening(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        handle: int = real["open"](path, flags, *rest, **more)
        if flags & os.O_CREAT:
            world.change()
        return handle

    return {
        "write": write,
        "fsync": wait("fsync"),
        "fdatasync": wait("fdatasync"),
        "replace": replace,
        "open": opening,
    }


@contextmanager
def stopping(after: int, power: bool = False) -> Iterator[World]:
    """Inside the block the process stops after `after` changes; the world then is as a restart
    finds it.
    """
    world = World(after, power)
    leave, rmtree = Atomic.__exit__, shutil.rmtree

    def commit(self: Any, kind: Any, value: Any, trace: Any) -> None:
        leave(self, kind, value, trace)
        if kind is None:
            world.change()

    def remove(path: Any, *rest: Any, **more: Any) -> None:
        rmtree(path, *rest, **more)
        world.change()

    with pytest.MonkeyPatch.context() as patch:
        for name, function in patched(world).items():
            patch.setattr(os, name, function)
        patch.setattr(Atomic, "__exit__", commit)
        patch.setattr("mingzheng.core.ledger.writing.shutil.rmtree", remove)
        try:
            yield world
        except Stopped:
            pass
    if world.done >= world.after:
        world.lose()
