"""Requests for correction: verified, answered, and the cause traced."""

from __future__ import annotations

import json

from mingzheng.oversight.access import corrected_since, matter_of
from mingzheng.oversight.forms import CauseForm, CorrectionAnswerForm
from mingzheng.procedures import registry
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records.models import Act, ActContent, Record
from mingzheng.records.refusal import refuse


def finding(record: Record) -> str:
    """What verification found: wrong, right, partly; empty before."""
    body = (
        ActContent.objects.filter(act__record=record, act__kind="correction.verified")
        .order_by("-act")
        .values_list("body", flat=True)
        .first()
    )
    return str(json.loads(body).get("finding", "")) if body else ""


@verb("correction.answered", CorrectionAnswerForm)
def answer(context: StepContext) -> Act:
    """《政府信息公开条例》第四十一条: corrected, or why not; the matter itself no longer owes an
    answer.
    """
    done = corrected_since(context.record)
    act = context.append(content={"corrected": done})
    matter = matter_of(context.record)
    if matter is not None:
        locked = record_acts.lock(matter.pk)
        record_acts.append(
            locked,
            context.by,
            record_acts.Entry(
                kind="correction.answered",
                subject=context.record.code,
                facts=registry.facts_of(locked),
                content={"corrected": done},
            ),
        )
    return act


@verb("cause.traced", CauseForm)
def trace(context: StepContext) -> Act:
    """《陵川县信访局行政执法公示实施办法》第十五条: why it was wrong, whose section it was,
    whether somebody is to answer for it.
    """
    if finding(context.record) in ("wrong", "partly") and context.data["cause"] == "none":
        raise refuse("核实有错误的，请选择错误的原因。", field="cause")
    return context.plainly()
