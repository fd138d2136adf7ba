"""The register of licences: a certificate is issued, replaced, and comes to its end; each end has
its own consequences.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzheng.cases.acts import matters, parts
from mingzheng.cases.acts.deciding import draft_of, kind_of
from mingzheng.cases.acts.licence_deciding import decide
from mingzheng.cases.acts.licence_ends import end, reach_grant
from mingzheng.cases.documents.licence_ending import ending_body
from mingzheng.cases.forms import licence_decision as forms
from mingzheng.cases.forms import licence_ending as ending_forms
from mingzheng.cases.models import Application, Case, Licence
from mingzheng.cases.procedures.licence import LICENCE_END
from mingzheng.core.nouns import word
from mingzheng.documents import acts as document_acts
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import opening, verb
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import Ground, Refused, refuse


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@verb("certificate.issued:licence", forms.CertificateForm)
def issue_certificate(doing: Doing) -> Act:
    """《行政许可法》第三十九条、第四十四条: the certificate is handed over; one that it replaces
    loses its force.
    """
    case, data = doing.record.case, doing.data
    asked = Application.objects.select_related("about").get(record=doing.record)
    if case.sort == "cancellation":
        raise refuse("本件是申请注销，不颁发证件。", "《行政许可法》第七十条")
    if Licence.objects.filter(record=doing.record).exists():
        raise refuse("本件的证件已经颁发过。", "《行政许可法》第四十四条")
    party = doing.record.parties.filter(until=None).exclude(role="interested").earliest("pk")
    keep = ("number", "receiver")
    act = doing.append(content={**{name: data[name] for name in keep}, "granted": asked.granted})
    if asked.about:
        end(asked.about, act, "replaced")
    item = case.item
    assert item is not None
    Licence.objects.create(
        agency_id=doing.record.agency_id,
        item=item,
        number=data["number"],
        name=asked.granted.get("name") or item.name,
        category=str(item.details.get("category", "")),
        party=party.party,
        holder=party.name,
        content=asked.granted["content"],
        granted_on=case.decided_on or act.happened_at.date(),
        since=_day(asked.granted["since"]) or act.happened_at.date(),
        until=_day(asked.granted["until"]),
        record=doing.record,
        act=act,
        replaces=asked.about,
    )
    doing.issue(act, "licence-certificate")
    return act


@verb("case.closed:licence", forms.CompleteForm)
def complete(doing: Doing) -> Act:
    """《行政许可法》第四十四条: the decision reached its party, the certificate is out; all is
    done.
    """
    act = doing.append(content={"text": doing.data["text"]})
    doing.record.closed_on = doing.happened_at.date()
    doing.record.save(update_fields=["closed_on"])
    doing.issue(act, "completion-record")
    return act


@opening(
    "licence-end",
    "licence",
    "撤销、撤回、注销许可",
    "对已经颁发的证件，依职权撤销、撤回或者注销",
    ending_forms.EndingSourceForm,
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
    words = dict(ending_forms.EndingSourceForm.base_fields["sort"].choices)  # type: ignore[attr-defined]

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


def _write(doing: Doing) -> Act:
    form: Any = doing.form
    outcome = {"revocation": "revoked", "withdrawal": "withdrawn", "cancellation": "cancelled"}[
        doing.record.case.sort
    ]
    Case.objects.filter(pk=doing.record.pk).update(
        outcome=outcome, hearing_right=False, **form.judged()
    )
    doing.record.refresh_from_db()
    body = ending_body(doing)
    act = doing.append(
        content={"body": body, "answers": form.raw()},
        attrs={"handler": parts.handler_ids(doing.record)},
    )
    document_acts.draft(doing.record, kind_of(doing), body, act)
    return act


@verb("draft.made:licence-end", ending_forms.EndingDraftForm)
def draft_ending(doing: Doing) -> Act:
    """《行政许可法》第六十九条、第七十条: which ground of the law, which facts, what becomes of
    the loss.
    """
    if document_acts.current_draft(doing.record, kind_of(doing)):
        raise refuse("处理意见稿已经有了，请用“修改处理意见”。")
    return _write(doing)


@verb("draft.amended:licence-end", ending_forms.EndingDraftForm)
def amend_ending(doing: Doing) -> Act:
    """《行政许可法》第六十九条、第七十条: the proposal changes; what was reviewed before no longer
    counts.
    """
    draft_of(doing)
    return _write(doing)


@verb("party.notified:revocation", ending_forms.EndingToldForm)
def tell_ending(doing: Doing) -> Act:
    """《行政许可法》第七条: the holder is told what is intended and why, and may object."""
    draft = draft_of(doing)
    act = doing.append(
        subject=draft.text_hash,
        attrs={"handler": parts.handler_ids(doing.record)},
        content={
            "text_hash": draft.text_hash,
            "contact": doing.data["contact"],
            **parts.service(doing.data),
        },
    )
    doing.issue(act, "licence-ending-notice", draft=draft)
    return act


def _end_by_decision(doing: Doing, state: str, code: str) -> Act:
    asked = Application.objects.select_related("about__record").get(record=doing.record)
    assert asked.about is not None
    act = decide(doing, code)
    reach_grant(doing, asked.about, act, state)
    return act


@verb("decision.made:licence-revoked", ending_forms.RevokeForm)
def revoke(doing: Doing) -> Act:
    """《行政许可法》第六十九条: revoked; what was published of the grant has to go, and its state
    becomes invalid.
    """
    return _end_by_decision(doing, "revoked", "licence-revocation-decision")


@verb("decision.made:licence-withdrawn", ending_forms.TakeBackForm)
def withdraw_licence(doing: Doing) -> Act:
    """《行政许可法》第八条第二款: withdrawn for changed law or circumstances; the loss is
    compensated.
    """
    return _end_by_decision(doing, "withdrawn", "licence-withdrawal-decision")


@verb("decision.made:licence-cancelled", ending_forms.CancelForm)
def cancel(doing: Doing) -> Act:
    """《行政许可法》第七十条: struck off; nothing about the grant becomes unlawful by that."""
    return _end_by_decision(doing, "cancelled", "licence-cancellation-decision")
