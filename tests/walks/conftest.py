"""A running installation of its own for a walk: database, server, browser."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from tests import scratch
from tests.scenes import doors, founded
from tests.scenes.waiting import answered, until

BROWSER = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Installation:
    """Where the pages are and where their data lies."""

    base: str
    data: Path


@contextmanager
def serving(blocker: Any, folder: Path) -> Iterator[Installation]:
    """The server on a database of its own; this process reads and writes it too, so that it can
    look into the record.
    """
    assert connection.vendor == "sqlite"
    data = folder / "data"
    data.mkdir()
    (data / "demo.key").write_text("walk")
    (data / "clock.txt").write_text("2026-04-07T09:00:00+08:00")
    founded.lay(data / "mingzheng.sqlite3")
    if scratch.FONTS.is_dir():
        shutil.copytree(scratch.FONTS, data / "fonts")
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(STORE=str(data / "store"), PAGES=data / "pages"),
        blocker.unblock(),
    ):
        # The browser's driver runs an event loop in this thread; nothing here runs beside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        # The database of the other tests lives as long as its connection: set aside, not closed.
        name, kept = connection.settings_dict["NAME"], connection.connection
        connection.connection = None
        connection.settings_dict["NAME"] = str(data / "mingzheng.sqlite3")
        process, port = start(data)
        try:
            yield Installation(f"http://127.0.0.1:{port}", data)
        finally:
            process.kill()
            process.wait()
            connection.close()
            connection.settings_dict["NAME"], connection.connection = name, kept


@pytest.fixture
def installation(
    django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> Iterator[Installation]:
    """An installation for one walk."""
    with serving(django_db_blocker, tmp_path) as found:
        yield found


def serves(port: int, seconds: float) -> bool:
    """Whether a server answers on this port before long."""

    def asked() -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=2):
            return True

    return bool(answered(asked, seconds))


@dataclass
class Process:
    """A server: it is nobody's child here, so that it is buried by whoever forked it."""

    pid: int

    def kill(self) -> None:
        """At once."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> None:
        """Until it is gone."""
        until(lambda: not Path(f"/proc/{self.pid}").exists(), 20, every=0.01)


@cache
def nursery() -> subprocess.Popen[str]:
    """The process that has read the product and forks servers: one for all walks of a worker."""
    data = scratch.DATA / "nursery"
    data.mkdir()
    (data / "demo.key").write_text("walk")
    (data / "clock.txt").write_text("2026-04-07T09:00:00+08:00")
    founded.lay(data / "mingzheng.sqlite3")
    env = {**os.environ, "MINGZHENG_DATA": str(data), "PYTHONPATH": str(scratch.ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.walks.server"],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(data / "nursery.log").open("w"),
        text=True,
    )
    atexit.register(process.kill)
    return process


def start(data: Path) -> tuple[Process, int]:
    """Start the server and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = {
        **os.environ,
        "MINGZHENG_DATA": str(data),
        "MINGZHENG_URL": f"http://127.0.0.1:{port}",
        "PYTHONPATH": str(scratch.ROOT),
    }
    log, parent = data / "server.log", nursery()
    assert parent.stdin is not None and parent.stdout is not None
    with suppress(BrokenPipeError):
        told = json.dumps({"env": env, "port": port, "log": str(log)})
        print(told, file=parent.stdin, flush=True)
    if not (pid := parent.stdout.readline()):
        raise RuntimeError((scratch.DATA / "nursery" / "nursery.log").read_text()[-3000:])
    process = Process(int(pid))
    if serves(port, 120):
        return process, port
    process.kill()
    raise RuntimeError(log.read_text()[-3000:])


@contextmanager
def browsing() -> Iterator[tuple[Any, list[str]]]:
    """A browser and the list of what its pages complained of, which must stay empty."""
    from playwright.sync_api import sync_playwright

    # The same engine without the parts that draw a window: a third of the work.
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    errors: list[str] = []
    with sync_playwright() as player:
        # Beside the driver's event loop Django keeps another connection; one left by the walk
        # before still reads that walk's database.
        connection.close()
        browser = player.chromium.launch(executable_path=path, args=BROWSER)
        yield browser, errors
        browser.close()
        connection.close()
    assert not errors, errors


def watched(browser: Any, errors: list[str], **how: Any) -> Any:
    """A page of a fresh context, 1440 wide unless told otherwise, in Chinese; script and policy
    errors are noted.
    """
    made = browser.new_context(
        **{"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN", **how}
    ).new_page()
    made.set_default_timeout(30_000)
    made.on("pageerror", lambda error: errors.append(str(error)))
    made.on("request", lambda _: doors.came("browser"))
    made.on(
        "console",
        lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None,
    )
    return made


@pytest.fixture
def page() -> Iterator[Any]:
    """A page of a fresh browser; console errors fail the test."""
    with browsing() as (browser, errors):
        yield watched(browser, errors)
