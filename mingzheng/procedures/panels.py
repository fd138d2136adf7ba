"""What a kind of matter shows on its page beside what every matter shows, as plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from mingzheng.records.models import Record


@dataclass(frozen=True)
class Panel:
    """A box of the page: label and value lines, a small table, a code to scan, links to other
    matters.
    """

    title: str
    lines: tuple[tuple[str, str], ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    qr: SafeString | str = ""
    note: str = ""


Maker = Callable[[Record], list[Panel]]
