"""A notice that somebody sends is read apart first: one that hangs, digs too deep or breaks the
reader does so where nothing else is. Run by `records.sandbox`.
"""

from __future__ import annotations

import tomllib
from typing import Any, BinaryIO

from mingzheng.core.workdays.notices import NoticeFault, most_days_off, read_notice


def warm() -> None:
    """What is loaded at first use."""
    tomllib.loads("a = 2026-01-01")
    most_days_off()


def answer(task: str, given: BinaryIO, out: int, told: dict[str, Any]) -> dict[str, Any]:
    """{} for a notice that can be read, or what is wrong with it, in Chinese."""
    try:
        read_notice(tomllib.loads(given.read().decode("utf-8")))
    except NoticeFault as error:
        return {"fault": str(error)[:300]}
    except (ValueError, RecursionError) as error:
        return {"fault": f"放假通知不是合法的 TOML：{str(error)[:120]}"}
    return {}
