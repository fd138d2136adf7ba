"""The product's own pages on a loopback port, with a clock that the test sets: `python -m
tests.walks.server` is told of installations and serves each in a fork.

Starting the product and reading its law takes six seconds, so one process does that, and every
server is a fork of it that reads the settings anew. Before each request the clock is read from
clock.txt in the data directory; papers are made in a thread beside.
"""

from __future__ import annotations

import ctypes
import functools
import gc
import importlib
import json
import os
import signal
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


def serve(port: int) -> None:
    """Serve the installation of the environment until killed."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    from mingzheng.pages.front import before
    from mingzheng.site.gate import Gate
    from tests.scenes import founded

    data = Path(settings.DATA)
    settings.PASSWORD_HASHERS = founded.HASHERS
    application = before(Gate(get_wsgi_application()))

    def timed(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        set_clock(data)
        return application(environ, start)

    set_clock(data)
    threading.Thread(target=work, args=(data,), daemon=True).start()
    make_server("127.0.0.1", port, timed, server_class=Server, handler_class=Quiet).serve_forever()


def warm() -> None:
    """Load what every server needs: the product, its pages, the law of every agency."""
    importlib.import_module("mingzheng.site.wsgi")

    from django.conf import settings
    from django.db import connections
    from django.test import Client

    from mingzheng.agencies.models import Agency
    from mingzheng.records import law
    from tests.scenes import founded

    settings.PASSWORD_HASHERS = founded.HASHERS
    set_clock(Path(settings.DATA))
    client = Client(headers={"host": "127.0.0.1"})
    for agency in Agency.objects.exclude(pack=""):
        law.regime_of(agency.pk, agency.pack)
    client.post("/demo", {"login": "wg-01"})
    for address in ("/", "/login", "/demo", "/desk", "/desk/cases/new", "/decisions"):
        assert client.get(address).status_code == 200, address
    connections.close_all()


def become(told: dict[str, Any]) -> None:
    """This fork is the installation that it is told of: nothing of the settings, and nothing kept
    from the pages that were opened, but the law and what is read from the program's own files.
    """
    from django.conf import settings
    from django.db import connections

    os.environ.clear()
    os.environ.update(told["env"])
    settings_module = importlib.import_module("mingzheng.site.settings")
    importlib.reload(settings_module)
    settings._setup()  # type: ignore[misc]
    connections.settings["default"].update(settings.DATABASES["default"])
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper):
            home = str(getattr(each, "__module__", ""))
            kept = ("mingzheng.core.", "mingzheng.records.law")
            if home.startswith("mingzheng.") and not home.startswith(kept):
                each.cache_clear()


def main() -> None:
    """One line of JSON an installation on standard input; the id of its process is the answer. All
    end with this process, and it ends when nobody can ask any more.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    warm()
    gc.freeze()
    for line in sys.stdin:
        told = json.loads(line)
        if pid := os.fork():
            print(pid, flush=True)
            continue
        # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        said = os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for handle, own in ((nothing, 0), (said, 1), (said, 2)):
            os.dup2(handle, own)
        become(told)
        serve(told["port"])


if __name__ == "__main__":
    main()
