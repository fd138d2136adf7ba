"""An upload through the product's own server against a bare socket that does the same, and against
a multipart form hashed afterwards.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParser
from django.urls import reverse

from mingzheng.site.demo import founding

SIZE, HUGE, PIECE, ROUNDS = 256 << 20, 8 << 30, 1 << 20, 5
_BLOCK = os.urandom(PIECE)


def run() -> dict[str, Any]:
    """Median seconds and ratios for a file of SIZE bytes; growth of the server's memory in MiB."""
    founding.found_all({"wg"})
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = {
        **os.environ,
        "MINGZHENG_PORT": str(port),
        "MINGZHENG_WORKERS": "1",
        "MINGZHENG_URL": f"http://127.0.0.1:{port}",
    }
    process = subprocess.Popen([sys.executable, "-m", "mingzheng", "serve"], env=env)
    try:
        sender = Sender(port)
        sender.upload(PIECE)
        before = _resident(process.pid, afresh=True)
        work: dict[str, Callable[[], float]] = {
            "upload": lambda: sender.upload(SIZE),
            "bare_socket": lambda: _bare(SIZE),
            "multipart_then_hash": lambda: _multipart(SIZE),
        }
        if shutil.which("openssl"):
            work["openssl_cp_fsync"] = lambda: _openssl(SIZE)
        taken: dict[str, list[float]] = {name: [] for name in work}
        for _ in range(ROUNDS):
            for name, piece in work.items():
                taken[name].append(piece())
        grown = (_resident(process.pid) - before) / 1024
        # A file far larger than the machine's memory must cost no more of it.
        huge = (
            {"huge_gib": HUGE >> 30, "huge_s": round(sender.upload(HUGE), 1)}
            if shutil.disk_usage(settings.DATA).free > 2 * HUGE
            else {}
        )
        huge |= (
            {"memory_growth_huge_mib": round((_resident(process.pid) - before) / 1024, 1)}
            if huge
            else {}
        )
    finally:
        process.terminate()
        process.wait(20)
    median = {name: statistics.median(seconds) for name, seconds in taken.items()}
    return {
        "mib": SIZE >> 20,
        **{f"{name}_s": round(seconds, 3) for name, seconds in median.items()},
        "share_of_bare_socket": round(median["bare_socket"] / median["upload"], 2),
        "goal_bare": ">= 0.8",
        "times_faster_than_multipart": round(median["multipart_then_hash"] / median["upload"], 2),
        "goal_multipart": ">= 1.4",
        **(
            {
                "share_of_openssl": round(median["openssl_cp_fsync"] / median["upload"], 2),
                "goal_openssl": ">= 0.8",
            }
            if "openssl_cp_fsync" in median
            else {}
        ),
        "memory_growth_mib": round(grown, 1),
        **huge,
        "goal_memory": "<= 32",
    }


class Sender:
    """One signed-in person on a connection that stays open."""

    def __init__(self, port: int) -> None:
        self.line, self.cookies = HTTPConnection("127.0.0.1", port), {"": ""}
        for _ in range(100):
            try:
                page = self._ask("GET", reverse("desk:login"))
                break
            except OSError:
                self.line.close()
                time.sleep(0.2)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        self._ask(
            "POST",
            reverse("desk:login"),
            f"login=wg-01&password={founding.PASSWORD}&csrfmiddlewaretoken={token.group(1) if token else ''}".encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )

    def _ask(
        self, method: str, path: str, body: Any = None, more: dict[str, str] | None = None
    ) -> str:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items() if name)
        self.line.request(
            method,
            path,
            body,
            {
                "Cookie": cookies,
                "Tus-Resumable": "1.0.0",
                "X-CSRFToken": self.cookies.get("csrftoken", ""),
                **(more or {}),
            },
        )
        answer = self.line.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        self.place = answer.getheader("Location") or ""
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:200]}")
        return text

    def upload(self, size: int) -> float:
        """Seconds from the announcement to the signed receipt."""
        began = time.perf_counter()
        self._ask("POST", reverse("evidence:uploads"), None, {"Upload-Length": str(size)})
        salt = os.urandom(8)
        self._ask(
            "PATCH",
            self.place,
            (salt + _BLOCK[8:] if not number else _BLOCK for number in range(size // PIECE)),
            {
                "Content-Type": "application/offset+octet-stream",
                "Upload-Offset": "0",
                "Content-Length": str(size),
            },
        )
        return time.perf_counter() - began


def _bare(size: int) -> float:
    """A socket to a file, hashed on the way, synced at the end: what the machine allows."""
    target = Path(settings.DATA) / "bare"
    with socket.create_server(("127.0.0.1", 0)) as ear:
        began = time.perf_counter()
        feeding = threading.Thread(target=_feed, args=(ear.getsockname()[1], size))
        feeding.start()
        line, _ = ear.accept()
        digest, space = hashlib.sha256(), memoryview(bytearray(PIECE))
        with line, target.open("wb", buffering=0) as out:
            while got := line.recv_into(space):
                digest.update(space[:got])
                out.write(space[:got])
            os.fsync(out.fileno())
        feeding.join()
    taken = time.perf_counter() - began
    target.unlink()
    return taken


def _feed(port: int, size: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        for _ in range(size // PIECE):
            line.sendall(_BLOCK)


def _openssl(size: int) -> float:
    """What one would do at a shell with a file that is there already: hash it, copy it, sync the
    copy.
    """
    source, target = Path(settings.DATA) / "source", Path(settings.DATA) / "copy"
    if not source.exists():
        with source.open("wb") as out:
            for _ in range(size // PIECE):
                out.write(_BLOCK)
    began = time.perf_counter()
    subprocess.run(["openssl", "dgst", "-sha256", str(source)], check=True, capture_output=True)
    subprocess.run(["cp", str(source), str(target)], check=True)
    handle = os.open(target, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    taken = time.perf_counter() - began
    target.unlink()
    return taken


class _Form:
    """A multipart body as a file, without holding it."""

    def __init__(self, size: int) -> None:
        self.parts = [
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n',
            size // PIECE,
            b"\r\n--x--\r\n",
        ]
        self.length = len(self.parts[0]) + size + len(self.parts[2])  # type: ignore[arg-type]
        self.left = iter([self.parts[0], *[_BLOCK] * (size // PIECE), self.parts[2]])
        self.held = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`."""
        if not self.held:
            self.held = next(self.left, b"")  # type: ignore[assignment]
        given, self.held = (self.held, b"") if size < 0 else (self.held[:size], self.held[size:])
        return given


def _multipart(size: int) -> float:
    """The framework's own way: a form into a temporary file, then read again to hash, copied to
    its place and synced.
    """
    began = time.perf_counter()
    form = _Form(size)
    meta = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(form.length)}
    files: Any = MultiPartParser(meta, form, [TemporaryFileUploadHandler()]).parse()[1]  # type: ignore[arg-type]
    digest, target = hashlib.sha256(), Path(settings.DATA) / "form"
    with files["f"], target.open("wb") as out:
        for chunk in files["f"].chunks():
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    target.unlink()
    return time.perf_counter() - began


def _resident(pid: int, afresh: bool = False) -> int:
    # The workers only: their parent takes no request and is the larger at first.
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for each in children if afresh else []:
        # Signing in took more memory than any upload may: the peak is counted from here.
        Path(f"/proc/{each}/clear_refs").write_text("5")
    peaks = [
        re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{each}/status").read_text()) for each in children
    ]
    return max(int(found.group(1)) for found in peaks if found)
