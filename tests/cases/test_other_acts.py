"""Levies, payments, rewards, rulings: what the agency's own list of items says, and what nobody
gave it power for.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzheng.cases.acts import other as other_acts
from mingzheng.cases.acts.licence import receive as receive_licence
from mingzheng.cases.acts.matters import require_power
from mingzheng.cases.acts.registration import receive as receive_registration
from mingzheng.desk.menu import openings
from mingzheng.documents.models import Document
from mingzheng.procedures import registry
from mingzheng.records import law
from mingzheng.records.models import Duty, EffectiveAct
from mingzheng.records.refusal import Refused
from mingzheng.site.demo import parties, stories
from mingzheng.site.demo.other import Otherwise
from mingzheng.site.demo.play import Play, at, who
from tests.cases.telling import heard
from tests.clause import clause, rule

TUESDAY = date(2026, 4, 7)


def act(bodies: Any, item: str, **how: Any) -> Otherwise:
    """A matter of another kind that has not begun yet."""
    return Otherwise(
        Play(bodies["wg"], stories.OFFICERS["wg"], parties.company("wg", 3), item), TUESDAY, **how
    )


def test_a_payment_goes_from_the_application_to_the_money(bodies: Any) -> None:
    paid = act(bodies, "qt-jf").go("closed")
    held = set(
        EffectiveAct.objects.filter(record=paid.play.record, voided_by=None).values_list(
            "kind", flat=True
        )
    )
    assert {
        "application.accepted",
        "decision.made",
        "decision.served",
        "publication.published",
        "decision.executed",
    } <= held
    text = Document.objects.get(record=paid.play.record, kind="other-decision").body
    assert "行政给付" in text and "200,000元" in text and "行政复议" in text


def test_the_time_limit_is_the_items_own(bodies: Any) -> None:
    paid = act(bodies, "qt-jf").go("accepted")
    assert (
        Duty.objects.get(record=paid.play.record, rule="QT/promised").due
        == law.calendar().add(paid.day, 30, "workday").due
    )
    reward = act(bodies, "qt-jl").go("begun")
    assert (
        Duty.objects.get(record=reward.play.record, rule="QT/promised").due
        == law.calendar().add(reward.day, 20, "workday").due
    )
    ruling = act(bodies, "qt-cj").go("accepted")
    assert not Duty.objects.filter(
        record=ruling.play.record, rule="QT/promised", due__isnull=False
    ).exists()


def test_what_the_item_asks_for_has_to_be_there(bodies: Any) -> None:
    paid = act(bodies, "qt-jf", without=("proof",)).go("begun")
    with at(paid.day, 11):
        assert "还不齐全" in heard(paid.accept)
        paid.play.step("materials.completed", supplied=["proof"])
        paid.accept()


def test_a_levy_hears_the_party_first(bodies: Any) -> None:
    levy = act(bodies, "qt-zs", silent=True).go("drafted")
    with at(levy.day, 17):
        assert "听取当事人各方的意见" in heard(lambda: levy.play.step("decision.made:granted"))


def test_what_the_item_keeps_private_is_not_published(bodies: Any) -> None:
    levy = act(bodies, "qt-zs").go("served")
    assert not Duty.objects.filter(record=levy.play.record, topic="publication/decision").exists()
    with at(levy.day, 17):
        said = heard(lambda: levy.propose())
    assert "结果不公开" in said and "个人信息保护法" in said


@clause("WG-A7.1")
def test_what_the_item_makes_public_is_owed_to_the_public(bodies: Any) -> None:
    paid = act(bodies, "qt-jf").go("served")
    duty = Duty.objects.get(record=paid.play.record, topic="publication/decision")
    assert duty.state == Duty.OPEN and duty.how["within"] == 20


def test_an_item_begins_as_its_row_says(bodies: Any) -> None:
    reward = act(bodies, "qt-jl")
    with at(reward.day, 9):
        assert "只能从列出的选项中选择" in heard(
            lambda: reward.play.begin("other-application", content="申请奖励")
        )


def test_another_decision_than_the_draft_is_refused(bodies: Any) -> None:
    paid = act(bodies, "qt-jf").go("drafted")
    with at(paid.day, 17):
        assert "不是这一种决定" in heard(lambda: paid.play.step("decision.made:refused"))


@pytest.mark.parametrize("code", ["lx", "cx"])
def test_the_petition_offices_are_offered_nothing_of_the_kind(bodies: Any, code: str) -> None:
    body = bodies[code]
    for post in body.posts.select_related("person"):
        codes = {each.code for each in openings(who(body, post.person.name), body)}
        assert not codes & {
            "licence",
            "licence-end",
            "registration",
            "other-application",
            "other-motion",
            "penalty",
        }
    assert {"licence", "registration", "other-application"} <= {
        each.code for each in registry.openings()
    }


@rule("LX-A3")
@pytest.mark.parametrize(
    ("kind", "name"),
    [("licence", "行政许可"), ("confirmation", "行政确认"), ("other", "其他")],
)
def test_what_the_rules_leave_no_power_for_is_refused_with_the_source(
    bodies: Any, kind: str, name: str
) -> None:
    with pytest.raises(Refused) as caught:
        require_power(bodies["lx"], kind)
    assert name in caught.value.title and caught.value.grounds[0].source.startswith(
        "公示实施办法 第三条"
    )


def test_a_direct_call_is_refused_like_the_button_is_hidden(bodies: Any) -> None:
    by = who(bodies["lx"], "焦专")
    plain = {
        "item": 0,
        "sort": "new",
        "materials": [],
        "content": "",
        "way": "window",
        "joint_licence": False,
        "lower_first": False,
    }
    for begin in (receive_licence, receive_registration, other_acts.receive, other_acts.start):
        assert "职权" in heard(lambda begin=begin: begin.run(by, dict(plain), ""))  # type: ignore[misc]


def test_an_office_without_items_of_a_kind_begins_none(bodies: Any) -> None:
    by = who(bodies["cx"], "韩专")
    plain = {
        "item": 0,
        "sort": "new",
        "materials": [],
        "content": "",
        "way": "window",
        "joint_licence": False,
        "lower_first": False,
        "partner_name": "",
    }
    for begin in (receive_licence, receive_registration, other_acts.receive, other_acts.start):
        assert "不是本机关的事项" in heard(lambda begin=begin: begin.run(by, dict(plain), ""))  # type: ignore[misc]
