"""A running server of its own for uploads: the product's web process, a port, a person's
session.
"""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from mingzheng.agencies.passwords import Argon2
from mingzheng.site.demo import founding
from tests.scenes import founded
from tests.scratch import ROOT
from tests.walks.conftest import serves


@dataclass
class Served:
    """Where it listens, where its data lies, and the process that was started."""

    base: str
    data: Path
    process: subprocess.Popen[bytes]

    def resident(self, afresh: bool = False) -> int:
        """KiB of the largest resident set among the server's workers so far; `afresh` forgets what
        signing in took before.
        """
        pids = (
            Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        )
        for pid in pids if afresh else []:
            Path(f"/proc/{pid}/clear_refs").write_text("5")
        return max(
            int(found.group(1))
            for pid in pids
            if (found := re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()))
        )

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(20)


def start(data: Path, workers: int = 1) -> Served:
    """The founded database in an empty directory, served as in production: the passwords are
    hashed the product's way.
    """
    base = data / "mingzheng.sqlite3"
    founded.lay(base)
    with closing(sqlite3.connect(base)) as laid, laid:
        hasher = Argon2()
        laid.execute(
            "UPDATE agencies_account SET password = ?",
            (hasher.encode(founding.PASSWORD, hasher.salt()),),
        )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = {
        **os.environ,
        "MINGZHENG_DATA": str(data),
        "MINGZHENG_URL": f"http://127.0.0.1:{port}",
        "PYTHONPATH": str(ROOT),
        "MINGZHENG_PORT": str(port),
        "MINGZHENG_WORKERS": str(workers),
    }
    process = subprocess.Popen([sys.executable, "-m", "mingzheng", "serve"], env=env, cwd=ROOT)
    if serves(port, 60):
        return Served(f"http://127.0.0.1:{port}", data, process)
    process.kill()
    raise RuntimeError("the server did not come up")


def session(served: Served, login: str = "wg-01") -> requests.Session:
    """A signed-in person, with the headers that tus needs here."""
    made = requests.Session()
    page = made.get(f"{served.base}/login")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    answer = made.post(
        f"{served.base}/login",
        {
            "login": login,
            "password": founding.PASSWORD,
            "csrfmiddlewaretoken": token.group(1) if token else "",
        },
    )
    assert answer.url.endswith("/desk"), answer.status_code
    made.headers.update({"X-CSRFToken": made.cookies["csrftoken"], "Tus-Resumable": "1.0.0"})
    return made


def stream(
    served: Served,
    who: requests.Session,
    path: str,
    offset: int,
    total: int,
    body: Any,
    listen: bool = True,
) -> str:
    """Announce the rest, send the pieces of `body`; the answer's head, or tear the line without
    listening.
    """
    host, port = served.base.removeprefix("http://").split(":")
    cookies = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
    head = (
        f"PATCH {path} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookies}\r\nX-CSRFToken:"
        f" {who.cookies['csrftoken']}\r\nTus-Resumable: 1.0.0\r\nContent-Type:"
        f" application/offset+octet-stream\r\nUpload-Offset: {offset}\r\nContent-Length:"
        f" {total - offset}\r\n\r\n"
    )
    with socket.create_connection((host, int(port))) as line:
        line.sendall(head.encode())
        for piece in body:
            line.sendall(piece)
        return line.recv(1 << 16).decode() if listen else ""
