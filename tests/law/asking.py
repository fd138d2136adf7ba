"""Questions that the tests of the law ask the shipped packs."""

from datetime import date
from functools import cache
from typing import Any

from mingzheng.core.regimes import Regime, shipped
from mingzheng.core.workdays import Calendar

LX, LM, LG = "lingchuan-petition-2021", "lingchuan-civil-2019", "lingchuan-industry-2019"
WG, CX = "wenshang-industry", "changzhi-petition-2020"
AGENCIES = (LX, LM, LG, WG, CX)
FRIDAY = date(2026, 9, 18)
CALENDAR = Calendar.shipped()

PENALTY = {
    "kind": "penalty",
    "procedure": "ordinary",
    "party": "organisation",
    "of": "penalty",
    "penalties": ["罚款"],
    "fine": 5000,
    "hearing_right": False,
    "public_interest": False,
    "social_impact": False,
    "major_rights": False,
    "hearing": False,
    "complex": False,
    "review_by_other_law": False,
    "crime_suspected": False,
    "item": "示例事项",
}
CHECK = {"kind": "inspection", "random": True, "problem_found": False}


@cache
def regime(pack: str) -> Regime:
    return shipped().regime(pack)


def explained(pack: str, act: str, facts: dict[str, Any], on: date = FRIDAY) -> dict[str, Any]:
    return regime(pack).explain(act, on, facts, CALENDAR)


def duties(
    pack: str, act: str, facts: dict[str, Any], topic: str, on: date = FRIDAY
) -> list[dict[str, Any]]:
    """Rows of one topic that stand for certain."""
    return [row for row in explained(pack, act, facts, on)["duties"] if row["topic"] == topic]


def dues(
    pack: str, act: str, facts: dict[str, Any], topic: str, on: date = FRIDAY
) -> list[tuple[Any, str | None]]:
    """(within, due) of each row of the topic."""
    return [(row["within"], row["due"]) for row in duties(pack, act, facts, topic, on)]


def gates(pack: str, act: str, facts: dict[str, Any], on: date = FRIDAY) -> dict[str, Any]:
    """Gates before the act that hold for certain, by id."""
    return {
        row["id"]: row for row in explained(pack, act, facts, on)["gates"] if not row["unknown"]
    }


def steps(pack: str, route: str, facts: dict[str, Any]) -> list[str]:
    """Roles and meetings of a route, in order."""
    found = regime(pack).route(route, FRIDAY, facts)
    assert found is not None
    return [step.role or step.meeting for step in found.steps]


def rows(pack: str, list_id: str, **facts: Any) -> list[str]:
    return [str(row["id"]) for row in regime(pack).rows(list_id, FRIDAY, facts).rows]


def unset(pack: str) -> set[str]:
    """Topics that the agency's own text leaves open."""
    return {row.topic for row in regime(pack).unset() if row.pack == pack}
