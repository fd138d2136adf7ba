"""The register of licences: changed, renewed, revoked, withdrawn, struck off, each with its own
consequences.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mingzheng.cases.facts import licence_columns
from mingzheng.cases.models import Licence
from mingzheng.core import clock
from mingzheng.documents.models import Document
from mingzheng.records import law
from mingzheng.records.models import Duty, EffectiveAct
from mingzheng.site.demo.licensing import Licensing
from mingzheng.site.demo.play import Play, at
from mingzheng.site.demo.revoking import Ending
from tests.cases.licensing import licence
from tests.cases.telling import heard


def certificate(bodies: Any, until: str = "certified", **how: Any) -> tuple[Licensing, Licence]:
    """A certificate in force and the matter it came of."""
    lic = licence(bodies, **how).go(until)
    held = lic.certificate()
    assert held is not None
    return lic, held


def again(lic: Licensing, held: Licence, sort: str, start: date, **how: Any) -> Licensing:
    """A later application of the same holder about his certificate."""
    play = Play(lic.play.body, lic.play.officers, lic.play.party, lic.play.item)
    return Licensing(
        play, start, **{"content": lic.how["content"], "sort": sort, "about": held, **how}
    )


def ending(lic: Licensing, held: Licence, sort: str, ground: str, **how: Any) -> Ending:
    """The agency looks into a certificate."""
    play = Play(lic.play.body, lic.play.officers, lic.play.party, lic.play.item)
    return Ending(
        play,
        lic.forward(3),
        held,
        sort,
        ground=ground,
        facts="经核查，申请时提交的用地文件系伪造。",
        **how,
    )


def zt(lic: Licensing, day: date) -> str:
    """XK_ZT of the grant on a day."""
    with at(day, 18):
        return licence_columns.row(lic.play.record, clock.today())["XK_ZT"]


def owed(lic: Licensing, topic: str) -> list[Duty]:
    """Open duties of a topic in the matter of the grant."""
    return list(Duty.objects.filter(record=lic.play.record, topic=topic, state=Duty.OPEN))


def test_a_change_replaces_the_certificate_under_the_same_number(bodies: Any) -> None:
    lic, held = certificate(bodies)
    changed = again(lic, held, "change", lic.forward(5), content="项目规模调整为年产15万吨").go(
        "certified"
    )
    new = changed.certificate()
    held.refresh_from_db()
    assert new is not None and (new.number, new.replaces_id, new.state) == (
        held.number,
        held.pk,
        Licence.VALID,
    )
    assert (held.state, held.ended_on) == ("replaced", changed.day)


def test_a_renewal_is_asked_for_so_long_before_the_expiry(bodies: Any) -> None:
    lic, held = certificate(bodies)
    assert held.until is not None
    late = again(lic, held, "renewal", held.until - timedelta(days=20))
    with at(late.day, 9):
        assert "不能按延续办理" in heard(late.apply)
    early = again(lic, held, "renewal", held.until - timedelta(days=40))
    with at(early.day, 9):
        early.apply()
    assert early.play.record.state == "received"


def renewal(bodies: Any) -> tuple[Licensing, Licence]:
    """A renewal that was accepted and then lay there."""
    lic, held = certificate(bodies)
    assert held.until is not None
    asked = again(lic, held, "renewal", held.until - timedelta(days=45)).go("accepted")
    return asked, held


def test_a_renewal_is_due_before_the_old_period_ends(bodies: Any) -> None:
    asked, held = renewal(bodies)
    assert Duty.objects.get(record=asked.play.record, rule="XK50/decide").due == held.until


def test_silence_renews_when_the_period_has_ended_and_not_before(bodies: Any) -> None:
    asked, held = renewal(bodies)
    assert held.until is not None
    later = date(held.until.year + 2, 12, 31)
    with at(asked.day, 17):
        assert "还没有届满" in heard(
            lambda: asked.play.step("decision.made:deemed", until=later, reason="承办人漏办")
        )
    asked.day = law.calendar().add(held.until, 2, "workday").due
    with at(asked.day, 9):
        asked.play.step("decision.made:deemed", until=later, reason="承办人漏办")
    with at(asked.day, 11):
        asked.play.step("certificate.issued", number=held.number, receiver="甲")
    new = asked.certificate()
    held.refresh_from_db()
    assert new is not None and (new.until, held.state) == (later, "replaced")


def test_a_renewal_is_not_refused_after_the_period_has_ended(bodies: Any) -> None:
    asked, held = renewal(bodies)
    assert held.until is not None
    asked.day = law.calendar().add(held.until, 2, "workday").due
    with at(asked.day, 9):
        asked.draft(outcome="refused", reasons="条件改变")
        assert "已经视为准予延续" in heard(lambda: asked.play.step("decision.made:refused"))


def test_a_revoked_licence_loses_its_force_and_its_publication_goes_within_three_workdays(
    bodies: Any,
) -> None:
    lic, held = certificate(bodies, "published")
    assert zt(lic, lic.day) == "1"
    gone = ending(
        lic,
        held,
        "revocation",
        "fraud",
        compensation="以欺骗手段取得，基于许可取得的利益不受保护。",
    ).go("decided")
    held.refresh_from_db()
    assert (held.state, held.ended_on) == ("revoked", gone.day)
    assert zt(lic, gone.day) == "2"
    withdrawal = owed(lic, "publication/withdrawal")
    assert {duty.due for duty in withdrawal if duty.rule == "WG-A7.3/withdraw"} == {
        law.calendar().add(gone.day, 3, "workday").due
    }
    assert owed(lic, "credit/state")
    with at(gone.forward(1), 9):
        lic.play.step(
            "publication.withdrawn", cause="revoked", reason="申请人以欺骗手段取得，许可已被撤销。"
        )
        lic.play.approve()
    assert not owed(lic, "publication/withdrawal")


def test_a_withdrawn_licence_is_compensated_and_stays_a_lawful_decision(bodies: Any) -> None:
    lic, held = certificate(bodies, "published")
    gone = ending(lic, held, "withdrawal", "rules-changed")
    gone.go("begun")
    with at(gone.forward(1), 10):
        assert "赔偿、补偿" in heard(gone.draft_ending)
    gone.how["compensation"] = "因规划调整撤回，由本机关依法补偿前期投入损失，数额另行评估。"
    for stage in ("drafted", "told", "heard", "proposed", "decided"):
        getattr(gone, stage)()
    held.refresh_from_db()
    assert held.state == "withdrawn" and zt(lic, gone.day) == "2"
    assert not owed(lic, "publication/withdrawal") and owed(lic, "credit/state")
    assert (
        "依法补偿"
        in Document.objects.get(record=gone.play.record, kind="licence-withdrawal-decision").body
    )


def test_a_licence_whose_holder_is_gone_is_struck_off_without_hearing_him(bodies: Any) -> None:
    lic, held = certificate(bodies, "published")
    gone = ending(lic, held, "cancellation", "dissolved").go("closed")
    held.refresh_from_db()
    assert held.state == "cancelled" and zt(lic, gone.day) == "2"
    assert EffectiveAct.objects.filter(
        record=lic.play.record, kind="licence.cancelled", voided_by=None
    ).exists()
    assert not owed(lic, "publication/withdrawal")


def test_a_holder_may_give_his_certificate_up(bodies: Any) -> None:
    lic, held = certificate(bodies)
    asked = again(lic, held, "cancellation", lic.forward(5), content="项目终止，申请注销").go(
        "closed"
    )
    held.refresh_from_db()
    assert held.state == "cancelled" and asked.certificate() is None
    assert not Duty.objects.filter(record=asked.play.record, topic="licence/certificate").exists()


def test_nothing_is_taken_away_before_its_holder_was_heard(bodies: Any) -> None:
    lic, held = certificate(bodies)
    gone = ending(lic, held, "revocation", "fraud", compensation="利益不受保护。").go("drafted")
    with at(gone.day, 17):
        assert "听取陈述申辩" in heard(lambda: gone.play.step("decision.made:revoked"))
    gone.told()
    with at(gone.day, 17):
        assert "听取陈述申辩" in heard(lambda: gone.play.step("decision.made:revoked"))


def test_a_revocation_ends_in_no_other_decision(bodies: Any) -> None:
    lic, held = certificate(bodies)
    gone = ending(lic, held, "revocation", "fraud", compensation="利益不受保护。").go("heard")
    with at(gone.day, 17):
        assert "还没有到这一步" in heard(lambda: gone.play.step("decision.made:withdrawn"))


def test_a_major_revocation_waits_for_legal_review(bodies: Any) -> None:
    lic, held = certificate(bodies)
    gone = ending(
        lic,
        held,
        "revocation",
        "fraud",
        compensation="利益不受保护。",
        judged={"major_rights": "yes"},
    ).go("heard")
    with at(gone.day, 17):
        assert "法制审核" in heard(lambda: gone.play.step("decision.made:revoked"))


def test_a_certificate_comes_to_its_end_once(bodies: Any) -> None:
    lic, held = certificate(bodies)
    first = ending(lic, held, "revocation", "fraud", compensation="利益不受保护。").go("begun")
    second = ending(lic, held, "cancellation", "dissolved").go("decided")
    for stage in ("drafted", "told", "heard", "proposed"):
        getattr(first, stage)()
    assert second.play.record.pk != first.play.record.pk
    with at(first.forward(1), 9), pytest.raises(Exception, match="证件已经失效"):
        first.play.approve()


def test_a_certificate_falls_with_the_decision_that_reconsideration_revokes(bodies: Any) -> None:
    lic, held = certificate(bodies)
    with at(lic.day, 17):
        lic.play.step(
            "decision.revoked",
            organ="汶上县人民政府",
            number="汶政复决〔2026〕2号",
            received_on=lic.day,
            reason="主要事实不清。",
        )
    held.refresh_from_db()
    assert held.state == "revoked"


def test_another_persons_certificate_is_not_changed(bodies: Any) -> None:
    lic, held = certificate(bodies)
    stranger = licence(bodies, number=4, sort="change", about=held, start=lic.forward(2))
    with at(stranger.day, 9):
        assert "持证人不是申请人" in heard(stranger.apply)
