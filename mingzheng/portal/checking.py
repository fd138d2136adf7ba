"""Rows that speak for sealed acts, held against them: papers, publications, attachments; and kept
pages. For `mingzheng verify`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mingzheng.core.canonical import content_hash
from mingzheng.core.digests import fingerprint
from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from mingzheng.portal.cache_audit import unfitting
from mingzheng.records.models import Act, ActContent, Attachment


def disagreements() -> Iterator[str]:
    """Every row that no longer says what its act says, in Chinese; what was lawfully destroyed is
    not asked.
    """
    yield from _papers()
    yield from _publications()
    yield from _attachments()
    for code in unfitting():
        yield f"留存的公示页 {code} 与数据库不符，清扫时会丢弃。"


def _said(act_id: int | None) -> dict[str, Any] | None:
    body = ActContent.objects.filter(act=act_id).values_list("body", flat=True).first()
    return None if body is None else json.loads(body)


def _papers() -> Iterator[str]:
    made = {
        subject: pk
        for pk, subject in (
            Act.objects.filter(kind="document.rendered").order_by("pk").values_list("pk", "subject")
        )
    }
    for row in Document.objects.order_by("pk").iterator():
        issued, rendered = _said(row.act_id), _said(made.get(str(row.pk)))
        if (
            content_hash(json.loads(row.body)) != row.text_hash
            or issued is not None
            and issued.get("text_hash") != row.text_hash
        ):
            yield f"文书 {row.pk} 的正文与出具时登记的指纹不一致。"
        if row.blob_id and (rendered is None or rendered.get("sha256") != row.blob_id):
            yield f"文书 {row.pk} 的电子版不是制成时的那一份。"


def _publications() -> Iterator[str]:
    sealed = {
        subject: pk
        for pk, subject in (
            Act.objects.filter(kind="publication.sealed")
            .order_by("pk")
            .values_list("pk", "subject")
        )
    }
    for row in (
        Publication.objects.exclude(approved_by=None)
        .select_related("approved_by", "published_by")
        .order_by("pk")
        .iterator()
    ):
        approved, published = row.approved_by, row.published_by
        hashes = {
            content_hash(json.loads(row.body)),
            row.text_hash,
            approved.subject if approved else "",
        }
        sm3 = (_said(sealed.get(row.code)) or {}).get("sm3")
        other = sm3 and sm3 != fingerprint([row.body.encode()], national=True).sm3
        if other or len(hashes | ({published.subject} if published else set())) > 1:
            yield f"公示 {row.pk} 的正文与批准的不一致。"


def _attachments() -> Iterator[str]:
    for row in Attachment.objects.order_by("pk").iterator():
        said = _said(row.act_id)
        if said is None:
            continue
        if not any(
            each["sha256"] == row.blob_id and each["name"] == row.name
            for each in said.get("files", ())
        ):
            yield f"附件 {row.pk} 与收到时的记录不一致。"
