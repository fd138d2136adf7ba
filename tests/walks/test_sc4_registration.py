"""SC4: marriage and divorce at the registry, from the application to the certificate; nothing of
it is ever published.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzheng.agencies import access
from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from mingzheng.procedures import registry
from mingzheng.procedures.outcome import Absent
from mingzheng.records import acts as record_acts
from mingzheng.records import law
from mingzheng.records.models import Act, Duty
from mingzheng.records.refusal import Refused
from mingzheng.site.demo.play import at, who
from mingzheng.site.demo.registering import Registering, couple
from tests.cases.telling import heard

TUESDAY = date(2026, 4, 7)


def registering(bodies: Any, item: str = "marriage-registration", number: int = 1) -> Registering:
    """A couple that has not come in yet."""
    return Registering(bodies["lm"], couple(number), item, TUESDAY)


def test_a_marriage_is_registered_on_the_spot(bodies: Any) -> None:
    pair = registering(bodies).go("closed")
    acts = list(
        Act.objects.filter(record=pair.play.record)
        .exclude(to_state="")
        .order_by("pk")
        .values_list("kind", flat=True)
    )
    assert acts == ["application.received", "decision.made", "certificate.issued", "case.closed"]
    assert {
        clock.date()
        for clock in Act.objects.filter(record=pair.play.record, kind__in=acts).values_list(
            "happened_at", flat=True
        )
    } == {TUESDAY}


def test_nobody_is_registered_unexamined_or_against_the_finding(bodies: Any) -> None:
    pair = registering(bodies).go("received")
    with at(pair.day, 10):
        assert "先查验证件" in heard(lambda: pair.play.step("decision.made:granted"))
        assert "不符合登记条件" in heard(lambda: pair.examine(present="no"))
        pair.examine(conclusion="refused")
        assert "不予登记并说明理由" in heard(lambda: pair.play.step("decision.made:granted"))


def test_a_refusal_tells_the_reasons_and_the_remedies(bodies: Any) -> None:
    pair = registering(bodies).go("received")
    with at(pair.day, 10):
        pair.examine(conclusion="refused")
        pair.play.step("decision.made:refused", reasons="一方未达到法定婚龄。")
    text = Document.objects.get(record=pair.play.record, kind="registration-refusal").body
    assert (
        "法定婚龄" in text
        and "六十日内" in text
        and "六个月内" in text
        and "陵川县人民政府" in text
    )
    with at(pair.day, 11):
        pair.play.step(
            "decision.served", manner="direct", place="婚姻登记处", receiver="本人", relation="self"
        )
    pair.play.record.refresh_from_db()
    assert pair.play.record.state == "served"


def test_a_registration_is_never_published(bodies: Any) -> None:
    pair = registering(bodies).go("closed")
    record = pair.play.record
    steps = registry.procedure(record.procedure).steps
    assert not [
        step.key
        for step in steps
        if step.act.startswith("publication.") or step.act == "decision.transmitted"
    ]
    with at(pair.day, 17), pytest.raises(Absent):
        pair.play.step("publication.proposed")
    for kind in ("publication.proposed", "publication.approved", "publication.published"):
        with at(pair.day, 17), pytest.raises(Refused) as caught:
            record_acts.append(
                record_acts.lock(record.pk),
                who(bodies["lm"], pair.play.officers[0]),
                record_acts.Entry(kind=kind, of="decision", facts=registry.facts_of(record)),
            )
        grounds = caught.value.grounds
        assert any(
            "不公示" in ground.say and "个人信息保护法" in ground.source for ground in grounds
        )
    assert not Duty.objects.filter(
        record=record, topic__in=("publication/decision", "credit/report")
    ).exists()
    assert not Publication.objects.filter(record=record).exists()
    rows = law.regime(record).rows("never-published", pair.day, {"kind": "confirmation"}).rows
    assert {row["id"] for row in rows} >= {"marriage-registration", "divorce-registration"}


def test_a_registration_is_sealed_to_its_registrars_and_the_head(bodies: Any) -> None:
    pair = registering(bodies).go("received")
    record = pair.play.record
    assert record.classification == access.SECRET
    seen = {
        name
        for name in ("原喜", "李局", "赵晨", "和静", "元贺", "都宁", "常审")
        if access.visible(who(bodies["lm"], name)).filter(pk=record.pk).exists()
    }
    assert seen == {"原喜", "李局"}
    assert not access.visible(who(bodies["lc-justice"], "钱督")).filter(pk=record.pk).exists()


def test_a_divorce_waits_for_the_cooling_off_to_run_out(bodies: Any) -> None:
    pair = registering(bodies, "divorce-registration").go("accepted")
    receipt = Document.objects.get(record=pair.play.record, kind="divorce-receipt").body
    assert "2026年5月7日" in receipt and "2026年6月8日" in receipt
    pair.day = date(2026, 5, 7)
    with at(pair.day, 9):
        pair.examine()
        assert "冷静期没有过完" in heard(lambda: pair.play.step("decision.made:granted"))
    pair.day = date(2026, 5, 8)
    with at(pair.day, 9):
        pair.play.step("decision.made:granted")
        pair.play.step("certificate.issued", number="L140524-2026-000031", receiver="双方")
    assert Duty.objects.get(record=pair.play.record, topic="divorce/claim").state == Duty.DONE


def test_either_takes_a_divorce_back_during_the_cooling_off(bodies: Any) -> None:
    pair = registering(bodies, "divorce-registration").go("accepted")
    pair.forward(10)
    with at(pair.day, 9):
        pair.play.step(
            "application.withdrawn:party", person="女方", reason="双方和好，不愿意离婚。"
        )
    pair.play.record.refresh_from_db()
    assert pair.play.record.state == "withdrawn"


def test_a_divorce_not_claimed_in_time_counts_as_withdrawn(bodies: Any) -> None:
    pair = registering(bodies, "divorce-registration").go("accepted")
    pair.day = date(2026, 6, 8)
    with at(pair.day, 9):
        assert "期间还没有过" in heard(
            lambda: pair.play.step("application.withdrawn:silence", reason="没有来")
        )
    pair.day = date(2026, 6, 9)
    with at(pair.day, 9):
        pair.examine()
        assert "已经视为撤回" in heard(lambda: pair.play.step("decision.made:granted"))
        pair.play.step("application.withdrawn:silence", reason="双方没有在期限内申请发证。")


def test_two_people_are_two_people(bodies: Any) -> None:
    pair = registering(bodies)
    with at(pair.day, 9):
        assert "两个人的身份证号相同" in heard(
            lambda: pair.apply(partner_identifier=pair.play.party["identifier"])
        )
        assert "校验位不对" in heard(lambda: pair.apply(partner_identifier="140524199001010011"))
