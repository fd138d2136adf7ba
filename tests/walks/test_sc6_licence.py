"""SC6: a licence from the counter to the file, with everything that may come in between."""

from __future__ import annotations

import json
from typing import Any

from mingzheng.cases.facts import licence_columns
from mingzheng.core import clock
from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from mingzheng.jobs.acts import drain
from mingzheng.records import law
from mingzheng.records.duties import light
from mingzheng.records.models import Act, Duty
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.licensing import Licensing
from mingzheng.site.demo.play import Play, at
from mingzheng.site.demo.revoking import Ending
from tests.cases.licensing import licence, neighbour


def states(lic: Licensing) -> list[tuple[str, str]]:
    """The acts that moved the matter on, in order."""
    return list(
        Act.objects.filter(record=lic.play.record)
        .exclude(to_state="")
        .order_by("pk")
        .values_list("kind", "to_state")
    )


def test_a_working_permit_near_a_power_line(bodies: Any) -> None:
    """Told once, accepted, checked by two, experts, neighbours, extension, hearing, review, grant,
    certificate, publication, file.
    """
    lic = licence(
        bodies,
        item="xk-dl",
        without=("agreement",),
        window="窦敏",
        hearing=True,
        review=True,
        other=neighbour(),
        judged={"major_rights": "yes"},
        turns=("experts", "neighbours", "extended"),
    ).go("bound")
    record = lic.play.record
    assert [state for _, state in states(lic)] == [
        "received",
        "examining",
        "decided",
        "served",
        "closed",
    ]
    papers = list(
        Document.objects.filter(record=record).order_by("pk").values_list("kind", flat=True)
    )
    for paper in (
        "materials-notice",
        "acceptance-notice",
        "licence-check-record",
        "excluded-time-notice",
        "interested-notice",
        "licence-extension-notice",
        "licence-hearing-right-notice",
        "licence-hearing-notice",
        "hearing-record",
        "hearing-report",
        "review-opinion",
        "licence-decision",
        "service-receipt",
        "licence-certificate",
        "publication-approval",
        "completion-record",
    ):
        assert paper in papers, paper
    limit = Duty.objects.get(record=record, rule="XK42/decide")
    assert limit.state == Duty.DONE and light(limit).colour == "g"
    told = [(row["from"], row["until"]) for row in limit.how["suspensions"]]
    assert len(told) == 2 and told[0][1] < told[1][0], "评审和听证各扣一段，互不重叠"
    assert [row["by"] for row in limit.how["extensions"]] == [10]
    assert (
        not Duty.objects.filter(record=record, state=Duty.OPEN, awaited=False)
        .exclude(by="party")
        .exclude(topic__in=("archive/hand-over",))
        .exists()
    )
    live = Publication.objects.get(record=record, state=Publication.LIVE)
    shown = json.loads(live.body)
    assert "准予行政许可决定" in live.title and lic.play.party["name"] in shown["party"]
    assert neighbour()["identifier"] not in live.body and "1380000" not in live.body
    with at(lic.day, 18):
        assert not licence_columns.lacking(record, clock.today())


def test_every_paper_of_the_walk_is_printed(bodies: Any) -> None:
    lic = licence(bodies, item="xk-dl", without=("agreement",)).go("certified")
    drain()
    assert not Document.objects.filter(record=lic.play.record, blob=None).exists()
    assert {row.pages for row in Document.objects.filter(record=lic.play.record)} <= {1, 2, 3}


def test_refused_with_reasons_then_undone_by_nothing(bodies: Any) -> None:
    lic = licence(bodies, item="xk-jn", outcome="refused", reasons="能耗强度超过准入值。").go(
        "bound"
    )
    assert [state for _, state in states(lic)] == [
        "received",
        "examining",
        "decided",
        "served",
        "closed",
    ]
    body = Document.objects.get(record=lic.play.record, kind="refusal-decision").body
    assert "能耗强度超过准入值" in body and "六十日内" in body and "六个月内" in body


def test_revoked_the_publication_goes_and_the_state_is_two(bodies: Any) -> None:
    lic = licence(bodies).go("closed")
    held = lic.certificate()
    assert held is not None
    play = Play(lic.play.body, lic.play.officers, lic.play.party, lic.play.item)
    gone = Ending(
        play,
        lic.forward(3),
        held,
        "revocation",
        ground="fraud",
        facts="用地文件系伪造。",
        compensation="取得的利益不受保护。",
    ).go("closed")
    last = (
        Duty.objects.filter(record=lic.play.record, topic="publication/withdrawal")
        .earliest("due")
        .due
    )
    assert (
        last
        == law.calendar()
        .add(
            Act.objects.get(record=lic.play.record, kind="decision.revoked").happened_at.date(),
            3,
            "workday",
        )
        .due
    )
    with at(gone.day, 18):
        assert licence_columns.row(lic.play.record, clock.today())["XK_ZT"] == "2"


def test_the_record_of_a_licence_verifies(bodies: Any) -> None:
    licence(bodies, item="xk-dl").go("closed")
    assert not list(verify_all())
