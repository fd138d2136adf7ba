"""Licences: the check on site, hearing, draft, decision, extension."""

from __future__ import annotations

import json
from typing import Any

from mingzheng.cases.acts import parts
from mingzheng.cases.acts.deciding import draft_of, kind_of
from mingzheng.cases.acts.decision import issued_text
from mingzheng.cases.acts.licence_ends import reach_grant
from mingzheng.cases.documents.licence import decision_body
from mingzheng.cases.facts import licence_columns
from mingzheng.cases.forms import licence_decision as forms
from mingzheng.cases.models import Application, Case
from mingzheng.documents import acts as document_acts
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import verb
from mingzheng.records import law
from mingzheng.records.models import Act
from mingzheng.records.refusal import Ground, Refused, refuse


@verb("site.examined:licence", forms.CheckForm)
def check_on_site(doing: Doing) -> Act:
    """《行政许可法》第三十四条第三款: the substance of the application is checked by two
    officers.
    """
    people = parts.officers(doing, doing.data["officers"])
    keep = ("place", "present", "text")
    found = dict(doing.form.fields["conclusion"].choices)[doing.data["conclusion"]]  # type: ignore[attr-defined]
    act = doing.append(
        of=doing.data["conclusion"],
        attrs={"officer": parts.ids(people), "handler": parts.handler_ids(doing.record)},
        content={
            "officers": people,
            "conclusion": found,
            **{name: doing.data[name] for name in keep},
            **parts.signature(doing.data),
        },
    )
    doing.issue(act, "licence-check-record", officers=people)
    return act


@verb("party.notified:licence-hearing-right", forms.RightToldForm)
def tell_hearing_right(doing: Doing) -> Act:
    """《行政许可法》第四十七条第一款: applicant and interested parties are told that they may ask
    for a hearing.
    """
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
    doing.issue(act, "licence-hearing-right-notice", draft=draft)
    return act


@verb("party.notified:licence-hearing", forms.LicenceHearingForm)
def notify_hearing(doing: Doing) -> Act:
    """《行政许可法》第四十八条第一款第一项: time and place of the hearing, so long before it, and
    how long it takes.
    """
    keep = ("hearing_on", "hearing_place", "host", "clerk", "expected")
    said = {name: doing.data[name] for name in keep}
    doing.append(
        kind="party.told-of-suspension",
        of="hearing",
        to_state="",
        content={"expected": doing.data["expected"], **parts.service(doing.data)},
    )
    act = doing.append(
        attrs={"handler": parts.handler_ids(doing.record)},
        content={**said, **parts.service(doing.data)},
    )
    doing.issue(act, "licence-hearing-notice")
    return act


def _write(doing: Doing) -> Act:
    data: dict[str, Any] = doing.data
    form: Any = doing.form
    Case.objects.filter(pk=doing.record.pk).update(
        outcome=data["outcome"], hearing_right=data["hearing_right"], **form.judged()
    )
    granted = data["outcome"] == "granted"
    item = doing.record.case.item
    Application.objects.filter(record=doing.record).update(
        granted=(
            {
                "content": data["content"],
                "name": str(item.details.get("certificate", "")) if item else "",
                "since": data["since"].isoformat() if data["since"] else "",
                "until": data["until"].isoformat() if data["until"] else "",
            }
            if granted
            else {}
        )
    )
    doing.record.refresh_from_db()
    body = decision_body(doing)
    act = doing.append(
        content={"body": body, "answers": form.raw()},
        attrs={"handler": parts.handler_ids(doing.record)},
    )
    document_acts.draft(doing.record, kind_of(doing), body, act)
    return act


@verb("draft.made:licence", forms.LicenceDraftForm)
def make_draft(doing: Doing) -> Act:
    """《行政许可法》第三十七条: after the examination the officers propose a decision, as a
    text.
    """
    if document_acts.current_draft(doing.record, kind_of(doing)):
        raise refuse("审查意见稿已经有了，请用“修改审查意见”。")
    return _write(doing)


