"""Certificates, rights, questioning, evidence, preservation, the end of the investigation."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.acts import parts
from mingzheng.cases.forms import investigation as forms
from mingzheng.cases.models import JUDGED, Case, CaseParty
from mingzheng.notices import acts as notice_acts
from mingzheng.notices.models import Task
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import verb
from mingzheng.records.models import Act


def _present(doing: Doing) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    people = parts.officers(doing, doing.data["officers"])
    return people, {"officer": parts.ids(people), "handler": parts.handler_ids(doing.record)}


@verb("officer.identified", forms.IdentifyForm)
def identify(doing: Doing) -> Act:
    """《行政处罚法》第五十五条第一款: who showed which certificate to whom."""
    people, attrs = _present(doing)
    return doing.append(
        attrs=attrs,
        content={
            "officers": people,
            "mode": doing.data["mode"],
            "to": doing.data["to"],
            "place": doing.data["place"],
        },
    )


@verb("party.notified:rights", forms.RightsForm)
def tell_rights(doing: Doing) -> Act:
    """《行政处罚法》第四十四条、第四十五条: the counterpart is told why, on what basis, and what
    he may do.
    """
    people, attrs = _present(doing)
    act = doing.append(
        attrs=attrs,
        content={"officers": people, "to": doing.data["to"], **parts.signature(doing.data)},
    )
    doing.issue(act, "rights-notice", officers=people)
    return act


@verb("party.questioned", forms.QuestionForm)
def question(doing: Doing) -> Act:
    """《行政处罚法》第五十五条第二款: questions and answers, signed or refused with reason."""
    people, attrs = _present(doing)
    keep = ("asked", "relation", "place", "text")
    act = doing.append(
        attrs=attrs,
        content={
            "officers": people,
            **{name: doing.data[name] for name in keep},
            **parts.signature(doing.data),
        },
    )
    doing.issue(act, "inquiry-record", officers=people)
    return act


@verb("evidence.taken:on-site-record", forms.OnSiteForm)
def examine(doing: Doing) -> Act:
    """《行政处罚法》第五十五条第二款: what was seen on the spot."""
    people, attrs = _present(doing)
    keep = ("place", "present", "text")
    act = doing.append(
        attrs=attrs,
        content={
            "officers": people,
            **{name: doing.data[name] for name in keep},
            **parts.signature(doing.data),
        },
    )
    doing.issue(act, "on-site-record", officers=people)
    return act


@verb("evidence.taken:sample", forms.SampleForm)
def sample(doing: Doing) -> Act:
    """《行政处罚法》第五十六条: samples with a receipt."""
    people, attrs = _present(doing)
    act = doing.append(
        attrs=attrs,
        content={
            "officers": people,
            "items": parts.lines(doing.data["items"]),
            "place": doing.data["place"],
            **parts.signature(doing.data),
        },
    )
    doing.issue(act, "sampling-receipt", officers=people)
    return act


@verb("evidence.preserved", forms.PreserveForm)
def preserve(doing: Doing) -> Act:
    """《行政处罚法》第五十六条: evidence is registered and kept, with the head's approval."""
    people, attrs = _present(doing)
    act = doing.append(
        attrs=attrs,
        content={
            "officers": people,
            "items": parts.lines(doing.data["items"]),
            "place": doing.data["place"],
            "reason": doing.data["reason"],
        },
    )
    doing.issue(act, "preservation-notice", officers=people)
    doing.issue(act, "preservation-list", officers=people)
    return act


@verb("preservation.handled", forms.PreservationHandledForm)
def handle_preserved(doing: Doing) -> Act:
    """《行政处罚法》第五十六条: what becomes of the preserved evidence."""
    people, attrs = _present(doing)
    act = doing.append(
        attrs=attrs,
        content={
            "officers": people,
            "handling": doing.data["handling"],
            "detail": doing.data["detail"],
        },
    )
    doing.issue(act, "preservation-decision", officers=people)
    return act


@verb("testing.commissioned", forms.CommissionForm)
def commission_test(doing: Doing) -> Act:
    """《行政强制法》第二十五条第三款: testing begins; the party was told in writing that its time
    does not count.
    """
    data = doing.data
    told = doing.append(
        kind="party.told-of-suspension", of="testing", content={"told_on": data["told_on"]}
    )
    act = doing.append(
        content={
            "laboratory": data["laboratory"],
            "items": parts.lines(data["items"]),
            "told_by": told.pk,
        }
    )
    doing.issue(act, "testing-commission")
    return act


