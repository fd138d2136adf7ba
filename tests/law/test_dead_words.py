"""`law check` refuses what can be written and not done: each fault planted in a pack of an agency's
own, and told with its file, its rule, the word and what to do.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mingzheng.core.regimes import load, shipped
from mingzheng.core.regimes.dead_words import Found, dead_words
from mingzheng.core.regimes.supply import awaiting, supply

HEAD = """
[pack]
id = "probe"
title = "试验机关的规定"
extends = ["national"]
rank = "normative-document"
agency = "试验机关"
"""
LIVING = """
[[duty]]
id = "SY-1"
topic = "publication/decision"
after = "decision.made"
when = { kind = "penalty" }
then = "publication.published"
or = ["publication.withheld"]
within = 3
unit = "workday"
source = "规定 第一条"

[[gate]]
id = "SY-2"
topic = "publication/approval"
before = "publication.published"
needs = [["publication.approved", { act = "exception.approved", of = "device-failure" }]]
route = "publication.approved"
source = "规定 第二条"

[[list]]
id = "review-points"
rows = [{ id = "power", name = "有没有权" }]
"""
Read = Callable[[str], Found]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A pack of an agency's own, checked beside the shipped ones."""

    def check(rules: str) -> Found:
        file = tmp_path / "probe.toml"
        file.write_text(HEAD + rules, encoding="utf-8")
        library = load([file], base=shipped())
        return dead_words(library, ["probe"], supply(), awaiting(), shipped())

    return check


def duty(**changes: str) -> str:
    """One duty of the pack, with some of its keys written otherwise."""
    keys = {
        "id": '"SY-9"',
        "topic": '"publication/decision"',
        "after": '"decision.made"',
        "then": '"publication.published"',
        "within": "3",
        "unit": '"workday"',
        "source": '"规定 第九条"',
    } | changes
    return "[[duty]]\n" + "\n".join(f"{key} = {value}" for key, value in keys.items())


def gate(needs: str, when: str = "{}") -> str:
    """One gate before a decision."""
    return (
        f'[[gate]]\nid = "SY-8"\ntopic = "review/required"\nbefore = "decision.made"\n'
        f'when = {when}\nneeds = {needs}\nsource = "规定 第八条"\n'
    )


def test_a_pack_of_living_words_is_accepted(read: Read) -> None:
    found = read(LIVING)
    assert not found.faults and not found.notes


@pytest.mark.parametrize(
    ("rules", "rule", "says"),
    [
        (gate('["review.passed"]', "{ severity = 'serious' }"), "SY-8", "事实“severity”"),
        (duty(when="{ severity = 'serious' }"), "SY-9", "永远不会产生：when 里的事实“severity”"),
        (duty(day0='["restricted_until"]'), "SY-9", "事实“restricted_until”"),
        ('[[fact]]\nid = "own"\ntype = "yes-no"\nask = "是否"', "own", "没有表单填"),
        (duty(after='["draw.made", "decision.made"]'), "SY-9", "行为“draw.made”"),
        (duty(after='"draw.made"'), "SY-9", "这项义务永远不会产生"),
        (duty(then='"draw.made"'), "SY-9", "这项义务永远了结不了"),
        (
            duty(after='"result.formed"', when="{ kind = 'penalty' }"),
            "SY-9",
            "行政处罚里没有哪一步做“result.formed”",
        ),
        (
            duty(when="{ kind = 'licence' }", then='"inspection.ended"'),
            "SY-9",
            "永远了结不了：产生以后，行政许可里没有",
        ),
        (
            duty(
                topic='"archive/limit"', after='"case.closed"', when="{ kind = 'inspection' }"
            ).replace("publication.published", "evidence.taken"),
            "SY-9",
            "永远了结不了",
        ),
        (gate('["draw.made"]'), "SY-8", "会一直拦着"),
        (gate('["inspection.started"]', "{ kind = 'licence' }"), "SY-8", "永远满足不了"),
        (gate('["review.passed"]', "{ holds = 'draw.made' }"), "SY-8", "draw.made"),
        (duty(topic='"publication/desicion"'), "SY-9", "是否应为“publication/decision”"),
        (
            '[[list]]\nid = "recordngs"\nrows = [{ id = "a", name = "甲" }]',
            "recordngs",
            "是否应为“recordings”",
        ),
        (
            '[[route]]\nid = "publication.aproved"\nsteps = ["head"]',
            "publication.aproved",
            "是否应为“publication.approved”",
        ),
        (
            duty(after='{ act = "decision.made", of = "penalyt" }'),
            "SY-9",
            "没有“penalyt”这一种（of），是否应为“penalty”",
        ),
        (
            gate('[{ act = "recording.taken", of = "hearing.hled" }]'),
            "SY-8",
            "是否应为“hearing.held”",
        ),
        (
            '[[condition]]\nid = "majr"\nany = [{ id = "1", source = "一", fine = { over = 1 } }]',
            "majr",
            "是否应为“major”",
        ),
        (
            '[[quota]]\nid = "rating/shown"\npart = "inspection.ended"\nwhole = "a"',
            "rating/shown",
            "是否应为“ratings/shown”",
        ),
        (
            '[[paper]]\nid = "penalty-decisoin"\ntitle = "决定书"',
            "penalty-decisoin",
            "penalty-decision",
        ),
        (
            '[[term]]\nid = "SY-7"\ntopic = "publication/term"\nafter = "case.closed"\n'
            'lasts = 1\nunit = "year"\nsource = "七"',
            "SY-7",
            "没有地方读",
        ),
        (
            '[[extension]]\nof = ["publication/decision"]\nby = 3\nunit = "workday"',
            "extension/1",
            "“limit.extended”（延长期限）没有“publication/decision”这一种",
        ),
    ],
)
def test_a_dead_word_is_refused(read: Read, rules: str, rule: str, says: str) -> None:
    told = [fault for fault in read(rules).faults + read(rules).notes if says in fault.text]
    assert told, read(rules)
    assert {(fault.file, fault.rule) for fault in told} == {(told[0].file, rule)}
    assert told[0].file.endswith("probe.toml")