@verb("draft.amended:licence", forms.LicenceDraftForm)
def amend_draft(doing: Doing) -> Act:
    """《行政许可法》第三十七条: the proposal changes; what was reviewed before no longer counts."""
    draft_of(doing)
    return _write(doing)


def decide(doing: Doing, code: str, **more: Any) -> Act:
    """《行政许可法》第三十八条: the decision is the reviewed draft, word for word; used by every
    licence decision.
    """
    draft = issued_text(doing)
    on = doing.happened_at.date()
    act = doing.append(
        subject=draft.text_hash,
        facts={"decided_on": on},
        attrs={"handler": parts.handler_ids(doing.record)},
        content={"text_hash": draft.text_hash, **more},
    )
    Case.objects.filter(pk=doing.record.pk).update(decided_on=on)
    doing.record.refresh_from_db()
    doing.issue_text(act, code, json.loads(draft.body))
    return act


@verb("decision.made:licence-granted", forms.GrantForm)
def grant(doing: Doing) -> Act:
    """《行政许可法》第三十八条第一款、第四十条: granted, with every column that the credit record
    must have.
    """
    act = decide(doing, "licence-decision")
    asked = Application.objects.get(record=doing.record)
    asked.granted = {
        **asked.granted,
        "since": asked.granted.get("since") or doing.happened_at.date().isoformat(),
    }
    asked.save(update_fields=["granted"])
    if doing.record.case.sort == "cancellation" and asked.about:
        reach_grant(doing, asked.about, act, "cancelled")
        return act
    empty = licence_columns.lacking(doing.record, doing.happened_at.date())
    if empty:
        raise Refused(
            "双公示必填项没有填齐，不能作出决定",
            tuple(
                Ground(f"“{row['name']}”（{row['id']}）还没有内容，请先补齐。", str(row["source"]))
                for row in empty
            ),
        )
    return act


@verb("decision.made:licence-refused", forms.LicenceDecideForm)
def refuse_licence(doing: Doing) -> Act:
    """《行政许可法》第三十八条第二款: refused, with the reasons and the remedies."""
    return decide(doing, "refusal-decision")


@verb("decision.made:licence-deemed", forms.DeemedForm)
def deem_renewed(doing: Doing) -> Act:
    """《行政许可法》第五十条第二款: nothing was decided before the expiry; it counts as renewed."""
    data = doing.data
    asked = Application.objects.select_related("about").get(record=doing.record)
    on = doing.happened_at.date()
    until = data["until"].isoformat() if data["until"] else ""
    Case.objects.filter(pk=doing.record.pk).update(outcome="deemed", decided_on=on)
    asked.granted = {
        "content": asked.about.content if asked.about else asked.content,
        "since": on.isoformat(),
        "until": until,
        "name": asked.about.name if asked.about else "",
    }
    asked.save(update_fields=["granted"])
    doing.record.refresh_from_db()
    act = doing.append(
        facts={"decided_on": on, "licence_outcome": "deemed"},
        content={"reason": data["reason"], "until": until},
    )
    doing.issue(act, "deemed-renewal-note")
    return act


@verb("limit.extended:licence", forms.ExtendLicenceForm)
def extend(doing: Doing) -> Act:
    """《行政许可法》第四十二条: the head extends the period, once, with a reason."""
    rule = next(
        iter(
            doing.regime.extensions(
                doing.step.of, doing.happened_at.date(), law.asked(doing.step.of, doing.facts())
            )
        ),
        None,
    )
    keep = ("days", "reason", "government")
    act = doing.append(
        content={name: doing.data[name] for name in keep},
        attrs={"n": doing.data["days"], "unit": rule.unit if rule else "workday"},
    )
    doing.issue(act, "licence-extension-notice")
    return act


@verb("party.told-of-extension", forms.ExtensionToldForm)
def tell_extension(doing: Doing) -> Act:
    """《行政许可法》第四十二条第一款: the applicant is told why it takes longer."""
    return doing.append(content=parts.service(doing.data))
