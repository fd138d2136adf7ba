"""Lists merged from above, and how long a thing stays published."""

from datetime import date
from pathlib import Path

import pytest

from mingzheng.core.regimes import Regime
from tests.clause import rule
from tests.core.building import CALENDAR, FRIDAY, HEAD, duty, faults, library, regime

TERM = """
[[route]]
id = "take-down"
steps = ["publishing-head"]
source = "第十二条"
[[term]]
id = "L/natural"
topic = "publication/term"
after = "publication.published"
channel = "own-site"
when = { party = "natural" }
lasts = 2
unit = "year"
limit = "at_least"
then = "publication.withdrawn"
route = "take-down"
source = "第十二条"
[[term]]
id = "L/other"
topic = "publication/term"
after = "publication.published"
channel = "own-site"
when = { party = { not = "natural" } }
lasts = 5
unit = "year"
source = "第十二条"
[[term]]
id = "L/credit"
topic = "publication/term"
after = "publication.published"
channel = "credit-china"
lasts = 3
unit = "month"
or_until = "restricted_until"
may_end = { lasts = 1, unit = "month", when = { repaired = true }, route = "head" }
source = "信用规定"
"""


def ends(held: Regime, **facts: object) -> dict[str, date | None]:
    return {
        row.channel: row.until
        for row in held.terms("publication.published", FRIDAY, facts, CALENDAR)
    }


def test_each_channel_carries_its_own_term(tmp_path: Path) -> None:
    held = regime(tmp_path, TERM)
    assert ends(held, party="natural") == {
        "own-site": date(2028, 9, 18),
        "credit-china": date(2026, 12, 18),
    }
    assert ends(held, party="organisation")["own-site"] == date(2031, 9, 18)


@rule("LX-A12.2")
def test_terms_are_told_party_by_party(tmp_path: Path) -> None:
    facts = {"parties": [{"id": "甲", "party": "natural"}, {"id": "乙", "party": "organisation"}]}
    answer = regime(tmp_path, TERM).explain("publication.published", FRIDAY, facts)
    rows = {(row["channel"], row["until"]): row["party"] for row in answer["terms"]}
    assert rows == {
        ("own-site", "2028-09-18"): ["甲"],
        ("own-site", "2031-09-18"): ["乙"],
        ("credit-china", "2026-12-18"): None,
    }


def test_an_unknown_party_lists_both_terms(tmp_path: Path) -> None:
    rows = regime(tmp_path, TERM).terms("publication.published", FRIDAY, {}, CALENDAR)
    assert {row.rule: row.unknown for row in rows if row.channel == "own-site"} == {
        "L/natural": ("party",),
        "L/other": ("party",),
    }


def test_a_longer_restriction_lengthens_the_term(tmp_path: Path) -> None:
    held = regime(tmp_path, TERM)
    assert ends(held, party="natural", restricted_until="2027-06-01")["credit-china"] == date(
        2027, 6, 1
    )
    assert ends(held, party="natural", restricted_until="2026-10-01")["credit-china"] == date(
        2026, 12, 18
    )


def test_a_term_that_may_end_early_says_from_when_and_what_it_waits_for(tmp_path: Path) -> None:
    (row,) = [
        row
        for row in regime(tmp_path, TERM).terms("publication.published", FRIDAY, {}, CALENDAR)
        if row.rule == "L/credit"
    ]
    assert row.may_end == {
        "lasts": 1,
        "unit": "month",
        "route": "head",
        "from": "2026-10-18",
        "when": None,
        "unknown": ["repaired"],
    }


def test_a_term_that_outlasts_the_policy_ceiling_is_flagged(tmp_path: Path) -> None:
    higher = (
        HEAD.replace('"local"', '"province"')
        + """
[[term]]
id = "P/ceiling"
topic = "publication/term"
after = "publication.published"
lasts = 3
unit = "year"
limit = "at_most"
floor = true
source = "省规定"
"""
    )
    (tmp_path / "province.toml").write_text(higher, encoding="utf-8")
    held = regime(tmp_path, TERM, HEAD.replace('["national"]', '["province", "national"]'))
    rows = held.terms("publication.published", FRIDAY, {"party": "organisation"}, CALENDAR)
    assert {row.rule: row.floor and row.floor["until"] for row in rows} == {
        "L/other": "2029-09-18",
        "L/credit": None,
    }
    notes = held.explain("publication.published", FRIDAY, {"party": "organisation"})["notes"]
    assert [note["id"] for note in notes if note["about"] == "slack"] == ["L/other"]


