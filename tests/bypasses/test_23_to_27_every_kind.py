"""22, 23, 26, 27 for visits, licences, seizures and handovers: approve A and do B, certificates
that end, one's own requests.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from mingzheng.agencies.acts import delegations
from mingzheng.agencies.models import Agency, Certificate, Person, Post
from mingzheng.cases.acts import handover, mistakes
from mingzheng.cases.models import Licence, Property
from mingzheng.documents.models import Document
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures.models import Proposal
from mingzheng.records.models import Act
from mingzheng.site.demo.play import at, person_id, who
from tests.cases.licensing import licence
from tests.cases.telling import case, heard
from tests.cases.test_coercion import THINGS, answers, approved, clip, seized
from tests.cases.test_inspection import tour


def test_23_a_licence_is_what_was_approved_not_what_was_written_after(
    bodies: dict[str, Agency],
) -> None:
    """The text changes between the proposal and the last signature: the signature does not reach
    it.
    """
    lic = licence(bodies).go("proposed")
    with at(lic.day, 16):
        changed = "另一条生产线的技术改造"
        words = heard(
            lambda: lic.play.step(
                "draft.amended",
                outcome="granted",
                basis=lic.item.applied,
                examined="符合条件。",
                reasons="",
                content=changed,
                until=lic.until(),
                hearing_right="no",
            )
        )
        assert words
    with at(lic.forward(1), 9):
        lic.play.approve()
    letter = Document.objects.get(record=lic.play.record, kind="licence-decision")
    assert lic.how["content"] in letter.body and changed not in letter.body


def test_23_more_is_not_seized_than_was_approved(bodies: dict[str, Agency]) -> None:
    """Approved were a transformer and a cabinet; a press beside them is another matter."""
    journey = approved(bodies)
    clip(journey)
    with at(journey.day, 16):
        words = heard(
            lambda: journey.play.step(
                "property.seized", **answers(journey, things=THINGS + "\n液压机，YQ32，1台")
            )
        )
        assert "液压机" in words and "审批" in words
        journey.play.step("property.seized", **answers(journey, things="变压器，S7-315/10，1台"))
    assert [row.name for row in Property.objects.filter(record=journey.play.record)] == ["变压器"]


def test_23_what_happens_to_the_things_is_what_the_head_signed(bodies: dict[str, Agency]) -> None:
    journey = seized(bodies)
    one, two = Property.objects.filter(record=journey.play.record).order_by("pk")
    said = {
        "things": [one.pk],
        "how": "transferred",
        "receiver": "财政局（示例）",
        "witnesses": "",
        "basis": "节约能源法",
        "note": "没收",
    }
    with at(journey.forward(1), 9):
        journey.play.step("seizure.handled", **said)
        found = Proposal.objects.get(record=journey.play.record, state=Proposal.OPEN)
        name = journey.play.approver(found)
        assert "不一致" in heard(
            lambda: procedure_acts.answer(
                who(bodies["wg"], name),
                found.pk,
                "agree",
                "同意",
                text_hash="0" * 64,
                form_key="other",
            )
        )
        journey.play.approve()
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.state, two.state) == ("transferred", Property.KEPT)
    act = Act.objects.filter(record=journey.play.record, kind="seizure.handled").latest("pk")
    assert json.loads(act.content.body)["things"] == [one.number]


@pytest.mark.parametrize("key", ["site.examined", "property.seized", "inspection.ended"])
def test_26_a_certificate_that_ended_overnight_stops_every_kind_of_act(
    bodies: dict[str, Agency], key: str
) -> None:
    if key == "site.examined":
        history: Any = licence(bodies, item="xk-dl").go("accepted")
        values = {
            "place": "厂区",
            "present": "申请人",
            "text": "一致",
            "conclusion": "fits",
            "signed": "signed",
        }
    elif key == "property.seized":
        history = approved(bodies)
        clip(history)
        values = answers(history)
    else:
        history = tour(bodies).go("checked")
        values = {"result": "nothing", "text": "未发现问题。"}
    Certificate.objects.filter(person__name="李四").update(until=history.day)
    day = history.day + timedelta(days=1)
    with at(day, 9):
        words = heard(
            lambda: history.play.step(key, **{**values, "officers": history.play.officers_ids()})
        )
    assert "李四的执法证已于" in words and "到期" in words


def test_27_whoever_asks_for_a_visit_does_not_approve_it(bodies: dict[str, Agency]) -> None:
    """Also when he holds the posts of the whole route."""
    trip = tour(bodies).go("planned")
    Post.objects.filter(agency=bodies["wg"], person__name="张三").update(
        roles=["handler", "unit-head", "deputy-head", "head"]
    )
    with at(trip.day, 10):
        trip.play.step(
            "visit.approved", officers=trip.play.officers_ids(), leader="张三", reason="年度计划"
        )
        assert "不能审批自己报的事项" in heard(lambda: trip.play.agree("张三"))
        trip.play.agree("秦望舒")
        assert "不能审批自己报的事项" in heard(lambda: trip.play.agree("张三"))


def test_27_nor_does_he_through_somebody_he_stands_in_for(bodies: dict[str, Agency]) -> None:
    journey = case(bodies).go("investigated")
    with at(journey.forward(1), 9):
        journey.play.step(
            "seizure.approved", way="seize", things=THINGS, basis="节约能源法", reason="防止转移"
        )
        delegations.delegate(
            bodies["wg"],
            who(bodies["wg"], "陈局"),
            Person.objects.get(pk=person_id(bodies["wg"], "张三")),
            ["head"],
            journey.day,
            journey.day + timedelta(days=9),
        )
        assert "head" in who(bodies["wg"], "张三").roles
        assert "不能审批自己报的事项" in heard(lambda: journey.play.agree("张三"))
        journey.play.agree("陈局")
    assert journey.play.record.effective_acts.filter(kind="seizure.approved").exists()


def test_27_a_chief_does_not_take_over_what_he_offers_to_himself(bodies: dict[str, Agency]) -> None:
    """Offered to himself a matter still waits for his own acceptance, and he must be an officer
    for it.
    """
    journey = case(bodies).go("opened")
    giver, chief = (
        Person.objects.get(pk=person_id(bodies["wg"], name)) for name in ("张三", "秦望舒")
    )
    with at(journey.day, 16):
        words = heard(
            lambda: handover.offer(
                who(bodies["wg"], "秦望舒"), giver, chief, [journey.play.record.pk], "调离"
            )
        )
    assert "不是本机关的执法人员" in words


def test_27_nobody_voids_what_he_entered_through_another_post(bodies: dict[str, Agency]) -> None:
    trip = tour(bodies).go("visited")
    act = Act.objects.filter(record=trip.play.record, kind="checklist.filled").latest("pk")
    with at(trip.day, 18):
        assert "原记录人以外" in heard(
            lambda: mistakes.void_entry(
                who(bodies["wg"], "张三"),
                trip.play.record.pk,
                act.pk,
                "wrong-content",
                "写错",
                "own",
            )
        )


def test_22_whoever_complained_is_not_named_to_the_home_at_its_door(
    bodies: dict[str, Agency], client: Any
) -> None:
    """A visit after a report: the page behind the code, the notice and the title know of no
    source.
    """
    trip = tour(
        bodies, "lm", check_type="case", source="report", content="查看消防通道和服务协议"
    ).go("started")
    record = trip.play.record
    shown = client.get(f"/q/{record.visit.code}").content.decode()
    notice = Document.objects.get(record=record, kind="inspection-notice").body
    for text in (shown, notice, record.title):
        assert "举报" not in text.replace("投诉举报", "").replace(
            "个案检查（投诉举报、转办交办等线索）", ""
        ), text[:300]


def test_23_a_certificate_carries_the_words_of_the_decision(bodies: dict[str, Agency]) -> None:
    lic = licence(bodies).go("certified")
    held = Licence.objects.get(record=lic.play.record)
    text = Document.objects.get(record=lic.play.record, kind="licence-certificate").body
    assert (
        lic.how["content"] in text and held.number in text and held.holder == lic.play.party["name"]
    )