def test_what_waits_for_a_chapter_is_noted_and_bars_no_pack(read: Read) -> None:
    found = read(duty(after='"year.ended"', topic='"annual/report"'))
    assert not found.faults
    assert any(
        "year.ended" in note.text and "要等“规则落地”一章建成" in note.text for note in found.notes
    )


def test_a_gate_that_waits_for_a_chapter_would_bar_the_way_and_is_refused(read: Read) -> None:
    found = read(gate('["training.held"]'))
    assert [fault.rule for fault in found.faults] == ["SY-8"]
    assert any("会一直拦着" in f.text and "人员与监督" in f.text for f in found.faults)


def test_one_living_way_is_enough_for_a_duty_and_for_a_gate(read: Read) -> None:
    found = read(duty(then='"publication.published"', after='["decision.made", "result.formed"]'))
    assert not found.faults
    either = read(gate('[["review.passed", "training.held"]]'))
    assert not either.faults and [note.rule for note in either.notes] == ["SY-8"]


def test_a_fact_that_the_recording_list_makes_a_form_ask_is_alive(read: Read) -> None:
    asked = (
        '[[fact]]\nid = "old_house"\ntype = "yes-no"\nask = "是否文物保护单位"\n'
        '[[list]]\nid = "recordings"\nmerge = "add"\n'
        'rows = [{ id = "a", act = "inspection.started", mode = "whole", when = { old_house = true } }]\n'
    )
    assert not read(asked).faults


def test_a_new_topic_of_an_agency_needs_a_name(read: Read) -> None:
    assert any("title" in fault.text for fault in read(duty(topic='"lanterns/hung"')).faults)
    assert not read(duty(topic='"lanterns/hung"', title='"挂灯"')).faults


def test_the_command_refuses_a_typo_and_only_notes_what_waits(tmp_path: Path) -> None:
    def run(rules: str) -> tuple[int, dict[str, list[str]]]:
        file = tmp_path / "probe.toml"
        file.write_text(HEAD + rules, encoding="utf-8")
        command = [sys.executable, "-m", "mingzheng", "law", "check", "--json", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, json.loads(done.stdout)

    code, said = run(duty(topic='"publication/desicion"'))
    assert code == 1 and "publication/decision" in said["faults"][0]
    code, said = run(duty(after='"year.ended"', topic='"annual/report"'))
    assert code == 0 and said["notes"] and not said["faults"]
