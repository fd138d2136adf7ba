"""What goes public about a matter: the rows that every table shares, and who says what there is to
publish.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mingzheng.core.steps import Step, Way
from mingzheng.procedures import matter_kinds
from mingzheng.records.models import Record


@dataclass(frozen=True)
class Offer:
    """What a matter has for the public, before anything is covered.

    `form` says how it is read: "decision" (parts facts, basis, decision) or "page" (blocks of a
    published list, guide or chart). `parts` are texts that a person covers and confirms; `body`
    is frozen as it stands. `source` is what it was made from.
    """

    form: str
    title: str
    on: date
    number: str = ""
    document: str = ""
    party_kind: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""


States = tuple[str, ...]
Offering = Callable[[Record], Offer | None]


def offer(record: Record) -> Offer | None:
    """What this record has for the public now; None when there is nothing."""
    kind = matter_kinds.known(record.kind)
    return kind.offer(record) if kind and kind.offer else None


Reporting = Callable[[Record, date], Mapping[str, str]]


def report(record: Record, on: date) -> tuple[str, Mapping[str, str]] | None:
    """(id of the list of columns, column → text) of this record; None where no platform wants its
    kind.
    """
    kind = matter_kinds.known(record.kind)
    found = kind.report if kind else None
    return (found.columns, found.row(record, on)) if found else None


def rows(
    states: States,
    after: States,
    *,
    of: str = "decision",
    source: str = "国办发〔2018〕118号 二（三）",
    by: tuple[str, ...] = ("handler",),
    verb: str = "",
) -> tuple[Step, ...]:
    """From the proposed public text to its withdrawal.

    `of` is what is published, `by` who prepares it, `after` where it may be live; `verb` tells
    a compiled page from a decision.
    """
    live, issuing = (f"publication.published:{of}",), (*by, "publisher")
    return (
        Step(
            "publication.file-prepared",
            "制作公示附件",
            "公示",
            states,
            by=by,
            source="《政府信息公开条例》第三十七条",
        ),
        Step(
            "publication.proposed",
            "拟公示",
            "公示",
            states,
            main=True,
            by=by,
            verb=verb,
            source=source,
        ),
        Step(
            "publication.approved",
            "公示报批",
            "公示",
            states,
            route="publication.approved",
            by=by,
            documents=("publication-approval",),
            main=True,
            after=("publication.proposed",),
            source=source,
        ),
        Step(
            "publication.published",
            "发布公示",
            "公示",
            states,
            of=of,
            verb="public",
            by=issuing,
            main=True,
            after=("publication.approved",),
            source=source,
        ),
        Step(
            "publication.withheld",
            "依法不予公开",
            "公示",
            states,
            route="publication.withheld",
            by=by,
            source="《政府信息公开条例》第十四条至第十六条",
            once=True,
        ),
        Step(
            "publication.found-wrong",
            "登记公示内容有误",
            "公示",
            after,
            by=issuing,
            source=source,
            after=live,
        ),
        Step(
            "publication.corrected",
            "更正公示",
            "公示",
            after,
            by=issuing,
            source=source,
            after=("publication.found-wrong", "correction.requested"),
        ),
        Step(
            "publication.withdrawn",
            "撤下公示",
            "公示",
            after,
            by=issuing,
            route="publication.withdrawn",
            source=source,
            after=live,
        ),
        Step(
            "publication.withdrawn",
            "登记外部渠道撤下",
            "公示",
            after,
            by=issuing,
            of="confirmed",
            source=source,
            after=("publication.take-down-ordered",),
        ),
    )


def ways(of: str = "decision") -> tuple[Way, ...]:
    """What may come in the place of publication."""
    return (
        Way(
            "不予公开",
            f"publication.published:{of}",
            ("publication.withheld",),
            instead=True,
            ends="不公示",
        ),
    )


def onward(of: str = "decision") -> dict[str, str]:
    """In words, when it is published."""
    return {f"publication.published:{of}": "应当公开"}


def reported(states: States) -> tuple[Step, ...]:
    """What licences and penalties add: the report to the platforms, and the lawful early end of a
    term on a credit channel.
    """
    return (
        Step(
            "decision.transmitted",
            "报送双公示",
            "公示",
            states,
            by=("handler", "publisher"),
            source="发改办财金〔2018〕424号",
        ),
        Step(
            "publication.ended-early",
            "提前停止公示（信用修复）",
            "公示",
            states,
            by=("handler", "publisher"),
            route="publication.ended-early",
            source="信用修复管理办法（2026年4月1日施行）",
            after=("publication.published",),
        ),
    )
