"""Found wrong, corrected: the new text replaces the old one and says what was changed; other
channels follow by their receipts.
"""

from __future__ import annotations

import json
from typing import Any

from mingzheng.disclosure import redaction
from mingzheng.disclosure.access import OWN_SITE, newest
from mingzheng.disclosure.acts import publishing
from mingzheng.disclosure.forms.publishing import CorrectForm, FoundWrongForm
from mingzheng.disclosure.models import Publication
from mingzheng.procedures import registry
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records.models import Act
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work

SOURCE = "国办发〔2018〕118号 二（一）"


@verb("publication.found-wrong", FoundWrongForm)
def found_wrong(context: StepContext) -> Act:
    """国办发〔2018〕118号 二（一）: what is public is not accurate; its approval no longer stands,
    a correction is owed.
    """
    if newest(context.record, Publication.LIVE) is None:
        raise refuse("没有正在公示的内容。", SOURCE)
    return context.plainly()


def requested(found: Publication, number: str) -> Act:
    """《政府信息公开条例》第四十一条: somebody outside asks for a correction; the matter owes one,
    or an answer.
    """
    with work():
        record = record_acts.lock(found.record_id)
        return record_acts.append(
            record,
            None,
            record_acts.Entry(
                kind="correction.requested",
                subject=found.code,
                facts=registry.facts_of(record),
                content={"number": number},
            ),
        )


@verb("publication.corrected", CorrectForm)
def correct(context: StepContext) -> Act:
    """国办发〔2018〕118号 二（一）: the approved correction replaces what is public here at once;
    other channels follow, each by its receipt.
    """
    live, fresh = (
        newest(context.record, Publication.LIVE),
        newest(context.record, Publication.APPROVED),
    )
    if live is None or fresh is None or fresh.pk < live.pk:
        raise refuse("没有批准过的更正稿。请先拟公示更正稿并报批。", SOURCE)
    publishing.require_approved(context.record, fresh)
    publishing.require_covered(context.record, fresh)
    changed = changes(json.loads(live.body), json.loads(fresh.body))
    if not changed:
        raise refuse("更正稿与正在公示的内容一样，没有可以更正的地方。", SOURCE)
    form: Any = context.form
    here = [OWN_SITE, *[channel for channel in form.others if form.receipt(channel)]]
    acts = [
        context.append(
            subject=fresh.text_hash,
            attrs={"channel": channel},
            content={
                "reason": context.data["reason"],
                "channel": channel,
                "receipt": form.receipt(channel),
                "code": fresh.code,
                "replaces": live.code,
                "changed": changed,
            },
        )
        for channel in here
    ]
    publishing.supersede(live, acts[0], context.data["reason"])
    publishing.go_live(context.record, fresh, acts[0])
    for channel, act in zip(here, acts, strict=True):
        publishing.up(context.record, fresh, channel, form.receipt(channel), act)
    publishing.to_the_others(context.record, fresh, acts[0])
    return acts[0]


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The names of the parts that differ."""
    names = ("title", *redaction.BODY, "number", "decided_on", "document", "remedy", "files")
    return [name for name in names if old.get(name) != new.get(name)]
