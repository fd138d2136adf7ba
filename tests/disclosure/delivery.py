"""The other side of a connected channel, and the queue that brings things there."""

from __future__ import annotations

import http.server
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from mingzheng.disclosure.acts import delivering
from mingzheng.disclosure.models import ChannelTask
from mingzheng.jobs.acts import drain
from mingzheng.jobs.models import Job
from mingzheng.site.demo.play import at
from tests.cases.telling import TUESDAY, case


class Site(http.server.BaseHTTPRequestHandler):
    """Another site: it answers as it is told to and keeps what came."""

    came: list[tuple[dict[str, str], bytes]] = []
    answers: list[tuple[int, Any]] = []

    def do_POST(self) -> None:
        """One delivery."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Site.came.append((dict(self.headers), body))
        status, said = (
            Site.answers.pop(0)
            if Site.answers
            else (200, {"receipt": f"R-{self.headers['Idempotency-Key'][:6]}"})
        )
        data = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def connected(monkeypatch: pytest.MonkeyPatch, folder: Path, **line: Any) -> Iterator[None]:
    """One agency's channel is connected."""
    path = folder / f"channels-{len(list(folder.iterdir()))}.toml"
    said = {"agency": "fc", "channel": "notice-board", **line}
    path.write_text(
        "[[channel]]\n" + "\n".join(f"{name} = {json.dumps(value)}" for name, value in said.items())
    )
    monkeypatch.setenv("MINGZHENG_CHANNELS", str(path))
    yield


def later(minutes: int = 120) -> None:
    """The queue's time passes, and the worker works."""
    ChannelTask.objects.filter(state=ChannelTask.OPEN).exclude(next_at=None).update(
        next_at=timezone.now() - timedelta(minutes=minutes)
    )
    delivering._away.clear()
    planned()


def planned() -> None:
    """A minute of the queue: keys of jobs name the minute, and the test takes less."""
    Job.objects.filter(kind="publication.deliver").delete()
    delivering.plan()
    drain()


def opened(package: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The order, and the files beside it."""
    book = zipfile.ZipFile(io.BytesIO(package))
    return json.loads(book.read("order.json")), {
        name: book.read(name) for name in book.namelist() if name != "order.json"
    }


def own_only(bodies: dict[str, Any], start: date = TUESDAY) -> Any:
    """A decision that stands here, and on no other channel yet."""
    journey = case(bodies, "fc", start=start, fine="500").go("served")
    with at(journey.forward(1), 9):
        journey.play.propose()
        journey.play.step("publication.approved")
        journey.play.approve()
    with at(journey.day, 10):
        journey.play.step("publication.published:decision", channel="own-site")
    return journey
