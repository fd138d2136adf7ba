"""Slots, lex specialis, fallback, floors, unknown facts: which duty stands, and until when."""

from datetime import date, datetime
from pathlib import Path

from mingzheng.core.regimes import Owed, Regime
from tests.clause import rule
from tests.core.building import CALENDAR, FRIDAY, HEAD, duty, library, regime

SEVEN, TWENTY = date(2026, 9, 29), date(2026, 10, 22)


def publishing(held: Regime, **facts: object) -> list[Owed]:
    return [
        row
        for row in held.owed("decision.made", FRIDAY, facts, CALENDAR)
        if row.topic == "publication/decision"
    ]


def test_the_nearest_packs_rule_stands(tmp_path: Path) -> None:
    rows = publishing(regime(tmp_path, duty("L/5", 'within = 5\nunit = "workday"')), kind="penalty")
    assert [(row.rule, row.due, row.floor) for row in rows] == [("L/5", date(2026, 9, 24), None)]
    assert not rows[0].fallback
    assert "POL/publish-fast" in rows[0].displaced


@rule("CX-1.4")
def test_a_slacker_local_rule_keeps_its_date_beside_the_earlier_floor(tmp_path: Path) -> None:
    held = regime(tmp_path, duty("L/20"))
    (row,) = publishing(held, kind="penalty")
    assert (row.due, row.floor and row.floor["due"]) == (TWENTY, SEVEN.isoformat())
    assert row.light_due == SEVEN
    notes = held.explain("decision.made", FRIDAY, {"kind": "penalty"})["notes"]
    assert any(note["about"] == "slack" and note["id"] == "L/20" for note in notes)


def test_a_slot_the_local_pack_leaves_empty_falls_back_and_says_so(tmp_path: Path) -> None:
    local = duty("L/7", 'within = 5\nunit = "workday"', 'when = { kind = "licence" }')
    (row,) = publishing(regime(tmp_path, local), kind="other")
    assert (row.rule, row.due, row.fallback) == ("POL/publish", TWENTY, True)


def test_special_displaces_general_only_where_its_condition_holds(tmp_path: Path) -> None:
    local = duty("L/all") + duty(
        "L/fast",
        'within = 7\nunit = "workday"',
        'when = { kind = "penalty" }\ndisplaces = ["L/all"]',
    )
    held = regime(tmp_path, local)
    assert [row.rule for row in publishing(held, kind="penalty")] == ["L/fast"]
    assert [row.rule for row in publishing(held, kind="other")] == ["L/all"]


def test_unknown_facts_list_every_candidate_with_what_it_waits_for(tmp_path: Path) -> None:
    local = duty("L/all") + duty(
        "L/fast",
        'within = 7\nunit = "workday"',
        'when = { kind = "penalty" }\ndisplaces = ["L/all"]',
    )
    rows = {row.rule: row for row in publishing(regime(tmp_path, local))}
    assert rows["L/all"].unknown == ("kind",)
    assert rows["L/fast"].unknown == ("kind",)
    assert min(row.light_due or date.max for row in rows.values()) == SEVEN


def test_an_unknown_of_keeps_the_duty_and_asks_for_it(tmp_path: Path) -> None:
    held = regime(tmp_path)
    rows = [
        row
        for row in held.owed("decision.made", FRIDAY, {}, CALENDAR)
        if row.topic == "decision/service"
    ]
    assert [row.unknown for row in rows] == [("of",)]
    known = held.owed("decision.made", FRIDAY, {"of": "no-case"}, CALENDAR)
    assert "decision/service" not in {row.topic for row in known}


@rule("LX-A12.1")
def test_a_displacer_on_another_act_leaves_the_slot_spoken_for(tmp_path: Path) -> None:
    local = duty("L/normal", after="inspection.ended", topic="publication/random") + duty(
        "L/handled",
        'within = "promptly"',
        'when = { problem_found = true }\ndisplaces = ["L/normal"]',
        topic="publication/random",
        after="rectification.reported",
    )
    held = regime(tmp_path, local)
    assert held.owed("inspection.ended", FRIDAY, {"problem_found": True}, CALENDAR) == []
    notes = held.explain("inspection.ended", FRIDAY, {"problem_found": True})["notes"]
    assert [note["by"] for note in notes if note["about"] == "displaced"] == ["L/handled"]
    (row,) = held.owed("inspection.ended", FRIDAY, {}, CALENDAR)
    assert (row.rule, row.unknown) == ("L/normal", ("problem_found",))
    (handled,) = held.owed("rectification.reported", FRIDAY, {"problem_found": True}, CALENDAR)
    assert (handled.within, handled.due) == ("promptly", None)


