"""Every fault of a pack is said with file, rule, what is wrong and how to mend it."""

from pathlib import Path

import pytest

from mingzheng.core.regimes import PackFaults, load
from tests.core.building import HEAD, duty, faults

GATE = '\n[[gate]]\nid = "L/g"\ntopic = "x"\nbefore = "decision.made"\nsource = "第八条"\n'
CASES = {
    "an unknown act": (duty("L/1", after="decision.mad"), ["L/1", "decision.mad", "decision.made"]),
    "an unknown fact": (duty("L/1", more='when = { kindd = "penalty" }'), ["kindd", "kind"]),
    "an unknown value": (duty("L/1", more='when = { kind = "penalti" }'), ["penalti", "penalty"]),
    "an unknown role": (
        '\n[[route]]\nid = "r"\nsteps = ["heat"]\nsource = "x"\n',
        ["heat", "head"],
    ),
    "an unknown unit": (duty("L/1", 'within = 7\nunit = "workdays"'), ["workdays", "workday"]),
    "an unknown channel": (duty("L/1", more='channels = ["own-sit"]'), ["own-sit", "own-site"]),
    "an unknown owner": (
        duty("L/1", more='by = "handling-unti"'),
        ["handling-unti", "handling-unit"],
    ),
    "an unknown key": (duty("L/1", more="wihtin = 3"), ["wihtin", "within"]),
    "an unknown table": ('\n[[dutty]]\nid = "x"\n', ["dutty", "duty"]),
    "a bare number": (duty("L/1", "within = 7"), ["within = 7", "单位", "workday"]),
    "a bare ahead": (GATE + 'needs = [{ act = "party.notified", ahead = 7 }]', ["ahead", "单位"]),
    "a text for a number": (duty("L/1", 'within = "7"\nunit = "workday"'), ["within", "整数"]),
    "a negative number": (duty("L/1", 'within = -7\nunit = "workday"'), ["within", "非负"]),
    "a quoted date": (duty("L/1", more='since = "2019-01-01"'), ["since", "不加引号"]),
    "dates the wrong way": (
        duty("L/1", more="since = 2020-01-01\nuntil = 2019-01-01"),
        ["永远不会生效"],
    ),
    "a bad month and day": (duty("L/1", 'no_later = "1-31"'), ["no_later", "01-31"]),
    "no limit at all": (duty("L/1", ""), ["within", "promptly"]),
    "two limits at once": (duty("L/1", 'within = "promptly"\nno_later = "01-31"'), ["只写一个"]),
    "no source": (duty("L/1").replace('source = "第七条"', ""), ["L/1", "source"]),
    "no then": (duty("L/1").replace('then = "publication.published"', ""), ["then"]),
    "a gate that asks nothing": (GATE, ["needs", "bars"]),
    "a need nobody knows": (GATE + 'needs = ["review.pass"]', ["review.pass", "review.passed"]),
    "a need of a list nobody defines": (
        GATE + 'needs = [{ list = "recording" }]',
        ["recording", "recordings"],
    ),
    "an unknown key of a need": (
        GATE + 'needs = [{ act = "draft.made", aheed = 3 }]',
        ["aheed", "ahead"],
    ),
    "an unknown condition": (
        GATE + 'needs = ["draft.made"]\nwhen = { is = "majr" }',
        ["majr", "major"],
    ),
    "an unknown comparison": (
        duty("L/1", more="when = { fine = { above = 3 } }"),
        ["above", "over"],
    ),
    "a bound on a yes-no fact": (duty("L/1", more="when = { hearing = { over = 3 } }"), ["over"]),
    "a text for a yes-no fact": (duty("L/1", more='when = { hearing = "yes" }'), ["true 或 false"]),
    "a flag in quotes": (duty("L/1", more='confirmed = "no"'), ["confirmed", "不加引号"]),
    "an unknown rule displaced": (
        duty("L/1", more='displaces = ["POL/publsh"]'),
        ["POL/publsh", "POL/publish"],
    ),
    "a statutory gate displaced": (
        GATE + 'needs = ["draft.made"]\ndisplaces = ["LAW/review"]',
        ["LAW/review", "只能加严"],
    ),
    "a day 0 that is no date": (
        duty("L/1", more='day0 = ["effective"]'),
        ["effective", "effective_on"],
    ),
    "an id used before": (duty("LAW/service", topic="x/y"), ["LAW/service", "national"]),
    "an id used twice": (
        duty("L/1", topic="x/y") + duty("L/1", topic="x/z"),
        ["L/1", "换一个编号"],
    ),
    "two rules in one slot": (
        duty("L/1") + duty("L/2", 'within = 7\nunit = "workday"'),
        ["L/1", "L/2", "displaces"],
    ),
    "a rule outside the scope": (
        '\n[scope]\nkinds = ["inspection"]\nsource = "第三条"\n'
        + duty("L/1", more='when = { kind = "penalty" }'),
        ["永远不会适用", "第三条"],
    ),
    "a reading nobody declared": (duty("L/1", more='if_read = { at = "L-9", is = "a" }'), ["L-9"]),
    "a default that is no reading": (
        '\n[[defect]]\nat = "L-1"\ntext = "x"\nreadings = ["a"]\ndefault = "b"\n',
        ["default", "readings"],
    ),
    "a choice outside an internal pack": ('\n[[choice]]\nat = "x"\nis = "y"\n', ["internal"]),
    "a topic both set and unset": (
        '\n[[unset]]\ntopic = "archive/limit"\nsource = "x"\n'
        + duty("L/1", topic="archive/limit", after="case.closed"),
        ["archive/limit", "L/1"],
    ),
    "a condition in a circle": (
        (
            '\n[[condition]]\nid = "a"\nany = [{ id = "a1", is = "b" }]\n'
            '\n[[condition]]\nid = "b"\nany = [{ id = "b1", is = "a" }]\n'
        ),
        ["圈"],
    ),
    "an unknown fact in an alternative of a condition": (
        '\n[[condition]]\nid = "c"\nany = [{ id = "c1", fien = { over = 3 } }]\n',
        ["fien", "fine"],
    ),
    "a pause of a topic nobody uses": (
        (
            '\n[[suspension]]\nof = ["decision/limt"]\n'
            'from = "testing.commissioned"\nuntil = "testing.reported"\n'
        ),
        ["decision/limt", "decision/limit"],
    ),
    "a choice fact without choices": (
        '\n[[fact]]\nid = "f"\ntype = "choice"\nask = "?"\n',
        ["choices"],
    ),
    "a fact of another type": (
        '\n[[fact]]\nid = "fine"\ntype = "text"\nask = "?"\n',
        ["fine", "money"],
    ),
    "a scope of unknown kinds": (
        '\n[scope]\nkinds = ["penalties"]\nsource = "x"\n',
        ["penalties", "penalty"],
    ),
    "a misspelt key of a list row": (
        '\n[[list]]\nid = "l"\nsource = "x"\nrows = [{ id = "a", neeed = "must" }]\n',
        ["neeed", "need"],
    ),
    "a list row twice": (
        '\n[[list]]\nid = "l"\nsource = "x"\nrows = [{ id = "a" }, { id = "a" }]\n',
        ["出现两次"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_pack_is_refused_for(name: str, tmp_path: Path) -> None:
    local, words = CASES[name]
    text = faults(tmp_path, local)
    assert text, "the pack was accepted"
    assert "local.toml: " in text
    assert [word for word in words if word not in text] == []


def test_the_small_packs_of_these_tests_have_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, duty("L/1")) == ""


def test_a_nearer_count_of_the_same_name_replaces_the_higher_one(tmp_path: Path) -> None:
    count = '\n[[count]]\nid = "penalties"\nwindow = "decision.made"\nheaviest = ["警告", "罚款"]\n'
    province = HEAD.replace('"local"', '"province"') + count
    assert (
        faults(tmp_path, count, HEAD.replace('["national"]', '["province"]'), province=province)
        == ""
    )
    assert "penalties" in faults(tmp_path, count + count)


def test_a_slackened_statutory_limit_shows_both_texts(tmp_path: Path) -> None:
    local = duty(
        "L/w",
        'within = 5\nunit = "workday"',
        'text = "五个工作日内撤下"',
        topic="publication/withdrawal",
        after="decision.revoked",
    )
    text = faults(tmp_path, local)
    assert "三日内撤回" in text
    assert "五个工作日内撤下" in text


@pytest.mark.parametrize(
    "local",
    [
        duty(
            "L/w",
            'within = 2\nunit = "workday"',
            topic="publication/withdrawal",
            after="decision.revoked",
        ),
        duty(
            "L/w",
            'within = 5\nunit = "workday"',
            'when = { kind = "licence" }',
            topic="publication/withdrawal",
            after="decision.revoked",
        ),
        duty(
            "L/w",
            'within = 5\nunit = "workday"',
            'yields_to = ["law"]',
            topic="publication/withdrawal",
            after="decision.revoked",
        ),
        duty(
            "L/w",
            'within = 5\nunit = "day"',
            topic="publication/withdrawal",
            after="decision.revoked",
        ),
    ],
)
def test_a_tighter_other_or_yielding_limit_is_no_slackening(local: str, tmp_path: Path) -> None:
    assert faults(tmp_path, local) == ""


def test_a_rank_outside_may_differ_cannot_lengthen(tmp_path: Path) -> None:
    local = duty(
        "L/l",
        'within = 180\nunit = "day"',
        'day0 = ["opened_on", "happened_on"]',
        topic="decision/limit",
        after="case.opened",
    )
    assert "LAW/limit" in faults(tmp_path, local)
    assert faults(tmp_path, local, HEAD.replace("normative-document", "rule")) == ""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('when = { kind = "penalty" }', 'when = { kind = ["licence", "other"] }'),
        ('when = { kind = "penalty" }', 'when = { kind = { not = "penalty" } }'),
        ("when = { fine = { over = 100 } }", "when = { fine = { at_most = 100 } }"),
        ("when = { hearing = true }", "when = { hearing = false }"),
        ("when = { hearing = true }", "when = { not = { hearing = true } }"),
        ("until = 2020-01-01", "since = 2020-01-01"),
        ('channels = ["own-site"]', 'channels = ["credit-china"]'),
    ],
)
def test_rules_that_can_never_meet_share_a_slot(first: str, second: str, tmp_path: Path) -> None:
    assert faults(tmp_path, duty("L/1", more=first) + duty("L/2", more=second)) == ""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('when = { penalties = ["罚款"] }', 'when = { penalties = ["警告"] }'),
        ("when = { fine = { over = 100 } }", "when = { fine = { at_least = 100 } }"),
        ('when = { kind = "penalty" }', "when = { hearing = true }"),
        (
            'when = { any = [{ kind = "penalty" }, { hearing = true }] }',
            'when = { kind = "licence" }',
        ),
    ],
)
def test_rules_that_may_meet_may_not_share_a_slot(first: str, second: str, tmp_path: Path) -> None:
    assert "L/2" in faults(tmp_path, duty("L/1", more=first) + duty("L/2", more=second))


