"""Time has one source, and no legal number stands in Python."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.reading import dotted, modules, tree

CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "timezone.now",
    "datetime.datetime.now",
    "datetime.date.today",
}
# The machine's own time, which no record depends on: the queue, codes and locks of accounts, sign-ins by
# a directory, heartbeats, the age of a file.
MACHINE = {
    "jobs/acts.py",
    "agencies/acts/accounts.py",
    "agencies/acts/attempts.py",
    "agencies/acts/factors.py",
    "agencies/acts/sittings.py",
    "agencies/oidc/flow.py",
    "desk/identity.py",
    "site/doctor.py",
    "site/views.py",
    "site/bench/workflow.py",
    "site/bench/act.py",
    "site/bench/peer.py",
    "pages/store.py",
    "disclosure/acts/delivering.py",
}
PERIOD = re.compile(
    r"(?<![下上每同])[0-9０-９一二三四五六七八九十两]+\s*个?(工作日|自然日|日内|日以内|天内|天以内|个月内|小时内)"
)
CITATION = re.compile(r"《[^》]*》|第[一二三四五六七八九十百零〇\d]+[条款项]")


def clocks(text: str) -> list[str]:
    """Readings of a clock other than core.clock."""
    return [
        f"{node.lineno}: {name}"
        for node in ast.walk(tree(text))
        if isinstance(node, ast.Call)
        if (name := dotted(node.func)) in CLOCKS
    ]


def periods(text: str) -> list[str]:
    """Periods written into strings; docstrings and citations are no rules."""
    notes = {
        id(node.body[0].value)
        for node in ast.walk(tree(text))
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        f"{node.lineno}: {found.group()}"
        for node in ast.walk(tree(text))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in notes
        and (found := PERIOD.search(CITATION.sub("", node.value)))
    ]


@pytest.mark.parametrize(
    "bad", ["x = datetime.now()", "x = date.today()", "x = time.time()", "x = timezone.now()"]
)
def test_another_clock_is_noticed(bad: str) -> None:
    assert clocks(bad)
    assert not clocks("x = clock.now()")


def test_all_code_reads_time_from_core_clock() -> None:
    found = [
        f"{path}:{each}"
        for path, text in modules()
        if path != "core/clock.py"
        for each in clocks(text)
        if not (path in MACHINE and each.endswith("timezone.now"))
    ]
    assert not found, "时间只从 core.clock 取：" + "、".join(found)


@pytest.mark.parametrize(
    "bad", ["x = '应当在7个工作日内送达'", "x = f'{name}须在七日内处理'", "x = '30 日内'"]
)
def test_a_period_in_a_string_is_noticed(bad: str) -> None:
    assert periods(bad)


@pytest.mark.parametrize(
    "good",
    [
        "x = '《行政处罚法》第五十六条'",
        "x = f'还剩 {n} 个工作日'",
        '"""七日内."""',
        "x = '今天到期'",
        "x = '顺延至下一工作日'",
    ],
)
def test_citations_and_computed_numbers_are_no_rules(good: str) -> None:
    assert not periods(good)


def test_no_period_of_law_stands_in_python() -> None:
    found = [f"{path}:{each}" for path, text in modules() for each in periods(text)]
    assert not found, "期限写在 law/ 里：" + "、".join(found)
