"""Canonical JSON (RFC 8785) for the values that the record holds.

Only null, booleans, integers, strings, lists and string-keyed tables are
allowed: with no floats, sorted keys and no spaces the bytes are the ones every
other implementation of RFC 8785 writes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime


def plain(value: object) -> object:
    """`value` in JSON's own types: dates become ISO text, tuples and sets become lists."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=repr)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no place in the record")


def canonical(value: object) -> str:
    """RFC 8785 text of `value`."""
    ordered = _utf16_ordered(plain(value))
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def content_hash(value: object) -> str:
    """Lower-case hexadecimal SHA-256 of the canonical text of `value`."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def commitment(salt: bytes, text: str) -> bytes:
    """The 32 bytes that the ledger commits to: SHA-256 of salt and canonical text."""
    return hashlib.sha256(salt + text.encode()).digest()


def _utf16_ordered(value: object) -> object:
    # RFC 8785 sorts keys by UTF-16 code units, which differs from code points above U+FFFF.
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _utf16_ordered(value[key]) for key in keys}
    if isinstance(value, list):
        return [_utf16_ordered(item) for item in value]
    return value
