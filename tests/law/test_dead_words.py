"""`law check` refuses what can be written and not done: each fault planted in a pack of an agency's
own, and told with its file, its rule, the word and what to do.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mingzheng.core.regimes import Library, load, shipped
from mingzheng.core.regimes.dead_words import Found, complaints, dead_words
from mingzheng.core.regimes.examples import run_examples
from mingzheng.core.regimes.supply import awaiting, supply
from mingzheng.core.workdays import Calendar

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


def gate(needs: str, when: str = "{}", before: str = '"decision.made"', id: str = "SY-8") -> str:
    """One gate, before a decision if nothing else is said."""
    return (
        f'[[gate]]\nid = "{id}"\ntopic = "review/required"\nbefore = {before}\n'
        f'when = {when}\nneeds = {needs}\nsource = "规定 第八条"\n'
    )


def rows(row: str, id: str = "recordings", when: str = "{}") -> str:
    """One row more in a list."""
    return f'[[list]]\nid = "{id}"\nmerge = "add"\nwhen = {when}\nrows = [{{ {row} }}]\n'


def undo(undoes: str, when: str, act: str = '"draft.amended"') -> str:
    """One undoing."""
    return f'[[undo]]\nact = {act}\nundoes = {undoes}\nwhen = {when}\nsource = "规定 第六条"\n'


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


@pytest.mark.parametrize(
    ("rules", "rule", "says"),
    [
        # An act done so in one kind of matter and otherwise in another is not done both ways.
        (
            gate(
                '["review.passed"]',
                '{ kind = "levy" }',
                '{ act = "decision.made", of = "penalty" }',
            ),
            "SY-8",
            "永远不会起作用：行政征收里没有哪一步做“decision.made:penalty”",
        ),
        (
            gate('[{ act = "party.notified", of = "penalty" }]', '{ kind = "levy" }'),
            "SY-8",
            "会一直拦着：行政征收里没有哪一步做“party.notified:penalty”",
        ),
        (
            gate('[{ act = "document.issued", of = "penalty-notice" }]', '{ kind = "levy" }'),
            "SY-8",
            "行政征收里没有哪一步做“document.issued:penalty-notice”",
        ),
        (
            duty(after='{ act = "decision.made", of = "penalty" }', when="{ kind = 'levy' }"),
            "SY-9",
            "这项义务永远不会产生：行政征收里",
        ),
        (
            gate('["discussion.held"]', '{ kind = ["penalty", "levy"] }'),
            "SY-8",
            "会一直拦着：行政征收里没有",
        ),
        # The kinds of matter that a condition leaves, however it says so.
        (gate('["discussion.held"]', '{ kind = { not = "penalty" } }'), "SY-8", "会一直拦着"),
        (
            gate('["discussion.held"]', '{ not = [{ kind = "penalty" }, { kind = "other" }] }'),
            "SY-8",
            "会一直拦着：行政确认、行政征收、行政许可、行政征用里",
        ),
        (
            gate('["discussion.held"]', '{ any = [{ kind = "levy" }, { kind = "licence" }] }'),
            "SY-8",
            "会一直拦着：行政征收、行政许可里",
        ),
        (
            gate(
                '["discussion.held"]',
                '{ all = [{ kind = ["levy", "penalty"] }, { kind = ["levy", "other"] }] }',
            ),
            "SY-8",
            "会一直拦着：行政征收里",
        ),
        (
            gate('["review.passed"]', '{ kind = "levy", not = { kind = "levy" } }'),
            "SY-8",
            "事项种类互相排斥",
        ),
        # What an act is about, asked in a condition.
        (
            gate('["review.passed"]', '{ of = "penalyt" }'),
            "SY-8",
            "条件 of 的“penalyt”永远不会成立：“decision.made”在",
        ),
        (gate('["review.passed"]', '{ not = { of = ["penalty", "no-cse"] } }'), "SY-8", "“no-cse”"),
        (duty(when='{ of = "grnated" }'), "SY-9", "是否应为“granted”"),
        (
            gate('["review.passed"]', '{ kind = "levy", of = "penalty" }'),
            "SY-8",
            "可以写的：levied、not-levied",
        ),
        # What a matter can hold.
        (
            gate('["review.passed"]', '{ kind = "licence", holds = "property.seized" }'),
            "SY-8",
            "holds 的“property.seized”永远不会有：行政许可里没有",
        ),
        (
            gate(
                '[{ act = "review.passed", when = { holds = "property.seized" } }]',
                '{ kind = "licence" }',
            ),
            "SY-8",
            "holds 的“property.seized”永远不会有",
        ),
        (
            rows(
                'id = "a", act = "decision.served", mode = "whole", '
                'when = { kind = "licence", holds = "property.seized" }'
            ),
            "recordings",
            "holds 的“property.seized”永远不会有",
        ),
        # Facts that are told in other kinds of matter.
        (
            gate('["review.passed"]', '{ kind = "penalty", licence_sort = "renewal" }'),
            "SY-8",
            "只在行政许可里有来源，在行政处罚里没有表单填",
        ),
        (
            gate('["evidence.taken"]', "{ site_check = true }", '"investigation.ended"'),
            "SY-8",
            "只在行政许可里有来源，在行政处罚里没有表单填",
        ),
        (
            duty(when="{ kind = 'licence', fine = { over = 100 } }"),
            "SY-9",
            "只在行政处罚里有来源，在行政许可里没有表单填",
        ),
        (
            gate('["review.passed"]', '{ any = [{ kind = "levy", fine = { over = 5 } }] }'),
            "SY-8",
            "在行政征收里没有表单填",
        ),
        # Undoings and rows of lists.
        (
            undo('["review.passed", "discussion.held"]', '{ kind = "levy" }'),
            "undo/draft.amended",
            "永远用不上：行政征收里没有哪一步做“discussion.held”",
        ),
        (
            undo('["review.passed"]', '{ kind = "levy" }', '"result.changed"'),
            "undo/result.changed",
            "永远用不上：行政征收里没有哪一步做“result.changed”",
        ),
        (
            rows(
                'id = "a", act = "inspection.started", mode = "whole"', when='{ kind = "penalty" }'
            ),
            "recordings",
            "“a”这一行用不上：行政处罚里没有哪一步做“inspection.started”",
        ),
        # Gates that shut themselves, or each other, or stand the steps on their heads.
        (gate('["decision.made"]'), "SY-8", "“decision.made”要在“decision.made”以后才办得了"),
        (
            gate(
                '[{ act = "decision.made", of = "penalty" }]',
                '{ kind = "penalty", of = "penalty" }',
            ),
            "SY-8",
            "会一直拦着：“decision.made:penalty”要在",
        ),
        (
            gate('["review.passed"]', '{ kind = "penalty" }', '"draft.made"'),
            "SY-8",
            "“review.passed”要在“draft.made”以后才办得了",
        ),
        (gate('["decision.served"]'), "SY-8", "“decision.served”要在“decision.made”以后"),
        (
            gate('["review.submitted"]', before='"self-check.done"', id="SY-7")
            + gate('["self-check.done"]', before='"review.submitted"'),
            "SY-8",
            "把先后理顺",
        ),
        # An approval goes along a route that somebody wrote, in a matter that has it.
        (
            gate('[{ act = "approval.given", of = "decision.mad" }]'),
            "SY-8",
            "没有“decision.mad”这一种（of），是否应为“decision.made”",
        ),
        (
            gate('[{ act = "approval.given", of = "property.seized" }]', '{ kind = "licence" }'),
            "SY-8",
            "行政许可里没有哪一步做“approval.given:property.seized”",
        ),
        (
            '[[route]]\nid = "evidence.preserved"\nwhen = { kind = "licence" }\nsteps = ["head"]\n',
            "evidence.preserved",
            "永远用不上：行政许可里没有",
        ),
        # A paper says what its builder writes, in the matters in which it is issued.
        (
            rows('id = "remedies", when = { licence_sort = "new" }', "document/penalty-decision"),
            "document/penalty-decision",
            "只在行政许可里有来源",
        ),
        (
            rows('id = "remedeis", name = "救济"', "document/penalty-decision"),
            "document/penalty-decision",
            "写不出“remedeis”这个要素，会一直出不了这份文书，是否应为“remedies”",
        ),
    ],
)
def test_a_word_that_lives_elsewhere_is_refused(
    read: Read, rules: str, rule: str, says: str
) -> None:
    found = read(rules)
    assert [fault for fault in found.faults if fault.rule == rule and says in fault.text], found


@pytest.mark.parametrize(
    "rules",
    [
        gate('["review.passed"]', '{ kind = "penalty", fine = { over = 5 } }'),
        gate('["review.passed"]', '{ of = ["penalty", "granted"] }'),
        gate('["review.passed"]', '{ kind = "levy", not = { of = "not-levied" } }'),
        gate('["review.passed"]', '{ not = [{ kind = "confirmation" }, { kind = "inspection" }] }'),
        gate('["draft.made"]', '{ kind = "penalty", procedure = "ordinary" }'),
        gate('[["discussion.held", "review.passed"]]', '{ kind = ["penalty", "levy"] }'),
        gate('[{ act = "review.passed", distinct_from = "handler" }]', before='"review.passed"'),
        # Only an urgent one waits for the first: the first can be done.
        gate('["property.seized"]', '{ kind = "penalty", urgent = true }', '"property.seized"'),
        gate('[{ act = "approval.given", of = "property.seized" }]', before='"property.seized"'),
        rows('id = "remedies", name = "救济"', "document/penalty-decision"),
        undo('["review.passed", "discussion.held"]', '{ kind = ["levy", "penalty"] }'),
    ],
)
def test_a_word_that_lives_here_is_accepted(read: Read, rules: str) -> None:
    found = read(rules)
    assert not found.faults and not found.notes


def test_a_route_that_the_chain_does_not_write_approves_nothing() -> None:
    """Steps go along it, but no pack says who approves: nobody ever does."""
    pack = shipped().packs["national"]
    less = tuple(
        rule for rule in pack.rules if (rule.table, rule.id) != ("route", "evidence.preserved")
    )
    bare = replace(pack, rules=less)
    said = complaints(Library([bare], shipped().words), bare, supply())
    told = [
        each.fault().text for each in said if "“evidence.preserved”本包和上级都没有" in each.what
    ]
    assert told and all("用 [[route]] 写明由谁批准" in text for text in told)


@pytest.mark.parametrize(
    "rules",
    [
        gate('["review.passed"]', before='"licence.granted"'),
        duty(after='"licence.granted"'),
        duty(after='["licence.granted", "decision.made"]'),
        gate('["review.passed"]', '{ holds = "licence.granted" }'),
    ],
)
def test_what_waits_for_an_act_to_come_is_noted(read: Read, rules: str) -> None:
    """Before, after or held: the rule is no fault, and says what it waits for."""
    found = read(rules)
    assert not found.faults
    assert any(
        "licence.granted" in note.text and "要等“规则落地”一章建成才起作用" in note.text
        for note in found.notes
    )


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


def test_an_example_that_is_barred_by_an_unknown_fact_says_which(tmp_path: Path) -> None:
    file = tmp_path / "probe.toml"
    file.write_text(
        HEAD
        + gate('["review.passed"]', "{ kind = 'penalty', fine = { over = 5 } }")
        + '[[example]]\ntitle = "甲"\npack = "probe"\nfacts = { kind = "penalty" }\n'
        'ask = { act = "decision.made", of = "penalty", on = 2026-09-20 }\nmissing = []\n',
        encoding="utf-8",
    )
    told = run_examples([file], load([file], base=shipped()), Calendar.shipped())
    assert any(
        "被 SY-8 拦下" in each.text and "还不知道事实“fine”（罚款数额）" in each.text
        for each in told
    )


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
