"""公示、撤下: what was approved and no other; taken down everywhere, with its reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mingzheng.core import clock
from mingzheng.disclosure.models import ChannelReceipt, Publication, Withholding
from mingzheng.records import law
from mingzheng.records.models import Act, Duty
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import parties
from mingzheng.site.demo.play import at
from tests.cases.telling import case, do, duties, heard, refused
from tests.clause import clause

OWN = {"channel": "own-site", "receipt": ""}
PROPOSED = {"exempt": "none", "confirmed": "on"}


def only(journey: Any) -> Publication:
    """The publication of the case."""
    return Publication.objects.filter(record=journey.play.record).latest("pk")


def test_nothing_is_published_before_service(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("decided")
    with at(journey.day, 17):
        journey.play.propose()
        journey.play.step("publication.approved")
        journey.play.approve()
    words = refused(journey, "publication.published:decision", hour=18, **OWN)
    assert "决定送达当事人以后才公开" in words


@clause("WG-A8", "LX-A14")
def test_nothing_is_published_without_approval(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("served")
    assert "还没有到这一步" in refused(journey, "publication.published:decision", **OWN)
    with at(journey.day, 17):
        journey.play.propose()
        journey.play.step("publication.approved")
    assert refused(journey, "publication.published:decision", hour=18, **OWN)
    assert only(journey).state == Publication.PROPOSED


def test_a_text_changed_after_it_was_sent_for_approval_is_not_approved(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("served")
    with at(journey.day, 15):
        journey.play.propose()
        journey.play.step("publication.approved")
        journey.play.propose(more="责令")
        words = heard(journey.play.approve)
    assert "公示稿又改过" in words
    assert only(journey).state == Publication.PROPOSED


def test_what_goes_public_is_the_approved_text(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("published")
    found = only(journey)
    approved = Act.objects.get(record=journey.play.record, kind="publication.approved")
    assert found.state == Publication.LIVE and found.text_hash == approved.subject
    assert "publication.published" in {
        act.kind for act in Act.objects.filter(record=journey.play.record, subject=found.text_hash)
    }


@clause("LX-A10", "LM-1")
def test_each_channel_is_a_duty_of_its_own(bodies: dict[str, Any]) -> None:
    journey = case(bodies, "fc").go("served")
    owed = duties(journey, "publication/decision", Duty.OPEN)
    assert len({row.channel for row in owed}) == len(owed) == 2
    journey.published()
    assert not duties(journey, "publication/decision", Duty.OPEN)
    receipts = ChannelReceipt.objects.filter(publication=only(journey))
    assert {row.channel for row in owed} <= {row.channel for row in receipts}


def test_another_channel_needs_its_receipt_and_this_platform_first(bodies: dict[str, Any]) -> None:
    journey = case(bodies, "fc").go("served")
    other = next(
        (
            row.channel
            for row in duties(journey, "publication/decision")
            if row.channel not in ("", "own-site")
        ),
        "",
    )
    assert other, "附城镇的规则列有本平台以外的渠道"
    with at(journey.day, 15):
        journey.play.propose()
        journey.play.step("publication.approved")
        journey.play.approve()
    assert "请填回执号" in refused(
        journey, "publication.published:decision", channel=other, receipt=""
    )
    assert "请先在本平台发布" in refused(
        journey, "publication.published:decision", channel=other, receipt="R1"
    )
    do(journey, "publication.published:decision", **OWN)
    assert "已经发布过" in refused(journey, "publication.published:decision", **OWN)


@clause("WG-A10", "LX-A9")
def test_a_citizens_data_never_goes_public(bodies: dict[str, Any]) -> None:
    journey = case(bodies, "fc", fine="500").go("served")
    person = journey.play.party
    do(journey, "publication.proposed", hour=15, **PROPOSED)
    shown = json.loads(only(journey).body)
    assert person["name"] not in only(journey).body and f"{person['name'][0]}某" in shown["party"]
    for secret in (person["identifier"], person["phone"], person["address"]):
        assert secret not in only(journey).body
    assert "请填写" in refused(journey, "publication.proposed", confirmed="")


@clause("WG-A10", "LX-A9")
def test_whoever_sees_a_ground_for_withholding_does_not_propose(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("served")
    assert "请改办“依法不予公开”" in refused(
        journey, "publication.proposed", **{**PROPOSED, "exempt": "hinders"}
    )
    assert "只能从列出的选项中选择" in refused(
        journey, "publication.proposed", **{**PROPOSED, "exempt": "convenience"}
    )
    assert not Publication.objects.filter(record=journey.play.record).exists()


@clause("WG-A10", "LX-A9")
def test_withholding_needs_a_listed_ground_and_approval(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("served")
    assert "只能从列出的选项中选择" in refused(
        journey, "publication.withheld", ground="convenience", reason="不想公开"
    )
    do(journey, "publication.withheld", ground="secrets", reason="涉及未公开的工艺", hour=11)
    assert not Withholding.objects.exists()
    with at(journey.day, 12):
        journey.play.approve()
    assert Withholding.objects.get(record=journey.play.record).source


def revoke(journey: Any) -> None:
    """The next day, reconsideration is accepted and revokes the decision."""
    journey.forward(1)
    paper = {"organ": "汶上县人民政府", "number": "汶政复〔2026〕1号"}
    do(journey, "reconsideration.accepted", hour=9, **paper)
    do(
        journey,
        "reconsideration.decided",
        hour=10,
        result="revoked",
        received_on=journey.day,
        **paper,
    )
    do(
        journey,
        "decision.revoked",
        hour=11,
        received_on=journey.day,
        reason="告知程序有瑕疵。",
        **paper,
    )


@clause("WG-A7.3", "LG-1.3")
def test_a_revoked_decision_is_withdrawn_within_three_workdays_on_every_channel(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies, "fc").go("published")
    revoke(journey)
    owed = [row for row in duties(journey, "publication/withdrawal", Duty.OPEN)]
    up = {
        row.channel for row in ChannelReceipt.objects.filter(publication=only(journey), down=False)
    }
    assert {row.channel for row in owed} == up and len(up) >= 2
    revoked = journey.day
    do(journey, "publication.withdrawn", cause="revoked", reason="决定已被复议机关撤销。", hour=15)
    assert only(journey).state == Publication.LIVE
    with at(journey.day, 16):
        journey.play.approve()
    found = only(journey)
    assert found.state == Publication.WITHDRAWN and found.withdrawn_on == revoked and found.reason
    assert {row.channel for row in duties(journey, "publication/withdrawal", Duty.OPEN)} == up - {
        "own-site"
    }
    with at(journey.day, 17):
        journey.play.taken_down()
    assert not duties(journey, "publication/withdrawal", Duty.OPEN)
    assert {
        row.channel for row in ChannelReceipt.objects.filter(publication=found, down=True)
    } == up
    assert Act.objects.filter(record=journey.play.record, kind="reasons.published").count() == 1
    assert {row.light_due for row in owed} == {journey.forward(3)}
    assert list(verify_all()) == []


@pytest.mark.parametrize(
    "how",
    [
        "decision.altered",
        "decision.confirmed-unlawful",
        "decision.confirmed-invalid",
        "decision.revoked",
    ],
)
def test_whatever_undoes_the_decision_opens_the_withdrawal(
    bodies: dict[str, Any], how: str
) -> None:
    journey = case(bodies).go("published")
    do(
        journey,
        how,
        organ="汶上县人民政府",
        number="1号",
        received_on=journey.day,
        reason="理由",
        hour=18,
    )
    assert duties(journey, "publication/withdrawal", Duty.OPEN)


def test_nothing_is_withdrawn_that_is_not_public(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("served")
    assert "还没有到这一步" in refused(
        journey, "publication.withdrawn", cause="revoked", reason="撤下"
    )


def test_a_revocation_before_publication_opens_no_withdrawal(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("served")
    revoke(journey)
    assert not duties(journey, "publication/withdrawal")


def test_an_organisations_name_stays_and_a_citizens_does_not(bodies: dict[str, Any]) -> None:
    from mingzheng.disclosure.redaction import Known, redaction

    regime, today = law.regime_of(bodies["wg"].pk, "wenshang-industry"), clock.today()
    policy, reads = (
        redaction.policy(regime, today, {}),
        {kind.id: kind.reads for kind in redaction.kinds(regime, today).values()},
    )
    known = [
        Known(row["kind"], row["name"], row["identifier"])
        for row in (parties.company("wg", 0), parties.citizen(2))
    ]
    text = f"{known[0].name}的{known[1].name}"
    assert (
        redaction.cover(text, redaction.find(text, policy, known), reads)
        == f"{known[0].name}的{known[1].name[0]}某"
    )
