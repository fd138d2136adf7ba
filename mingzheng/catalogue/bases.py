"""Bases of enforcement: what is in force, who cites it, which pages a change touches."""

from __future__ import annotations

import re
from datetime import date

from mingzheng.agencies.models import Agency
from mingzheng.catalogue.models import Basis, BasisChange, Item, Page, PageVersion
from mingzheng.core import clock
from mingzheng.core.regimes import vocabulary
from mingzheng.records.models import EffectiveAct

_NAMED = re.compile(r"《([^》]+)》")


def plain(name: str) -> str:
    """A name as people write it: without 《》 and without 中华人民共和国."""
    return name.strip().strip("《》").removeprefix("中华人民共和国").strip()


def named(text: str) -> list[str]:
    """The names in 《》 that a text cites, each once."""
    return list(dict.fromkeys(_NAMED.findall(text)))


def of(agency: Agency) -> list[Basis]:
    """The agency's bases, highest rank first, older first."""
    ranks = list(vocabulary().ranks)
    rows = Basis.objects.filter(agency=agency).prefetch_related("changes")
    return sorted(
        rows,
        key=lambda row: (
            ranks.index(row.rank) if row.rank in ranks else len(ranks),
            row.effective_on,
            row.pk,
        ),
    )


def rank_name(basis: Basis) -> str:
    """法律, 行政法规 …"""
    return vocabulary().ranks.get(basis.rank, basis.rank)


def cited_in(basis: Basis, text: str) -> bool:
    """Whether the text names this basis, with or without 中华人民共和国 before it."""
    wanted = plain(basis.name)
    return any(plain(name) == wanted for name in named(text)) or (
        wanted == plain(text) and bool(wanted)
    )


def repealed_on(basis: Basis) -> date | None:
    """From when it no longer holds; None while it does."""
    return next((row.on for row in basis.changes.all() if row.sort == BasisChange.REPEALED), None)


def state(basis: Basis) -> str:
    """现行有效, 2026年3月1日修改, 2026年3月1日废止."""
    changes = sorted(basis.changes.all(), key=lambda row: (row.on, row.pk))
    if not changes:
        return "现行有效" if basis.effective_on <= clock.today() else "尚未施行"
    last = changes[-1]
    when = "起" if last.on <= clock.today() else "将"
    successor = f"，由《{plain(last.successor)}》代替" if last.successor else ""
    return f"{last.on:%Y年%-m月%-d日}{when}{BasisChange.NAMES[last.sort]}{successor}"


def published(record_id: int) -> bool:
    """Whether the page of this record is public: a publication of it stands."""
    return EffectiveAct.objects.filter(
        record=record_id, kind="publication.published", voided_by=None
    ).exists()


def citing(basis: Basis) -> list[Page]:
    """The public pages of the agency whose newest version cites it, or whose item does."""
    found = []
    for page in Page.objects.filter(agency=basis.agency_id).select_related("item", "record"):
        newest = PageVersion.objects.filter(page=page).order_by("-number").first()
        told = newest.body if newest else ""
        if (
            newest
            and published(page.record_id)
            and (cited_in(basis, told) or page.item and cited_by(basis, page.item))
        ):
            found.append(page)
    return found


def cited_by(basis: Basis, item: Item) -> bool:
    """Whether an item rests on it."""
    return any(cited_in(basis, str(row.get("text", ""))) for row in item.bases)


def marks(agency_id: int, body: str, since: date) -> list[str]:
    """What changed in the bases that a text cites after the day its content is of, for people who
    read it.
    """
    found = []
    for change in (
        BasisChange.objects.filter(agency_id=agency_id, on__gt=since)
        .select_related("basis")
        .order_by("on", "pk")
    ):
        if cited_in(change.basis, body):
            found.append(
                f"本页引用的《{change.basis.name}》自 {change.on:%Y年%-m月%-d日}"
                f" 起{BasisChange.NAMES[change.sort]}，本页正在复核"
            )
    return found
