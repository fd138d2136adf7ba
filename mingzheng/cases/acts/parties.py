"""The counterparts of a matter: more of them, others in their place."""

from __future__ import annotations

from mingzheng.cases.acts import matters
from mingzheng.cases.forms.parties import PartyAddedForm, PartyChangedForm
from mingzheng.cases.models import CaseParty
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import Ground, Refused


def remember_parties(record: Record) -> None:
    """Renew the names that lists show and order by; after every act that changes who the
    counterparts are.
    """
    rows = CaseParty.objects.filter(record=record, until=None).order_by("pk")
    record_acts.remember_parties(record, list(rows.values_list("name", flat=True)))


@verb("party.added:across", PartyAddedForm)
def add_party(context: StepContext) -> Act:
    """《行政处罚法》第四十四条、第四十五条: another counterpart, who has to be told and heard like
    the first.
    """
    party = matters.counterpart(context.agency, context.data)
    act = context.append(
        of=context.data["role"],
        subject=str(party.pk),
        content={"party": matters.snapshot(party)},
    )
    CaseParty.objects.create(
        record=context.record,
        agency_id=context.record.agency_id,
        party=party,
        since=act,
        role=context.data["role"],
        **matters.snapshot(party),
    )
    remember_parties(context.record)
    return act


@verb("party.changed", PartyChangedForm)
def change_party(context: StepContext) -> Act:
    """《行政处罚法》第四十条: another name or address, or an heir or a merged body in his place;
    the old row stays readable.
    """
    data = context.data
    old = data["old"]
    if old is None:
        raise Refused("没有可变更的当事人", (Ground("请先登记当事人。"),))
    party, kind, code = old.party, old.kind, old.identifier
    if data["way"] in ("heir", "merger", "division"):
        kind, code = "natural" if data["way"] == "heir" else "organisation", data["identifier"]
        party = matters.counterpart(
            context.agency,
            {
                "party_kind": kind,
                "party_name": data["name"],
                "identifier": code,
                "address": data["address"],
            },
        )
    act = context.append(
        of=data["way"],
        subject=str(old.pk),
        content={"before": old.name, "after": data["name"]},
    )
    old.until = act
    old.save(update_fields=["until"])
    CaseParty.objects.create(
        record=context.record,
        agency_id=context.record.agency_id,
        party=party,
        role=old.role,
        kind=kind,
        name=data["name"],
        identifier=code,
        representative=old.representative if party == old.party else "",
        address=data["address"],
        phone=old.phone if party == old.party else "",
        since=act,
        succeeds=old,
    )
    remember_parties(context.record)
    return act
