"""Before the framework: so many requests at once, the others wait a moment or are told to come again.

What waits holds a thread and nothing else; of the threads of a web process some are always left for
the kept public pages, which are answered before this gate, and for saying 503.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any

from mingzheng.limits import addresses, table
from mingzheng.pages.front import Application, Start

PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>系统繁忙 · 明证</title>
<link rel="stylesheet" href="/static/mingzheng.css"><link rel="stylesheet" href="/static/product.css">
</head><body class="portal"><main id="main"><div class="wrap"><section class="sys"><p class="code">503</p>
<h1>系统繁忙，这一次没有受理</h1><p>现在同时办理的人太多。没有重复提交，请 10 秒后返回上一页再试。</p>
</section></div></main></body></html>""".encode()
# Threads beyond those that work or wait.
SPARE = 8


def threads() -> int:
    """How many a web process needs, so that somebody can always say that the house is full."""
    numbers = table.numbers()["gate"]
    return int(numbers["most"]) + int(numbers["waiting"]) + SPARE


class Gate:
    """The application behind a gate; `most` and its kin stand in the table of limits."""

    def __init__(self, application: Application) -> None:
        self.application, self.numbers = application, table.numbers()["gate"]
        self.free = threading.Condition()
        self.inside = self.bodies = self.waiting = 0
        self.by_address: Counter[str] = Counter()

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        body = environ["REQUEST_METHOD"] not in ("GET", "HEAD", "OPTIONS")
        who = addresses.group(addresses.client(environ))
        if not self._enter(body, who):
            start(
                "503 Service Unavailable",
                [
                    ("Content-Type", "text/html; charset=utf-8"),
                    ("Content-Length", str(len(PAGE))),
                    ("Retry-After", "10"),
                    ("Cache-Control", "no-store"),
                ],
            )
            return [PAGE]
        # Only while the answer is made: a server need not say when a stranger has walked away from
        # reading it, and a place that is never given back would shut the house.
        try:
            return self.application(environ, start)
        finally:
            self._leave(body, who)

    def _enter(self, body: bool, who: str) -> bool:
        with self.free:
            if self.waiting >= self.numbers["waiting"]:
                return False
            self.waiting += 1
            try:
                if not self.free.wait_for(lambda: self._fits(body, who), self.numbers["seconds"]):
                    return False
            finally:
                self.waiting -= 1
            self.inside += 1
            self.bodies += body
            self.by_address[who] += body
            return True

    def _fits(self, body: bool, who: str) -> bool:
        return self.inside < self.numbers["most"] and (
            not body
            or self.bodies < self.numbers["bodies"]
            and self.by_address[who] < self.numbers["address"]
        )

    def _leave(self, body: bool, who: str) -> None:
        with self.free:
            self.inside -= 1
            self.bodies -= body
            self.by_address[who] -= body
            if not self.by_address[who]:
                del self.by_address[who]
            self.free.notify_all()
