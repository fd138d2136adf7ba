"""Identifiers: time-ordered integers for rows, random codes for the public."""

from __future__ import annotations

import base64
import itertools
import secrets
from datetime import datetime

from mingzheng.core import clock

_EPOCH = datetime(2004, 1, 1, tzinfo=clock.ZONE)
_sequence = itertools.count(secrets.randbelow(1 << 10))


def next_id() -> int:
    """A 63-bit integer: 41 bits of milliseconds, 10 of sequence, 12 of chance."""
    millis = int((clock.now() - _EPOCH).total_seconds() * 1000)
    return (millis << 22) | ((next(_sequence) & 0x3FF) << 12) | secrets.randbelow(1 << 12)


def public_code() -> str:
    """128 random bits in 26 lower-case base-32 letters: never sequential, safe in a URL."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
