"""No gate of a shipped rule pack that has never said no: each is named by an example that the
jurist's run refuses.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mingzheng.core.regimes import shipped
from mingzheng.core.regimes.examples import problems
from mingzheng.core.workdays import Calendar
from mingzheng.procedures import matter_kinds, registry

LAW = Path(__file__).resolve().parents[2] / "law"


def tables(name: str) -> Iterator[dict[str, Any]]:
    """Every [[name]] of the shipped packs and examples."""
    for file in sorted(LAW.rglob("*.toml")):
        yield from tomllib.loads(file.read_text(encoding="utf-8")).get(name, [])


def acts_before(gate: dict[str, Any]) -> set[str]:
    """The acts that a gate stands before."""
    rows = gate["before"] if isinstance(gate["before"], list) else [gate["before"]]
    return {row["act"] if isinstance(row, dict) else row for row in rows}


GATES = {row["id"]: acts_before(row) for row in tables("gate")}
REFUSING = [row for row in tables("example") if row.get("missing")]
PASSING = [row for row in tables("example") if row.get("missing") == []]


def test_every_gate_of_every_pack_is_refused_by_an_example() -> None:
    refused = {gate for example in REFUSING for gate in example["missing"]}
    assert sorted(set(GATES) - refused) == []


def test_every_kind_of_matter_has_gates_before_its_own_steps() -> None:
    """What is checked above is what the tables of steps ask for, kind by kind."""
    for kind in matter_kinds.enforcement():
        steps = {
            step.act
            for procedure in registry.procedures()
            if procedure.kind == kind.code
            for step in procedure.steps
        }
        assert len([gate for gate, acts in GATES.items() if acts & steps]) > 8, kind.code


@pytest.mark.parametrize(
    "act",
    [
        "inspection.started",
        "inspection.ended",
        "property.seized",
        "coercion.executed",
        "decision.made",
        "decision.served",
        "volume.bound",
    ],
)
def test_what_is_refused_is_also_let_through_when_everything_is_there(act: str) -> None:
    """A gate that never opens would be no gate either."""
    assert [example["title"] for example in PASSING if example["ask"]["act"] == act]


def test_an_example_that_names_a_gate_too_many_or_too_few_is_told() -> None:
    """The lists above are true only because a wrong one is found out."""
    library = shipped()
    calendar = Calendar.shipped()
    example = next(row for row in REFUSING if row["missing"] == ["SQ54/approval"])
    assert problems(example, library, calendar) == []
    assert any(
        "没有写" in fault for fault in problems({**example, "missing": []}, library, calendar)
    )
    assert any(
        "实际没有" in fault
        for fault in problems(
            {**example, "missing": ["SQ54/approval", "SQ54/scanned"]}, library, calendar
        )
    )