def test_nothing_owed_stops_the_fallback_but_not_the_floor(tmp_path: Path) -> None:
    local = """
[[duty]]
id = "L/none"
topic = "publication/decision"
after = "decision.made"
when = { procedure = "summary" }
none = true
source = "第八条"
[[duty]]
id = "L/none-service"
topic = "archive/limit"
after = "case.closed"
none = true
source = "第九条"
"""
    held = regime(tmp_path, local)
    (row,) = publishing(held, kind="penalty", procedure="summary")
    assert (row.rule, row.none, row.due, row.light_due) == ("L/none", True, None, SEVEN)
    assert row.then == ("publication.published",)
    assert held.owed("case.closed", FRIDAY, {}, CALENDAR) == []
    notes = held.explain("case.closed", FRIDAY, {})["notes"]
    assert any(note["about"] == "none" and note["id"] == "L/none-service" for note in notes)


def test_promptly_is_owed_without_a_date(tmp_path: Path) -> None:
    held = regime(tmp_path, duty("L/soon", 'within = "promptly"'))
    (row,) = publishing(held, kind="other")
    assert (row.within, row.due, row.light_due) == ("promptly", None, TWENTY)


def test_channels_are_owed_once_each_and_compete_one_by_one(tmp_path: Path) -> None:
    local = duty(
        "L/two",
        'within = 20\nunit = "workday"',
        'channels = ["own-site", "provincial-service-site"]',
        topic="publication/random",
        after="inspection.ended",
    )
    rows = regime(tmp_path, local).owed("inspection.ended", FRIDAY, {}, CALENDAR)
    assert [row.channel for row in rows] == ["own-site", "provincial-service-site"]


def test_recipients_the_local_pack_does_not_name_fall_back(tmp_path: Path) -> None:
    higher = HEAD.replace('"local"', '"province"').replace("normative-document", "rule") + duty(
        "P/annual",
        'no_later = "01-31"',
        'to = ["body/city-government", "body/superior"]',
        topic="annual/submit",
        after="year.ended",
    )
    (tmp_path / "province.toml").write_text(higher, encoding="utf-8")
    local = duty(
        "L/annual",
        'no_later = "01-15"',
        'to = ["body/city-government"]',
        topic="annual/submit",
        after="year.ended",
    )
    held = regime(tmp_path, local, HEAD.replace('["national"]', '["province", "national"]'))
    rows = held.owed("year.ended", date(2026, 12, 31), {}, CALENDAR)
    assert {(row.to, row.due, row.fallback) for row in rows if row.topic == "annual/submit"} == {
        ("body/city-government", date(2027, 1, 15), False),
        ("body/superior", date(2027, 1, 31), True),
    }


def test_a_rule_that_yields_gives_way_to_another_limit_of_that_rank(tmp_path: Path) -> None:
    local = duty(
        "L/archive",
        'within = 30\nunit = "day"',
        'yields_to = ["law"]',
        topic="decision/limit",
        after="case.opened",
    )
    (row,) = regime(tmp_path, local).owed("case.opened", FRIDAY, {}, CALENDAR)
    assert (row.rule, row.displaced) == ("LAW/limit", ("L/archive",))


def test_promptly_alone_is_no_other_limit_to_yield_to(tmp_path: Path) -> None:
    general = duty("L/30", 'within = 30\nunit = "day"', 'yields_to = ["rule"]', topic="x/y")
    special = HEAD.replace('"local"', '"rule"').replace("normative-document", "rule")
    head = HEAD.replace('["national"]', '["rule"]')
    for limit, stands in (
        ('within = "promptly"', {"L/30"}),
        ('within = 60\nunit = "day"', {"R/other"}),
    ):
        other = special + duty("R/other", limit, topic="x/y")
        held = library(tmp_path, general, head, other=other).regime("local")
        rows = held.owed("decision.made", FRIDAY, {"kind": "other"}, CALENDAR)
        assert {row.rule for row in rows if row.topic == "x/y"} == stands


def test_a_rank_that_may_differ_replaces_the_statutory_limit(tmp_path: Path) -> None:
    local = duty(
        "L/limit", 'within = 180\nunit = "day"', topic="decision/limit", after="case.opened"
    ).replace("publication.published", "decision.made")
    head = HEAD.replace("normative-document", "rule")
    (row,) = regime(tmp_path, local, head).owed("case.opened", FRIDAY, {}, CALENDAR)
    assert (row.rule, row.due, row.floor) == ("L/limit", date(2027, 3, 17), None)


