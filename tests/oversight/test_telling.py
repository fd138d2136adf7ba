"""投诉、咨询、更正申请: taken in with a number, handled, answered, and looked up by nobody else."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from mingzheng.agencies.models import Post
from mingzheng.core import clock
from mingzheng.disclosure.models import Publication
from mingzheng.oversight.acts import intake
from mingzheng.oversight.acts.ratings import QUESTIONS
from mingzheng.oversight.models import Feedback, Rated, Rating
from mingzheng.records.models import Act, Duty, Record
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.play import at, form_data, who
from tests.cases.telling import case, do
from tests.clause import clause
from tests.desk.test_unsent import browser
from tests.scenes.pages import Pages

WORDS = "公示页上的金额与我收到的决定书不一样，请核对。"


def step(body: Any, name: str, record: Record, key: str, **answers: Any) -> Any:
    """A step on what was told, by a named person."""
    record.refresh_from_db()
    return Pages().take_step(
        who(body, name), record.pk, key, form_data(answers), form_key="", seen=record.head
    )


def refusal(body: Any, name: str, record: Record, key: str, **answers: Any) -> str:
    """Why that step is refused."""
    from mingzheng.procedures.outcome import Invalid
    from mingzheng.records.refusal import Refused

    with pytest.raises((Refused, Invalid)) as caught:
        step(body, name, record, key, **answers)
    error = caught.value
    return (
        str(error.form.errors)
        if isinstance(error, Invalid)
        else f"{error} {[g.say for g in error.grounds]}"
    )


def holder(body: Any, role: str) -> str:
    """The name of somebody with this role."""
    return next(
        post.person.name
        for post in Post.objects.filter(agency=body).select_related("person")
        if role in post.roles
    )


@clause("LX-A5.5", "LX-A11.3", "WG-A5.5", "LG-1.2", "CX-1.3.2", "WG-A6.3")
def test_a_complaint_gets_a_number_an_answer_and_is_looked_up_by_its_sender_only(
    bodies: dict[str, Any], client: Client
) -> None:
    with at(clock.today(), 9):
        page = client.post(
            "/feedback",
            {
                "kind": "complaint",
                "agency": "wg",
                "text": "窗口办事人员没有一次讲清要带的材料。",
                "name": "孙某",
                "contact": "13800000000",
            },
        )
    assert page.status_code == 201
    made = Feedback.objects.get()
    number, code = made.number, made.record.code
    # The code is shown in groups that people can copy down.
    shown = re.sub(r"<[^>]+>|\s", "", page.content.decode())
    assert number in shown and code in shown and made.number.startswith("WG-TS-")
    assert (
        "孙某" not in made.record.title
        and not Act.objects.filter(record=made.record, subject__contains="孙").exists()
    )
    assert Duty.objects.filter(
        record=made.record, topic="complaint/answer", state=Duty.OPEN
    ).exists()
    chief = holder(bodies["wg"], "unit-head")
    unit = Post.objects.get(agency=bodies["wg"], person__name=chief).unit_id
    with at(clock.today(), 10):
        assert step(
            bodies["wg"],
            holder(bodies["wg"], "legal-reviewer"),
            made.record,
            "complaint.accepted",
            unit=str(unit),
        )
        step(
            bodies["wg"],
            chief,
            made.record,
            "complaint.answered",
            answer="已向窗口核实，今后一次性告知。",
        )
    assert client.post("/progress", {"number": number, "code": "a" * 26}).status_code == 404
    assert client.post("/progress", {"number": "WG-TS-2026-99999", "code": code}).status_code == 404
    shown = client.post(
        "/progress", {"number": number, "code": " ".join(re.findall(".{1,4}", code))}
    )
    assert (
        shown.status_code == 200
        and "一次性告知" in shown.content.decode()
        and "13800000000" not in shown.content.decode()
    )
    assert (
        not Duty.objects.filter(record=made.record, state=Duty.OPEN).exists()
        and list(verify_all()) == []
    )


def test_a_report_is_sealed_from_everybody_but_the_head(bodies: dict[str, Any]) -> None:
    from mingzheng.agencies import access

    made = intake.receive(
        bodies["wg"],
        "report",
        {"text": "某企业夜间偷排", "correct": "", "name": "李四", "contact": ""},
    )
    seen = {
        post.person.name: access.visible(access.actor_of(post)).filter(pk=made.record_id).exists()
        for post in Post.objects.filter(agency=bodies["wg"]).select_related("person")
    }
    assert (
        seen[holder(bodies["wg"], "head")]
        and not seen[holder(bodies["wg"], "handler")]
        and not seen[holder(bodies["wg"], "unit-head")]
    )


@clause("LX-A15", "LM-1.1")
@pytest.mark.sql
def test_a_correction_is_verified_put_right_answered_and_its_cause_traced(
    bodies: dict[str, Any], client: Client
) -> None:
    journey = case(bodies, "fc").go("published")
    live = Publication.objects.get(record=journey.play.record, state=Publication.LIVE)
    with at(journey.day, 17):
        assert client.get(f"/feedback?about={live.code}").status_code == 200
        page = client.post(
            "/feedback", {"about": live.code, "kind": "correction", "agency": "-", "text": WORDS}
        )
    made, body = Feedback.objects.get(), journey.play.body
    assert page.status_code == 201 and made.kind == "correction" and made.about == live.code
    assert Duty.objects.filter(
        record=journey.play.record, topic="publication/correction", state=Duty.OPEN
    ).exists()
    chief = holder(body, "unit-head")
    with at(journey.forward(1), 9):
        step(body, chief, made.record, "correction.verified", finding="wrong", text="金额录入有误")
        assert "先在原案更正" in refusal(
            body, chief, made.record, "correction.answered", answer="已改"
        )
    word = json.loads(live.body)["facts"][:4]
    with at(journey.day, 10):
        journey.play.propose(amended=f"{word} → 甲")
        journey.play.step("publication.approved")
    with at(journey.day, 11):
        journey.play.approve()
    from mingzheng.disclosure.access import channels_up

    do(
        journey,
        "publication.corrected",
        hour=12,
        reason="按申请更正。",
        **{f"receipt-{channel}": "G1" for channel in channels_up(live) if channel != "own-site"},
    )
    with at(journey.day, 14):
        step(body, chief, made.record, "correction.answered", answer="已经更正，谢谢。")
        unit = str(Post.objects.get(agency=body, person__name=chief).unit_id)
        assert "请选择错误的原因" in refusal(
            body,
            chief,
            made.record,
            "cause.traced",
            cause="none",
            unit=unit,
            text="无",
            accountable="no",
        )
        step(
            body,
            chief,
            made.record,
            "cause.traced",
            cause="entry",
            unit=unit,
            text="核对不细，已改为双人核对。",
            accountable="no",
        )
    assert not Duty.objects.filter(
        record__in=[made.record, journey.play.record], topic__contains="correction", state=Duty.OPEN
    ).exists()
    assert list(verify_all()) == []


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "complaint", "agency": "nobody", "text": WORDS},
        {"kind": "bribe", "agency": "wg", "text": WORDS},
        {"kind": "complaint", "agency": "wg", "text": "短"},
        {"kind": "complaint", "agency": "wg", "text": "长" * 5001},
        {"kind": "correction", "agency": "wg", "text": WORDS},
        {},
    ],
)
def test_what_cannot_be_taken_in_says_what_to_do_and_keeps_what_was_written(
    bodies: dict[str, Any], client: Client, bad: dict[str, str]
) -> None:
    page = client.post("/feedback", bad)
    assert page.status_code == 422 and not Feedback.objects.exists()
    assert (
        re.search("请|太短|太长", page.content.decode())
        and bad.get("text", "") in page.content.decode()
    )


def test_a_flood_is_stopped_with_a_sentence(
    bodies: dict[str, Any], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_AN_HOUR", 2)
    said = {"kind": "advice", "agency": "wg", "text": "请问办理时限怎么算？"}
    assert [client.post("/feedback", said).status_code for _ in range(3)] == [201, 201, 409]


@clause("LM-1.2.2", "CX-1.3.2", "WG-A6.3")
def test_an_applicant_follows_his_matter_by_the_number_and_code_of_his_paper(
    bodies: dict[str, Any], client: Client
) -> None:
    from mingzheng.documents.models import Document

    journey = case(bodies).go("served")
    paper = (
        Document.objects.filter(record=journey.play.record, number__isnull=False)
        .order_by("pk")
        .last()
    )
    shown = client.post("/progress", {"number": paper.full_number, "code": paper.code})
    assert shown.status_code == 200 and "送达" in shown.content.decode()
    assert journey.play.party["name"] not in shown.content.decode()
    assert (
        client.post(
            "/progress", {"number": paper.full_number + "1", "code": paper.code}
        ).status_code
        == 404
    )


def test_a_visit_is_rated_once_and_the_unit_sees_months_only(
    bodies: dict[str, Any], client: Client
) -> None:
    from mingzheng.cases.models import Visit
    from tests.walks.test_sc1_drawn_check import drawn

    trip = drawn(bodies, "lm").go("visited")
    visit = Visit.objects.get(record=trip.play.record)
    marks = dict.fromkeys(QUESTIONS, "yes")
    assert client.post(f"/q/{visit.code}/rate", {**marks, "told": ""}).status_code == 409
    officer = browser(bodies["lm"], trip.play.officers[0])
    assert officer.post(f"/q/{visit.code}/rate", marks).status_code == 409
    assert client.post(f"/q/{visit.code}/rate", marks).status_code == 201
    assert client.post(f"/q/{visit.code}/rate", marks).status_code == 409
    assert Rating.objects.count() == Rated.objects.count() == 1
    assert client.post(f"/q/{'a' * 26}/rate", marks).status_code == 404
