"""The order of the test files: the longest first, so that no worker is left with a long one at
the end.

How long each file took is remembered from run to run beside pytest's cache. A file that nobody has
timed yet counts as long where it starts servers and browsers, and otherwise by its tests.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TIMES = ROOT / ".pytest_cache" / "times.json"
# Folders whose files start processes, in seconds a file.
HEAVY = {"walks": 60, "crashing": 60, "tampering": 60, "capture": 40, "bypasses": 30, "cases": 20}


def remembered() -> dict[str, float]:
    """Seconds by file, as far as known."""
    try:
        said = json.loads(TIMES.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): float(seconds) for name, seconds in said.items()}


def remember(took: Counter[str]) -> None:
    """Files of this run beside those of earlier ones."""
    if took:
        TIMES.parent.mkdir(exist_ok=True)
        kept = {**remembered(), **{name: round(seconds, 2) for name, seconds in took.items()}}
        TIMES.write_text(json.dumps(kept, indent=0, sort_keys=True), encoding="utf-8")


def file_of(nodeid: str) -> str:
    """The file of a test."""
    return nodeid.split("::")[0]


def longest_first(items: list[pytest.Item]) -> None:
    """Files in order of their length; tests within a file stay as they stand."""
    times, tests = remembered(), Counter(file_of(item.nodeid) for item in items)
    items.sort(key=lambda item: weight(file_of(item.nodeid), times, tests), reverse=True)


def weight(name: str, times: dict[str, float], tests: Counter[str]) -> tuple[float, str]:
    """How long a file takes, and its name, so that every worker finds the same order."""
    guessed = HEAVY.get(parts[1] if len(parts := name.split("/")) > 2 else "", 0) + tests[name]
    return times.get(name, float(guessed)), name


def timed(reports: Sequence[tuple[str, float]]) -> Counter[str]:
    """Seconds by file."""
    took: Counter[str] = Counter()
    for nodeid, seconds in reports:
        took[file_of(nodeid)] += seconds  # type: ignore[assignment]
    return took
