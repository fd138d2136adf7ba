"""先制作、后送达（签字）: a paper is made, numbered and sealed before anybody is served or signs, and
the step takes it up afterwards ([0022](../../docs/decisions/0022-made-before.md)).
"""

from __future__ import annotations

import json
from typing import Any

from mingzheng.core.steps import Step
from mingzheng.documents import acts as document_acts
from mingzheng.documents import kinds
from mingzheng.documents.models import Document
from mingzheng.procedures import acts, registry
from mingzheng.records.actors import Actor
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work

SOURCE = "《行政处罚法》第六十一条"


def letters(step: Step) -> list[str]:
    """The papers of a step that go out under a number; none where somebody approves them first, or
    where nothing is left to be known when they are handed over.
    """
    if step.route or not registry.find(step.verb_key).form.later:
        return []
    found = [kinds.find(code) for code in step.documents]
    return [kind.code for kind in found if kind.mark and kind.layout == "letter"]


def make(by: Actor, record_id: int, key: str, data: Any, *, form_key: str) -> list[Document]:
    """《行政处罚法》第六十一条: the papers of the step `key`, made before they are handed over.

    The step is rehearsed with what is known, so every gate that holds for it holds here; what the
    counterpart receives and signs is asked when the step is taken. Raises what `take_step` raises;
    then no number was taken.
    """
    with work():
        record = acts.lock(record_id)
        if done := acts.pressed(form_key, record_id):
            return list(Document.objects.filter(act=done.act))
        papers = acts.rehearse(by, record_id, key, data, making=True)
        context = acts.opened(by, record, key, data, making=True)
        wanted = letters(context.step)
        held = {json.loads(row.document.body).get("to") for row in context.made_before}
        made = []
        for paper in papers:
            if paper.kind not in wanted:
                continue
            body = json.loads(paper.body)
            if body.get("to") in held:
                raise refuse(
                    "这份文书已经制作，还没有送达。要重新制作的，先办“文书作废登记”。", SOURCE
                )
            made.append(context.issue_before(paper.kind, body))
        if not made:
            raise refuse("这一步没有要先制作的文书。", context.step.source)
        document_acts.keep_for(context.step.key, made)
        acts.use(form_key, record, made[0].act)
        return made
