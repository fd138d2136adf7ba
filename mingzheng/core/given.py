"""What came with a request, read without trusting it: numbers, days, moments, and whether a text can
be kept at all. Whatever is not plainly one of these is None, never an exception.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from mingzheng.core import clock

# What a column of the database holds, and the years within which moments can be moved between
# zones and back.
LARGEST = (1 << 63) - 1
YEARS = range(1000, 9999)
_NUMBER = re.compile(r"[0-9]{1,19}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Neither database keeps NUL, no workbook the others, UTF-8 no half of a pair; U+FFFD stands where
# something could not be read.
_FOUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")


def number(text: str | None) -> int | None:
    """A whole number in plain digits that a column can hold; `²` and 5 000 digits are none."""
    if text is None or not _NUMBER.fullmatch(text):
        return None
    found = int(text)
    return found if found <= LARGEST else None


def key(text: str | None) -> int:
    """The id that was chosen; 0, which nothing has, for everything else."""
    return number(text) or 0


def day(text: str | None) -> date | None:
    """A day written 2026-11-28."""
    if text is None or not _DAY.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def moment(text: str | None) -> datetime | None:
    """A moment in ISO 8601, by local time; one without its zone is meant here."""
    try:
        found = clock.local(datetime.fromisoformat(text or ""))
    except (ValueError, OverflowError):
        return None
    return found if found.year in YEARS else None


def foul(text: str) -> str:
    """The first character that no text may hold, as U+0000; empty when there is none."""
    found = _FOUL.search(text)
    return f"U+{ord(found.group()):04X}" if found else ""


def texts(said: Any) -> Iterator[str]:
    """Every text within a value that came as JSON, the names of its members too."""
    waiting = [said]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            waiting += [*each, *each.values()]
        elif isinstance(each, list):
            waiting += each
