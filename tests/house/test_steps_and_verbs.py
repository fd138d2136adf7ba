"""The procedures' tables, the verbs, the papers and the rules fit together."""

from __future__ import annotations

import ast

import pytest

from mingzheng.core import regimes
from mingzheng.documents import kinds
from mingzheng.procedures import registry
from tests.house.reading import dotted, modules, tree

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
    assert not [f"{code}: {step.key}" for code, step in steps() if step.verb_key not in verbs]


def test_every_verb_is_a_step() -> None:
    assert not set(registry.verbs()) - {step.verb_key for _, step in steps()}


def test_every_row_names_its_article() -> None:
    assert not [f"{code}: {step.key}" for code, step in steps() if not step.source.strip()]


# What a function may ask about and still say no more than a form could.
SAYING = {
    "context.append",
    "context.plainly",
    "context.leave",
    "context.issue",
    "context.happened_at.date",
    "clock.today",
    "ids",
    "lines",
    "fen",
    "service",
    "signature",
    "told",
    "int",
    "str",
    "bool",
    "dict",
    "list",
    "sorted",
}


def needless(text: str) -> list[str]:
    """The verbs of a module that only append what was answered and issue papers: the form and the
    row say that.
    """
    named = {node.name: node for node in tree(text).body if isinstance(node, ast.FunctionDef)}
    plain = {name for name, node in named.items() if _only_says(node, set(named))}
    while special := {
        name
        for name in plain
        if any(called in named and called not in plain for called in _calls(named[name]))
    }:
        plain -= special
    return [
        name
        for name in plain
        if any(
            isinstance(mark, ast.Call) and dotted(mark.func) == "verb"
            for mark in named[name].decorator_list
        )
    ]


def _calls(node: ast.FunctionDef) -> list[str]:
    return [
        dotted(each.func)
        for statement in node.body
        for each in ast.walk(statement)
        if isinstance(each, ast.Call)
    ]


def _only_says(node: ast.FunctionDef, beside: set[str]) -> bool:
    """No branch, no refusal, no call but for sayings, and one act that stays in its own state."""
    bodies = [each for statement in node.body for each in ast.walk(statement)]
    acts = [
        each
        for each in bodies
        if isinstance(each, ast.Call) and dotted(each.func) == "context.append"
    ]
    special = any(
        keyword.arg in ("kind", "to_state", "facts") for each in acts for keyword in each.keywords
    )
    stored = any(
        isinstance(each, (ast.Attribute, ast.Subscript)) and isinstance(each.ctx, ast.Store)
        for each in bodies
    )
    branching = (ast.If, ast.For, ast.While, ast.With, ast.Raise, ast.Assert)
    return not (
        special
        or stored
        or any(isinstance(each, branching) for each in bodies)
        or set(_calls(node)) - SAYING - beside
    )


PLAIN_VERB = '''
@verb("hearing.reported", forms.HearingReportForm)
def report_hearing(context):
    """《行政处罚法》第六十五条: the decision follows the record of the hearing."""
    act = context.append(content={"text": context.data["text"]}, attrs={"handler": context.handlers})
    context.issue(act, "hearing-report")
    return act
'''


def test_a_verb_that_a_form_could_say_is_noticed() -> None:
    assert needless(PLAIN_VERB) == ["report_hearing"]
    through = PLAIN_VERB.replace("act = context.append", "act = _said(context)\n    context.append")
    assert needless(f"{through}\ndef _said(context):\n    return context.append()\n") == [
        "report_hearing"
    ]


@pytest.mark.parametrize(
    "special",
    [
        "    if late(context):\n        raise refuse('晚了')\n",
        "    Case.objects.filter(pk=1).update(fine=3)\n",
        "    context.append(kind='party.told-of-suspension')\n",
        "    context.record.state = 'x'\n",
        "    assign(context.record, context.officers)\n",
    ],
)
def test_a_verb_that_does_more_stays(special: str) -> None:
    assert not needless(PLAIN_VERB.replace("    act = ", f"{special}    act = "))


def test_a_verb_says_only_what_is_special() -> None:
    found = [f"{path}: {name}" for path, text in modules() for name in needless(text)]
    assert not found, "只记录和出文书的环节不用函数：" + "、".join(found)


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
        moving = {code for step in procedure.steps if step.to for code in step.from_states}
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