def test_day_zero_is_the_first_known_fact(tmp_path: Path) -> None:
    held = regime(tmp_path)
    (row,) = held.owed("case.opened", FRIDAY, {"opened_on": "2026-09-01"}, CALENDAR)
    assert row.how["start"] == {"act": "case.opened", "fact": "opened_on", "date": "2026-09-01"}
    assert row.due == date(2026, 11, 30)
    (otherwise,) = held.owed("case.opened", FRIDAY, {}, CALENDAR)
    assert otherwise.how["start"]["unless"] == ["opened_on"]


def test_a_missing_day_zero_makes_no_date_and_is_asked_for(tmp_path: Path) -> None:
    local = duty(
        "L/eff", more='day0 = ["effective_on"]', topic="lists/update", after="basis.changed"
    )
    (row,) = regime(tmp_path, local).owed("basis.changed", FRIDAY, {}, CALENDAR)
    assert (row.due, row.unknown) == (None, ("effective_on",))


def test_no_later_is_the_next_such_day(tmp_path: Path) -> None:
    held = regime(tmp_path)
    for on, due in (
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 1, 31)),
        (date(2027, 2, 1), date(2028, 1, 31)),
    ):
        assert [row.due for row in held.owed("year.ended", on, {}, CALENDAR)] == [due]


def test_same_as_follows_another_topic_of_the_same_act(tmp_path: Path) -> None:
    local = duty("L/feed", 'same_as = "publication/decision"', topic="publication/feed")
    rows = regime(tmp_path, local).owed("decision.made", FRIDAY, {"kind": "penalty"}, CALENDAR)
    assert [row.due for row in rows if row.rule == "L/feed"] == [SEVEN]


def test_a_rule_counts_only_while_in_force(tmp_path: Path) -> None:
    local = duty("L/old", 'within = 5\nunit = "workday"', "since = 2020-01-01\nuntil = 2026-09-18")
    held = regime(tmp_path, local)
    assert [row.rule for row in publishing(held, kind="other")] == ["POL/publish"]
    before = held.owed("decision.made", date(2026, 9, 17), {"kind": "other"}, CALENDAR)
    assert "L/old" in {row.rule for row in before}


def test_a_rule_may_be_judged_on_another_day(tmp_path: Path) -> None:
    local = duty(
        "L/new", 'within = 5\nunit = "workday"', 'since = 2026-01-01\njudged_on = "conduct_on"'
    )
    held = regime(tmp_path, local)
    assert [row.rule for row in publishing(held, kind="other", conduct_on="2025-05-01")] == [
        "POL/publish"
    ]
    assert [row.rule for row in publishing(held, kind="other", conduct_on="2026-05-01")] == [
        "L/new"
    ]


def test_a_day_told_with_its_hour_counts_as_that_day(tmp_path: Path) -> None:
    local = duty(
        "L/new", 'within = 5\nunit = "workday"', 'since = 2026-01-01\njudged_on = "conduct_on"'
    )
    held = regime(tmp_path, local)
    assert [
        row.rule for row in publishing(held, kind="other", conduct_on=datetime(2026, 1, 1))
    ] == ["L/new"]


def test_parties_are_judged_one_by_one_and_identical_results_merged(tmp_path: Path) -> None:
    local = duty("L/person", 'within = 5\nunit = "workday"', 'when = { party = "natural" }')
    facts = {
        "kind": "other",
        "parties": [
            {"id": "甲", "party": "natural"},
            {"id": "乙", "party": "organisation"},
            {"id": "丙", "party": "natural"},
        ],
    }
    rows = {row.rule: row.party for row in publishing(regime(tmp_path, local), **facts)}
    assert rows == {"L/person": ("甲", "丙"), "POL/publish": ("乙",)}


def test_a_duty_per_party_is_owed_to_each(tmp_path: Path) -> None:
    local = duty("L/tell", 'within = 3\nunit = "workday"', 'per = "party"', topic="decision/tell")
    facts = {"parties": [{"id": "甲"}, {"id": "乙"}]}
    rows = regime(tmp_path, local).owed("decision.made", FRIDAY, facts, CALENDAR)
    assert [row.party for row in rows if row.rule == "L/tell"] == [("甲",), ("乙",)]


