"""Gates look back at the record: each form of `needs`, and what is said when something lacks."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from mingzheng.core.regimes import BadFacts, History, PastAct, Refusal, Regime
from tests.clause import rule
from tests.core.building import CALENDAR, FRIDAY, regime

MAJOR = {"kind": "penalty", "public_interest": True}
EARLIER = FRIDAY - timedelta(days=3)


def refused(
    held: Regime, act: str, facts: dict[str, object], *past: PastAct, **attrs: object
) -> dict[str, Refusal]:
    rows = held.refusals(act, FRIDAY, facts, History(past), CALENDAR, attrs)
    return {row.gate: row for row in rows}


def gate(needs: str, more: str = "", before: str = "decision.made") -> str:
    return (
        f'\n[[gate]]\nid = "L/gate"\ntopic = "x"\nbefore = "{before}"\nneeds = {needs}\n'
        f'source = "第八条"\n{more}\n'
    )


@rule("LG-3.4")
def test_major_decision_waits_for_legal_review(tmp_path: Path) -> None:
    held = regime(tmp_path)
    row = refused(held, "decision.made", MAJOR)["LAW/review"]
    assert [(each.act, each.words) for each in row.missing] == [("review.passed", "法制审核通过")]
    passed = PastAct("review.passed", EARLIER, attrs={"person": 3, "handler": (11, 12)})
    assert refused(held, "decision.made", MAJOR, passed) == {}


def test_a_decision_that_may_be_major_waits_for_the_facts(tmp_path: Path) -> None:
    row = refused(regime(tmp_path), "decision.made", {"kind": "penalty"})["LAW/review"]
    assert row.unknown == ("hearing", "major_rights", "public_interest")
    plain = {"kind": "penalty", "public_interest": False, "major_rights": False}
    assert refused(regime(tmp_path), "decision.made", plain) == {}


def test_a_handler_cannot_review_his_own_case(tmp_path: Path) -> None:
    held = regime(tmp_path)
    own = PastAct("review.passed", EARLIER, attrs={"person": 11, "handler": (11, 12)})
    assert "承办人" in refused(held, "decision.made", MAJOR, own)["LAW/review"].missing[0].words
    told = {**MAJOR, "reviewer_is_handler": True}
    other = PastAct("review.passed", EARLIER, attrs={"person": 3})
    assert "LAW/review" in refused(held, "decision.made", told, other)


def test_the_person_acting_may_not_be_a_handler(tmp_path: Path) -> None:
    held = regime(
        tmp_path,
        gate('[{ act = "review.passed", distinct_from = "handler" }]', before="review.passed"),
    )
    case = PastAct("case.opened", EARLIER, attrs={"handler": (11, 12)})
    assert "L/gate" in refused(held, "review.passed", {}, case, person=11)
    assert refused(held, "review.passed", {}, case, person=3) == {}


def test_two_different_officers_must_have_shown_their_certificates(tmp_path: Path) -> None:
    held = regime(tmp_path)
    one = PastAct("officer.identified", EARLIER, attrs={"officer": 11})
    row = refused(held, "party.questioned", {}, one, one)["LAW/two-officers"]
    assert "现有 1 名" in row.missing[0].words
    other = PastAct("officer.identified", EARLIER, attrs={"officer": 12})
    assert refused(held, "party.questioned", {}, one, other) == {}
    both = PastAct("officer.identified", EARLIER, attrs={"officer": (11, 12)})
    assert refused(held, "party.questioned", {}, both) == {}


def test_a_hearing_waits_seven_workdays_after_its_notice(tmp_path: Path) -> None:
    held = regime(tmp_path)
    told = PastAct("party.notified", date(2026, 9, 14), of="hearing")
    row = refused(held, "hearing.held", {}, told)["LAW/hearing-notice"]
    assert row.earliest == date(2026, 9, 22)
    assert (
        refused(held, "hearing.held", {}, PastAct("party.notified", date(2026, 9, 9), of="hearing"))
        == {}
    )
    never = refused(held, "hearing.held", {}, PastAct("party.notified", EARLIER, of="penalty"))
    assert (never["LAW/hearing-notice"].earliest, len(never["LAW/hearing-notice"].missing)) == (
        None,
        1,
    )


def test_an_inner_list_asks_for_any_one_of_its_acts(tmp_path: Path) -> None:
    held = regime(tmp_path, gate('[["statement.heard", "statement.waived"]]'))
    row = refused(held, "decision.made", {"kind": "other"})["L/gate"]
    assert row.missing[0].words == "听取陈述申辩 或者 放弃陈述申辩"
    waived = PastAct("statement.waived", EARLIER)
    assert refused(held, "decision.made", {"kind": "other"}, waived) == {}


def test_an_act_about_something_else_does_not_count(tmp_path: Path) -> None:
    held = regime(tmp_path, gate('[{ act = "party.notified", of = "penalty" }]'))
    wrong, right = (PastAct("party.notified", EARLIER, of=of) for of in ("rights", "penalty"))
    assert "L/gate" in refused(held, "decision.made", {"kind": "other"}, wrong)
    assert refused(held, "decision.made", {"kind": "other"}, wrong, right) == {}


def test_what_was_shown_elsewhere_does_not_count(tmp_path: Path) -> None:
    held = regime(tmp_path, gate('[{ act = "publication.published", channel = "own-site" }]'))
    elsewhere, here = (
        PastAct("publication.published", EARLIER, attrs={"channel": channel})
        for channel in ("credit-china", "own-site")
    )
    assert "L/gate" in refused(held, "decision.made", {"kind": "other"}, elsewhere)
    assert refused(held, "decision.made", {"kind": "other"}, elsewhere, here) == {}


def test_a_later_act_does_not_count_for_an_earlier_one(tmp_path: Path) -> None:
    held = regime(tmp_path, gate('["draft.made"]'))
    later = PastAct("draft.made", FRIDAY + timedelta(days=1))
    assert "L/gate" in refused(held, "decision.made", {"kind": "other"}, later)


def test_a_bar_refuses_whenever_its_condition_holds(tmp_path: Path) -> None:
    bar = (
        '\n[[gate]]\nid = "L/bar"\ntopic = "x"\nbefore = "decision.made"\nbars = true\n'
        'when = { heavier_after_defence = true }\nsource = "第十条"\n'
    )
    held = regime(tmp_path, bar)
    assert "L/bar" in refused(
        held, "decision.made", {"kind": "other", "heavier_after_defence": True}
    )
    assert refused(held, "decision.made", {"kind": "other", "heavier_after_defence": False}) == {}
    unknown = refused(held, "decision.made", {"kind": "other"})["L/bar"]
    assert unknown.unknown == ("heavier_after_defence",)


def test_a_list_asks_for_each_of_its_must_rows(tmp_path: Path) -> None:
    rows = """
