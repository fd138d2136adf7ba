"""The proposed decision as a text: what is reviewed, and then issued word for word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mingzheng.cases.acts import parts
from mingzheng.cases.acts.deciding import draft_of, kind_of
from mingzheng.cases.models import Case
from mingzheng.documents import acts as document_acts
from mingzheng.procedures.doing import Doing
from mingzheng.records.models import Act
from mingzheng.records.refusal import refuse

Build = Callable[[Doing], dict[str, Any]]


def write(doing: Doing, build: Build) -> Act:
    """国办发〔2018〕118号 三（一）: keep the text that `build` makes of the answers, and what was
    judged with it.
    """
    form: Any = doing.form
    Case.objects.filter(pk=doing.record.pk).update(
        outcome=doing.data["outcome"], hearing_right=False, **form.judged()
    )
    doing.record.refresh_from_db()
    body = build(doing)
    act = doing.append(
        content={"body": body, "answers": form.raw()},
        attrs={"handler": parts.handler_ids(doing.record)},
    )
    document_acts.draft(doing.record, kind_of(doing), body, act)
    return act


def make(doing: Doing, build: Build) -> Act:
    """国办发〔2018〕118号 三（一）: the first draft; a second one is a change of the first."""
    if document_acts.current_draft(doing.record, kind_of(doing)):
        raise refuse("处理意见稿已经有了，请用“修改处理意见”。")
    return write(doing, build)


def amend(doing: Doing, build: Build) -> Act:
    """国办发〔2018〕118号 三（一）: the draft changes; what was reviewed before no longer counts."""
    draft_of(doing)
    return write(doing, build)
