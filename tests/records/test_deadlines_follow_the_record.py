"""Duties: opened, closed, paused, moved and extended by acts, with the computation kept."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mingzheng.records import acts as record_acts
from mingzheng.records import duties as record_duties
from mingzheng.records import law
from mingzheng.records.calendars import (
    answer_calendar,
    load_calendar,
    propose_calendar,
    proposed,
)
from mingzheng.records.models import Act, Duty, HolidayNotice, Retiming
from mingzheng.records.refusal import Refused
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import stories
from mingzheng.site.demo.play import at, who
from tests.cases.telling import case, do, duties, heard, refused
from tests.clause import rule
from tests.desk.test_unsent import browser
from tests.records.rules import adopt

TOLD = {"laboratory": "市能源监测中心", "items": "变压器，1台"}
REPORT = {"number": "检2026-1", "conclusion": "属于国家明令淘汰的型号。"}


def limit(journey: Any) -> Duty:
    """The time limit of the decision."""
    return duties(journey, "decision/limit")[0]


def test_opening_a_case_opens_its_time_limit_and_closes_the_duty_to_open(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("opened")
    (opening,) = duties(journey, "case/opening")
    assert opening.state == Duty.DONE and opening.closed_by.kind == "case.opened"
    found = limit(journey)
    assert found.state == Duty.OPEN and (found.due - journey.day).days == 90
    assert found.source == "行政处罚法 第六十条" and found.how["unit"] == "day"
    journey.play.record.refresh_from_db()
    assert journey.play.record.due == min(
        row.light_due
        for row in Duty.objects.filter(record=journey.play.record, state=Duty.OPEN, awaited=False)
        if row.light_due
    )


def test_a_deadline_shows_green_then_yellow_then_red(bodies: dict[str, Any]) -> None:
    found = limit(case(bodies).go("opened"))
    assert record_duties.light(found, date(2026, 5, 6)).colour == "g"
    assert record_duties.light(found, found.due).words.startswith("今天到期")
    late = record_duties.light(found, date(2026, 7, 20))
    assert late.colour == "r" and "已超" in late.words


def test_a_deadline_that_was_met_late_stays_red(bodies: dict[str, Any]) -> None:
    journey = case(bodies, serve_after=9).go("served")
    (service,) = duties(journey, "decision/service")
    assert service.state == Duty.DONE
    assert record_duties.light(service).words == "已办，逾期"


@rule("LM-2", "WG-B2")
def test_testing_pauses_the_clock_and_the_report_moves_the_day(
    bodies: dict[str, Any], tmp_path: Path
) -> None:
    adopt(bodies, tmp_path)
    journey = case(bodies).go("investigated")
    before = limit(journey).due
    journey.forward(1)
    began = journey.day
    do(journey, "testing.commissioned", told_on=journey.day, **TOLD)
    paused = limit(journey)
    assert paused.paused_since == began
    assert record_duties.light(paused).colour == "n"
    journey.play.record.refresh_from_db()
    assert journey.play.record.paused
    journey.forward(8)
    do(journey, "testing.reported", **REPORT)
    moved = limit(journey)
    assert moved.paused_since is None
    assert moved.due == before + (journey.day - began)
    assert "测试" in str(moved.how) and Retiming.objects.get(duty=moved).before == before
    assert list(verify_all()) == []


def test_a_suspension_and_a_test_within_it_count_once(
    bodies: dict[str, Any], tmp_path: Path
) -> None:
    adopt(bodies, tmp_path)
    journey = case(bodies).go("investigated")
    before = limit(journey).due
    began = journey.forward(1)
    do(journey, "testing.commissioned", told_on=journey.day, **TOLD)
    journey.forward(2)
    do(journey, "period.suspended", hour=10, reason="需要等待有权机关的解释", told_on=journey.day)
    with at(journey.day, 11):
        journey.play.approve()
    journey.forward(2)
    do(journey, "testing.reported", **REPORT)
    journey.forward(3)
    do(journey, "period.resumed", reason="解释已经收到")
    moved = limit(journey)
    assert moved.paused_since is None
    assert moved.due == before + (journey.day - began), "重叠的日子只扣一次"


def test_a_limit_is_extended_once_as_the_rule_says(bodies: dict[str, Any], tmp_path: Path) -> None:
    adopt(bodies, tmp_path)
    journey = case(bodies).go("investigated")
    before = limit(journey).due
    do(journey, "limit.extended:decision/limit", days="30", reason="案情复杂", hour=15)
    with at(journey.day, 16):
        journey.play.approve()
    moved = limit(journey)
    assert (moved.due - before).days == 30 and Retiming.objects.filter(duty=moved).count() == 1
    words = refused(journey, "limit.extended:decision/limit", days="30", reason="案情仍然复杂")
    assert "只能延长 1 次" in words and "第三条" in words
    assert limit(journey).due == moved.due


def test_a_limit_is_not_extended_further_than_the_rule_says(
    bodies: dict[str, Any], tmp_path: Path
) -> None:
    adopt(bodies, tmp_path)
    journey = case(bodies).go("investigated")
    do(journey, "limit.extended:decision/limit", days="31", reason="案情复杂", hour=15)
    with at(journey.day, 16):
        journey.play.agree("秦望舒")
        assert "最多延长 30 日" in heard(lambda: journey.play.agree("陈局"))


def test_no_rule_no_extension_and_no_suspension(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("investigated")
    assert "没有哪一条写明这项期限可以延长" in refused(
        journey, "limit.extended:decision/limit", days="30", reason="案情复杂"
    )
    assert "没有哪一条写明这类期限可以中止" in refused(
        journey, "period.suspended", reason="等待", told_on=journey.day
    )


def test_voiding_an_extension_moves_the_day_back(bodies: dict[str, Any], tmp_path: Path) -> None:
    adopt(bodies, tmp_path)
    journey = case(bodies).go("investigated")
    before = limit(journey).due
    do(journey, "limit.extended:decision/limit", days="30", reason="案情复杂", hour=15)
    with at(journey.day, 16):
        journey.play.approve()
    extended = Act.objects.get(record=journey.play.record, kind="limit.extended")
    with at(journey.day, 17):
        by = who(bodies["wg"], "秦望舒")
        record_acts.void(record_acts.lock(journey.play.record.pk), by, extended, "批错了案件")
    assert limit(journey).due == before
    assert list(verify_all()) == []


def test_nobody_voids_his_own_entry_and_no_step_under_others_is_voided(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("investigated")
    record = record_acts.lock(journey.play.record.pk)
    own = Act.objects.filter(record=record, kind="party.questioned").latest("pk")
    with at(journey.day, 17):
        with pytest.raises(Refused, match="原记录人以外的人"):
            record_acts.void(record, who(bodies["wg"], "张三"), own, "错了")
        opened = Act.objects.get(record=record, kind="case.opened")
        with pytest.raises(Refused, match="之后又办了别的事"):
            record_acts.void(record, who(bodies["wg"], "秦望舒"), opened, "错了")


NEXT_YEAR = """
year = 2027
title = "国务院办公厅关于2027年部分节假日安排的通知（测试）"
[[holiday]]
name = "元旦"
from = 2027-01-01
to = 2027-01-03
[[holiday]]
name = "春节"
from = 2027-02-05
to = 2027-02-12
work = [2027-02-14]
"""


def crossing(bodies: dict[str, Any]) -> Any:
    """A decision of the last days of the year: its deadlines fall behind the last notice."""
    return case(bodies, start=date(2026, 11, 26)).go("decided")


@rule("WG-A7.1")
def test_a_new_notice_moves_provisional_deadlines_and_says_so(bodies: dict[str, Any]) -> None:
    journey = crossing(bodies)
    found = duties(journey, "publication/decision", Duty.OPEN)
    waiting = [row for row in found if row.provisional]
    assert waiting and "暂估" in record_duties.light(waiting[0], journey.day).words
    old = {row.pk: row.light_due for row in found}
    with at(journey.day, 18):
        act = load_calendar(who(bodies["wg"], "房敏"), NEXT_YEAR)
    assert act.kind == "calendar.loaded" and HolidayNotice.objects.count() == 1
    for row in Duty.objects.filter(pk__in=[each.pk for each in waiting]):
        assert not row.provisional
        assert (
            row.light_due
            == law.calendar().add(date.fromisoformat(row.how["start"]["date"]), 7, "workday").due
        )
        if row.light_due != old[row.pk]:
            assert Retiming.objects.get(duty=row, act=act).before == old[row.pk]
    assert Retiming.objects.filter(act=act).exists()
    assert list(verify_all()) == []


def test_the_same_notice_twice_changes_nothing(bodies: dict[str, Any]) -> None:
    journey = crossing(bodies)
    with at(journey.day, 18):
        first = load_calendar(who(bodies["wg"], "房敏"), NEXT_YEAR)
        moved = Retiming.objects.count()
        assert load_calendar(who(bodies["wg"], "房敏"), NEXT_YEAR).pk == first.pk
    assert Retiming.objects.count() == moved and HolidayNotice.objects.count() == 1


@pytest.mark.parametrize(
    "text, words",
    [
        ("year = ", "不是合法的 TOML"),
        # What would break the reader, or hold it up, ends where it is read.
        ("a = " + "[" * 40_000, "不是合法的 TOML"),
        ("year = " + "9" * 5_000, "不是合法的 TOML"),
        ("year = 2027\n", "一个放假安排也没有"),
        (
            'year = 2027\n[[holiday]]\nname = "全年"\nfrom = 2027-01-01\nto = 2027-12-31\n',
            "放假共 365 天",
        ),
        (
            'year = 9999\n[[holiday]]\nname = "元旦"\nfrom = 9999-01-01\n',
            "只能载入 2026 年和 2027 年",
        ),
        (
            'year = 2026\n[[holiday]]\nname = "岁末"\nfrom = 2026-11-30\nto = 2026-12-20\n',
            "已经有了",
        ),
        (
            'year = 2027\n[[holiday]]\nname = "春节"\nfrom = 2027-02-05\nto = 2027-02-01\n',
            "to 早于 from",
        ),
        ('title = "没有年份"\n', "缺少 year"),
        ('year = 2027\n[[holiday]]\nname = "国庆"\nfrom = "10-01"\n', "应为日期"),
    ],
)
def test_a_bad_notice_is_refused_with_what_to_mend(
    bodies: dict[str, Any], text: str, words: str
) -> None:
    with at("2026-11-26"):
        assert words in heard(lambda: load_calendar(who(bodies["wg"], "房敏"), text))
    assert not HolidayNotice.objects.exists()


def test_a_notice_is_brought_by_one_administrator_and_loaded_by_another(
    bodies: dict[str, Any],
) -> None:
    journey = crossing(bodies)
    wg = bodies["wg"]
    system, security = who(wg, "袁系"), who(wg, "安全")
    with at(journey.day, 18):
        brought = propose_calendar(system, NEXT_YEAR)
        assert not HolidayNotice.objects.exists() and not Retiming.objects.exists()
        assert "不用再提" in heard(lambda: propose_calendar(system, NEXT_YEAR))
        assert "提出的人不能自己确认" in heard(lambda: answer_calendar(system, brought.pk, True))
        # Another agency knows nothing of it.
        assert "已经办过" in heard(
            lambda: answer_calendar(who(bodies["lm"], stories.OFFICERS["lm"][0]), brought.pk, True)
        )
        loaded = answer_calendar(security, brought.pk, True)
        assert loaded.kind == "calendar.loaded" and loaded.subject == str(brought.pk)
        assert loaded.actor_id == security.person_id and Retiming.objects.exists()
        assert proposed(system) == []
        assert "已经办过" in heard(lambda: answer_calendar(security, brought.pk, True))


def test_a_notice_that_is_declined_moves_nothing(bodies: dict[str, Any]) -> None:
    journey = crossing(bodies)
    system, security = who(bodies["wg"], "袁系"), who(bodies["wg"], "安全")
    with at(journey.day, 18):
        brought = propose_calendar(system, NEXT_YEAR)
        assert answer_calendar(security, brought.pk, False).kind == "calendar.declined"
        assert not HolidayNotice.objects.exists() and proposed(system) == []
        # What was declined may be brought again.
        assert propose_calendar(system, NEXT_YEAR).pk != brought.pk


def test_days_off_go_through_the_page_of_the_office(bodies: dict[str, Any]) -> None:
    journey = crossing(bodies)
    with at(journey.day, 18):
        system, security = browser(bodies["wg"], "袁系"), browser(bodies["wg"], "安全")
        sent = {"verb": "calendar", "notice": SimpleUploadedFile("2027.toml", NEXT_YEAR.encode())}
        foreign = SimpleUploadedFile("2027.toml", NEXT_YEAR.encode("gb18030"))
        assert system.post("/desk/office", {**sent, "notice": foreign}).status_code == 409
        assert system.post("/desk/office", sent).status_code == 302
        assert "等您确认载入" in security.get("/desk").content.decode()
        assert "同意载入" not in system.get("/desk/office").content.decode()
        page = security.get("/desk/office").content.decode()
        asked = re.search(r'name="asked"\s+value="(\d+)"', page)
        assert asked is not None and "2027" in page
        answer = {"verb": "answer", "asked": asked[1], "decision": "agree"}
        assert system.post("/desk/office", answer).status_code == 409
        # Whoever may keep no calendar is told nothing of it, and answers nothing.
        head = browser(bodies["wg"], journey.role("head"))
        assert "确认的放假安排" not in head.get("/desk/office").content.decode()
        assert head.post("/desk/office", answer).status_code == 409
        # What is neither yes nor no is no answer.
        for unsaid in ({}, {"decision": ""}, {"decision": "yes"}):
            bare = {"verb": "answer", "asked": asked[1], **unsaid}
            assert security.post("/desk/office", bare).status_code == 409
        assert not Act.objects.filter(kind="calendar.declined").exists()
        assert not HolidayNotice.objects.exists()
        assert security.post("/desk/office", answer).status_code == 302
        assert HolidayNotice.objects.count() == 1
        assert "等您确认载入" not in security.get("/desk").content.decode()
