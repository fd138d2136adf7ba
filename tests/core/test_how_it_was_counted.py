"""“怎么算的” is read from what was stored, and says every day that did or didn't count."""

import json
from pathlib import Path

from mingzheng.core.regimes import load_texts, said
from tests.core.building import CALENDAR, FRIDAY, HEAD, PACKS, duty, library, regime


def test_a_workday_count_names_its_rule_its_start_and_each_special_day(tmp_path: Path) -> None:
    held = regime(tmp_path, duty("L/7", 'within = 7\nunit = "workday"'))
    (row,) = (
        row
        for row in held.owed("decision.made", FRIDAY, {"kind": "other"}, CALENDAR)
        if row.rule == "L/7"
    )
    stored = json.loads(json.dumps(row.how, ensure_ascii=False))
    lines = said(stored)
    assert "第七条" in lines[0]
    assert "L/7" in lines[0]
    assert row.version[:12] in lines[0]
    assert lines[1] == "自 2026-09-18（作出决定）起算，当日不计，7 个工作日"
    assert "2026-09-25（中秋节放假）" in lines[2]
    assert lines[3] == "计入 2026-09-20（国庆节调休上班）"
    assert lines[-1] == "到期日 2026-09-29"
    assert stored["skipped"][1]["notice"] == "国务院办公厅关于2026年部分节假日安排的通知"
    assert stored["facts"] == {}


def test_pauses_extensions_and_rolling_are_said(tmp_path: Path) -> None:
    held = regime(tmp_path)
    (row,) = held.owed("case.opened", FRIDAY, {"opened_on": "2026-09-01"}, CALENDAR)
    pause = {"from": "2026-10-08", "until": "2026-10-18", "why": "检测"}
    again = held.retime(
        row.how, [pause], [{"by": 30, "unit": "day", "why": "负责人批准"}], CALENDAR
    )
    text = "\n".join(said(again.how))
    assert "立案日期" in text
    assert "扣除 2026-10-08 至 2026-10-18 前（检测）" in text
    assert "延长 30 日（自然日）（负责人批准）" in text
    assert f"到期日 {again.due}（暂估" in text
    paused = held.retime(row.how, [{**pause, "until": None}], [], CALENDAR)
    assert said(paused.how)[-1].startswith("自 2026-10-08 起中止")


def test_a_stored_count_can_be_repeated_from_its_json(tmp_path: Path) -> None:
    held = regime(tmp_path, duty("L/7", 'within = 7\nunit = "workday"'))
    for row in held.owed("decision.made", FRIDAY, {"kind": "other"}, CALENDAR):
        stored = json.loads(json.dumps(row.how, ensure_ascii=False))
        assert held.retime(stored, [], [], CALENDAR).due == row.due


def test_promptly_and_yearly_dates_are_said(tmp_path: Path) -> None:
    held = regime(tmp_path, duty("L/soon", 'within = "promptly"'))
    (row,) = (
        row
        for row in held.owed("decision.made", FRIDAY, {"kind": "other"}, CALENDAR)
        if row.rule == "L/soon"
    )
    assert "及时" in said(row.how)[1]
    assert any(line.startswith("上位规定更早") for line in said(row.how))
    (yearly,) = held.owed("year.ended", FRIDAY, {}, CALENDAR)
    assert said(yearly.how)[1:] == ["不迟于 1月31日", "到期日 2027-01-31"]


def test_a_rule_judged_on_a_day_nobody_told_waits_for_it(tmp_path: Path) -> None:
    local = duty(
        "L/new", 'within = 5\nunit = "workday"', 'since = 2026-01-01\njudged_on = "conduct_on"'
    )
    rows = {
        row.rule: row.unknown
        for row in regime(tmp_path, local).owed(
            "decision.made", FRIDAY, {"kind": "other"}, CALENDAR
        )
    }
    assert rows["L/new"] == ("conduct_on",)
    assert rows["POL/publish"] == ("conduct_on",)


def test_a_choice_confirms_a_rule(tmp_path: Path) -> None:
    own = (
        HEAD.replace('"local"', '"own"')
        .replace("normative-document", "internal")
        .replace('["national"]', '["local"]')
        + '[[choice]]\nat = "L/7"\nis = "confirmed"\nby = "局务会"\n'
    )
    packs = library(
        tmp_path, duty("L/7", 'within = 7\nunit = "workday"', "confirmed = false"), own=own
    )
    plain, chosen = packs.regime("local"), packs.regime("local", [packs.packs["own"]])
    assert [rule.id for rule in plain.unconfirmed()] == ["L/7"]
    assert chosen.unconfirmed() == []
    confirmed = [
        next(
            row.confirmed
            for row in held.owed("decision.made", FRIDAY, {}, CALENDAR)
            if row.rule == "L/7"
        )
        for held in (plain, chosen)
    ]
    assert confirmed == [False, True]
    assert (chosen.id, chosen.agency) == ("local", "某局")


def test_an_internal_pack_asked_for_by_itself_keeps_its_name(tmp_path: Path) -> None:
    own = (
        HEAD.replace('"local"', '"own"')
        .replace("normative-document", "internal")
        .replace('["national"]', '["local"]')
    )
    assert library(tmp_path, own=own).regime("own").id == "own"


def test_a_rule_for_wherever_it_is_shown_speaks_for_every_channel(tmp_path: Path) -> None:
    local = duty("L/live", 'within = 2\nunit = "workday"', 'channels = ["live"]') + duty(
        "L/site",
        'within = 3\nunit = "workday"',
        'channels = ["own-site"]\ndisplaces = ["L/live"]\nwhen = { urgent = true }',
    )
    rows = regime(tmp_path, local).owed(
        "decision.made", FRIDAY, {"kind": "other", "urgent": False}, CALENDAR
    )
    assert [row.rule for row in rows if row.topic == "publication/decision"] == ["L/live"]


def test_packs_kept_elsewhere_load_from_their_text(tmp_path: Path) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(PACKS.glob("*.toml"))}
    texts["local.toml"] = HEAD + duty("L/1")
    held = load_texts(texts).regime("local")
    assert held.version == regime(tmp_path, duty("L/1")).version
