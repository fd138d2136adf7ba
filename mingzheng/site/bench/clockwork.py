"""Interleaved rounds and medians: what a noisy machine allows to be said."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def rounds(work: Mapping[str, Callable[[], object]], times: int = 7) -> dict[str, float]:
    """Median seconds of each piece of work, the pieces taking turns in every round."""
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(times):
        for name, piece in work.items():
            began = time.perf_counter()
            piece()
            taken[name].append(time.perf_counter() - began)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