def after(of: str) -> tuple[str, str]:
    return 'after = "decision.made"', f'after = {{ act = "decision.made"{of} }}'


@pytest.mark.parametrize(
    ("first", "second", "may_meet"),
    [
        (', of = "penalty"', ', of = "penalty"', True),
        (', of = "penalty"', "", True),
        ("", ', of = "penalty"', True),
        (', of = "penalty"', ', of = "licence"', False),
    ],
)
def test_rules_after_decisions_of_different_kinds_never_meet(
    first: str, second: str, may_meet: bool, tmp_path: Path
) -> None:
    local = duty("L/1").replace(*after(first)) + duty("L/2").replace(*after(second))
    assert ("L/2" in faults(tmp_path, local)) is may_meet


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (HEAD.replace('["national"]', '["nationl"]'), "national"),
        (HEAD.replace("normative-document", "normative"), "normative-document"),
        (HEAD.replace('["national"]', '["local"]'), "圈"),
        (HEAD.replace('id = "local"', ""), "id"),
        (HEAD.replace("agency =", "agencie ="), "agency"),
    ],
)
def test_a_faulty_head_is_refused(head: str, says: str, tmp_path: Path) -> None:
    assert says in faults(tmp_path, head=head)


def test_broken_toml_is_a_fault_and_hides_no_other(tmp_path: Path) -> None:
    text = faults(tmp_path, duty("L/1", after="decision.mad"), broken="[pack\nid = 1")
    assert "broken.toml" in text
    assert "decision.mad" in text


