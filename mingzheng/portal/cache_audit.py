"""Kept pages are held against the database: what should not be shown any more goes, whatever went
wrong before.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from mingzheng.disclosure.models import Publication
from mingzheng.jobs.acts import job
from mingzheng.pages import store
from mingzheng.records.unit import work

log = logging.getLogger(__name__)


def unfitting() -> list[str]:
    """The codes of kept pages whose status is not that of their publication."""
    wrong = []
    for code, size in list(store.codes()):
        kept, row = (
            store.read(code, size),
            Publication.objects.filter(code=code).only("state", "form").first(),
        )
        if kept is not None and not kept.status.startswith(_status(row)):
            wrong.append(code)
    return wrong


@job("pages.sweep", every=timedelta(minutes=10))
def sweep() -> int:
    """Drop every kept page that does not fit the database; answers how many there were."""
    wrong = unfitting()
    for code in wrong:
        with work():
            store.drop(code)
    if wrong:
        log.warning("%s kept pages did not fit the database and were dropped", len(wrong))
    return len(wrong)


def _status(row: Publication | None) -> str:
    if row is None:
        return "404"
    if (
        row.state == Publication.WITHDRAWN
        or row.state == Publication.REPLACED
        and row.form == "decision"
    ):
        return "410"
    return "200" if row.state in (Publication.LIVE, Publication.REPLACED) else "404"
