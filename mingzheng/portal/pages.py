"""What is public before enforcement: lists, guides, charts as plain frozen values, with every
version and what changed between two.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse

from mingzheng.agencies.models import Agency
from mingzheng.catalogue import bases, comparing, drawing
from mingzheng.catalogue.models import Basis, BasisChange
from mingzheng.catalogue.pages import PAGE_KINDS
from mingzheng.disclosure.models import Publication
from mingzheng.documents import render
from mingzheng.portal import proving, versions

SHOWN = (Publication.LIVE, Publication.REPLACED)
# Millimetres that a drawing has on a sheet of A3 across, below its title.
WALL = (384, 226)


@dataclass(frozen=True)
class Shown:
    """A published page: blocks as `catalogue.building` makes them; `newer` is the code of the
    version that took its place.

    `marks` say in words which of the bases that it cites changed since; `older` is the code of
    the version before.
    """

    code: str
    title: str
    kind: str
    name: str
    organ: str
    agency: str
    on: date
    effective_on: str
    blocks: tuple[dict[str, Any], ...]
    versions: tuple[versions.Version, ...]
    newer: str
    older: str
    marks: tuple[str, ...]
    sealed: bool

    @property
    def number(self) -> int:
        """Which version of the line it is."""
        return next(each.number for each in self.versions if each.code == self.code)


def page(row: Publication) -> Shown:
    """A page as it is, or was, public."""
    body = json.loads(row.body)
    found = versions.of_line(row)
    act = proving.act_of_publication(row)
    assert row.published_on is not None
    here = [each.code for each in found].index(row.code)
    live = row.state == Publication.LIVE
    return Shown(
        row.code,
        row.title,
        row.of,
        body["document"],
        body["organ"],
        Agency.objects.get(pk=row.agency_id).code,
        row.published_on,
        body["decided_on"],
        tuple(body["blocks"]),
        found,
        "" if live else found[-1].code,
        found[here - 1].code if here else "",
        (
            tuple(bases.marks(row.agency_id, row.body, date.fromisoformat(body["decided_on"])))
            if live
            else ()
        ),
        proving.sealed(act) is not None,
    )


@dataclass(frozen=True)
class Line:
    """A published page in a list: code, title, which version, since when."""

    code: str
    title: str
    version: int
    on: date


@dataclass(frozen=True)
class Group:
    """The published pages of one kind."""

    kind: str
    name: str
    lines: tuple[Line, ...]


def groups(agency: Agency) -> tuple[Group, ...]:
    """What the agency keeps public now, kind by kind in the order of the kinds."""
    found: dict[str, list[Line]] = {}
    for row in live(agency).order_by("title"):
        assert row.published_on is not None
        number = Publication.objects.filter(
            line=row.line, published_on__isnull=False, pk__lte=row.pk
        ).count()
        found.setdefault(row.of, []).append(Line(row.code, row.title, number, row.published_on))
    return tuple(
        Group(code, kind.name, tuple(found[code]))
        for code, kind in PAGE_KINDS.items()
        if code in found
    )


def live(agency: Agency, kind: str = "") -> Any:
    """The agency's pages that are public now, of one kind where one is asked for."""
    rows = Publication.objects.filter(agency_id=agency.pk, form="page", state=Publication.LIVE)
    return rows.filter(of=kind) if kind else rows


@dataclass(frozen=True)
class Compared:
    """Two versions of a page: their numbers and days, and what differs."""

    title: str
    old: versions.Version
    new: versions.Version
    rows: tuple[comparing.Difference, ...]


def compared(new: Publication, old_code: str) -> Compared | None:
    """What changed from one public version of a line to another; None when they are not of one
    line or were never public.
    """
    held = {each.code: each for each in versions.of_line(new)}
    old = Publication.objects.filter(code=old_code, line=new.line, state__in=SHOWN).first()
    if old is None or new.code not in held or old.code not in held:
        return None
    found = comparing.differences(json.loads(old.body)["blocks"], json.loads(new.body)["blocks"])
    return Compared(new.title, held[old.code], held[new.code], tuple(found))


@dataclass(frozen=True)
class Change:
    """One line of the feed of legal documents: day, 施行 or 修改 or 废止, which, and what else is
    said.
    """

    on: date
    what: str
    name: str
    number: str
    note: str
    url: str


def changes(agency: Agency) -> tuple[Change, ...]:
    """Bases that came into force, were amended or repealed, newest first."""
    rows = [
        Change(row.effective_on, "施行", row.name, row.number, bases.rank_name(row), row.url)
        for row in Basis.objects.filter(agency=agency)
    ]
    for row in BasisChange.objects.filter(agency_id=agency.pk).select_related("basis"):
        note = f"由《{row.successor}》代替" if row.successor else row.note
        rows.append(
            Change(
                row.on,
                BasisChange.NAMES[row.sort],
                row.basis.name,
                row.basis.number,
                note,
                row.basis.url,
            )
        )
    return tuple(sorted(rows, key=lambda each: each.on, reverse=True))


def held_bases(agency: Agency) -> list[tuple[str, str, date, str]]:
    """(name with number, rank, from when it holds, what it is now) of every basis."""
    return [
        (f"《{row.name}》{row.number}", bases.rank_name(row), row.effective_on, bases.state(row))
        for row in bases.of(agency)
    ]


def sheet(row: Publication) -> bytes:
    """The page as a PDF of A3 across, to hang on a wall; the drawing is the one on the page."""
    return _sheet(row.text_hash, row.pk)


# What is public never changes under its hash, and drawing takes a while.
@lru_cache(maxsize=16)
def _sheet(text_hash: str, pk: int) -> bytes:
    shown = page(Publication.objects.get(pk=pk))
    blocks = [
        {**block, "sheets": drawing.printed(block, *WALL)} if block["kind"] == "chart" else block
        for block in shown.blocks
    ]
    line = f"{shown.organ}　第 {shown.number} 版　{shown.on:%Y年%-m月%-d日} 公示"
    made, _ = render.pdf(
        {
            "title": shown.title,
            "line": line,
            "issued": shown.on.isoformat(),
            "blocks": blocks,
            "organ": shown.organ,
            "foot": f"扫码看现在的版本　正文指纹 {text_hash[:16]}",
            "qr": settings.PUBLIC_URL + reverse("portal:item", args=[shown.code]),
        },
        "page.typ",
    )
    return made