def test_a_missing_path_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(PackFaults, match="没有这个文件"):
        load([tmp_path / "nowhere.toml"])


def test_a_pack_that_cannot_be_opened_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    text = faults(tmp_path)
    assert "folder.toml" in text
    assert "打不开" in text


def test_a_list_row_may_have_a_column_of_its_own_that_resembles_another(tmp_path: Path) -> None:
    local = '\n[[list]]\nid = "l"\nsource = "x"\nrows = [{ id = "a", modes_of = "x" }]\n'
    assert faults(tmp_path, local) == ""


@pytest.mark.parametrize(
    ("local", "words"),
    [
        (
            'needs = [{ act = "party.questioned", distinct = "oficer", at_least = 2 }]',
            "needs.distinct 的“oficer”",
        ),
        ('needs = [{ distinct_from = "handlers" }]', "needs.distinct_from 的“handlers”"),
    ],
)
def test_people_who_are_told_apart_have_a_name(local: str, words: str, tmp_path: Path) -> None:
    gate = '\n[[gate]]\nid = "L/1"\nbefore = "decision.made"\nsource = "x"\ntext = "x"\n'
    assert words in faults(tmp_path, gate + local + "\n")


def test_a_way_of_recording_has_a_name(tmp_path: Path) -> None:
    local = (
        '\n[[list]]\nid = "recordings"\nsource = "x"\nrows = [{ id = "hearing", act ='
        ' "hearing.held", mode = "requird" }]\n'
    )
    assert "mode 的“requird”" in faults(tmp_path, local)


