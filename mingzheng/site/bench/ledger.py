"""The ledger against `hashlib` alone doing the same number of hashes, and against one fdatasync."""

from __future__ import annotations

import os
import random
import statistics
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from mingzheng.core.ledger import tree
from mingzheng.core.ledger.hash_cache import Shelf
from mingzheng.core.ledger.suite import leaf
from mingzheng.core.ledger.writing import Log
from mingzheng.site.bench.clockwork import percentile

SIZES = (100_000, 1_000_000)
BATCH = 100_000
SINGLES, PROOFS = 200, 1000


def run(sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """Rows by size: integrating durably, laying and settling tiles, one entry, one proof. 10^7
    only when asked for (MINGZHENG_BENCH_LEAVES).
    """
    asked = os.environ.get("MINGZHENG_BENCH_LEAVES")
    return {f"{size}": _at(size) for size in ((int(asked),) if asked else sizes)}


def _at(size: int) -> dict[str, Any]:
    log = Log(Path(settings.DATA) / f"bench-{size}")
    batch, alone, laid = [], [], []
    while log.size < size:
        entries = [os.urandom(32) for _ in range(min(BATCH, size - log.size))]
        began = time.perf_counter()
        log.append(entries)
        batch.append(time.perf_counter() - began)
        alone.append(_hashes_alone(entries))
        began = time.perf_counter()
        log.settle()
        laid.append(time.perf_counter() - began)
    ratio = statistics.median(one / other for one, other in zip(alone, batch, strict=True))
    answer = {
        "leaves_per_s": round(size / sum(batch)),
        "batch_share_of_hashlib": round(ratio, 3),
        "goal_batch": ">= 0.4",
        "with_tiles_on_disk_per_s": round(size / (sum(batch) + sum(laid))),
        **_single(log),
        **_proofs(log),
    }
    log.close()
    return answer


def _hashes_alone(entries: list[bytes]) -> float:
    """Seconds for as many hashes as integrating the entries needs: one an entry, and nearly one
    more for the tree.
    """
    both = os.urandom(65)
    began = time.perf_counter()
    for entry in entries:
        sha256(b"\x00" + entry).digest()
    for _ in range(len(entries) - 1):
        sha256(both).digest()
    return time.perf_counter() - began


def _single(log: Log) -> dict[str, Any]:
    """One entry durably, against one appended frame of the same length with fdatasync."""
    scratch = os.open(Path(settings.DATA) / "scratch", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    one, bare = [], []
    for _ in range(SINGLES):
        entry = os.urandom(32)
        began = time.perf_counter()
        log.append([entry])
        one.append(time.perf_counter() - began)
        began = time.perf_counter()
        os.write(scratch, bytes(70))
        os.fdatasync(scratch)
        bare.append(time.perf_counter() - began)
    os.close(scratch)
    log.settle()
    append, sync = statistics.median(one), statistics.median(bare)
    return {
        "append_us": round(append * 1e6, 1),
        "fdatasync_us": round(sync * 1e6, 1),
        "single_share": round(sync / append, 3),
        "goal_single": ">= 0.9",
    }


def _proofs(log: Log) -> dict[str, Any]:
    """Inclusion proofs of random entries; two are checked, outside the time."""
    taken, rnd = [], random.Random(1)
    nodes = Shelf(log.folder, log.size)
    source = dict(log.entries(0, 256))
    for index in (0, 255):
        if (
            tree.root_of(
                leaf(source[index]), index, log.size, tree.inclusion(nodes, index, log.size)
            )
            != log.root
        ):
            raise RuntimeError("the proof is wrong")
    for _ in range(PROOFS):
        index = rnd.randrange(log.size)
        began = time.perf_counter()
        tree.inclusion(nodes, index, log.size)
        taken.append(time.perf_counter() - began)
    nodes.close()
    return {
        "proof_p50_us": round(statistics.median(taken) * 1e6, 1),
        "proof_p99_us": round(percentile(taken, 0.99) * 1e6, 1),
        "goal_proof": "p50 <= 60 us at 10^7",
    }
