"""What disclosure shows on a matter's page."""

from __future__ import annotations

from mingzheng.core.regimes import vocabulary
from mingzheng.disclosure.models import PublicFile
from mingzheng.procedures import registry
from mingzheng.records.models import Record

SAID = {
    PublicFile.WAITING: "制作中",
    PublicFile.READY: "可以随公示发布",
    PublicFile.REFUSED: "不能制作",
}


def files(record: Record) -> dict[str, object] | None:
    """Files that are made anew to go public with the text: what came out, or why nothing did."""
    rows = [
        (str(row.number), row.name or "—", "；".join((SAID[row.state], *row.notes)))
        for row in PublicFile.objects.filter(record=record).order_by("number")
    ]
    head = ("序号", "文件", "情况")
    return {"panel": {"title": "公示附件", "head": head, "rows": rows}} if rows else None


def publications(record: Record) -> dict[str, object] | None:
    """What of this matter is, was or will be public; of an enforcement matter that never is, that
    it is not.
    """
    rows = list(record.publications.order_by("-pk"))
    ever = any(
        step.act == "publication.proposed" for step in registry.procedure(record.procedure).steps
    )
    if not (rows or ever) and record.kind in vocabulary().facts["kind"].affairs:
        return None
    return {"publications": rows, "ever": bool(rows or ever)}
