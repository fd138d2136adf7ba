"""The text that a matter is decided on, and the steps that are bound to this very text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mingzheng.core import clock
from mingzheng.documents import acts as document_acts
from mingzheng.documents.models import Draft
from mingzheng.procedures import registry
from mingzheng.procedures.forms import ActForm
from mingzheng.records.models import Record
from mingzheng.records.refusal import refuse

if TYPE_CHECKING:
    from mingzheng.procedures.step_context import StepContext


def kind_of(record: Record) -> str:
    """The kind of text that the record's procedure drafts and decides on."""
    return registry.procedure(record.procedure).draft


def newest(record: Record) -> Draft | None:
    """The text as it stands now; None before the first draft."""
    return document_acts.current_draft(record, kind_of(record))


def in_hand(context: StepContext) -> Draft:
    """The text that a step speaks of; Refused when there is none, or none yet at that time."""
    found = newest(context.record)
    if found is None:
        raise refuse("还没有处理意见稿，请先办理“拟定处理意见”。", "《行政处罚法》第五十七条")
    written = clock.local(found.act.happened_at).replace(second=0, microsecond=0)
    if context.happened_at < written:
        raise refuse(
            f"发生时间早于现在这一稿形成的时间（{written:%Y年%-m月%-d日 %H:%M}）。请核对先后次序。",
            field="happened_at",
        )
    return found


class OnDraftForm(ActForm):
    """A step about the text in hand: what is said holds for this text and for no later one."""

    shows = "decision"

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """Which text it was."""
        return {**super().act_content(context), "text_hash": context.draft.text_hash}

    def act_subject(self, context: StepContext) -> str:
        """The text itself: another text is another subject."""
        return context.draft.text_hash
