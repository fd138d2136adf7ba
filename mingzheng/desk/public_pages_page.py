"""公示信息: every kind of page that the agency should keep, where each stands, and what may be
done with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency
from mingzheng.catalogue import building, charts, fields, rights
from mingzheng.catalogue.lists import powers_in_force
from mingzheng.catalogue.models import Page
from mingzheng.catalogue.pages import COMPILERS, PAGE_KINDS, UPDATE, PageKind, newest
from mingzheng.core import clock
from mingzheng.desk.menu import powers
from mingzheng.disclosure.models import Publication
from mingzheng.procedures import matter_kinds
from mingzheng.records.actors import Actor
from mingzheng.records.duties import Light, light
from mingzheng.records.models import Duty


@dataclass(frozen=True)
class Kept:
    """A page: where it stands in words and colour, the light of the duty to renew it, whether the
    registers say something else now.
    """

    title: str
    state: str
    tone: str
    light: Light | None
    drifted: bool
    record: int
    code: str
    seen: bool


@dataclass(frozen=True)
class Section:
    """A kind of page with its pages; `open` lists (value, name) of what a new one may be about,
    empty where none may be begun.

    `lacking` is the article by which the kind must be public while nothing of it is.
    """

    kind: PageKind
    pages: tuple[Kept, ...]
    open: tuple[tuple[str, str], ...]
    compiler: str
    mine: bool
    lacking: str


def sections(by: Actor, agency: Agency) -> list[Section]:
    """Kind by kind what is kept and what is still to be begun."""
    held, visible = (
        powers(agency),
        set(
            access.visible(by).filter(agency_id=agency.pk, kind="page").values_list("pk", flat=True)
        ),
    )
    rows: dict[str, list[Page]] = {}
    for page in (
        Page.objects.filter(agency=agency)
        .select_related("record", "item", "agency")
        .order_by("title")
    ):
        rows.setdefault(page.kind, []).append(page)
    live = {
        row.record_id: row
        for row in Publication.objects.filter(
            agency_id=agency.pk, form="page", state=Publication.LIVE
        )
    }
    owed = {
        row.record_id: row
        for row in Duty.objects.filter(agency_id=agency.pk, topic=UPDATE, state=Duty.OPEN).order_by(
            "-light_due"
        )
    }
    must = {
        str(row["id"]): str(row["source"])
        for row in fields.regime(agency).rows("published-lists", clock.today(), {}).rows
    }
    needs = {page: kind.code for kind in matter_kinds.enforcement() for page in kind.pages}
    found = []
    for kind in PAGE_KINDS.values():
        if needs.get(kind.code, next(iter(held), "")) not in held:
            continue
        pages = rows.get(kind.code, [])
        wanted = rights.compiler(agency, kind)
        mine = rights.may(by, agency, kind) and bool(
            {*by.roles, *({"officer"} if "handler" in by.roles else ())} & set(COMPILERS)
        )
        found.append(
            Section(
                kind,
                tuple(
                    _kept(page, live.get(page.record_id), owed.get(page.record_id), visible)
                    for page in pages
                ),
                tuple(_open(kind, agency, pages)),
                wanted[1] if wanted else "",
                mine,
                "" if any(page.record_id in live for page in pages) else must.get(kind.listed, ""),
            )
        )
    return found


def _kept(page: Page, live: Publication | None, duty: Any, visible: set[int]) -> Kept:
    version = newest(page)
    published = (
        Publication.objects.filter(line=live.line, published_on__isnull=False).count()
        if live
        else 0
    )
    if page.record.state == "retired":
        state, tone = "已停用", "n"
    elif duty:
        state, tone = "需复核", "y"
    elif live:
        state, tone = f"公示中 第 {published} 版", "g"
    else:
        state, tone = ("编制中", "n") if version else ("未编制", "n")
    drifted = bool(version) and page.record.state != "retired" and building.drifted(page, version)  # type: ignore[arg-type]
    return Kept(
        page.title,
        state,
        tone,
        light(duty) if duty else None,
        drifted,
        page.record_id,
        live.code if live else "",
        page.record_id in visible,
    )


def _open(kind: PageKind, agency: Agency, pages: Iterable[Page]) -> Iterable[tuple[str, str]]:
    """What a new page of the kind may be about."""
    kept = list(pages)
    if kind.code == "flow-chart" and charts.per_kind(agency):
        taken = {page.matter for page in kept}
        kinds = dict.fromkeys(powers_in_force(agency).values_list("kind", flat=True))
        return [(f"matter:{code}", matter_kinds.name(code)) for code in kinds if code not in taken]
    if kind.per_item:
        done = {page.item_id for page in kept}
        return [
            (f"item:{row.pk}", row.name) for row in powers_in_force(agency) if row.pk not in done
        ]
    return [("", "")] if kind.several or not kept else []
