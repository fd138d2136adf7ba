"""行政确认: the registration of marriage and divorce."""

from __future__ import annotations

from mingzheng.cases import offering, panels
from mingzheng.cases.acts.registration import PROCEDURES, receive
from mingzheng.cases.facts.registration import facts_of_registration
from mingzheng.cases.procedures.registration import REGISTRATION
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.matter_kinds import Category, Kind

CONFIRMATION = matter_kinds.register(
    Kind(
        code="confirmation",
        order=50,
        number=5,
        categories=(Category("行政确认", also=("行政确认、登记", "登记")),),
        usual=REGISTRATION,
        procedure_of=lambda details: PROCEDURES[details.get("procedure", REGISTRATION.code)],
        openings=(receive,),
        facts=facts_of_registration,
        applied_for=True,
        decisions=("registration-refusal",),
        panels=(panels.application,),
        offer=offering.of_case,
    )
)
