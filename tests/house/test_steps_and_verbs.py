"""The procedures' tables, the verbs, the papers and the rules fit together."""

from __future__ import annotations

import pytest

from mingzheng.core import regimes
from mingzheng.documents import kinds
from mingzheng.procedures import registry

PENALTY_PACKS = (
    "wenshang-industry",
    "lingchuan-civil-2019",
    "lingchuan-industry-2019",
    "lingchuan-township-demo",
)


def steps() -> list[tuple[str, object]]:
    """Every row of every procedure with its procedure."""
    return [
        (procedure.code, step) for procedure in registry.procedures() for step in procedure.steps
    ]


def test_every_step_can_be_taken() -> None:
    verbs = registry.verbs()
    assert not [f"{code}: {step.key}" for code, step in steps() if step.doer not in verbs]


def test_every_verb_is_a_step() -> None:
    assert not set(registry.verbs()) - {step.doer for _, step in steps()}


def test_every_paper_of_a_step_can_be_made() -> None:
    known = {kind.code: kind for kind in kinds.every()}
    lacking = [
        f"{step.key}: {code}" for _, step in steps() for code in step.documents if code not in known
    ]
    assert not lacking


def test_every_act_of_a_step_is_a_word_of_the_vocabulary() -> None:
    words = regimes.vocabulary()
    assert not [step.act for _, step in steps() if step.act not in words.acts]


def test_every_step_that_has_no_final_state_leads_somewhere() -> None:
    for procedure in registry.procedures():
        ends = {state.code for state in procedure.states if state.final}
        moving = {code for step in procedure.steps if step.to for code in step.since}
        reached = {procedure.start} | {step.to for step in procedure.steps if step.to}
        assert reached - ends <= moving, f"{procedure.code}: {reached - ends - moving}"


@pytest.mark.parametrize("pack", PENALTY_PACKS)
def test_every_step_that_needs_approval_has_its_approvers_in_every_pack(pack: str) -> None:
    from datetime import date

    regime = regimes.shipped().regime(pack)
    facts = {"kind": "penalty", "procedure": "ordinary"}
    unnamed = {
        step.route
        for _, step in steps()
        if step.route and regime.route(step.route, date(2026, 4, 7), facts) is None
    }
    assert not unnamed
