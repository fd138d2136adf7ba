"""SC6 in the browser: a licence from the window to the certificate, as the window, the officers
and the heads.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzheng.agencies.models import Agency
from mingzheng.cases.models import Application, Licence
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import parties
from mingzheng.site.demo.licensing import Licensing
from mingzheng.site.demo.play import at
from tests.walks.browsing import BrowserPlay
from tests.walks.conftest import Installation

WINDOW = "窦敏"


@pytest.fixture
def asked(installation: Installation, page: Any) -> Licensing:
    """An application that lacks one paper."""
    play = BrowserPlay(
        page,
        installation.base,
        installation.data,
        Agency.objects.get(code="wg"),
        ("张三", "李四"),
        parties.company("wg", 3),
        "xk-jg",
    )
    play.clicking = True
    return Licensing(
        play,
        date(2026, 4, 7),
        content="铸造生产线技术改造项目核准",
        window=WINDOW,
        without=("plan",),
    )


def received(asked: Licensing, play: BrowserPlay) -> None:
    """At the window: a wrong check digit, then the application; what lacks is told once; accepted
    when it is there.
    """
    with at(asked.day, 8, 30):
        asked.apply(identifier="91370830MA00000000")
        play.reads("校验位不对")
    asked.received()
    assert play.record.kind == "licence" and play.record.state == "received"
    with at(asked.day, 17):
        play.refused("还不齐全", "application.accepted", by=WINDOW, officers=play.officers_ids())
    with at(asked.forward(2), 10):
        play.step(
            "materials.requested",
            by=WINDOW,
            lacking=["plan"],
            content="请补交规划意见，加盖申请人印章。",
            **asked.service(),
        )
    with at(asked.day, 11):
        play.refused(
            "不能再告知第二次",
            "materials.requested",
            by=WINDOW,
            lacking=["land"],
            content="再补用地意见",
            **asked.service(),
        )
    with at(asked.forward(3), 15):
        play.step("materials.completed", by=WINDOW, supplied=["plan"])
    asked.how["without"] = ()
    asked.accepted()
    assert Application.objects.get(record=play.record).accepted_on is not None


def examined(asked: Licensing, play: BrowserPlay) -> None:
    """The officers draft; the window may not; nothing is decided before."""
    with at(asked.forward(1), 9):
        play.refused("没有找到您要的内容", "draft.made", by=WINDOW)
        play.refused("要先办", "decision.made:granted")
    asked.drafted()
    with at(asked.day, 17):
        play.refused("不是“不予许可”", "decision.made:refused")


def decided(asked: Licensing, play: BrowserPlay) -> None:
    """Three sign in their order; then served and certified."""
    with at(asked.forward(1), 9):
        play.step("decision.made:granted")
    with at(asked.day, 10):
        play.refused(
            "这一步要在“已作决定、已送达”时办理",
            "certificate.issued",
            number="X1",
            receiver=asked.name,
        )
    with at(asked.forward(1), 15):
        play.agree("秦望舒", "刘副", "陈局")
    asked.served()
    asked.certified()


def test_a_licence_from_the_window_to_the_certificate(asked: Licensing, page: Any) -> None:
    play = asked.play
    assert isinstance(play, BrowserPlay)
    received(asked, play)
    examined(asked, play)
    decided(asked, play)
    held = Licence.objects.get(record=play.record)
    with at(asked.day, 16):
        play.be("张三")
        play.go("/desk/licences")
        play.reads(held.number)
        play.reads(play.party["name"])
    assert len(play.met) >= 7, play.met
    assert list(verify_all()) == []
