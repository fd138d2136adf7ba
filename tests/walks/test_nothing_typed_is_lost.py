"""In the browser: what is typed is kept; a session that ends in the middle costs one sign-in; what
comes back comes back whole, also on a phone.
"""

from __future__ import annotations

from typing import Any

import pytest

from mingzheng.agencies.models import Account
from mingzheng.procedures.models import Proposal
from mingzheng.records.models import Act
from mingzheng.site.demo.founding import PASSWORD
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import at
from mingzheng.unsent.models import Unsent
from tests.walks.browsing import BrowserPlay, going_on
from tests.walks.conftest import Installation

WORDS = "经查，该单位仍在使用国家明令淘汰的电机十二台，证据确凿。"
REASON = "管辖依据没有写清，请补充。"


@pytest.fixture
def journey(installation: Installation, page: Any) -> Journey:
    """A case under investigation; from here on everything happens on the pages."""
    return going_on(installation, page, 5, "proposed")


def signed_in(play: BrowserPlay, name: str, next_page: str = "") -> None:
    """Through the sign-in page itself, with a password."""
    account = Account.objects.get(person__name=name, person__posts__agency=play.body, active=True)
    if next_page:
        play.go(f"/login?next={next_page}")
    play.page.fill("#login", account.login)
    play.page.fill("#password", PASSWORD)
    with play.page.expect_navigation():
        play.page.locator("main form button.btn-p").click()


def test_a_return_a_lost_session_and_an_unsent_form(journey: Journey) -> None:
    play: Any = journey.play
    page, record = play.page, play.record
    found = Proposal.objects.get(record=record, state=Proposal.OPEN)
    # Sent back by the approver, on a phone.
    page.set_viewport_size({"width": 360, "height": 740})
    with at(journey.day, 11):
        play.be(play.approver(found))
        play.go(f"/desk/proposals/{found.pk}")
        page.fill("#op", REASON)
        with page.expect_navigation():
            page.locator('button[value="return"]').click()
        # Mended by the proposer: one button, the filled form, one press.
        play.be("张三")
        play.go("/desk")
        with page.expect_navigation():
            page.get_by_role("link", name="修改重报").first.click()
        assert REASON in page.locator("main").inner_text()
        with page.expect_navigation():
            page.get_by_role("link", name="修改后重报").click()
        assert "建议立案调查" in page.input_value('#act [name="reason"]')
        page.fill('#act [name="reason"]', "有管辖权，符合立案条件，建议立案。")
        play.send()
        again = Proposal.objects.get(record=record, state=Proposal.OPEN)
        assert again.pk != found.pk
    page.set_viewport_size({"width": 1440, "height": 900})
    with at(journey.day, 14):
        while waiting := Proposal.objects.filter(record=record, state=Proposal.OPEN).first():
            play.agree(play.approver(waiting))
    form = f"/desk/cases/{record.pk}/do/investigation.ended"
    with at(journey.day, 15):
        play.be("张三")
        play.go(form)
        page.fill('#act [name="facts_found"]', WORDS)
        page.get_by_text("已暂存").wait_for()
        assert Unsent.objects.count() == 1
        # Left, and come back to.
        play.go(form)
        with page.expect_navigation():
            page.get_by_role("link", name="接着填").click()
        assert page.input_value('#act [name="facts_found"]') == WORDS
        # The session ends in mid-form.
        page.context.clear_cookies(name="sessionid")
        play.send()
        assert "登录已到期" in page.locator("main").inner_text()
        signed_in(play, "张三")
        page.wait_for_url(f"**{form}")
        assert page.input_value('#act [name="facts_found"]') == WORDS
        assert "处要改" in page.locator("main").inner_text()
    assert not Act.objects.filter(record=record, kind="investigation.ended").exists()