def test_a_closed_list_takes_no_rows_from_below(tmp_path: Path) -> None:
    higher = (
        HEAD.replace('"local"', '"province"')
        + '\n[[list]]\nid = "grounds"\nclosed = true\nsource = "省办法"\nrows = [{ id = "secret"'
        " }]\n"
    )
    local = '\n[[list]]\nid = "grounds"\nmerge = "add"\nsource = "x"\nrows = [{ id = "mine" }]\n'
    text = faults(tmp_path, local, HEAD.replace('["national"]', '["province"]'), province=higher)
    assert "封闭" in text


def test_a_choice_must_name_a_reading_that_exists(tmp_path: Path) -> None:
    local = '\n[[defect]]\nat = "L-1"\ntext = "x"\nreadings = ["seven", "twenty"]\n'
    own = (
        HEAD.replace('"local"', '"own"')
        .replace("normative-document", "internal")
        .replace('["national"]', '["local"]')
    )
    good, bad, strange = (
        f'{own}\n[[choice]]\nat = "{at}"\nis = "{value}"\n'
        for at, value in (("L-1", "seven"), ("L-1", "sevn"), ("L-2", "seven"))
    )
    assert faults(tmp_path, local, own=good) == ""
    assert "seven" in faults(tmp_path, local, own=bad)
    assert "L-2" in faults(tmp_path, local, own=strange)
