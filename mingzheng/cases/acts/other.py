"""Levies, payments, rewards, rulings: begun on application or of the agency's own motion, decided,
carried out.
"""

from __future__ import annotations

from typing import Any

from mingzheng.cases.acts import matters, parts
from mingzheng.cases.acts.deciding import draft_of, kind_of
from mingzheng.cases.acts.licence_deciding import decide
from mingzheng.cases.documents.other import other_body
from mingzheng.cases.facts.other import promised_on
from mingzheng.cases.forms import other as forms
from mingzheng.cases.forms.licence import given
from mingzheng.cases.models import Application, Case
from mingzheng.cases.procedures.other import OTHER_APPLIED, OTHER_OWN
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.documents import acts as document_acts
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import opening, verb
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import refuse


def _begin(by: Actor, data: dict[str, Any], form_key: str, own: bool) -> Record:
    item = Item.objects.filter(pk=data["item"], agency=by.agency_id).first()
    sort = str(item.details.get("sort", "other")) if item else ""
    on = clock.local(data["happened_at"]).date() if data.get("happened_at") else clock.today()
    materials = given(item, data.get("materials") or []) if item else []
    complete = not any(row["state"] == "lacking" for row in materials)

    def more(record: Record, act: Act) -> None:
        Application.objects.create(
            record=record,
            agency_id=record.agency_id,
            way="agency" if own else "window",
            received_on=on,
            content=data["content"],
            completed_on=on if complete else None,
            materials=materials,
        )

    return matters.begin(
        by,
        data,
        matters.Beginning(
            OTHER_OWN if own else OTHER_APPLIED,
            "case.opened" if own else "application.received",
            opened=own,
            role="respondent" if own else "applicant",
            facts={
                "other_sort": sort or None,
                "item_public": bool(item and item.details.get("public")),
                "materials_complete": complete,
                **({"promised_on": promised_on(item, on)} if own else {}),
            },
            content={"content": data["content"], "materials": materials},
            case={"sort": sort},
            more=more,
        ),
        form_key,
    )


@opening(
    "other-application",
    "other",
    "收到其他申请",
    "给付、奖励、裁决等依申请办理的事项",
    forms.OtherBegins,
    frozenset({"handler", "window"}),
)
def receive(by: Actor, data: dict[str, Any], form_key: str = "") -> Record:
    """国办发〔2018〕118号 一（三）: an application for an act that the agency's list of items
    names.
    """
    return _begin(by, data, form_key, own=False)


@opening(
    "other-motion", "other", "依职权启动", "征收、奖励等依职权办理的事项", forms.OtherMotionForm
)
def start(by: Actor, data: dict[str, Any], form_key: str = "") -> Record:
    """国办发〔2018〕118号 一（三）: an act that the agency begins itself, where its list of items
    says so.
    """
    return _begin(by, data, form_key, own=True)


@verb("application.accepted:other", forms.OtherAcceptForm)
def accept(doing: Doing) -> Act:
    """国办发〔2018〕118号 二（二）: accepted; the time that the item promises runs."""
    people = parts.officers(doing, doing.data["officers"])
    act = doing.append(
        attrs={"officer": parts.ids(people), "handler": parts.ids(people)},
        content={"officers": people},
    )
    parts.assign(doing.record, act, parts.ids(people))
    Application.objects.filter(record=doing.record).update(accepted_on=doing.happened_at.date())
    return act


def _write(doing: Doing) -> Act:
    form: Any = doing.form
    Case.objects.filter(pk=doing.record.pk).update(
        outcome=doing.data["outcome"], hearing_right=False, **form.judged()
    )
    doing.record.refresh_from_db()
    body = other_body(doing)
    act = doing.append(
        content={"body": body, "answers": form.raw()},
        attrs={"handler": parts.handler_ids(doing.record)},
    )
    document_acts.draft(doing.record, kind_of(doing), body, act)
    return act


@verb("draft.made:other", forms.OtherDraftForm)
def make_draft(doing: Doing) -> Act:
    """国办发〔2018〕118号 三（一）: the proposed decision, as a text."""
    if document_acts.current_draft(doing.record, kind_of(doing)):
        raise refuse("处理意见稿已经有了，请用“修改处理意见”。")
    return _write(doing)


@verb("draft.amended:other", forms.OtherDraftForm)
def amend_draft(doing: Doing) -> Act:
    """国办发〔2018〕118号 三（一）: the proposal changes; what was reviewed before no longer
    counts.
    """
    draft_of(doing)
    return _write(doing)


@verb("decision.made:other", forms.OtherDecideForm)
def grant(doing: Doing) -> Act:
    """国办发〔2018〕118号 四: decided on the text that was reviewed."""
    return decide(doing, "other-decision")


@verb("decision.made:other-refused", forms.OtherRefuseForm)
def decline(doing: Doing) -> Act:
    """国办发〔2018〕118号 四: declined, with the reasons and the remedies."""
    return decide(doing, "other-decision")


@verb("decision.executed:other", forms.DoneForm)
def carry_out(doing: Doing) -> Act:
    """国办发〔2018〕118号 三（一）: collected, paid out, handed over."""
    return doing.append(content={"text": doing.data["text"]})


@verb("case.closed:other", forms.DoneForm)
def close(doing: Doing) -> Act:
    """国办发〔2018〕118号 三（三）: what remains is the file."""
    act = doing.append(content={"text": doing.data["text"]})
    doing.record.closed_on = doing.happened_at.date()
    doing.record.save(update_fields=["closed_on"])
    return act
