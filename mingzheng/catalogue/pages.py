"""The kinds of page: what each is called, which list of the pack names its fields, who compiles
it, how its table of steps looks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from mingzheng.catalogue.models import Page, PageVersion
from mingzheng.core.nouns import word
from mingzheng.core.steps import Procedure, State, Step
from mingzheng.procedures import matter_kinds, publishing
from mingzheng.procedures.matter_kinds import Kind
from mingzheng.procedures.panels import Panel
from mingzheng.procedures.publishing import Offer
from mingzheng.procedures.registry import register_procedure
from mingzheng.records.models import Record
from mingzheng.records.situation import Situation

SOURCE = "国办发〔2018〕118号 二（二）"
# The topic of the duty that a changed basis opens.
UPDATE = "lists/update"
PAGE_STATES = (State("open", "编制、公示"), State("retired", "已停用", final=True))
PAGE_STAGES = ("编制", "公示")
COMPILERS = ("officer", "window", "publisher", "legal-reviewer")


@dataclass(frozen=True)
class PageKind:
    """A kind of page: `code` is also what it is to the rules (`of`), `fields` the pack's list of
    its fields.

    `listed` is its word in a pack's list `published-lists`, which says what must be public.
    `compiler` is the role of the unit that compiles it where a pack's list `compilers` names
    that role; empty: whoever makes it.
    """

    code: str
    name: str
    fields: str = ""
    per_item: bool = False
    # A page of which an agency may keep several, each with a title of its own.
    several: bool = False
    compiler: str = "policy-unit"
    listed: str = ""


PAGE_KINDS = {
    kind.code: kind
    for kind in (
        PageKind("body-list", "行政执法主体名录", listed="bodies"),
        PageKind("officer-list", "行政执法人员清单", "officer-fields", listed="officers"),
        PageKind("item-list", "行政执法事项清单", "item-list-fields", listed="items"),
        PageKind("random-list", "随机抽查事项清单", "random-list-fields", listed="random"),
        PageKind("recording-list", "音像记录事项清单", "recordings"),
        PageKind("review-list", "重大执法决定法制审核目录", "review-catalogue"),
        PageKind(
            "flow-chart", "行政执法流程图", "flow-chart-fields", per_item=True, listed="flow-charts"
        ),
        PageKind(
            "guide",
            "行政执法服务指南",
            "guide-fields",
            per_item=True,
            compiler="window",
            listed="guides",
        ),
        PageKind("powers", "执法职责、权限"),
        PageKind("bases", "执法依据"),
        PageKind("benchmark", "行政裁量权基准"),
        PageKind("measure", "本机关制度、办法", several=True),
        PageKind("board", "岗位信息公示牌", "window-board-fields", compiler="window"),
        PageKind("samples", "文书、申请材料示范文本", compiler="window"),
        PageKind("other-information", "其他依法公开的信息", several=True, compiler="handling-unit"),
    )
}


def procedure_of(kind: PageKind) -> Procedure:
    """The table of steps of a kind of page; every kind has the same rows, what is published
    differs.
    """
    live = ("open",)
    return Procedure(
        code=f"page-{kind.code}",
        name=kind.name,
        kind="page",
        states=PAGE_STATES,
        stages=PAGE_STAGES,
        start="open",
        steps=(
            Step(
                "page.compiled", "编制、修订", "编制", live, by=COMPILERS, main=True, source=SOURCE
            ),
            Step(
                "filing.receipted",
                "登记备案审核回执",
                "编制",
                live,
                by=COMPILERS,
                source="国办发〔2018〕118号 二（二）；司法行政机关备案审核",
                after=("page.compiled",),
            ),
            *publishing.rows(
                live, (*live, "retired"), of=kind.code, by=COMPILERS, verb="page", source=SOURCE
            ),
            Step("page.retired", "停用", "公示", live, to="retired", by=COMPILERS, source=SOURCE),
        ),
    )


TABLES = {code: register_procedure(procedure_of(kind)) for code, kind in PAGE_KINDS.items()}


def newest(page: Page) -> PageVersion | None:
    """The version compiled last."""
    found: PageVersion | None = page.versions.order_by("-number").first()
    return found


def of_page(record: Record) -> Offer | None:
    """What a page has for the public: its newest version, frozen; None before the first."""
    page = Page.objects.get(record=record)
    held = newest(page)
    if held is None:
        return None
    return Offer(
        form="page",
        title=page.title,
        on=held.effective_on,
        document=PAGE_KINDS[page.kind].name,
        body={"page": page.kind, "version": held.number, **json.loads(held.body)},
    )


def facts_of(situation: Situation) -> dict[str, Any]:
    """What rules look at: that it is a page, and what stands on it of the things that a gate asks
    for by name.
    """
    page = Page.objects.filter(record=situation.record).first()
    held = newest(page) if page else None
    return {
        "kind": "page",
        "random": False,
        "elements": json.loads(held.body).get("elements", {}) if held else {},
    }


def versions(record: Record) -> list[Panel]:
    """The versions of a page that is kept public."""
    rows = PageVersion.objects.filter(page__record=record).order_by("-number")
    return [
        Panel(
            "版本",
            head=("版本", "生效日期", "修订说明"),
            rows=tuple(
                (f"第 {row.number} 版", f"{row.effective_on:%Y年%-m月%-d日}", row.note or "—")
                for row in rows
            ),
            note="" if rows else "还没有编制。",
            links=((reverse("catalogue:pages"), f"全部{word('catalogue:pages')}"),),
        )
    ]


PAGE = matter_kinds.register(Kind(code="page", facts=facts_of, offer=of_page, panels=(versions,)))
