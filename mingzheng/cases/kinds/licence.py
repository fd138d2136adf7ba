"""行政许可."""

from __future__ import annotations

from typing import Any

from mingzheng.cases import offering, panels
from mingzheng.cases.acts.licence import receive
from mingzheng.cases.acts.licence_ending import begin_ending
from mingzheng.cases.facts import licence_columns
from mingzheng.cases.facts.licence import facts_of_licence
from mingzheng.cases.facts.platform import licence as platform
from mingzheng.cases.procedures.licence import LICENCE as TABLE
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.matter_kinds import Category, Details, Kind, Report


def asked_of(details: Details) -> dict[str, Any]:
    """Which of the two time limits an item has, and that what is granted becomes a certificate."""
    return {
        "certificate": True,
        "special_registration": details.get("special_registration") is True,
    }


LICENCE = matter_kinds.register(
    Kind(
        code="licence",
        order=40,
        number=2,
        categories=(Category("行政许可", also=("行政审批",)),),
        usual=TABLE,
        openings=(receive, begin_ending),
        facts=facts_of_licence,
        asked_of=asked_of,
        applied_for=True,
        decisions=(
            "licence-decision",
            "refusal-decision",
            "licence-revocation-decision",
            "licence-withdrawal-decision",
            "licence-cancellation-decision",
        ),
        panels=(panels.application,),
        # A matter that ends a licence is tied to the one in which the licence was given.
        offer=offering.of_case,
        heads=("许可事项", "许可依据", "许可内容"),
        report=Report(licence_columns.LIST, licence_columns.row),
        tables=(platform.tables,),
    )
)