[[list]]
id = "materials"
source = "第十二条"
rows = [
  { id = "draft", name = "决定书草案", act = "draft.made" },
  { id = "facts", name = "违法事实", kind = "field" },
  { id = "record", name = "听证笔录", act = "hearing.held", when = { hearing = true } },
  { id = "photo", name = "照片", kind = "field", need = "if-any" },
]
"""
    held = regime(tmp_path, rows + gate('[{ list = "materials" }]', before="review.submitted"))
    row = refused(held, "review.submitted", {"hearing": False})["L/gate"]
    assert [each.words for each in row.missing] == ["决定书草案", "违法事实"]
    draft = PastAct("draft.made", EARLIER)
    facts: dict[str, object] = {"hearing": False, "elements": {"facts": "无证经营"}}
    assert refused(held, "review.submitted", facts, draft) == {}
    unknown = refused(held, "review.submitted", {"elements": {"facts": "x"}}, draft)
    assert [each.words for each in unknown["L/gate"].missing] == ["听证笔录"]
    empty: dict[str, object] = {"hearing": False, "elements": {"facts": ""}}
    assert "L/gate" in refused(held, "review.submitted", empty, draft)


def test_every_party_must_have_been_told(tmp_path: Path) -> None:
    held = regime(tmp_path, gate('[{ act = "party.notified", of = "penalty", per = "party" }]'))
    facts: dict[str, object] = {"kind": "other", "parties": [{"id": "甲"}, {"id": "乙"}]}
    first, second = (
        PastAct("party.notified", EARLIER, of="penalty", attrs={"party": who})
        for who in ("甲", "乙")
    )
    row = refused(held, "decision.made", facts, first)["L/gate"]
    assert [each.words for each in row.missing] == ["告知当事人（乙）"]
    assert refused(held, "decision.made", facts, first, second) == {}


def test_a_principle_is_shown_but_soft(tmp_path: Path) -> None:
    own = '\n[[fact]]\nid = "team_size"\ntype = "number"\nask = "几人"\n'
    more = "soft = true\nwhen = { team_size = { over = 4 } }"
    held = regime(tmp_path, own + gate('["exception.approved"]', more, "team.formed"))
    assert refused(held, "team.formed", {"team_size": 5})["L/gate"].soft
    assert refused(held, "team.formed", {"team_size": 4}) == {}


def test_gates_of_higher_packs_add_up_and_a_plain_one_can_be_displaced(tmp_path: Path) -> None:
    local = gate('["draft.made"]', 'displaces = ["LAW/hearing-notice"]', "hearing.held")
    assert set(refused(regime(tmp_path, local), "hearing.held", {})) == {"L/gate"}
    added = gate('["draft.made"]', before="party.questioned")
    assert set(refused(regime(tmp_path, added), "party.questioned", {})) == {
        "L/gate",
        "LAW/two-officers",
    }


def test_a_matter_outside_the_scope_is_refused(tmp_path: Path) -> None:
    held = regime(tmp_path, '\n[scope]\nkinds = ["inspection"]\nsource = "第三条"\n')
    assert "scope" in refused(held, "case.opened", {"kind": "penalty"})
    assert refused(held, "case.opened", {"kind": "inspection"}) == {}


def test_amending_the_draft_voids_its_review(tmp_path: Path) -> None:
    held = regime(tmp_path)
    undone = {each.id: each for each in held.undone_by("draft.amended")}
    assert undone["undo/draft.amended"].kinds == ("review.passed", "discussion.held")
    assert undone["LAW/new-notice"].holds is None
    sure = held.undone_by("draft.amended", FRIDAY, {"substance_changed": False})
    assert [each.id for each in sure] == ["undo/draft.amended"]


def test_the_route_is_the_nearest_whose_condition_holds(tmp_path: Path) -> None:
    local = """
