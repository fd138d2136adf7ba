"""What each of our processes owes the machine: private files, and no life after its parent's."""

from __future__ import annotations

import ctypes
import os
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

PR_SET_PDEATHSIG = 1
# Ours alone: what group and others may do with our files.
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def private() -> None:
    """Whatever this process makes from now on is its owner's."""
    os.umask(0o077)


def die_with_parent() -> None:
    """Be killed when the process that started this one ends, however it ends. Only of a process that
    a master of ours started; Linux only.
    """
    if sys.platform == "linux" and os.environ.get("WEB_MASTER_PID") == str(os.getppid()):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def open_to_others(data: Path) -> Iterator[Path]:
    """The data directory and what lies directly in it, as far as others may look in: who cannot enter
    the directory reaches nothing below it.
    """
    for place in [data, *sorted(data.iterdir())]:
        try:
            mode = place.lstat().st_mode
        except FileNotFoundError:
            continue
        if mode & OTHERS and not stat.S_ISLNK(mode):
            yield place


def tighten(data: Path) -> int:
    """Make an installation of earlier days its owner's; how many places were open. What lies deeper
    is closed with its directory.
    """
    found = list(open_to_others(data))
    for place in found:
        place.chmod(stat.S_IMODE(place.lstat().st_mode) & ~OTHERS)
    return len(found)
