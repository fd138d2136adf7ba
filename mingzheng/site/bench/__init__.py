"""`mingzheng bench`: figures and ratios against a baseline that runs beside them.

The benchmark works in a database of its own in a temporary directory, and is
the only code that may write rows outside `acts` (design/goals).
"""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable
from typing import Any


def run(names: list[str]) -> dict[str, Any]:
    """Run the named benchmarks, or all; JSON-ready figures by name. KeyError for an unknown one."""
    with tempfile.TemporaryDirectory(prefix="mingzheng-bench-") as folder:
        os.environ["MINGZHENG_DATA"] = folder
        os.environ.pop("DATABASE_URL", None)
        from mingzheng.site.command_line import migrate, start_django

        start_django()
        migrate([])
        known = benchmarks()
        answer: dict[str, Any] = {
            "machine": {"python": platform.python_version(), "cpus": os.cpu_count()}
        }
        for name in names or list(known):
            answer[name] = known[name]()
        return answer


def benchmarks() -> dict[str, Callable[[], dict[str, Any]]]:
    """Every benchmark by name."""
    from mingzheng.site.bench import (
        act,
        deadlines,
        ingest,
        ledger,
        lists,
        pages,
        portal,
        redaction,
        search,
        workflow,
    )

    return {
        "deadlines": deadlines.run,
        "workflow": workflow.run,
        "pages": pages.run,
        "act": act.run,
        "lists": lists.alone,
        "ledger": ledger.run,
        "ingest": ingest.run,
        "search": search.run,
        "portal": portal.run,
        "redaction": redaction.run,
    }


BENCHES = (
    "deadlines",
    "workflow",
    "pages",
    "act",
    "lists",
    "ledger",
    "ingest",
    "search",
    "portal",
    "redaction",
)
