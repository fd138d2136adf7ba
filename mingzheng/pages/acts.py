"""Which page shows which record, and dropping pages when something is done."""

from __future__ import annotations

from mingzheng.pages import store
from mingzheng.pages.models import PublicPage
from mingzheng.records.models import Record


def show(record: Record, code: str) -> None:
    """《政府信息公开条例》: a page of this record is public from now on."""
    PublicPage.objects.create(code=code, record=record, agency_id=record.agency_id)


def touch(record: Record) -> None:
    """Within a transaction that did something about the record: its pages are made anew."""
    for code in PublicPage.objects.filter(record=record).values_list("pk", flat=True):
        store.drop(code)
