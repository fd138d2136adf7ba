"""One act through the real request path, beside one durable 4 KiB write and a peer that does the
like with django-fsm-2 and django-simple-history.
"""

from __future__ import annotations

import os
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mingzheng.records.models import Act
from mingzheng.site.bench import peer as rival
from mingzheng.site.bench.clockwork import percentile
from mingzheng.site.bench.pages import signed_in
from mingzheng.site.demo import founding, parties, stories
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import Play, back

ROUNDS = 60
TICKET = re.compile(r'name="ticket" value="([^"]+)"')


def run() -> dict[str, Any]:
    """Medians of interleaved rounds; the ratio to the peer; a sentence where the peer is missing."""
    body = founding.found_all({"wg", "lm"})["wg"]
    settings.ALLOWED_HOSTS.append("testserver")
    play = Play(body, ("张三", "李四"), parties.company("wg", 0), "jn-82", cause="测速")
    Journey(play, back(20), **stories.told("jn-82")).go("opened")
    client = signed_in(body, play.officers[0])
    if not rival.available():
        return {"peer": rival.MISSING}
    person = play.officers_ids()[0]
    return rival.with_peer(int(person), lambda peer: _measured(play, client, peer))


def _measured(play: Play, client: Client, peer: rival.Peer) -> dict[str, Any]:
    scratch = Path(settings.DATA) / "scratch"
    scratch.write_bytes(os.urandom(4096))
    before = Act.objects.filter(record=play.record).count()
    work: dict[str, Callable[[], None]] = {
        "act": lambda: None,
        "peer": lambda: rival.once(peer, client),
        "one_4k_fdatasync": lambda: _durable(scratch),
    }
    taken: dict[str, list[float]] = {name: [] for name in work}
    busy: dict[str, list[float]] = {name: [] for name in work}
    for n in range(ROUNDS + 3):
        # The form is opened before the clock starts: only the press of the button is timed.
        work["act"] = _pressed(play, client)
        for name, piece in work.items():
            began, cpu = time.perf_counter(), time.process_time()
            piece()
            if n >= 3:
                taken[name].append((time.perf_counter() - began) * 1e3)
                busy[name].append((time.process_time() - cpu) * 1e3)
    counts = {}
    work["act"] = _pressed(play, client)
    for name in ("act", "peer"):
        with CaptureQueriesContext(connection) as statements:
            work[name]()
        counts[name] = len(statements)
    median = {name: statistics.median(values) for name, values in taken.items()}
    return {
        "rounds": ROUNDS,
        "acts_before": before,
        "acts_after": Act.objects.filter(record=play.record).count(),
        "ms": {name: round(value, 2) for name, value in median.items()},
        "p95_ms": {name: round(percentile(values, 0.95), 2) for name, values in taken.items()},
        "cpu_ms": {name: round(statistics.median(values), 2) for name, values in busy.items()},
        "statements": counts,
        "speed_of_peer": round(median["peer"] / median["act"], 2),
        "share_of_limit": round(median["one_4k_fdatasync"] / median["act"], 3),
        "goal": "<= 25 statements, <= 12 ms on an idle machine, speed_of_peer >= 4",
    }


def _pressed(play: Play, client: Client) -> Callable[[], None]:
    page = reverse("desk:step", args=[play.record.pk, "officer.identified"])
    found = TICKET.search(client.get(page).content.decode())
    if found is None:
        raise RuntimeError("the form of the step has no ticket")
    answers = {
        "ticket": found.group(1),
        "officers": play.officers_ids(),
        "mode": "shown",
        "to": "测速",
        "place": "测速",
        "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M:%S"),
    }

    def press() -> None:
        answer = client.post(page, answers)
        if answer.status_code != 302:
            raise RuntimeError(f"the act was refused: {answer.status_code}")

    return press


def _durable(scratch: Path) -> None:
    handle = os.open(scratch, os.O_WRONLY)
    os.pwrite(handle, b"x" * 4096, 0)
    os.fdatasync(handle)
    os.close(handle)
