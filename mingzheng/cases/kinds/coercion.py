"""行政强制, as a matter of its own; inside a penalty case it is the same rows in that table."""

from __future__ import annotations

from mingzheng.cases import offering, panels
from mingzheng.cases.acts.coercion import register
from mingzheng.cases.facts.coercion import facts_of_coercion
from mingzheng.cases.facts.platform import coercion as platform
from mingzheng.cases.procedures.coercion import COERCION as TABLE
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.matter_kinds import Category, Kind

COERCION = matter_kinds.register(
    Kind(
        code="coercion",
        order=30,
        number=4,
        categories=(Category("行政强制", also=("行政强制措施", "行政强制执行")),),
        usual=TABLE,
        openings=(register,),
        facts=facts_of_coercion,
        decisions=("seizure-decision",),
        panels=(panels.things,),
        offer=offering.of_case,
        heads=("事实", "强制依据", "强制措施"),
        tables=(platform.tables,),
    )
)
