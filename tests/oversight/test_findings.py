"""公示考核和整改: figures come from the record; a fault is ordered to be put right, reported,
looked at again; serious ones go on.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from mingzheng.agencies.models import Post, Unit
from mingzheng.desk.assessment_views import figures
from mingzheng.oversight.acts import findings
from mingzheng.records.models import Act, Duty, Link
from mingzheng.records.refusal import Refused
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.play import at, who
from tests.cases.telling import case
from tests.clause import clause
from tests.oversight.test_telling import holder, refusal, step
from tests.scenes.pages import signed_in


@clause("LX-A16", "WG-A12")
@pytest.mark.sql
def test_the_figures_of_a_unit_are_those_of_its_record(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("published")
    unit = Unit.objects.get(pk=journey.play.record.unit_id).name
    late = case(bodies, fine="9000").go("served")
    due = Duty.objects.get(
        record=late.play.record, topic="publication/decision", state=Duty.OPEN
    ).light_due
    with at(due, 10):
        row = next(each for each in figures(bodies["wg"], journey.day.year) if each.unit == unit)
        assert (row.done, row.within, row.overdue, row.rate) == (1, 1, 0, 100)
    with at(due + timedelta(days=1), 10):
        row = next(each for each in figures(bodies["wg"], journey.day.year) if each.unit == unit)
        assert (row.done, row.within, row.overdue, row.rate) == (1, 0, 1, 50) and row.late_ones == [
            late.play.record
        ]
        assert figures(bodies["wg"], journey.day.year - 1) == []
        shown = signed_in("wg", 8).get(f"/desk/assessment?year={journey.day.year}").content.decode()
        words = re.sub(r"<[^>]+>|\s", "", shown)
        assert "50%" in words and "决定公示2" in words


@clause("LX-A17", "WG-A12")
def test_a_fault_is_ordered_reported_rechecked_and_a_serious_one_goes_on(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("served")
    body, unit = bodies["wg"], Unit.objects.get(pk=journey.play.record.unit_id)
    reviewer = holder(body, "legal-reviewer")
    chief = next(
        post.person.name
        for post in Post.objects.filter(unit=unit).select_related("person")
        if "unit-head" in post.roles
    )
    with at(journey.forward(10), 9):
        found = findings.find(
            who(body, reviewer), body, unit, "late", "决定送达后没有按期公示。", journey.play.record
        )
        assert Link.objects.filter(
            source=found, target=journey.play.record, kind="finding"
        ).exists()
        assert "期限不能早于今天" in refusal(
            body, reviewer, found, "rectification.ordered", text="立即公示", until="2020-01-01"
        )
        step(
            body,
            reviewer,
            found,
            "rectification.ordered",
            text="立即公示，说明原因。",
            until=(journey.day + timedelta(days=7)).isoformat(),
        )
        assert Duty.objects.filter(
            record=found, topic="finding/rectified", state=Duty.OPEN
        ).exists()
    with at(journey.forward(1), 9):
        step(body, chief, found, "rectification.reported", text="已公示，今后由专人盯办。")
        assert not Duty.objects.filter(record=found, state=Duty.OPEN).exists()
        step(body, reviewer, found, "finding.rechecked", done="no", text="仍有一件没有公示。")
    with at(journey.forward(1), 9):
        step(body, chief, found, "rectification.reported", text="全部公示。")
        step(body, reviewer, found, "finding.rechecked", done="yes", text="已经改正。")
        step(
            body,
            reviewer,
            found,
            "accountability.proposed",
            who=unit.name,
            text="一年内两次逾期，建议通报。",
        )
    found.refresh_from_db()
    assert (
        found.state == "rectified"
        and Act.objects.filter(record=found, kind="finding.rechecked").count() == 2
    )
    assert list(verify_all()) == []


def test_whoever_does_not_supervise_puts_no_fault_on_record(bodies: dict[str, Any]) -> None:
    unit = Unit.objects.filter(agency=bodies["wg"]).earliest("pk")
    for name, fault, text in (
        ("张三", "late", "x"),
        ("王审", "nonsense", "x"),
        ("王审", "late", " "),
    ):
        with pytest.raises(Refused):
            findings.find(who(bodies["wg"], name), bodies["wg"], unit, fault, text)
    with pytest.raises(Refused):
        findings.find(
            who(bodies["wg"], "王审"),
            bodies["wg"],
            Unit.objects.filter(agency=bodies["lm"]).earliest("pk"),
            "late",
            "x",
        )


def test_the_page_is_for_supervisors_and_says_what_is_wrong(bodies: dict[str, Any]) -> None:
    assert signed_in("wg", 1).get("/desk/assessment").status_code == 404
    client = signed_in("wg", 8)
    assert (
        client.get("/desk/assessment").status_code == 200
        and client.get("/desk/assessment?year=x").status_code == 200
    )
    assert (
        client.post("/desk/assessment", {"unit": "", "fault": "late", "text": "x"}).status_code
        == 409
    )
    unit = Unit.objects.filter(agency=bodies["wg"]).earliest("pk")
    assert (
        client.post(
            "/desk/assessment", {"unit": unit.pk, "fault": "late", "text": "没有按期公示。"}
        ).status_code
        == 302
    )
    assert "不及时公示" in client.get("/desk/assessment").content.decode()