[[route]]
id = "case.opened"
when = { urgent = true }
steps = ["head"]
source = "第四条"
[[route]]
id = "supervision-plan"
steps = [{ role = "deputy-head", does = "review" }, "head", { meeting = "bureau-meeting" }]
source = "第五条"
"""
    held = regime(tmp_path, local)
    urgent = held.route("case.opened", FRIDAY, {"urgent": True})
    assert urgent and [step.role for step in urgent.steps] == ["head"]
    calm = held.route("case.opened", FRIDAY, {})
    assert calm and ([step.role for step in calm.steps], calm.unknown) == (
        ["unit-head", "head"],
        ("urgent",),
    )
    plan = held.route("supervision-plan", FRIDAY, {})
    assert plan and [(step.role, step.does, step.meeting) for step in plan.steps] == [
        ("deputy-head", "review", ""),
        ("head", "approve", ""),
        ("", "decide", "bureau-meeting"),
    ]
    assert held.route("no-such-route", FRIDAY, {}) is None


@pytest.mark.parametrize(
    ("act", "facts", "says"),
    [
        ("decision.mad", {}, "decision.made"),
        ("decision.made", {"fine": "many"}, "fine"),
        ("decision.made", {"fine": -1}, "fine"),
        ("decision.made", {"kind": "penalti"}, "penalty"),
        ("decision.made", {"hearing": "yes"}, "true"),
        ("decision.made", {"opened_on": "soon"}, "opened_on"),
        ("decision.made", {"parties": {"id": 1}}, "parties"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(
    tmp_path: Path, act: str, facts: dict[str, object], says: str
) -> None:
    with pytest.raises(BadFacts, match=says):
        regime(tmp_path).explain(act, FRIDAY, facts)


def test_a_fact_nobody_knows_is_noted_not_swallowed(tmp_path: Path) -> None:
    answer = regime(tmp_path).explain("decision.made", FRIDAY, {"fines": 3, "kind": None})
    assert any("fines" in note["text"] and "fine" in note["text"] for note in answer["notes"])


def test_a_period_given_to_the_party_runs_to_the_end_of_its_last_day(tmp_path: Path) -> None:
    held = regime(
        tmp_path,
        gate('[{ act = "party.notified", of = "hearing-right", elapsed = 5, unit = "workday" }]'),
    )

    def on(told: date) -> dict[str, Refusal]:
        return refused(
            held,
            "decision.made",
            {"kind": "other"},
            PastAct("party.notified", told, of="hearing-right"),
        )

    last_day_is_today = on(date(2026, 9, 11))
    assert last_day_is_today["L/gate"].earliest == FRIDAY + timedelta(days=1)
    assert on(date(2026, 9, 10)) == {}
