"""A directory that somebody else keeps (oidc-provider-mock), as a process of its own over HTTP."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class Real:
    """The provider that somebody else keeps."""

    issuer: str

    def tell(self, sub: str, **claims: Any) -> None:
        """What it says of somebody."""
        self._ask("PUT", f"/users/{sub}", json.dumps(claims).encode())

    def signs_in(self, address: str, **form: str) -> str:
        """Somebody signs in there; the address that his browser is sent back to."""
        assert address.startswith(self.issuer)
        answer = self._ask("POST", address.removeprefix(self.issuer), urlencode(form).encode())
        return str(answer.headers["Location"])

    def _ask(self, method: str, path: str, body: bytes) -> Any:
        kind = "application/json" if method == "PUT" else "application/x-www-form-urlencoded"
        request = urllib.request.Request(
            self.issuer + path, body, {"Content-Type": kind}, method=method
        )
        opener = urllib.request.build_opener(NoRedirect)
        try:
            return opener.open(request, timeout=20)
        except urllib.error.HTTPError as answer:
            assert answer.code == 302, answer.read()
            return answer


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Shows where a browser would go."""

    def redirect_request(self, *_: Any) -> None:
        """Nowhere."""
        return None


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[Real]:
    """It runs until it is left; `host` is how it calls itself."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "-n", "true"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.1)
        yield Real(f"http://{host}:{port}")
    finally:
        process.terminate()
        process.wait(10)
