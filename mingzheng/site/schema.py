"""The triggers that hold the record below the application: those of the database against those that
the migrations make.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

EXPECTED = Path(__file__).with_name("triggers.json")
# A table that was renamed keeps its old name in the words of the refusal.
_WORDS = re.compile(r"'[^']*: the record is append-only'")
_LITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_POSTGRES = (
    "SELECT t.tgname, pg_get_triggerdef(t.oid) || p.prosrc FROM pg_trigger t"
    " JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
)


def held() -> dict[str, str]:
    """Trigger → SHA-256 of what it does, as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRES if connection.vendor == "postgresql" else _LITE)
        return {str(name): _digest(str(text)) for name, text in cursor.fetchall()}


def expected() -> dict[str, str]:
    """The same as the migrations make them."""
    known: dict[str, dict[str, str]] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return known[connection.vendor]


def faults() -> Iterator[str]:
    """Triggers that are gone, that do something else, or that nobody knows."""
    now, wanted = held(), expected()
    for name in sorted(set(now) | set(wanted)):
        if name not in now:
            yield f"触发器 {name} 不见了。"
        elif name not in wanted:
            yield f"触发器 {name} 不是本系统建立的。"
        elif now[name] != wanted[name]:
            yield f"触发器 {name} 被改过。"


def _digest(text: str) -> str:
    bare = _WORDS.sub("''", " ".join(text.replace('"', "").split()))
    return hashlib.sha256(bare.encode()).hexdigest()