def test_a_slackened_statutory_term_is_refused(tmp_path: Path) -> None:
    law = (
        HEAD.replace('"local"', '"province"').replace("normative-document", "law")
        + """
[[term]]
id = "P/keep"
topic = "archive/term"
after = "volume.bound"
lasts = 10
unit = "year"
limit = "at_least"
statutory = true
source = "某法"
"""
    )
    mine = (
        '\n[[term]]\nid = "L/keep"\ntopic = "archive/term"\nafter = "volume.bound"\n'
        'lasts = {n}\nunit = "year"\nsource = "x"\n'
    )
    head = HEAD.replace('["national"]', '["province"]')
    assert "P/keep" in faults(tmp_path, mine.replace("{n}", "5"), head, province=law)
    assert faults(tmp_path, mine.replace("{n}", "15"), head, province=law) == ""


@pytest.mark.parametrize(
    ("merge", "ids"),
    [("replace", ["seizure", "hearing"]), ("add", ["seizure", "on-site", "hearing"])],
)
def test_statutory_rows_stay_whatever_a_local_list_says(
    tmp_path: Path, merge: str, ids: list[str]
) -> None:
    local = f"""
[[list]]
id = "recordings"
merge = "{merge}"
source = "第六条"
rows = [
  {{ id = "hearing", act = "hearing.held", mode = "required" }},
  {{ id = "seizure", act = "property.seized", mode = "text" }},
]
waiver = {{ ground = "text-suffices", never = ["required", "whole"], source = "第十一条" }}
"""
    answer = regime(tmp_path, local).rows("recordings", FRIDAY, {})
    assert [row["id"] for row in answer.rows] == ids
    assert answer.rows[0]["mode"] == "whole"
    assert answer.waiver and answer.waiver["source"] == "第十一条"


def test_an_answer_carries_the_recordings_of_its_act(tmp_path: Path) -> None:
    lists = regime(tmp_path).explain("property.seized", FRIDAY, {})["lists"]
    assert [(row["list"], row["id"], row["mode"]) for row in lists] == [
        ("recordings", "seizure", "whole")
    ]


def test_a_regime_is_told_apart_by_its_content(tmp_path: Path) -> None:
    first = regime(tmp_path).version
    assert regime(tmp_path).version == first
    assert len(first) == 64
    assert regime(tmp_path, TERM).version != first
    packs = library(tmp_path, TERM)
    assert packs.regime("national").version != packs.regime("local").version
    assert [pack.id for pack in packs.regime("local").chain] == ["local", "national"]


def test_every_rule_of_a_merged_pack_remembers_its_own_file_and_rank(tmp_path: Path) -> None:
    national = library(tmp_path).packs["national"]
    held = {rule.id: (rule.origin.file, rule.rank) for rule in national.rules}
    assert held["LAW/limit"] == ("packs/national.toml", "law")
    assert held["POL/publish"] == ("packs/policy.toml", "normative-document")


def test_a_pack_of_several_files_has_its_agencys_name_or_says_how_many_they_are(
    tmp_path: Path,
) -> None:
    second = HEAD + duty("L/9", topic="x/y")
    packs = library(tmp_path, duty("L/8", topic="x/z"), second=second).packs
    assert packs["local"].title == "某局"
    assert packs["national"].title == "某法等2件"


def test_a_pack_without_any_notion_of_major_says_so(tmp_path: Path) -> None:
    alone = HEAD.replace('extends = ["national"]\n', "")
    notes = regime(tmp_path, head=alone).explain("decision.made", FRIDAY, {})["notes"]
    assert [note["about"] for note in notes] == ["major"]
