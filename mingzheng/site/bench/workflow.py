"""One act through the real request path against one durable 4 KiB write; the officer's list is in
`bench.lists`.
"""

from __future__ import annotations

import os
import re
import statistics
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingzheng.records.models import Act
from mingzheng.site.bench import lists
from mingzheng.site.bench.clockwork import percentile
from mingzheng.site.demo import founding, parties
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import Play, back, form_data
from mingzheng.site.demo.stories import told

ACTS = 60
TICKET = re.compile(r'name="ticket" value="([^"]+)"')


def run() -> dict[str, Any]:
    """Acts a second by request, the share of the disk's own limit, growth with the record, and the
    list row.
    """
    body = founding.found_all({"wg", "lm"})["wg"]
    settings.ALLOWED_HOSTS.append("testserver")
    journey = Journey(
        Play(body, ("张三", "李四"), parties.company("wg", 0), "jn-82", cause="测速"),
        back(20),
        **told("jn-82"),
    )
    journey.go("opened")
    client = Client()
    client.post(reverse("desk:login"), {"login": "wg-01", "password": founding.PASSWORD})
    shown = [_acts(client, journey, ACTS) for _ in range(3)]
    return {"act": shown, "list": lists.run(body)}


def _acts(client: Client, journey: Journey, times: int) -> dict[str, Any]:
    record, off = journey.play.record, journey.play.officers_ids()
    scratch = Path(settings.DATA) / "scratch"
    scratch.write_bytes(os.urandom(4096))
    before = Act.objects.filter(record=record).count()
    acts, disk = [], []
    for _ in range(times):
        page = reverse("desk:step", args=[record.pk, "officer.identified"])
        ticket = TICKET.search(client.get(page).content.decode()).group(1)  # type: ignore[union-attr]
        began = time.perf_counter()
        answer = client.post(
            page,
            form_data(
                {
                    "ticket": ticket,
                    "officers": off,
                    "mode": "shown",
                    "to": "测速",
                    "place": "测速",
                    "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M:%S"),
                }
            ).dict()
            | {"officers": off},
        )
        acts.append(time.perf_counter() - began)
        if answer.status_code != 302:
            raise RuntimeError(f"the act was refused: {answer.status_code}")
        disk.append(_durable(scratch))
    act, write = statistics.median(acts), statistics.median(disk)
    return {
        "acts_before": before,
        "act_ms": round(act * 1e3, 2),
        "act_p95_ms": round(percentile(acts, 0.95) * 1e3, 2),
        "one_4k_fdatasync_ms": round(write * 1e3, 2),
        "share_of_limit": round(write / act, 3),
        "goal": ">= 0.4",
    }


def _durable(scratch: Path) -> float:
    began = time.perf_counter()
    handle = os.open(scratch, os.O_WRONLY)
    os.pwrite(handle, b"x" * 4096, 0)
    os.fdatasync(handle)
    os.close(handle)
    return time.perf_counter() - began
