"""The same question to every agency: how many days, how long. The answers come from the packs
alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from mingzheng.core.regimes import Regime
from mingzheng.records import law
from mingzheng.rulebook import comparing, texts
from mingzheng.rulebook.comparing import DOWN, SAME, UNSET, UP, span
from mingzheng.rulebook.texts import Badge, badge

OWN_SITE = "own-site"


@dataclass(frozen=True)
class Question:
    """A topic asked at an act under some facts; without a kind, the first kind the agency
    handles.
    """

    id: str
    name: str
    topic: str
    act: str
    facts: Mapping[str, Any]
    table: str = "duties"


@dataclass(frozen=True)
class Answer:
    """What the agency's rules say, from where, and how it stands to the higher norm. `number`
    draws the bar.
    """

    words: str
    source: str
    number: int | None
    unit: str
    badges: tuple[Badge, ...]
    note: str = ""
    wide: bool = False


PUBLISHED = {"holds": ["publication.published"]}
QUESTIONS = (
    Question(
        "penalty",
        "处罚决定多久公开",
        "publication/decision",
        "decision.made",
        {"kind": "penalty", "procedure": "ordinary"},
    ),
    Question(
        "licence", "许可决定多久公开", "publication/decision", "decision.made", {"kind": "licence"}
    ),
    Question(
        "inspection",
        "检查等其他结果多久公开",
        "publication/decision",
        "decision.made",
        {"kind": "inspection"},
    ),
    Question(
        "random",
        "随机抽查结果多久公开",
        "publication/random",
        "inspection.ended",
        {"kind": "inspection", "random": True, "problem_found": False},
    ),
    Question(
        "withdrawal",
        "处罚决定被撤销，多久撤下",
        "publication/withdrawal",
        "decision.revoked",
        {"kind": "penalty", "procedure": "ordinary", **PUBLISHED},
    ),
    Question(
        "withdrawal-other",
        "其他决定被撤销，多久撤下",
        "publication/withdrawal",
        "decision.revoked",
        {"kind": "inspection", **PUBLISHED},
    ),
    Question(
        "term",
        "单位的信息公示多久",
        "publication/term",
        "publication.published",
        {"party": "organisation", "channel": OWN_SITE},
        "terms",
    ),
    Question(
        "term-natural",
        "个人的信息公示多久",
        "publication/term",
        "publication.published",
        {"party": "natural", "channel": OWN_SITE},
        "terms",
    ),
    Question("lists", "依据变了，清单多久更新", "lists/update", "basis.changed", {}),
    Question("review", "法制审核几天内提出意见", "review/period", "review.submitted", {}),
    Question("archive", "办结后多久归档", "archive/limit", "case.closed", {}),
    Question("annual", "年报什么时候公开", "annual/report", "year.ended", {}),
)


@lru_cache(maxsize=512)
def answer(regime: Regime, id: str, on: date) -> Answer:
    """What the agency's rules say to one question on a day."""
    asked = next(each for each in QUESTIONS if each.id == id)
    facts = _facts(asked, regime)
    if facts is None:
        return Answer("不办这类事项", "", None, "", ())
    row = _row(asked, regime, facts, on)
    above = _row(asked, comparing.higher(regime), facts, on)
    if row is None or row.get("unset"):
        told = str(row["text"]).removeprefix("未规定") if row else ""
        return Answer(
            "未规定",
            str(row["source"]) if row else "",
            None,
            "",
            (badge(UNSET),),
            told.strip("（）"),
        )
    if row.get("none"):
        return Answer("不作要求", row["source"], None, "", ())
    number, unit, words = _span(row, asked, regime)
    if row.get("fallback"):
        return Answer(
            words, row["source"], number, unit, (badge(SAME), *_marks(row, regime)), "本单位没有写"
        )
    state = _state(row, above, asked)
    floor = row.get("floor")
    note = (
        f"上位是 {span(floor['within'], floor['unit'], regime)}，按较早的办"
        if floor and asked.table == "duties"
        else ""
    )
    marks = [*([badge(state)] if state else []), *_marks(row, regime)]
    return Answer(words, row["source"], number, unit, tuple(marks[:2]), note, state == DOWN)


@lru_cache(maxsize=512)
def standard(regime: Regime, id: str, on: date) -> Answer:
    """What the higher norms above a regime say to the same question."""
    asked = next(each for each in QUESTIONS if each.id == id)
    facts = _facts(asked, regime) or dict(asked.facts)
    row = _row(asked, comparing.higher(regime), facts, on)
    if row is None or row.get("unset"):
        return Answer("没有写", "", None, "", ())
    number, unit, words = _span(row, asked, regime)
    return Answer(
        words, row["source"], number, unit, () if row.get("confirmed", True) else (badge("wait"),)
    )


def _facts(asked: Question, regime: Regime) -> dict[str, Any] | None:
    facts = dict(asked.facts)
    if "kind" in facts:
        return facts if regime.allows(str(facts["kind"]))[0] else None
    kind = next(
        (kind for kind in regime.words.facts["kind"].choices if regime.allows(kind)[0]), "other"
    )
    return {**facts, "kind": kind}


def _row(
    asked: Question, regime: Regime, facts: Mapping[str, Any], on: date
) -> dict[str, Any] | None:
    """The row that stands for our own site: the agency's own before a fallback, numbers before
    silence.
    """
    rows = [
        row
        for row in regime.explain(asked.act, on, facts, law.calendar())[asked.table]
        if row["topic"] == asked.topic and (row.get("channel") or "") in ("", "live", OWN_SITE)
    ]
    rows.sort(
        key=lambda row: (
            bool(row.get("unset")),
            bool(row.get("fallback")),
            bool(row.get("unknown")),
        )
    )
    return rows[0] if rows else None


def _span(row: Mapping[str, Any], asked: Question, regime: Regime) -> tuple[int | None, str, str]:
    held = row["within"] if asked.table == "duties" else row["lasts"]
    unit, no_later = row.get("unit") or "", str((row.get("how") or {}).get("no_later", ""))
    number = held if isinstance(held, int) else None
    return number, regime.words.units.get(unit, ""), span(held, unit, regime, no_later)


def _state(row: Mapping[str, Any], above: Mapping[str, Any] | None, asked: Question) -> str:
    if row.get("floor"):
        return DOWN if row.get("due") or asked.table == "terms" else UNSET
    if above is None or above.get("unset") or above.get("none"):
        return comparing.ADDED
    day = "due" if asked.table == "duties" else "until"
    mine, theirs = row[day], above[day]
    if mine == theirs:
        return SAME
    if asked.table == "terms":
        return ""
    if mine is None:
        return UNSET
    return DOWN if theirs is not None and mine > theirs else UP


def _marks(row: Mapping[str, Any], regime: Regime) -> list[Badge]:
    doubts = {
        rule.id
        for table in ("duty", "term")
        for rule in regime.rules(table)
        if texts.doubtful(rule, regime)
    }
    return [
        badge(key)
        for key, held in (("doubt", row["id"] in doubts), ("wait", not row.get("confirmed", True)))
        if held
    ]
