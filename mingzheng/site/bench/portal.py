"""The public page of one decision: from the page store through the product's server, against nginx
with the same bytes and against the ORM view.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from django.db import connection
from django.urls import reverse

from mingzheng.disclosure.models import Publication
from mingzheng.records.seal import sealing
from mingzheng.site.bench.clockwork import percentile
from mingzheng.site.demo import founding, parties, stories
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import Play, back

ROUNDS, ASKED = 5, 400
SECONDS, CONNECTIONS = 3, 8
# Other published decisions beside the one that is asked for; more where MINGZHENG_BENCH_PAGES says
# so.
SIZES = (0, 100_000, 1_000_000)
SLICE = 250_000
FIRST = 1 << 61


def run() -> dict[str, Any]:
    """Microseconds a request, requests a second where wrk is installed, and the ratios."""
    row = published(founding.found_all({"wg"})["wg"])
    with serving() as port:
        page = bytes_of(port, reverse("portal:item", args=[row.code]))
        with nginx(page) as other:
            found: dict[str, Any] = {"bytes": len(page)}
            asked = os.environ.get("MINGZHENG_BENCH_PAGES")
            for size in (*SIZES, *([int(asked)] if asked else [])):
                crowd(row, size)
                found[str(size)] = measured(port, row.code, other)
            return found


def published(body: Any) -> Publication:
    """One decision on its way to the public page, sealed."""
    told, item = stories.TEXTS["jn-82"], body.items.get(code="jn-82")
    play = Play(
        body,
        stories.OFFICERS["wg"],
        parties.company("wg", 0),
        "jn-82",
        cause=item.name,
        summary=told["facts"],
    )
    Journey(play, back(60), **told, broken=item.broken, applied=item.applied).go("published")
    sealing.seal_all()
    found: Publication = Publication.objects.get(record=play.record, state=Publication.LIVE)
    return found


def crowd(row: Publication, size: int) -> None:
    """So many more published decisions, with texts of a few words. Bulk-loaded: this database is
    the benchmark's own and is thrown away.
    """
    table = Publication._meta.db_table
    have = Publication.objects.filter(pk__gte=FIRST).count()
    made = {
        "id": f"{FIRST} + n",
        "line": f"{FIRST} + n",
        "code": "printf('%026d', n)",
        "body": "'{}'",
        "search": "''",
    }
    names = [str(field.column) for field in Publication._meta.concrete_fields]
    values = ", ".join(made.get(name, f'"{name}"') for name in names)
    for begin in range(have, size, SLICE):
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH RECURSIVE many(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM many WHERE n + 1"
                f" < %s) "
                f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM many, {table} WHERE"
                " id = %s",
                [begin, min(begin + SLICE, size), row.pk],
            )


@contextmanager
def serving() -> Iterator[int]:
    """The product's web process on a free port."""
    port = free()
    env = {**os.environ, "MINGZHENG_PORT": str(port), "MINGZHENG_URL": f"http://127.0.0.1:{port}"}
    process = subprocess.Popen([sys.executable, "-m", "mingzheng", "serve"], env=env)
    try:
        bytes_of(port, reverse("portal:about"))
        yield port
    finally:
        process.terminate()
        process.wait(20)


def free() -> int:
    """A port nobody sits on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bytes_of(port: int, path: str) -> bytes:
    """An answer, waited for while the server comes up; asked twice, so that the second comes from
    the store.
    """
    for _ in range(100):
        try:
            for _ in range(2):
                line = HTTPConnection("127.0.0.1", port)
                line.request("GET", path)
                answer = line.getresponse()
                body = answer.read()
            assert answer.status == 200, answer.status
            return body
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server does not answer")


@contextmanager
def nginx(page: bytes) -> Iterator[int | None]:
    """nginx with the same bytes as a static file; None where it is not installed."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(program).exists():
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="mingzheng-nginx-") as folder:
        place, port = Path(folder), free()
        place.chmod(0o755)
        (place / "page").write_bytes(page)
        (place / "conf").write_text(
            f"worker_processes 2; pid {place}/pid; error_log {place}/log; user root; events {{}}"
            " http { access_log off; keepalive_requests 1000000; server { listen"
            f" 127.0.0.1:{port}; root {place}; default_type text/html; }} }}"
        )
        process = subprocess.Popen(
            [program, "-c", str(place / "conf"), "-g", "daemon off;"], stderr=subprocess.DEVNULL
        )
        try:
            bytes_of(port, "/page")
            yield port
        finally:
            process.terminate()
            process.wait(20)


def measured(port: int, code: str, other: int | None) -> dict[str, Any]:
    """Interleaved rounds of each rival."""
    address = reverse("portal:item", args=[code])
    etag = head(port, address)
    rivals = {
        "page": (port, address, {}),
        "not_modified": (port, address, {"If-None-Match": etag}),
        "orm_view": (port, f"{address}?from=bench", {}),
    } | ({"nginx": (other, "/page", {})} if other else {})
    taken: dict[str, list[float]] = {name: [] for name in rivals}
    worst: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, (at_port, path, headers) in rivals.items():
            spent = ask(at_port, path, headers, ASKED if name != "orm_view" else ASKED // 10)
            taken[name].append(statistics.median(spent))
            worst[name] = percentile(spent, 0.99)
    median = {name: statistics.median(values) for name, values in taken.items()}
    rates = (
        {
            name: rate(at_port, path)
            for name, (at_port, path, _) in rivals.items()
            if name != "not_modified"
        }
        if shutil.which("wrk")
        else {}
    )
    found: dict[str, Any] = {
        "p50_us": {name: round(value * 1e6) for name, value in median.items()},
        "p99_us": {name: round(value * 1e6) for name, value in worst.items()},
        "requests_a_second": rates,
    }
    if rates.get("nginx"):
        found |= {
            "share_of_nginx": round(rates["page"] / rates["nginx"], 2),
            "goal_nginx": ">= 0.4",
        }
    if rates.get("orm_view"):
        found |= {
            "times_the_orm_view": round(rates["page"] / rates["orm_view"], 1),
            "goal_orm": ">= 15",
        }
    return found


def head(port: int, path: str) -> str:
    """The ETag of a page."""
    line = HTTPConnection("127.0.0.1", port)
    line.request("GET", path)
    answer = line.getresponse()
    answer.read()
    return answer.getheader("ETag") or ""


def ask(port: int, path: str, headers: dict[str, str], times: int) -> list[float]:
    """Seconds of each request on one connection."""
    line, spent = HTTPConnection("127.0.0.1", port), []
    for _ in range(times):
        began = time.perf_counter()
        line.request("GET", path, headers=headers)
        line.getresponse().read()
        spent.append(time.perf_counter() - began)
    return spent


def rate(port: int, path: str) -> float:
    """Requests a second as wrk counts them."""
    said = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", f"http://127.0.0.1:{port}{path}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    return float(found.group(1)) if found else 0.0
