"""Count, kill and fail the system calls of a process from outside, with strace.

SQLite writes in C and a library may write in Rust, so a patched `os` would not see most of what
changes the disk; a preloaded shim would need a compiler. strace sees every call of whoever
makes it, and its `inject` lets the N-th call of a name fail, or kills the process before the
call is carried out. Calls are counted for each name, from the moment of attaching.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WANTED = "strace"
WRITES = (
    "write",
    "pwrite64",
    "writev",
    "pwritev",
    "pwritev2",
    "fallocate",
    "copy_file_range",
    "sendfile",
)
NAMES = (
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "unlink",
    "unlinkat",
    "rmdir",
    "mkdir",
    "mkdirat",
)
CALLS = (
    *WRITES,
    *NAMES,
    "ftruncate",
    "truncate",
    "fsync",
    "fdatasync",
    "sync_file_range",
    "open",
    "openat",
    "creat",
    "chmod",
    "fchmod",
    "fchmodat",
    "chown",
    "fchown",
    "fchownat",
    "utimensat",
)
# Once the disk is full, these find no room until the process ends.
FILLING = (*WRITES, "mkdir", "mkdirat", "link", "linkat", "symlink", "symlinkat")
_LINE = re.compile(r"^(?:(?P<pid>\d+) +)?(?P<name>\w+)\((?P<said>.*)$")


@dataclass(frozen=True)
class Call:
    """The `number`-th call of `name`, as strace wrote it down; `thread` 0 where only one was
    followed.
    """

    name: str
    number: int
    said: str
    thread: int = 0

    def touches(self, folder: Path) -> bool:
        """Whether it changes something below the folder."""
        opening = (
            self.name in ("open", "openat")
            and "O_CREAT" not in self.said
            and "O_TRUNC" not in self.said
        )
        return not opening and re.search(f'{re.escape(str(folder))}[/>"]', self.said) is not None

    @property
    def happened(self) -> bool:
        """Whether it was carried out without an error."""
        return re.search(r"\) += \d+", self.said) is not None


def attach(pid: int, log: Path, *injections: str, threads: bool = False) -> subprocess.Popen[bytes]:
    """strace on a process that waits; it has hold of it on return."""
    line = [
        WANTED,
        "-q",
        "-y",
        "-s",
        "0",
        "-o",
        str(log),
        "-p",
        str(pid),
        "-e",
        "trace=" + ",".join(f"?{name}" for name in CALLS),
    ]
    for each in injections:
        line += ["-e", f"inject={each}"]
    tracer = subprocess.Popen(
        line + ["-f"] * threads, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    status = Path(f"/proc/{pid}/status")
    while "TracerPid:\t0\n" in status.read_text():
        if tracer.poll() is not None:
            raise RuntimeError("strace 没有接上进程")
        time.sleep(0.001)
    time.sleep(0.002)
    return tracer


def calls(log: Path) -> Iterator[Call]:
    """What strace wrote down, in order."""
    counts: dict[str, int] = {}
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        found = _LINE.match(line)
        if found:
            counts[found["name"]] = counts.get(found["name"], 0) + 1
            yield Call(found["name"], counts[found["name"]], found["said"], int(found["pid"] or 0))


def injections(call: Call, before: dict[str, int], mode: str) -> list[str]:
    """How strace is told to do `mode` at this call; `before` counts the calls of each name that
    come earlier.

    `kill` and `power`: killed instead of the call. `EIO`: this call fails; `stay`: so it does,
    and the same process is asked again. `ENOSPC`: it fails and so does all further writing.
    """
    if mode in ("kill", "power"):
        return [f"{call.name}:signal=KILL:when={call.number}"]
    if mode in ("EIO", "stay"):
        return [f"{call.name}:error=EIO:when={call.number}"]
    full = [f"?{name}:error=ENOSPC:when={before.get(name, 0) + 1}+" for name in FILLING]
    return full if call.name in FILLING else [*full, f"{call.name}:error=ENOSPC:when={call.number}"]
