"""A server of somebody else."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from tests.disclosure.delivery import Site


@pytest.fixture
def site() -> Iterator[str]:
    """A real server on this machine."""
    Site.came, Site.answers = [], []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/in"
    server.shutdown()
    server.server_close()
