"""The versions of one publication: when each stood, what was changed and why. Never the words that
were wrong.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from mingzheng.disclosure import redaction
from mingzheng.disclosure.models import Publication
from mingzheng.records.models import ActContent

FIELD_NAMES = {
    "title": "标题",
    "party": "当事人",
    "number": "文号",
    "decided_on": "作出日期",
    "document": "文书名称",
    "remedy": "救济途径",
    "files": "附件",
}


@dataclass(frozen=True)
class Version:
    """One version of the line: its number, first day, last day (None: still public), what was
    changed and why.
    """

    number: int
    code: str
    on: date
    until: date | None
    changed: tuple[str, ...]
    reason: str


def of_line(row: Publication) -> tuple[Version, ...]:
    """Every version that was ever public, oldest first."""
    rows = list(
        Publication.objects.filter(line=row.line, published_on__isnull=False).order_by("pk")
    )
    said = dict(
        ActContent.objects.filter(act__in=[each.published_by_id for each in rows]).values_list(
            "act", "body"
        )
    )
    heads = dict(zip(redaction.BODY[1:], redaction.heads(row.kind), strict=True))
    found = []
    for number, each in enumerate(rows, 1):
        told = json.loads(said.get(each.published_by_id, "{}"))
        changed = tuple(
            {**FIELD_NAMES, **heads}.get(name, name) for name in told.get("changed", ())
        )
        reason = redaction.hidden(each.record, str(told["reason"])) if told.get("reason") else ""
        assert each.published_on is not None
        found.append(
            Version(number, each.code, each.published_on, each.withdrawn_on, changed, reason)
        )
    return tuple(found)
