"""The index of what is public: built by a job from what the database says, asked together with
what came since.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from mingzheng.agencies.models import Party
from mingzheng.disclosure.models import ChannelReceipt, Publication
from mingzheng.jobs.acts import job
from mingzheng.procedures import matter_kinds
from mingzheng.search.building import Doc, build
from mingzheng.search.reading import Index, current

PARTIES = {kind: number for number, kind in enumerate(Party.KINDS, 1)}
# While so few came since the index was built, they are looked through one by one and nothing is
# built.
FEW = 200
OVERLAP = 100


@dataclass(frozen=True)
class Since:
    """What changed after an index was built: rows that came, ids that are public no longer."""

    came: QuerySet[Publication]
    gone: frozenset[int]


def folder() -> Path:
    """Where the index lies; it may be emptied at any time."""
    return Path(settings.DATA) / "search"


def public() -> QuerySet[Publication]:
    """Decisions and results that are public now."""
    return Publication.objects.filter(state=Publication.LIVE, form="decision")


def since(index: Index) -> Since:
    """What the index doesn't know yet: whatever a channel receipt came for since, looked at a
    little further back.

    Receipts are numbered as they are written; one that was still being written when the index
    was read may have a lower number than the last one seen.
    """
    fresh = ChannelReceipt.objects.filter(pk__gt=int(index.about["receipt"]) - OVERLAP)
    touched = dict(
        Publication.objects.filter(pk__in=fresh.values("publication"), form="decision").values_list(
            "pk", "state"
        )
    )
    known = index.holds(touched)
    came = [pk for pk, state in touched.items() if state == Publication.LIVE and pk not in known]
    return Since(
        public().filter(pk__in=came),
        frozenset(pk for pk in known if touched[pk] != Publication.LIVE),
    )


def opened() -> Index | None:
    """The index as it lies there; None before the first."""
    return current(folder())


@job("search.build", every=timedelta(minutes=1))
def refresh() -> bool:
    """Build the index anew once enough has changed; whether it did."""
    index = opened()
    if index is not None:
        news = since(index)
        changed = news.came.count() + len(news.gone)
        # The larger the index, the more may wait: what came since is looked through at every
        # question.
        if changed <= max(FEW, int(index.about["documents"]) // 100):
            return False
    elif public().count() <= FEW:
        return False
    rebuild()
    return True


def rebuild() -> None:
    """Build the index of everything that is public now."""
    last = ChannelReceipt.objects.aggregate(last=Max("pk"))["last"] or 0
    build(folder() / "index", _docs(), {"receipt": last})


def _docs() -> Iterator[Doc]:
    kinds = {kind.code: kind.number for kind in matter_kinds.enforcement()}
    rows = (
        public()
        .filter(~Q(published_on=None))
        .order_by("-published_on", "-id")
        .values_list("id", "search", "published_on", "agency_id", "kind", "party_kind")
    )
    for pk, text, on, agency, kind, party in rows.iterator(chunk_size=2000):
        assert on is not None
        yield Doc(pk, text, on.toordinal(), agency, kinds.get(kind, 0), PARTIES.get(party, 0))
