"""SC1: an association drawn for a check in which nothing is found, from the plan to the archive."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzheng.agencies.models import Agency
from mingzheng.archive.models import Volume
from mingzheng.cases.models import Visit
from mingzheng.documents.models import Document
from mingzheng.jobs.acts import drain
from mingzheng.records.models import Act, Duty
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import parties
from mingzheng.site.demo.play import Play, at
from mingzheng.site.demo.tour import Tour
from tests.cases.telling import heard
from tests.clause import clause

pytestmark = pytest.mark.django_db
ENDS = date(2026, 9, 18)
BEFORE = date(2026, 9, 15)
OFFICERS = {
    "lm": ("赵晨", "孙岩"),
    "wg": ("张三", "李四"),
    "lx": ("焦专", "史宁"),
    "cx": ("韩专", "任岚"),
}
ITEM = {"lm": "jc-st", "wg": "jc-jn", "lx": "jc-xf", "cx": "jc-xf"}


def drawn(bodies: dict[str, Agency], code: str, **how: Any) -> Tour:
    """Somebody drawn for a visit that ends on 18 September 2026."""
    party = parties.company(code if code in ("lm", "wg") else "lm", 1)
    return Tour(
        Play(bodies[code], OFFICERS[code], party, ITEM[code]),
        BEFORE,
        source="draw",
        planned=ENDS,
        **how,
    )


def told(trip: Tour) -> None:
    """The notice reaches the association; only then do two officers with valid certificates
    come.
    """
    play = trip.play
    with at(trip.day, 17):
        play.step(
            "party.notified:inspection",
            manner="direct",
            place=play.party["address"],
            receiver=trip.contact(),
            relation="legal-representative",
            files=play.picture("送达回证"),
        )
    with at(ENDS, 9):
        assert "两名以上" in heard(trip.start)
        trip.identify()


def seen(trip: Tour) -> None:
    """On the spot: recorded from arrival to departure, point by point, signed by both sides."""
    with at(ENDS, 10):
        trip.rights()
        assert "现场检查笔录" in heard(trip.finish)
    trip.checked()
    trip.stage("visited")
    visit = Visit.objects.get(record=trip.play.record)
    assert (visit.started_on, visit.ended_on, visit.result, visit.problem_found) == (
        ENDS,
        ENDS,
        "nothing",
        False,
    )


@clause("LM-1.4.2")
def test_an_association_is_drawn_looked_at_and_its_clean_result_published_and_filed(
    bodies: dict[str, Agency],
) -> None:
    trip = drawn(bodies, "lm").go("planned")
    play, record = trip.play, trip.play.record
    with at(trip.day, 9, 30):
        assert "检查还没有批准" in heard(
            lambda: play.step("notice.prepared", rights="有权核验证件")
        )
    trip.stage("approved")
    trip.stage("noticed")
    told(trip)
    trip.day = ENDS
    with at(ENDS, 9, 10):
        trip.start()
    seen(trip)
    trip.stage("concluded")
    with at(trip.day, 17):
        assert "还没有到这一步" in heard(
            lambda: play.step("publication.published:result", channel="own-site")
        )
    trip.stage("published")
    live = record.publications.get(state="live")
    assert "未发现问题" in live.body and play.party["phone"] not in live.body
    trip.stage("closed")
    drain()
    with at(trip.forward(2), 10):
        play.step("volume.bound", keep="30", checker="和静", note="材料齐全")
    kinds = set(Document.objects.filter(record=record).values_list("kind", flat=True))
    assert {
        "inspection-approval",
        "inspection-notice",
        "rights-notice",
        "on-site-record",
        "inspection-result",
        "publication-approval",
    } <= kinds
    assert Volume.objects.filter(record=record).exists()
    drain()
    assert list(verify_all()) == []


def test_whoever_refuses_to_sign_is_written_down_with_reason_and_witness(
    bodies: dict[str, Agency],
) -> None:
    signed, refusing = (
        drawn(bodies, "lm").go("visited"),
        drawn(bodies, "wg", refuses=True).go("visited"),
    )
    texts = [
        Document.objects.get(record=trip.play.record, kind="on-site-record").body
        for trip in (signed, refusing)
    ]
    assert [("不愿签名" in text, "申林生" in text) for text in texts] == [
        (False, False),
        (True, True),
    ]


@pytest.mark.parametrize("code", ["wg", "lx"])
def test_a_drawn_check_that_ended_in_september_is_public_by_late_october(
    bodies: dict[str, Agency], code: str
) -> None:
    """Twenty working days over the holiday of October."""
    trip = drawn(bodies, code).go("visited")
    rows = Duty.objects.filter(record=trip.play.record, topic="publication/random")
    assert rows.exists() and {row.light_due for row in rows} == {date(2026, 10, 22)}


def test_civil_affairs_names_no_number_and_owes_it_promptly(bodies: dict[str, Agency]) -> None:
    """The plan says 及时 and no day; none is invented."""
    trip = drawn(bodies, "lm").go("visited")
    rows = list(
        Duty.objects.filter(
            record=trip.play.record, topic="publication/random", rule__startswith="LM-"
        )
    )
    assert [(row.due, row.how["within"], row.source) for row in rows] == [
        (None, "promptly", "实施方案 二（一）4（2）")
    ]


def test_the_drawn_visit_says_that_it_was_drawn(bodies: dict[str, Agency]) -> None:
    trip = drawn(bodies, "lm").go("planned")
    assert Visit.objects.get(record=trip.play.record).random
    assert Act.objects.filter(record=trip.play.record, kind="visit.planned", of="routine").exists()


@clause("LM-2.3.1", "WG-B10")
@pytest.mark.parametrize(
    ("code", "words"),
    [("lm", ("现场检查", "调查取证", "证据保全", "听证", "送达")), ("wg", ("现场执法", "听证"))],
)
def test_what_will_be_recorded_is_public_beforehand(
    bodies: dict[str, Agency], client: Any, code: str, words: tuple[str, ...]
) -> None:
    """The list of steps that are filmed stands on the public page of the agency's rules, with
    where it comes from.
    """
    page = client.get(f"/rules/{code}").content.decode()
    assert "哪些环节要音像记录" in page
    part = page.split("哪些环节要音像记录")[1][:4000]
    for word in words:
        assert word in part, word


@clause("LM-2.3.2")
def test_a_visit_that_was_not_filmed_is_not_filed(bodies: dict[str, Agency]) -> None:
    """Civil affairs must film every check; where the clips are missing the volume stays open and
    says so.
    """
    trip = drawn(bodies, "lm").go("noticed")
    play = trip.play
    trip.day = ENDS
    with at(ENDS, 9):
        trip.identify()
        trip.start()
        trip.rights()
        play.step("checklist.filled", officers=play.officers_ids(), **trip.findings())
        play.step(
            "evidence.taken:on-site-record",
            officers=play.officers_ids(),
            place=play.party["address"],
            present=trip.contact(),
            text="逐项检查，未发现问题。",
            signed="signed",
        )
        trip.finish()
    trip.stage("concluded")
    trip.stage("closed")
    drain()
    with at(trip.forward(2), 10):
        words = heard(lambda: play.step("volume.bound", keep="30", checker="和静", note="材料齐全"))
    assert "音像记录" in words and "实施方案 二（二）3" in words
