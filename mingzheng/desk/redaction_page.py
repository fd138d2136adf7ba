"""The screen on which a person covers: every passage with its reason in the source, and the page
as the public will see it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mingzheng.core.redaction import Faces, Span, cover
from mingzheng.disclosure import redaction
from mingzheng.disclosure.access import newest
from mingzheng.disclosure.forms.proposing import ProposeForm
from mingzheng.disclosure.models import Publication
from mingzheng.disclosure.redaction import Passage, Sources
from mingzheng.procedures import publishing
from mingzheng.records.models import ActContent, Record

# How a passage is marked: yellow for what a business keeps, grey for what protects others, blue for
# the rest.
LOOKS = {"trade-secret": "b", "informant": "n", "minor": "n", "marked": "n"}


@dataclass(frozen=True)
class Run:
    """A stretch of text: plain (number 0), or passage number so-and-so, kept readable or not;
    `said` is what the public reads.
    """

    text: str
    number: int = 0
    look: str = ""
    kept: bool = False
    said: str = ""


@dataclass(frozen=True)
class Row:
    """A passage in the list: `field` is its bound field, None where it must be covered or nothing
    is asked any more.
    """

    number: int
    passage: Passage
    look: str
    cause: str
    field: Any = None


@dataclass(frozen=True)
class Sheet:
    """Everything the screen shows: parts as (head, runs), the list, how many are covered and
    kept.
    """

    title: tuple[Run, ...]
    parts: tuple[tuple[str, tuple[Run, ...]], ...]
    rows: tuple[Row, ...]
    covered: int
    kept: int
    policy: str


def of_form(form: ProposeForm) -> Sheet | None:
    """The screen of a form with the answers so far; None where there is nothing to publish."""
    if form.held is None:
        return None
    fields = {each.key: form[each.key] for each in form.passages if each.releasable}
    return _sheet(form.record, form.held, form.passages, form.kept(), fields)


def of_proposed(record: Record) -> Sheet | None:
    """What a second person reads before he approves: the same passages with what was decided about
    each.
    """
    found, offer = (
        newest(record, Publication.PROPOSED, Publication.APPROVED),
        publishing.offer(record),
    )
    if found is None or offer is None or found.form != "decision":
        return None
    said = (
        ActContent.objects.filter(act=found.proposed_by_id).values_list("body", flat=True).first()
    )
    answers = json.loads(said) if said else {}
    form = ProposeForm(
        {"more": "\n".join(answers.get("more", ())), "amended": answers.get("amended", "")},
        record=record,
        actor=None,
    )
    kept = {
        f"keep-{each['part']}-{each['start']}-{each['end']}": each["kept"]
        for each in answers.get("passages", ())
        if "kept" in each
    }
    return _sheet(record, form.held, form.passages, kept, {}) if form.held else None


def _sheet(
    record: Record,
    held: Sources,
    passages: Sequence[Passage],
    kept: Mapping[str, str],
    fields: Mapping[str, Any],
) -> Sheet:
    rows = tuple(
        Row(n, each, LOOKS.get(each.span.kind, "a"), kept.get(each.key, ""), fields.get(each.key))
        for n, each in enumerate(passages, 1)
    )
    heads = ("当事人", *redaction.heads(record.kind))
    names = dict(zip(redaction.BODY, heads, strict=True))
    faces = held.faces([row.passage for row in rows if not row.cause])
    runs = {
        part: _runs(held, text, [row for row in rows if row.passage.part == part], faces)
        for part, text in held.parts.items()
    }
    return Sheet(
        runs.pop("title"),
        tuple((names[part], each) for part, each in runs.items()),
        rows,
        sum(not row.cause for row in rows),
        sum(bool(row.cause) for row in rows),
        held.policy.name,
    )


def _runs(held: Sources, text: str, rows: Sequence[Row], faces: Faces) -> tuple[Run, ...]:
    out, at = [], 0
    for row in rows:
        span = row.passage.span
        out.append(Run(text[at : span.start]))
        whole = Span(0, len(row.passage.said), span.kind, "")
        out.append(
            Run(
                row.passage.said,
                row.number,
                row.look,
                bool(row.cause),
                cover(row.passage.said, [whole], held.reads, faces).strip("〔〕"),
            )
        )
        at = span.end
    return tuple(run for run in (*out, Run(text[at:])) if run.text)
