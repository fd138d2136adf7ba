"""Children forked from a warmed-up process: nothing is imported again, and each opens the database
for itself.

A child and its parent talk over a socket of their own (`sendto`, `recvfrom`), so what they say
is no call that is counted. The parent never renders a paper: the threads of the renderer would
not be there in a fork.
"""

from __future__ import annotations

import json
import os
import socket
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_MOST = 1 << 18


class Line:
    """One end: whole messages, each a JSON value."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MOST)

    def say(self, message: Any) -> None:
        """Send one message."""
        self.end.send(json.dumps(message, ensure_ascii=False).encode())

    def hear(self) -> Any:
        """The next message; None when the other side is no more."""
        came = self.end.recv(_MOST)
        return json.loads(came) if came else None


@dataclass
class Child:
    """A process and the line to it."""

    pid: int
    line: Line

    def rest(self) -> list[Any]:
        """What it still says until it ends, and it is buried."""
        heard = []
        while (message := self.line.hear()) is not None:
            heard.append(message)
        self.line.end.close()
        os.waitpid(self.pid, 0)
        return heard


def fork(work: Callable[[Line], None]) -> Child:
    """A child that does `work` and ends; whatever it raises it says as {"broken": …}."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid:
        theirs.close()
        return Child(pid, Line(ours))
    ours.close()
    line = Line(theirs)
    try:
        work(line)
    except BaseException:
        line.say({"broken": traceback.format_exc()[-3000:]})
    finally:
        os._exit(0)


def ask(work: Callable[[], Any]) -> Any:
    """What `work` answers when a child does it; RuntimeError when it breaks."""
    said = fork(lambda line: line.say({"answer": work()})).rest()
    if not said or "answer" not in said[-1]:
        raise RuntimeError(said[-1]["broken"] if said else "the child died")
    return said[-1]["answer"]
