"""Atom feeds: what went public, what was corrected, what was taken down. A removal has an entry of
its own, without content.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from mingzheng.core import clock
from mingzheng.disclosure.models import Publication
from mingzheng.portal.tombs import causes, said
from mingzheng.records.models import Act

LONGEST = 50


@dataclass(frozen=True)
class Feed:
    """A kind of feed: its title, which publications it tells of, and by which act."""

    title: str
    rows: Any
    act: str


FEEDS = {
    "publications": Feed("新公示", Q(state=Publication.LIVE), "published_by"),
    "corrections": Feed("更正", Q(state=Publication.REPLACED), "withdrawn_by"),
    "withdrawals": Feed("撤下", Q(state=Publication.WITHDRAWN), "withdrawn_by"),
}


def atom(feed: Feed, narrowed: Q, address: str) -> bytes:
    """The newest entries as Atom (RFC 4287)."""
    rows: QuerySet[Publication] = Publication.objects.filter(
        feed.rows & narrowed, published_on__isnull=False
    ).select_related(feed.act, "record")
    found = [(row, getattr(row, feed.act)) for row in rows.order_by(f"-{feed.act}_id")[:LONGEST]]
    newest = max(
        (act.recorded_at for _, act in found), default=datetime(2000, 1, 1, tzinfo=clock.ZONE)
    )
    url = f"{settings.PUBLIC_URL}{address}"
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">'
        f"<title>{escape(feed.title)}</title><id>{escape(url)}</id>"
        f'<updated>{_time(newest)}</updated><link rel="self" href={quoteattr(url)}/>'
    )
    return "".join([head, *(_entry(row, act, feed) for row, act in found), "</feed>"]).encode()


def _entry(row: Publication, act: Act, feed: Feed) -> str:
    page = settings.PUBLIC_URL + reverse("portal:item", args=[row.code])
    body = json.loads(row.body)
    if row.state == Publication.LIVE:
        title, summary = row.title, str(body.get("decision", ""))
    else:
        # What was taken down is told of by its number alone: no content comes back through a feed.
        fate = "已更正" if row.state == Publication.REPLACED else "已撤下"
        title = f"{row.number or body.get('document', '')}{fate}"
        cause = "" if row.state == Publication.REPLACED else causes().get(act.of, act.of)
        summary = "；".join(text for text in (cause, said(row)) if text)
    return (
        f"<entry><title>{escape(title)}</title><id>{escape(page)}#{act.pk}</id>"
        f"<updated>{_time(act.recorded_at)}</updated><link href={quoteattr(page)}/>"
        f"<author><name>{escape(body['organ'])}</name></author>"
        f"<summary>{escape(summary)}</summary></entry>"
    )


def _time(moment: datetime) -> str:
    return clock.local(moment).isoformat(timespec="seconds")
