"""SC2 in the browser: from the source to the public page, the revocation and the bound file, as
each person in turn.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzheng.archive.models import Volume
from mingzheng.catalogue.models import Item
from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import parties, stories
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import at
from tests.clause import clause
from tests.scenes.waiting import browsers, until
from tests.walks.browsing import BrowserPlay
from tests.walks.conftest import Installation

STORY: dict[str, Any] = {
    "judged": {"major_rights": "yes", "complex": "yes"},
    "hearing": "held",
    "penalties": ["其他"],
    "other": "撤销登记，收缴登记证书和印章",
    "review": True,
    "discussion": True,
}


@pytest.fixture
def journey(installation: Installation, page: Any) -> Journey:
    """The case of an association that did not let itself be inspected."""
    from mingzheng.agencies.models import Agency

    agency = Agency.objects.get(code="lm")
    play = BrowserPlay(
        page,
        installation.base,
        installation.data,
        agency,
        stories.OFFICERS["lm"],
        parties.company("lm", 0),
        "st-30",
        cause="不按照规定接受年度检查",
        summary=stories.TEXTS["st-30"]["facts"],
    )
    row = Item.objects.get(agency=agency, code="st-30")
    return Journey(
        play,
        date(2026, 4, 7),
        **{**stories.TEXTS["st-30"], "broken": row.broken, "applied": row.applied, **STORY},
    )


def opened(journey: Journey, play: BrowserPlay) -> None:
    """立案 with its refusals."""
    with at(journey.day, 9):
        play.register(identifier="51140524MJ00000000")
        play.reads("校验位不对")
        play.register(representative="")
        play.reads("请填法定代表人或者负责人")
        play.register()
    with at(journey.forward(1), 9):
        play.refused(
            "不得少于 2 名", "case.opened", officers=play.officers_ids()[:1], reason="符合立案条件"
        )
        play.step(
            "case.opened",
            officers=play.officers_ids(),
            reason="涉嫌不按照规定接受年度检查，符合立案条件。",
        )
    journey.opened()


def investigated(journey: Journey, play: BrowserPlay) -> None:
    """调查 and 告知 with their refusals."""
    with at(journey.day, 10):
        play.refused(
            "亮明执法身份",
            "party.questioned",
            officers=play.officers_ids(),
            asked="某",
            relation="负责人",
            place="会址",
            text="问：\n答：",
            signed="signed",
        )
    journey.investigated()
    with at(journey.day, 17):
        play.refused(
            "请填写是否涉嫌犯罪",
            "investigation.ended",
            facts_found="事实",
            evidence="证据",
            opinion="建议",
        )
    journey.ended()
    with at(journey.day, 17):
        play.refused("请写明其他处罚的内容", "draft.made", **{**journey.draft(), "other": ""})
    journey.drafted()
    with at(journey.day, 17):
        play.refused("没有告知的不得作出处罚决定", "decision.made:penalty")
    journey.noticed()


def decided(journey: Journey, play: BrowserPlay) -> None:
    """听证、审核、讨论、决定 with their refusals."""
    with at(journey.day, 17):
        play.refused("五个工作日内可以要求听证", "decision.made:penalty")
    journey.heard()
    with at(journey.forward(1), 9):
        play.refused("都要进行法制审核", "decision.made:penalty")
        play.refused("没有找到您要的内容", "review.passed", opinion="自己审自己")
    journey.how["discussion"] = False
    journey.reviewed()
    head = journey.role("head")
    with at(journey.forward(1), 15):
        talk = {
            "by": head,
            "host": head,
            "attendees": f"{head}，局长\n郎副，副局长",
            "conclusion": "同意",
        }
        play.refused("请填写讨论记录", "discussion.held", text=" ", **talk)
        play.step("discussion.held", text=f"{head}：同意。郎副：同意。", **talk)
    journey.decided()


def published(journey: Journey, play: BrowserPlay) -> str:
    """送达 and 公示 with their refusals; the code of the public page."""
    with at(journey.forward(1), 10):
        play.refused("请写明拒收的理由", "decision.served", manner="left", place=journey.place())
    journey.served()
    with at(journey.day, 17):
        play.refused(
            "公示稿里没有“没有写过的话”",
            "publication.proposed",
            exempt="none",
            more="没有写过的话",
            confirmed="on",
        )
        play.refused("还没有到这一步", "publication.published:decision", channel="own-site")
    journey.published()
    with at(journey.day, 17):
        play.refused("决定执行完毕", "case.closed", way="normal", text="结案")
    return Publication.objects.get(record=play.record, state=Publication.LIVE).code


def revoked(journey: Journey, play: BrowserPlay) -> None:
    """复议撤销、撤下、结案、组卷."""
    from mingzheng.site.demo import turns

    turns.revoked(journey)
    with at(journey.forward(1), 10):
        play.step("case.closed", way="revoked", text="处罚决定被撤销，予以结案。")
    with at(journey.day, 11):
        play.approve()
    with at(journey.forward(1), 10):
        play.go("/desk")
        # However busy the machine, the papers are made before the file is bound.
        waiting = Document.objects.filter(record=play.record, blob=None)
        until(lambda: not waiting.all().exists(), pause=browsers(play.page))
        play.step("volume.bound", keep="30", checker="和静", note="材料齐全")


@clause("LM-1.4", "LM-2", "LM-3.2.2", "LM-6.1")
def test_an_association_from_the_source_to_the_tombstone_and_the_archive(
    journey: Journey, page: Any
) -> None:
    play = journey.play
    assert isinstance(play, BrowserPlay)
    opened(journey, play)
    investigated(journey, play)
    decided(journey, play)
    code = published(journey, play)
    with at(journey.day, 18):
        answer = play.go(f"/p/{code}")
        assert answer.status == 200
        shown = page.locator("main").inner_text()
        assert play.party["name"] in shown and "撤销登记" in shown
        assert play.party["phone"] not in page.content()
    revoked(journey, play)
    with at(journey.day, 18):
        answer = play.go(f"/p/{code}")
        assert answer.status == 410
        shown = page.content()
        assert (
            "撤" in shown
            and "复议机关" in shown
            and play.party["name"] not in shown
            and "撤销登记" not in shown
        )
    assert Volume.objects.filter(record=play.record).exists()
    assert len(play.met) >= 12, play.met
    assert list(verify_all()) == []
