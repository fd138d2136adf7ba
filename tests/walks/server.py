"""The product's own pages on a loopback port, with a clock that the test sets: `python -m
tests.walks.server PORT`.

Before each request the clock is read from clock.txt in the data directory; papers are made in a
thread beside.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


class Server(ThreadingMixIn, WSGIServer):
    """A thread a request."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Nothing to standard error."""

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged."""


def set_clock(data: Path) -> None:
    """As the test says."""
    from mingzheng.core import clock

    # The test may be writing it at this very moment: an empty file is read again.
    while not (text := (data / "clock.txt").read_text()):
        time.sleep(0.005)
    clock.start_demo_clock(datetime.fromisoformat(text))


def work(data: Path) -> None:
    """Make papers as they are asked for."""
    from django.db import OperationalError, connection

    from mingzheng.jobs.acts import work_one

    while True:
        try:
            while work_one():
                set_clock(data)
        except OperationalError:
            connection.close()
        time.sleep(0.2)


def main() -> None:
    """Serve until killed."""
    from django.conf import settings

    from mingzheng.site.wsgi import application

    data = Path(settings.DATA)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def timed(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        set_clock(data)
        return application(environ, start)

    set_clock(data)
    threading.Thread(target=work, args=(data,), daemon=True).start()
    make_server(
        "127.0.0.1", int(sys.argv[1]), timed, server_class=Server, handler_class=Quiet
    ).serve_forever()


if __name__ == "__main__":
    main()
