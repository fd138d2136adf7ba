"""Identifiers: time-ordered integers for rows, random codes for the public."""

from __future__ import annotations

import base64
import secrets
import threading
from datetime import datetime

from mingzheng.core import clock

_EPOCH = datetime(2004, 1, 1, tzinfo=clock.ZONE)
_SEQUENCE, _CHANCE = 10, 12
_lock = threading.Lock()
_last: list[int] = [0]


def _millis() -> int:
    return int((clock.now() - _EPOCH).total_seconds() * 1000)


def next_id(after: int | None = None) -> int:
    """A 63-bit integer: 41 bits of milliseconds, 10 of sequence, 12 of chance.

    Within a process two of the same millisecond keep their order. `after` is the id that the
    new one must follow although another process wrote it or the machine's clock was set back.
    """
    with _lock:
        tick = _millis() << _SEQUENCE
        if tick <= _last[0] < tick + (1 << _SEQUENCE) * 4:
            # Same millisecond, or a few borrowed from the next ones after 1024 in one.
            tick = _last[0] + 1
        else:
            # A random place in the first half: two processes, or a demo that plays a minute twice,
            # do not meet.
            tick += secrets.randbelow(1 << (_SEQUENCE - 1))
        floor = (after >> _CHANCE) + 1 if after is not None else 0
        _last[0] = tick = max(tick, floor)
    return (tick << _CHANCE) | secrets.randbelow(1 << _CHANCE)


def effect_id() -> int:
    """A 63-bit integer: 20 bits of half hours, so that neighbours lie together, and 43 of chance, so
    that thousands of the same moment do not meet. No order is read from it: a clock that is set back
    does no harm.
    """
    return _millis() >> 21 << 43 | secrets.randbits(43)


def public_code() -> str:
    """128 random bits in 26 lower-case base-32 letters: never sequential, safe in a URL."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
