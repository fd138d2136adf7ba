"""SC3 in the browser: two officers, their two heads, and the nursing home with its own telephone
at the door.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzheng.agencies.models import Agency
from mingzheng.cases.models import Visit
from mingzheng.records.models import EffectiveAct
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import parties
from mingzheng.site.demo.play import at
from mingzheng.site.demo.tour import Tour
from tests.walks.browsing import BrowserPlay
from tests.walks.conftest import Installation

NARROW = {"width": 360, "height": 740}


@pytest.fixture
def trip(installation: Installation, page: Any) -> Tour:
    """The check of a nursing home that 武强 plans."""
    play = BrowserPlay(
        page,
        installation.base,
        installation.data,
        Agency.objects.get(code="lm"),
        ("武强", "靳月"),
        parties.company("lm", 3),
        "jc-yl",
    )
    play.clicking = True
    return Tour(play, date(2026, 4, 7), problem=True, scans=False, found="疏散通道被轮椅和纸箱占用")


class Telephone:
    """The telephone of the home: 360 wide, nobody signed in."""

    def __init__(self, play: BrowserPlay, code: str) -> None:
        self.play, self.code = play, code
        self.page = play.page.context.browser.new_context(
            viewport=NARROW, locale="zh-CN", is_mobile=True, has_touch=True
        ).new_page()

    def reads(self, words: str, status: int = 200) -> None:
        """What the scanned code shows; nothing sticks out of the narrow page."""
        self.play.tell_time()
        answer = self.page.goto(f"{self.play.base}/q/{self.code}")
        assert answer.status == status and words in self.page.locator("main").inner_text(), (
            self.page.locator("main").inner_text()[:600]
        )
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= NARROW["width"], wide

    def confirms(self) -> None:
        """The button is large enough for a thumb, and pressed."""
        button = self.page.get_by_role("button", name="我已核对，确认检查人员到场")
        assert button.bounding_box()["height"] >= 44
        self.play.tell_time()
        with self.page.expect_navigation():
            button.tap()
        assert "您已确认检查人员到场" in self.page.locator("main").inner_text()
        assert not self.page.get_by_role("button", name="我已核对，确认检查人员到场").count()


def agreed(trip: Tour, play: BrowserPlay) -> Telephone:
    """Planned and approved; before that, the code tells the home that it may refuse."""
    trip.stage("planned")
    telephone = Telephone(play, Visit.objects.get(record=play.record).code)
    telephone.reads("没有批准，您可以拒绝检查")
    with at(trip.day, 10):
        play.refused("检查还没有批准", "notice.prepared", rights="有权核验证件")
        play.step(
            "visit.approved",
            officers=play.officers_ids(),
            leader="武强",
            reason="按照本年度检查计划实施。",
        )
    with at(trip.day, 15):
        play.agree("苏文", "李局")
    trip.stage("noticed")
    return telephone


def on_the_spot(trip: Tour, play: BrowserPlay, telephone: Telephone) -> None:
    """Certificates, arrival, scan, rights, recordings, points, record."""
    trip.day = trip.planned
    with at(trip.day, 9):
        play.refused(
            "两名以上",
            "inspection.started",
            officers=play.officers_ids(),
            place=play.party["address"],
            received_by="院长",
        )
        trip.identify()
        trip.start()
    with at(trip.day, 9, 10):
        telephone.reads("武强")
        telephone.confirms()
    assert EffectiveAct.objects.filter(
        record=play.record, kind="visit.scanned", voided_by=None
    ).exists()
    with at(trip.day, 10, 20):
        trip.rights()
        blank = trip.findings() | {f"note-{trip.points[0][0]}": ""}
        play.refused("请写明情况", "checklist.filled", officers=play.officers_ids(), **blank)
    trip.checked()
    with at(trip.day, 16):
        play.refused(
            "结果不能是",
            "inspection.ended",
            officers=play.officers_ids(),
            result="nothing",
            text="没有问题。",
        )
    trip.stage("visited")


def test_a_nursing_home_is_checked_and_answers_with_its_own_telephone(trip: Tour) -> None:
    play = trip.play
    assert isinstance(play, BrowserPlay)
    telephone = agreed(trip, play)
    on_the_spot(trip, play, telephone)
    with at(trip.day, 17, 10):
        play.refused("先责令改正", "result.formed", conclusion="存在问题", handling="待处理")
    trip.corrected()
    with at(trip.forward(1), 9):
        play.step(
            "result.formed",
            conclusion="发现问题，已责令改正并复查合格",
            handling="责令改正，复查合格",
        )
    play.record.refresh_from_db()
    assert play.record.state == "concluded"
    with at(trip.day, 10):
        telephone.reads("这次检查已经结束")
    assert len(play.met) >= 5, play.met
    assert list(verify_all()) == []
