"""A certificate is handed over, and loses its force, which the record of its grant is told."""

from __future__ import annotations

from datetime import date

from mingzheng.agencies.models import Agency
from mingzheng.cases.forms.certificate import CertificateForm
from mingzheng.cases.models import Application, Licence
from mingzheng.procedures import registry
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import Ground, Refused, refuse

# What an own-motion decision makes of the certificate, and what it says in the record of the grant.
ENDS = {
    "revoked": ("decision.revoked", "self"),
    "withdrawn": ("licence.withdrawn", ""),
    "cancelled": ("licence.cancelled", ""),
}
# What reconsideration, litigation or supervision make of a certificate that rests on the decision.
FOLLOWS = {"decision.revoked": "revoked", "decision.confirmed-invalid": "revoked"}


def end(held: Licence, act: Act, state: str) -> None:
    """A certificate loses its force through `act`; Refused when it had lost it before."""
    if held.state != Licence.VALID:
        raise Refused(
            "证件已经失效",
            (
                Ground(
                    f"{held.number}{Licence.STATES[held.state]}，不能再次处理。",
                    "《行政许可法》第七十条",
                ),
            ),
        )
    held.state, held.ended_on, held.ended_by = state, act.happened_at.date(), act
    held.save(update_fields=["state", "ended_on", "ended_by"])


def follow(record: Record, act: Act) -> None:
    """When the decision falls in reconsideration or in court, the certificate that rests on it
    falls with it.
    """
    state = FOLLOWS.get(act.kind)
    for held in Licence.objects.filter(record=record, state=Licence.VALID) if state else ():
        end(held, act, str(state))


def reach_grant(context: StepContext, held: Licence, act: Act, state: str) -> None:
    """《行政许可法》第六十九条、第七十条: strike the certificate off, and say so in the record of
    the grant, which answers for its publication.
    """
    end(Licence.objects.select_for_update().get(pk=held.pk), act, state)
    kind, of = ENDS[state]
    grant = record_acts.lock(held.record_id)
    agency = Agency.objects.get(pk=grant.agency_id)
    record_acts.append(
        grant,
        context.by,
        record_acts.Entry(
            kind=kind,
            of=of,
            subject=str(act.pk),
            facts=registry.facts_of(grant),
            content={"by_record": context.record.pk, "organ": agency.name, "number": held.number},
        ),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@verb("certificate.issued:licence", CertificateForm)
def issue_certificate(context: StepContext) -> Act:
    """《行政许可法》第三十九条、第四十四条: the certificate is handed over; one that it replaces
    loses its force.
    """
    case, data = context.record.case, context.data
    asked = Application.objects.select_related("about").get(record=context.record)
    if case.sort == "cancellation":
        raise refuse("本件是申请注销，不颁发证件。", "《行政许可法》第七十条")
    if Licence.objects.filter(record=context.record).exists():
        raise refuse("本件的证件已经颁发过。", "《行政许可法》第四十四条")
    party = context.record.parties.filter(until=None).exclude(role="interested").earliest("pk")
    act = context.append(content={"granted": asked.granted})
    if asked.about:
        end(asked.about, act, "replaced")
    item = case.item
    assert item is not None
    Licence.objects.create(
        agency_id=context.record.agency_id,
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
        record=context.record,
        act=act,
        replaces=asked.about,
    )
    context.leave(act)
    return act
