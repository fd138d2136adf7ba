"""双公示: licences and penalties as rows of the standard's columns, each row held against the
field list before it leaves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingzheng.core import clock
from mingzheng.core.redaction.identifiers import is_id, is_uscc
from mingzheng.disclosure.models import Publication
from mingzheng.procedures import matter_kinds, publishing, registry
from mingzheng.records import law
from mingzheng.records.models import Record

# Columns that are reported to the platform and never shown to the public: the pack's rows say so in
# their note.
HIDDEN = "不公示"
DAY = re.compile(r"\d{4}/\d{2}/\d{2}")
NUMBER = re.compile(r"\d+(\.\d{1,6})?")
# Columns of free text go out in the words that were approved for the public, never in those of the
# file.
SAID = {"CF_SY": "facts", "CF_YJ": "basis", "CF_NR": "decision", "XK_NR": "decision"}
# The suffixes of columns that mean the same in both tables.
CODE, PERSON, NUMBERED, DECIDED = "_XDR_SHXYM", "_XDR_ZJHM", "_WSH", "_JDRQ"


@dataclass(frozen=True)
class Row:
    """One decision: column → text, and what is wrong with it, each in a sentence."""

    record: Record
    columns: Mapping[str, str]
    faults: tuple[str, ...]


def kinds() -> dict[str, str]:
    """The kinds of matter that are reported, with their names."""
    return {kind.code: kind.name for kind in matter_kinds.enforcement() if kind.report}


def columns(agency_id: int, pack: str, kind: str, on: date) -> list[Mapping[str, Any]]:
    """The columns of a table in order, as the agency's pack lists them: {"id", "name", "text",
    "need", "note"}.
    """
    return [
        dict(each)
        for each in (
            law.regime_of(agency_id, pack)
            .rows(f"double-publication/{kind}", on, {"kind": kind})
            .rows
        )
    ]


def rows(
    agency_id: int, kind: str, since: date | None = None, until: date | None = None
) -> Iterator[Row]:
    """Every decision of the agency that is public now, oldest first, as a checked row."""
    found = Publication.objects.filter(
        agency_id=agency_id, kind=kind, form="decision", state=Publication.LIVE
    ).select_related("record")
    if since:
        found = found.filter(decided_on__gte=since)
    if until:
        found = found.filter(decided_on__lte=until)
    seen: set[str] = set()
    for row in found.order_by("decided_on", "pk").iterator():
        made = of_publication(row, seen)
        if made is not None:
            yield made


def of_publication(row: Publication, seen: set[str] | None = None) -> Row | None:
    """The row of one public decision; `seen` are the numbers of rows before it. None for a kind
    that is not reported.
    """
    today, record = clock.today(), row.record
    found = publishing.report(record, today)
    if found is None:
        return None
    list_id, file = found
    body = json.loads(row.body)
    filled = {
        **file,
        **{name: str(body[part]) for name, part in SAID.items() if name in file and body.get(part)},
    }
    wanted = law.regime(record).rows(list_id, today, registry.facts_of(record)).rows
    return Row(
        record, filled, tuple(faults(wanted, filled, today, seen if seen is not None else set()))
    )


def faults(
    wanted: Sequence[Mapping[str, Any]], filled: Mapping[str, str], today: date, seen: set[str]
) -> Iterator[str]:
    """What the standard would refuse, column by column, then across columns."""
    for each in wanted:
        name, text = str(each["name"]), str(filled.get(str(each["id"]), ""))
        if not text.strip():
            if each.get("need", "must") == "must":
                yield f"“{name}”必填，现在是空的"
            continue
        yield from _shape(name, str(each.get("text", "")), text)
    yield from _across(filled, today, seen)


def _shape(name: str, shape: str, text: str) -> Iterator[str]:
    if shape.startswith("C") and shape[1:].isdigit() and len(text) > int(shape[1:]):
        yield f"“{name}”最多 {shape[1:]} 个字，现在是 {len(text)} 个字"
    if shape == "D" and not (DAY.fullmatch(text) and _day(text)):
        yield f"“{name}”要写成 2026/09/18 这样的日期"
    if shape.startswith("N") and not NUMBER.fullmatch(text):
        yield f"“{name}”要填以万元为单位的数字，至多六位小数"


def _across(filled: Mapping[str, str], today: date, seen: set[str]) -> Iterator[str]:
    said = {name[name.index("_") :]: text for name, text in filled.items() if "_" in name}
    code, person = said.get(CODE, ""), said.get(PERSON, "")
    if code and not is_uscc(code):
        yield "统一社会信用代码的校验位不对，请核对"
    if person and said.get("_XDR_ZJLX") == "身份证" and not is_id(person.upper()):
        yield "身份证号码的校验位或者出生日期不对，请核对"
    if said.get("_XDR_LB") == "自然人" and code:
        yield "自然人不填统一社会信用代码"
    decided = _day(said.get(DECIDED, ""))
    if decided and decided > today:
        yield "决定日期晚于今天"
    for first, last, words in (
        ("_YXQZ", "_YXQZI", "有效期至早于有效期自"),
        (DECIDED, "_GSJZQ", "公示截止期早于决定日期"),
    ):
        begin, end = _day(said.get(first, "")), _day(said.get(last, ""))
        if begin and end and end < begin:
            yield words
    number = said.get(NUMBERED, "")
    if number and number in seen:
        yield f"文号“{number}”在这批里出现了两次"
    seen.add(number)


def _day(text: str) -> date | None:
    try:
        return date(*map(int, text.split("/")))
    except (ValueError, TypeError):
        return None


def public_columns(wanted: Iterable[Mapping[str, Any]]) -> list[str]:
    """The columns that the public may read."""
    return [str(each["id"]) for each in wanted if HIDDEN not in str(each.get("note", ""))]