@verb("testing.reported", forms.TestedForm)
def report_test(doing: Doing) -> Act:
    """《行政强制法》第二十五条第三款: the result came; the period runs on."""
    return doing.append(
        content={"number": doing.data["number"], "conclusion": doing.data["conclusion"]}
    )


@verb("order.issued", forms.CorrectionForm)
def order_correction(doing: Doing) -> Act:
    """《行政处罚法》第二十八条第一款: the party is ordered to mend it, by a day."""
    people, attrs = _present(doing)
    keep = ("problem", "measure", "until")
    act = doing.append(
        attrs=attrs,
        content={
            "officers": people,
            **{name: doing.data[name] for name in keep},
            **parts.signature(doing.data),
        },
    )
    doing.issue(act, "correction-order", officers=people)
    return act


@verb("order.rechecked", forms.RecheckForm)
def recheck(doing: Doing) -> Act:
    """《行政处罚法》第二十八条第一款: whether it was mended."""
    people, attrs = _present(doing)
    act = doing.append(
        attrs=attrs,
        content={
            "officers": people,
            "done": doing.data["done"],
            "text": doing.data["text"],
            **parts.signature(doing.data),
        },
    )
    doing.issue(act, "recheck-opinion", officers=people)
    return act


@verb("limit.extended:decision/limit", forms.ExtendForm)
def extend(doing: Doing) -> Act:
    """《行政处罚法》第六十条: the time for the decision is extended, as often as the rules
    allow.
    """
    act = doing.append(
        content={"days": doing.data["days"], "reason": doing.data["reason"]},
        attrs={"n": doing.data["days"], "unit": "day"},
    )
    doing.issue(act, "extension-approval")
    return act


@verb("period.suspended", forms.SuspendForm)
def suspend(doing: Doing) -> Act:
    """《行政处罚法》第六十条: handling pauses with the party's knowledge."""
    doing.append(
        kind="party.told-of-suspension",
        of="period",
        to_state="",
        content={"told_on": doing.data["told_on"]},
    )
    act = doing.append(content={"reason": doing.data["reason"]})
    doing.issue(act, "suspension-notice")
    return act


@verb("period.resumed", forms.ResumeForm)
def resume(doing: Doing) -> Act:
    """《行政处罚法》第六十条: handling goes on."""
    return doing.append(content={"reason": doing.data["reason"]})


@verb("case.countersigned", forms.CountersignForm)
def ask_countersign(doing: Doing) -> Act:
    """《行政处罚法》第五十七条: a colleague of another section is asked for his opinion."""
    person = int(doing.data["person"])
    act = doing.append(
        subject=str(person), content={"person": person, "question": doing.data["question"]}
    )
    notice_acts.give(
        doing.record, act, f"会签：{doing.data['question'][:80]}", person_id=person, kind=Task.ASK
    )
    return act


@verb("address.confirmed", forms.AddressForm)
def confirm_address(doing: Doing) -> Act:
    """《行政处罚法》第六十一条第二款: the party signs where papers reach him, electronically
    too.
    """
    data = doing.data
    act = doing.append(
        content={
            "confirmed": data["confirmed"],
            "electronic": data["electronic"],
            **parts.signature(data),
        }
    )
    CaseParty.objects.filter(record=doing.record, until=None).update(
        confirmed_address=data["confirmed"]
    )
    doing.issue(act, "address-confirmation")
    return act


@verb("investigation.ended", forms.EndForm)
def end_investigation(doing: Doing) -> Act:
    """《行政处罚法》第五十七条第一款: the facts are established; what the review depends on is
    judged.
    """
    data = doing.data
    act = doing.append(
        attrs={"handler": parts.handler_ids(doing.record)},
        content={name: data[name] for name in ("facts_found", "evidence", "opinion")},
    )
    Case.objects.filter(pk=doing.record.pk).update(**{name: data[name] for name in JUDGED})
    doing.record.refresh_from_db()
    doing.issue(act, "investigation-report")
    return act
