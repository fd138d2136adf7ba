"""SC12 in the browser: a seizure and its refusals on screen, a wrong entry voided, the case handed
over.
"""

from __future__ import annotations

from typing import Any

import pytest

from mingzheng.cases.models import Property
from mingzheng.procedures import roles
from mingzheng.records.models import Act, Duty, EffectiveAct
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import at, person_id
from tests.scenes.seizing import LAWS, THINGS, answers
from tests.walks.browsing import BrowserPlay, going_on
from tests.walks.conftest import Installation


@pytest.fixture
def journey(installation: Installation, page: Any) -> Journey:
    """A case that was opened before; from here on everything happens on the pages."""
    found = going_on(installation, page, 3, "opened")
    found.play.clicking = True  # type: ignore[attr-defined]
    return found


def refused_in_turn(journey: Journey, play: BrowserPlay) -> None:
    """No approval, one officer, rights not told, no recording: each is on the screen."""
    off = play.officers_ids()
    with at(journey.forward(1), 9):
        play.refused("要先办", "property.seized", **answers(journey))
        play.step(
            "officer.identified",
            officers=off[:1],
            mode="shown",
            to=journey.contact(),
            place=journey.place(),
        )
        play.step("seizure.approved", way="seize", things=THINGS, basis=LAWS, reason="防止转移")
        play.agree("陈局")
    with at(journey.day, 10):
        play.refused("两名以上", "property.seized", **answers(journey))
        play.reads("当场告知")
        play.reads("全程音像记录")
        play.step(
            "officer.identified",
            officers=off,
            mode="shown",
            to=journey.contact(),
            place=journey.place(),
        )
        play.step("party.notified:rights", officers=off, to=journey.contact(), signed="signed")
        play.refused("全程音像记录", "property.seized", **answers(journey))
        play.record_step("property.seized", "全程")


def taken(journey: Journey, play: BrowserPlay) -> None:
    """Carried out; in the store; the wrong statement before it is what the next step puts right."""
    with at(journey.day, 11):
        play.refused("见证人", "property.seized", **answers(journey, present="no"))
        play.step("property.seized", **answers(journey))
    assert Property.objects.filter(record=play.record, state=Property.KEPT).count() == 2
    with at(journey.day, 12):
        play.be("郝档")
        play.go("/desk/property")
        play.reads("变压器")
        play.reads("一号库")


def voided(journey: Journey, play: BrowserPlay) -> None:
    """张三 wrote down what somebody else said; he cannot void it, 李四 can; both read it struck
    out.
    """
    with at(journey.day, 15):
        play.step(
            "party.questioned",
            officers=play.officers_ids(),
            asked="某人",
            relation="职工",
            place=journey.place(),
            text="问：是否知情？\n答：记错了案件。",
            signed="signed",
        )
    act = Act.objects.filter(record=play.record, kind="party.questioned").latest("pk")
    address = f"/desk/cases/{play.record.pk}/void/{act.pk}"
    with at(journey.day, 16):
        play.go(address)
        play.reads("原记录人以外")
        assert not play.page.get_by_role("button", name="作废这条记录").count()
        play.be("李四")
        play.go(f"/desk/cases/{play.record.pk}")
        with play.page.expect_navigation():
            play.page.locator(f'main a[href="{address}"]').click()
        play.fill({"why": "wrong-case", "reason": "询问的是另一件案子的证人。"})
        play.send()
        assert play.page.url.endswith("?done=entry.voided")
        play.reads("已不再算数")
        assert play.page.locator("del", has_text="询问").count()
    assert EffectiveAct.objects.get(act=act).voided_by is not None


def handed_over(journey: Journey, play: BrowserPlay) -> None:
    """The section's head offers, the receiver accepts; until then the old handler has it."""
    giver, taker = person_id(play.body, "张三"), person_id(play.body, "郭砚青")
    with at(journey.day, 17):
        play.be("秦望舒")
        play.go(f"/desk/handover?person={giver}")
        play.page.select_option("#taker", str(taker))
        with play.page.expect_navigation():
            play.page.get_by_role("button", name="移交所选案件").click()
        play.reads("等郭砚青接收")
        assert roles.handles(giver, play.record)
        play.be("郭砚青")
        play.go("/desk/handover")
        with play.page.expect_navigation():
            play.page.get_by_role("button", name="接收", exact=True).click()
        play.go(f"/desk/cases/{play.record.pk}")
        play.reads("郭砚青")
    assert roles.handles(taker, play.record) and not roles.handles(giver, play.record)


def test_a_seizure_is_refused_until_all_is_there_and_mistakes_are_put_right(
    journey: Journey,
) -> None:
    play = journey.play
    assert isinstance(play, BrowserPlay)
    refused_in_turn(journey, play)
    taken(journey, play)
    voided(journey, play)
    handed_over(journey, play)
    assert Duty.objects.filter(record=play.record, topic="seizure/limit", state=Duty.OPEN).exists()
    assert len(play.met) >= 8, play.met
    assert list(verify_all()) == []
