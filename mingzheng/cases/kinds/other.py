"""其他: payments, rewards, rulings and whatever else a list of items names, each by its word."""

from __future__ import annotations

from mingzheng.cases import offering, panels
from mingzheng.cases.acts.other import receive, start
from mingzheng.cases.facts.other import facts_of_other
from mingzheng.cases.procedures.other import OTHER_APPLIED, OTHER_OWN
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.matter_kinds import Category, Kind

OTHER = matter_kinds.register(
    Kind(
        code="other",
        order=90,
        number=6,
        categories=(
            Category("行政给付", sort="payment"),
            Category("行政裁决", sort="ruling"),
            Category("行政奖励", sort="reward"),
            Category("其他", also=("其他行政权力", "其他权力", "其他职权", "其他行政职权")),
        ),
        usual=OTHER_APPLIED,
        procedure_of=lambda details: (
            OTHER_OWN if details.get("begins") == "agency" else OTHER_APPLIED
        ),
        openings=(receive, start),
        facts=facts_of_other,
        applied_for=True,
        decisions=("other-decision",),
        panels=(panels.application,),
        offer=offering.of_case,
    )
)
