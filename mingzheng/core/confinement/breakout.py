"""What a hostile file would try once it has taken over its reader. Run inside it must fail at
everything; run outside, as the same user, it must succeed, or the trial proves nothing.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO


def warm() -> None:
    """A name of a host is encoded when it is first used."""
    "x".encode("idna")


def answer(task: str, given: BinaryIO, out: int, told: dict[str, Any]) -> dict[str, Any]:
    """By attempt "done" or the name of the error; what an attempt needs is told."""
    tries: dict[str, Callable[[], Any]] = {
        **{f"read {path}": partial(_first_byte, path) for path in told["read"]},
        **{f"unlink {path}": partial(os.unlink, path) for path in told["unlink"]},
        **{f"list {path}": partial(os.listdir, path) for path in told["list"]},
        "connect": lambda: _connected(socket.AF_INET, ("127.0.0.1", told["port"])),
        "local": lambda: _connected(socket.AF_UNIX, told["socket"]),
        "program": lambda: subprocess.run(["/bin/true"], check=True),
        "fork": _forked,
        "memory": lambda: bytes(1 << 30),
        "descriptors": _many_descriptors,
        "signal": lambda: os.kill(told["process"], signal.SIGCONT),
    }
    if task == "inside":
        # Outside it would end the control: there `program` shows that a program may be started.
        tries["exec"] = lambda: os.execv("/bin/true", ["true"])
    said: dict[str, Any] = {}
    for name, act in tries.items():
        try:
            act()
            said[name] = "done"
        except Exception as error:  # noqa: BLE001 - the name of whatever kept it from succeeding is the answer
            said[name] = type(error).__name__
    said["user"] = os.geteuid()
    return said


def _first_byte(path: str) -> bytes:
    with open(path, "rb") as held:
        return held.read(1)


def _many_descriptors() -> None:
    for each in [os.dup(0) for _ in range(40)]:
        os.close(each)


def _connected(family: int, to: Any) -> None:
    with socket.socket(family) as mouth:
        mouth.settimeout(2)
        mouth.connect(to)


def _forked() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
