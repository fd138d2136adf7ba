"""What a power failure takes: bytes and names that nobody waited for, read off the calls that
strace wrote down.

The strictest disk that POSIX allows: bytes are safe after fsync of their file, a name after
fsync of its folder.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.crashing.strace import WRITES, Call

_OPENED = re.compile(r"\d+<([^>]+)>")
_NAMED = re.compile(r'"([^"]+)"')


class Disk:
    """Follows the calls of a process; knows what is only in memory."""

    def __init__(self, folder: Path, before: Path) -> None:
        self.folder = folder
        self.safe: dict[str, int] = {}
        # Undone in reverse: (folder whose sync makes it safe, what was done, from, to).
        self.names: list[tuple[str, str, str, str]] = []
        self.known = {str(folder / each.relative_to(before)) for each in before.rglob("*")}
        self.sizes = {
            str(folder / each.relative_to(before)): each.stat().st_size
            for each in before.rglob("*")
            if each.is_file()
        }

    def follow(self, calls: Iterable[Call]) -> Disk:
        """Take note of the calls that were carried out."""
        for call in calls:
            if call.touches(self.folder) and call.happened:
                self._take(call)
        return self

    def _take(self, call: Call) -> None:
        opened, named = _OPENED.findall(call.said), _NAMED.findall(call.said)
        if call.name in ("fsync", "fdatasync"):
            self.safe.pop(opened[0], None)
            self.names = [each for each in self.names if each[0] != opened[0]]
        elif call.name in (*WRITES, "ftruncate"):
            self._wrote(call, opened[0])
        elif call.name in ("open", "openat") and named[0] not in self.known:
            self._named("made", "", named[0])
        elif call.name.startswith("mkdir"):
            self._named("folder", "", named[0])
        elif call.name.startswith("link"):
            self._named("made", "", named[1])
        elif call.name.startswith("rename"):
            self._named("moved", named[0], named[1])
            for each in (self.safe, self.sizes):
                if named[0] in each:
                    each[named[1]] = each.pop(named[0])
        elif call.name.startswith("unlink"):
            self._gone(named[0])

    def _named(self, what: str, source: str, target: str) -> None:
        self.names.append((os.path.dirname(target), what, source, target))
        self.known.add(target)

    def _gone(self, path: str) -> None:
        self.names = [each for each in self.names if each[3] != path]
        self.known.discard(path)
        self.safe.pop(path, None)
        self.sizes.pop(path, None)

    def _wrote(self, call: Call, path: str) -> None:
        size = self.sizes.get(path, 0)
        numbers = [int(each) for each in re.findall(r", (\d+)", call.said)]
        if call.name == "ftruncate":
            self.sizes[path] = numbers[-1]
            self.safe[path] = min(self.safe.get(path, size), numbers[-1])
            return
        done = int(call.said.rsplit("= ", 1)[1].split()[0])
        start = numbers[-1] if call.name == "pwrite64" else size
        self.safe[path] = min(self.safe.get(path, size), max(start, 0))
        self.sizes[path] = max(size, start + done)

    def fails(self) -> None:
        """The electricity is gone, and with it the ends of files and the names that were only in
        memory.

        What was written over older bytes stays written: only SQLite does that, and its log has
        those pages too.
        """
        for path, size in self.safe.items():
            # Memory shared by the readers of a database is made anew; its pages need no disk.
            if (
                os.path.exists(path)
                and not path.endswith(("-shm", ".sqlite3"))
                and os.path.getsize(path) > size
            ):
                os.truncate(path, size)
        for _, what, source, target in reversed(self.names):
            if not os.path.lexists(target):
                continue
            if what == "moved":
                os.rename(target, source)
            elif what == "made":
                os.unlink(target)
            else:
                shutil.rmtree(target)