def test_what_another_body_owes_is_only_awaited(tmp_path: Path) -> None:
    local = duty(
        "L/police",
        'within = 3\nunit = "day"',
        'by = "body/police"',
        topic="transfer/answer",
        after="matter.transferred",
    )
    (row,) = regime(tmp_path, local).owed("matter.transferred", FRIDAY, {}, CALENDAR)
    assert row.awaited


@rule("LG-1.3")
def test_a_reading_the_agency_chose_decides_between_rules(tmp_path: Path) -> None:
    local = (
        """
[[defect]]
at = "L-1.3"
text = "两处不一致"
readings = ["seven", "twenty"]
default = "seven"
"""
        + duty("L/7", 'within = 7\nunit = "workday"', 'if_read = { at = "L-1.3", is = "seven" }')
        + duty("L/20", more='if_read = { at = "L-1.3", is = "twenty" }')
    )
    assert [row.rule for row in publishing(regime(tmp_path, local), kind="other")] == ["L/7"]
    chosen = (
        HEAD.replace('"local"', '"own"')
        .replace("normative-document", "internal")
        .replace('["national"]', '["local"]')
        + '[[choice]]\nat = "L-1.3"\nis = "twenty"\nby = "局务会"\n'
    )
    (tmp_path / "own.toml").write_text(chosen, encoding="utf-8")
    own = regime(tmp_path, local)
    packs = library(tmp_path, local)
    held = packs.regime("local", choices=[packs.packs["own"]])
    assert [row.rule for row in publishing(held, kind="other")] == ["L/20"]
    assert [(each.reading, each.chosen_by) for each in held.defects()] == [("twenty", "局务会")]
    assert own.reading("L-1.3") == "seven"


@rule("WG-A9")
def test_an_unset_topic_is_answered_not_left_out(tmp_path: Path) -> None:
    local = """
[[unset]]
topic = "publication/term"
refers_to = "上级规定"
source = "第九条"
"""
    answer = regime(tmp_path, local).explain("publication.published", FRIDAY, {})
    (row,) = answer["terms"]
    assert (row["until"], row["unset"], row["source"]) == (None, True, "第九条")
    assert "未规定" in row["text"]


def test_an_internal_pack_fills_what_the_text_leaves_open(tmp_path: Path) -> None:
    local = '\n[[unset]]\ntopic = "archive/limit"\nsource = "第九条"\n'
    own = HEAD.replace('"local"', '"own"').replace("normative-document", "internal").replace(
        '["national"]', '["local"]'
    ) + duty("OWN/archive", 'within = 30\nunit = "day"', topic="archive/limit", after="case.closed")
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    packs = library(tmp_path, local)
    held = packs.regime("local", choices=[packs.packs["own"]])
    assert [each.filled_by for each in held.unset()] == ["own"]
    (row,) = held.owed("case.closed", FRIDAY, {}, CALENDAR)
    assert (row.rule, row.fallback) == ("OWN/archive", False)


def test_an_act_outside_the_agencys_power_is_not_applicable(tmp_path: Path) -> None:
    held = regime(tmp_path, '\n[scope]\nkinds = ["inspection"]\nsource = "第三条"\n')
    answer = held.explain("decision.made", FRIDAY, {"kind": "penalty"})
    assert (answer["applicable"], answer["source"], answer["duties"]) == (False, "第三条", [])
    assert held.explain("decision.made", FRIDAY, {})["applicable"] is True
    assert held.owed("decision.made", FRIDAY, {"kind": "penalty"}, CALENDAR) == []


def test_a_duty_is_counted_again_after_a_pause_and_an_extension(tmp_path: Path) -> None:
    held = regime(tmp_path)
    (row,) = held.owed("case.opened", FRIDAY, {}, CALENDAR)
    assert row.due == date(2026, 12, 17)
    pause = {"from": "2026-10-08", "until": "2026-10-18", "why": "检测"}
    assert held.retime(row.how, [pause], [], CALENDAR).due == date(2026, 12, 28)
    still = held.retime(row.how, [{**pause, "until": None}], [], CALENDAR)
    assert (still.due, still.how["paused"]) == (None, "2026-10-08")
    (rule,) = held.extensions("decision/limit")
    longer = held.retime(row.how, [], [{"by": rule.by, "unit": rule.unit}], CALENDAR)
    assert longer.due == date(2027, 1, 18)
    assert longer.provisional
    assert [each.start[0].act for each in held.suspensions("decision/limit")] == [
        "testing.commissioned"
    ]
