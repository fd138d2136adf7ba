"""行政检查."""

from __future__ import annotations

from mingzheng.cases import offering, panels
from mingzheng.cases.acts.inspection import plan_visit
from mingzheng.cases.facts.inspection import facts_of_visit
from mingzheng.cases.facts.platform import inspection as platform
from mingzheng.cases.procedures.inspection import VISIT
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.matter_kinds import Category, Kind

INSPECTION = matter_kinds.register(
    Kind(
        code="inspection",
        order=10,
        number=3,
        categories=(Category("行政检查", also=("行政监督检查", "监督检查")),),
        usual=VISIT,
        openings=(plan_visit,),
        facts=facts_of_visit,
        decisions=("inspection-result",),
        panels=(panels.visit,),
        pages=("random-list",),
        offer=offering.of_case,
        heads=("检查情况", "检查依据", "检查结果"),
        tables=(platform.tables,),
    )
)
