"""行政处罚."""

from __future__ import annotations

from mingzheng.cases import offering, panels
from mingzheng.cases.acts.opening import register_source
from mingzheng.cases.facts import penalty_columns
from mingzheng.cases.facts.penalty import facts_of_penalty
from mingzheng.cases.facts.platform import coercion, on_the_spot, ordinary
from mingzheng.cases.procedures.penalty import ORDINARY
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.matter_kinds import Category, Kind, Report

PENALTY = matter_kinds.register(
    Kind(
        code="penalty",
        order=20,
        number=1,
        categories=(Category("行政处罚"),),
        usual=ORDINARY,
        openings=(register_source,),
        facts=facts_of_penalty,
        asked_with={"procedure": "ordinary"},
        decisions=("penalty-decision", "no-penalty-decision", "on-the-spot-decision"),
        panels=(panels.things,),
        pages=("benchmark",),
        offer=offering.of_case,
        heads=("违法事实", "处罚依据", "处罚结果"),
        report=Report(penalty_columns.LIST, penalty_columns.row),
        tables=(coercion.tables, on_the_spot.tables, ordinary.tables),
    )
)
