"""更正: what is public is put right by an approved text, everywhere at once, and says what was
changed.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from mingzheng.agencies.models import Certificate
from mingzheng.disclosure.access import channels_up, ordered_down, shown_on
from mingzheng.disclosure.acts import terms
from mingzheng.disclosure.acts.correcting import requested
from mingzheng.disclosure.models import ChannelReceipt, Publication, Term
from mingzheng.records.models import Act, Duty, EffectiveAct
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.play import at
from tests.cases.telling import case, do, duties, refused
from tests.cases.test_inspection import tour
from tests.clause import clause, rule


def live(journey: Any) -> Publication:
    """What the public reads now."""
    return Publication.objects.get(record=journey.play.record, state=Publication.LIVE)


def approved(journey: Any, **answers: Any) -> None:
    """A correction is proposed and approved."""
    with at(journey.day, 10):
        journey.play.propose(**answers)
        journey.play.step("publication.approved")
    with at(journey.day, 11):
        journey.play.approve()


@clause("LX-A15", "LM-1.1")
@pytest.mark.sql
def test_a_correction_takes_the_place_of_what_was_wrong_on_every_channel(
    bodies: dict[str, Any], client: Client
) -> None:
    journey = case(bodies, "fc").go("published")
    old, up = live(journey), channels_up(live(journey))
    word = json.loads(old.body)["facts"][:6]
    journey.forward(1)
    do(journey, "publication.found-wrong", hour=9, reason="事实部分写错一处")
    approved(journey, amended=f"{word} → 经复核，{word}")
    receipts = {f"receipt-{channel}": f"G-{channel}" for channel in up if channel != "own-site"}
    do(journey, "publication.corrected", hour=15, reason="事实部分有一处笔误。", **receipts)
    new = live(journey)
    old.refresh_from_db()
    assert old.state == Publication.REPLACED and new.line == old.line and new.pk != old.pk
    assert channels_up(new) == up and channels_up(old) == []
    assert {
        row.receipt
        for row in ChannelReceipt.objects.filter(publication=new)
        if row.channel != "own-site"
    } == set(receipts.values())
    assert f"经复核，{word}" in json.loads(new.body)["facts"]
    gone, shown = client.get(f"/p/{old.code}"), client.get(f"/p/{new.code}").content.decode()
    assert (
        gone.status_code == 410
        and "已更正" in gone.content.decode()
        and word not in gone.content.decode()
    )
    assert "更正了违法事实" in shown and "事实部分有一处笔误" in shown and "第 2 版" in shown
    assert list(verify_all()) == []


def test_nothing_is_corrected_that_nobody_approved(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("published")
    assert "还没有到这一步" in refused(journey, "publication.corrected", hour=17, reason="x")
    do(journey, "publication.found-wrong", hour=17, reason="有误")
    assert "没有批准过的更正稿" in refused(journey, "publication.corrected", hour=18, reason="x")
    asked = {"hour": 18, "exempt": "none", "confirmed": "on"}
    assert "公示稿里没有“不在文中的字”" in refused(
        journey, "publication.proposed", amended="不在文中的字 → 新字", **asked
    )
    assert "没有看懂" in refused(journey, "publication.proposed", amended="没有箭头", **asked)
    assert live(journey).state == Publication.LIVE


def test_approval_of_one_correction_never_publishes_another(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("published")
    word = json.loads(live(journey).body)["facts"][:4]
    journey.forward(1)
    do(journey, "publication.found-wrong", hour=9, reason="有误")
    approved(journey, amended=f"{word} → 甲")
    with at(journey.day, 12):
        journey.play.propose(amended=f"{word} → 乙")
    words = refused(journey, "publication.corrected", hour=13, reason="x")
    assert "没有批准过的更正稿" in words and word in live(journey).body


def test_a_correction_that_changes_nothing_is_refused(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("published")
    journey.forward(1)
    do(journey, "publication.found-wrong", hour=9, reason="有误")
    approved(journey)
    assert "没有可以更正的地方" in refused(journey, "publication.corrected", hour=13, reason="x")


@clause("LX-A15")
def test_a_request_from_outside_opens_the_duty_and_is_closed_by_the_correction(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies, "fc").go("published")
    with at(journey.day, 17):
        requested(live(journey), "FC-GZ-2026-1")
    assert duties(journey, "publication/correction", Duty.OPEN)
    word = json.loads(live(journey).body)["facts"][:4]
    journey.forward(1)
    approved(journey, amended=f"{word} → 甲")
    receipts = {
        f"receipt-{channel}": "G1"
        for channel in channels_up(live(journey))
        if channel != "own-site"
    }
    do(journey, "publication.corrected", hour=15, reason="按申请更正。", **receipts)
    assert not duties(journey, "publication/correction", Duty.OPEN)


@rule("LX-A12.2", "WG-A9")
def test_the_end_of_a_term_is_told_once_and_takes_nothing_down_by_itself(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies, "fc").go("published")
    found = live(journey)
    row = Term.objects.create(
        publication=found,
        agency_id=found.agency_id,
        channel="own-site",
        until=found.published_on + timedelta(days=30),
        rule="x",
        source="测试",
        act=found.published_by,
    )
    with at(row.until, 10):
        assert terms.end(row.pk) is None or row.until >= found.published_on
    with at(row.until + timedelta(days=1), 10):
        terms.look()
        terms.look()
    told = Act.objects.filter(record=journey.play.record, kind="publication.term-ended")
    assert told.count() == 1 and live(journey).pk == found.pk


def test_one_channel_goes_when_its_term_is_over_and_the_others_stay(bodies: dict[str, Any]) -> None:
    journey = case(bodies, "fc").go("published")
    found, up = live(journey), channels_up(live(journey))
    other = next(channel for channel in up if channel != "own-site")
    journey.forward(2)
    assert "要从全部渠道撤下" in refused(
        journey, "publication.withdrawn", cause="revoked", channels=[other], reason="x"
    )
    do(
        journey,
        "publication.withdrawn",
        hour=10,
        cause="term-ended",
        channels=[other],
        reason="公示期满",
    )
    with at(journey.day, 11):
        journey.play.approve()
    with at(journey.day, 12):
        while journey.play.record.proposals.filter(state="open").exists():
            journey.play.approve()
    assert other in channels_up(live(journey)), "通知了还不等于撤下了"
    with at(journey.day, 13):
        journey.play.taken_down()
    assert other not in channels_up(live(journey)) and live(journey).pk == found.pk
    assert (
        EffectiveAct.objects.filter(
            record=journey.play.record, kind="publication.published", voided_by=None
        ).count()
        == len(up) - 1
    )


@clause("LX-A12.2")
def test_what_stood_its_years_is_taken_down_by_its_own_approver_on_every_carrier(
    bodies: dict[str, Any], client: Client
) -> None:
    """Five years for an organisation; the head of the publishing body approves; what was taken
    down stays told.
    """
    trip = tour(bodies, "lx", source="draw").go("published")
    found = Publication.objects.get(record=trip.play.record)
    with at(trip.day, 17):
        trip.play.step("publication.published:result", channel="notice-board", receipt="栏1")
    until = Term.objects.get(publication=found, channel="own-site").until
    assert until.year == found.published_on.year + 5
    # By then whoever handles it has a newer certificate.
    Certificate.objects.filter(agency=bodies["lx"]).update(until=until + timedelta(days=400))
    with at(until + timedelta(days=1), 9):
        terms.look()
        trip.play.step(
            "publication.withdrawn",
            cause="term-ended",
            channels=["own-site", "notice-board"],
            reason="公示期满",
        )
        opened = trip.play.record.proposals.get(state="open")
        while trip.play.record.proposals.filter(state="open").exists():
            trip.play.approve()
        assert (
            opened.step == "publication.withdrawn"
            and EffectiveAct.objects.filter(
                record=trip.play.record, kind="approval.given", of="take-down"
            ).exists()
        )
        assert list(ordered_down(trip.play.record)) == ["notice-board"]
        trip.play.taken_down()
        found.refresh_from_db()
        assert found.state == Publication.WITHDRAWN and shown_on(trip.play.record) == {}
        page = client.get(f"/p/{found.code}")
    assert (
        page.status_code == 410
        and "公示期限届满" in page.content.decode()
        and trip.play.party["name"] not in page.content.decode()
    )


@pytest.mark.parametrize("kept", ["", "该名称依法应当公开"])
def test_a_passage_is_covered_unless_somebody_says_why_not(
    bodies: dict[str, Any], kept: str
) -> None:
    from mingzheng.disclosure.forms.proposing import ProposeForm
    from mingzheng.site.demo.play import who

    journey = case(bodies, "fc", fine="500").go("served")
    name = journey.play.party["name"]
    form = ProposeForm(
        None, record=journey.play.record, actor=who(journey.play.body, journey.play.officers[0])
    )
    passages = [each for each in form.passages if each.said == name]
    assert passages and all(each.releasable for each in passages)
    with at(journey.day, 15):
        journey.play.propose(**{each.key: kept for each in passages})
    body = Publication.objects.get(record=journey.play.record).body
    assert (name in body) is bool(kept)


def test_what_must_be_covered_cannot_be_released(bodies: dict[str, Any]) -> None:
    from mingzheng.disclosure.forms.proposing import ProposeForm
    from mingzheng.site.demo.play import who

    journey = case(bodies, "fc", fine="500").go("served")
    form = ProposeForm(
        None, record=journey.play.record, actor=who(journey.play.body, journey.play.officers[0])
    )
    fixed = [each for each in form.passages if not each.releasable]
    assert all(each.key not in form.fields for each in fixed)
    with at(journey.day, 15):
        journey.play.propose(**{each.key: "想公开" for each in fixed})
    body = Publication.objects.get(record=journey.play.record).body
    assert not [each.said for each in fixed if each.said in body]
