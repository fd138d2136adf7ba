"""Marriage and divorce: on the spot, after the cooling-off, withdrawn; never published."""

from __future__ import annotations

from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.cases.acts import matters
from mingzheng.cases.acts.parties import remember_parties
from mingzheng.cases.facts.registration import cooling_off_until
from mingzheng.cases.forms.licence import given
from mingzheng.cases.forms.registration import (
    ExamineForm,
    RefuseRegistrationForm,
    RegisterForm,
    RegistrationForm,
)
from mingzheng.cases.models import Application, Case, CaseParty
from mingzheng.cases.procedures.registration import DIVORCE, REGISTRATION
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.procedures.registry import opening, verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import law
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record

PROCEDURES = {each.code: each for each in (REGISTRATION, DIVORCE)}


@opening(
    "registration",
    "confirmation",
    "收到登记申请",
    "婚姻登记、离婚登记，当场审查；信息不公示",
    RegistrationForm,
    frozenset({"handler", "window"}),
)
def receive(by: Actor, data: dict[str, Any], form_key: str = "") -> Record:
    """《民法典》第一千零四十九条、第一千零七十六条: both come in person; the matter is sealed from
    the first moment.
    """
    agency = Agency.objects.get(pk=by.agency_id)
    matters.require_power(agency, "confirmation")
    item = Item.objects.filter(pk=data["item"], agency=agency, kind="confirmation").first()
    details = item.details if item else {}
    on = clock.local(data["happened_at"]).date() if data.get("happened_at") else clock.today()
    materials = given(item, data["materials"]) if item else []
    regime = law.regime_of(agency.pk, agency.pack)
    sealed = regime.rows("never-published", on, {"kind": "confirmation"}).rows

    def more(record: Record, act: Act) -> None:
        Application.objects.create(
            record=record,
            agency_id=record.agency_id,
            way="window",
            received_on=on,
            completed_on=on,
            materials=materials,
        )
        partner = matters.counterpart(
            agency,
            {
                "identifier": data["partner_identifier"],
                "party_name": data["partner_name"],
                "party_kind": "natural",
                "address": data["partner_address"],
            },
        )
        CaseParty.objects.create(
            record=record,
            agency_id=record.agency_id,
            party=partner,
            role="applicant",
            since=act,
            **matters.snapshot(partner),
        )
        remember_parties(record)

    return matters.begin(
        by,
        data,
        matters.Beginning(
            PROCEDURES[details.get("procedure", REGISTRATION.code)],
            "application.received",
            role="applicant",
            opened=True,
            secret=item is not None and item.code in {str(row["id"]) for row in sealed},
            facts={"cooling_off_until": cooling_off_until(regime, item.code if item else "", on)},
            content={"materials": materials, "partner": data["partner_name"]},
            more=more,
        ),
        form_key,
    )


@verb("materials.examined:registration", ExamineForm)
def examine(context: StepContext) -> Act:
    """《婚姻登记条例》: documents are seen, the declaration is signed face to face, the conditions
    are checked.
    """
    act = context.append(of=context.data["conclusion"])
    Case.objects.filter(pk=context.record.pk).update(outcome=context.data["conclusion"])
    context.record.refresh_from_db()
    context.leave(act)
    return act


@verb("decision.made:registration-granted", RegisterForm)
def register(context: StepContext) -> Act:
    """《民法典》第一千零四十九条、第一千零七十八条: the conditions are met, it is registered on
    the spot.
    """
    on = context.happened_at.date()
    act = context.append(facts={"decided_on": on})
    Case.objects.filter(pk=context.record.pk).update(decided_on=on)
    return act


@verb("decision.made:registration-refused", RefuseRegistrationForm)
def refuse_registration(context: StepContext) -> Act:
    """《婚姻登记条例》: not registered, with the reasons and the ways to object."""
    on = context.happened_at.date()
    act = context.append(facts={"decided_on": on})
    Case.objects.filter(pk=context.record.pk).update(decided_on=on, outcome="refused")
    context.leave(act)
    return act
