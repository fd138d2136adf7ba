"""A licence is revoked, withdrawn or struck off, each with its own consequences."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.acts import drafts, matters
from mingzheng.cases.acts.certificate import reach_grant
from mingzheng.cases.documents.licence_ending import ending_body
from mingzheng.cases.forms.licence_ending import (
    CancelForm,
    EndingDraftForm,
    EndingSourceForm,
    RevokeForm,
    TakeBackForm,
)
from mingzheng.cases.models import Application, Case, Licence
from mingzheng.cases.procedures.licence import LICENCE_END
from mingzheng.core.nouns import word
from mingzheng.procedures.registry import opening, verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import Ground, Refused


@opening(
    "licence-end",
    "licence",
    "撤销、撤回、注销许可",
    "对已经颁发的证件，依职权撤销、撤回或者注销",
    EndingSourceForm,
)
def begin_ending(by: Actor, data: dict[str, Any], form_key: str = "") -> Record:
    """《行政许可法》第八条第二款、第六十九条、第七十条: the agency looks into a certificate of its
    own motion.
    """
    held = (
        Licence.objects.select_related("party", "item")
        .filter(pk=data["licence"], agency_id=by.agency_id)
        .first()
    )
    if held is None or held.state != Licence.VALID:
        raise Refused(
            "没有这个有效的证件",
            (
                Ground(
                    f"请选择本机关颁发、仍在有效状态的{word('cases:licences')}。",
                    "《行政许可法》第六十九条",
                    field="licence",
                ),
            ),
        )
    party = held.party
    words = dict(EndingSourceForm.base_fields["sort"].choices)  # type: ignore[attr-defined]

    def more(record: Record, act: Act) -> None:
        Application.objects.create(
            record=record,
            agency_id=record.agency_id,
            way="agency",
            received_on=act.happened_at.date(),
            content=data["summary"],
            about=held,
        )
        record_acts.link(record, held.record, "follow-up", act)

    return matters.begin(
        by,
        {
            **data,
            "item": held.item_id,
            "party_name": party.name,
            "identifier": party.identifier,
            "party_kind": party.kind,
            "address": party.address,
        },
        matters.Beginning(
            LICENCE_END,
            "source.registered",
            of=data["sort"],
            facts={"licence_sort": data["sort"]},
            opened=True,
            content={"summary": data["summary"], "licence": held.number, "sort": data["sort"]},
            case={"sort": data["sort"], "cause": f"{words[data['sort']]}（{held.number}）"},
            more=more,
        ),
        form_key,
    )


@verb("draft.made:licence-end", EndingDraftForm)
@verb("draft.amended:licence-end", EndingDraftForm)
def write_ending(context: StepContext) -> Act:
    """《行政许可法》第六十九条、第七十条: which ground of the law, which facts, what becomes of the
    loss; what was reviewed before a change no longer counts.
    """
    drafts.begin(context)
    form: Any = context.form
    outcome = {"revocation": "revoked", "withdrawal": "withdrawn", "cancellation": "cancelled"}[
        context.record.case.sort
    ]
    Case.objects.filter(pk=context.record.pk).update(
        outcome=outcome, hearing_right=False, **form.judged()
    )
    context.record.refresh_from_db()
    return drafts.keep(context, ending_body(context))


def _end_by_decision(context: StepContext, state: str) -> Act:
    asked = Application.objects.select_related("about__record").get(record=context.record)
    assert asked.about is not None
    act = drafts.decide_and_issue(context)
    reach_grant(context, asked.about, act, state)
    return act


@verb("decision.made:licence-revoked", RevokeForm)
def revoke(context: StepContext) -> Act:
    """《行政许可法》第六十九条: revoked; what was published of the grant has to go, and its state
    becomes invalid.
    """
    return _end_by_decision(context, "revoked")


@verb("decision.made:licence-withdrawn", TakeBackForm)
def withdraw_licence(context: StepContext) -> Act:
    """《行政许可法》第八条第二款: withdrawn for changed law or circumstances; the loss is
    compensated.
    """
    return _end_by_decision(context, "withdrawn")


@verb("decision.made:licence-cancelled", CancelForm)
def cancel(context: StepContext) -> Act:
    """《行政许可法》第七十条: struck off; nothing about the grant becomes unlawful by that."""
    return _end_by_decision(context, "cancelled")
