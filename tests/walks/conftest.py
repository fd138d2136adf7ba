"""A running installation of its own for a walk: database, server, browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests import scratch

BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]


@dataclass
class Installation:
    """Where the pages are and where their data lies."""

    base: str
    data: Path


@pytest.fixture
def installation(django_db_blocker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Installation]:
    """The server on a database of its own; this process reads it too, so that it can look into the record."""
    assert connection.vendor == "sqlite"
    # The browser's driver runs an event loop in this thread; nothing here runs beside it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    data = tmp_path / "data"
    data.mkdir()
    (data / "demo.key").write_text("walk")
    (data / "clock.txt").write_text("2026-04-07T09:00:00+08:00")
    if scratch.FONTS.is_dir():
        shutil.copytree(scratch.FONTS, data / "fonts")
    settings.STORE = str(data / "store")
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = str(data / "mingzheng.sqlite3")
        process, port = start(data)
        try:
            yield Installation(f"http://127.0.0.1:{port}", data)
        finally:
            process.kill()
            process.wait()
            connection.close()
            connection.settings_dict["NAME"] = name


def start(data: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = {**os.environ, "MINGZHENG_DATA": str(data), "MINGZHENG_URL": f"http://127.0.0.1:{port}", "PYTHONPATH": str(scratch.ROOT)}
    with (data / "server.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "tests.walks.server", str(port)], env=env, stdout=log, stderr=log)
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=2):
                return process, port
        except OSError:
            time.sleep(0.2)
    process.kill()
    raise RuntimeError((data / "server.log").read_text()[-3000:])


@pytest.fixture
def page() -> Iterator[Any]:
    """A page of a fresh browser, 1440 wide, in Chinese; console errors fail the test."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    errors: list[str] = []
    with sync_playwright() as player:
        # Beside the driver's event loop Django keeps another connection; one left by the walk before still reads that walk's database.
        connection.close()
        browser = player.chromium.launch(executable_path=path, args=BROWSER)
        made = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
        made.on("pageerror", lambda error: errors.append(str(error)))
        made.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
        yield made
        browser.close()
        connection.close()
    assert not errors, errors


