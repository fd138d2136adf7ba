"""The one path of every act: what a step is asked for before anything is written."""

from __future__ import annotations

from typing import Any

from tests.cases.telling import case, refused


def test_a_step_that_the_procedure_does_not_have_is_not_found(bodies: dict[str, Any]) -> None:
    assert refused(case(bodies).go("proposed"), "case.forgotten") == "没有找到"
