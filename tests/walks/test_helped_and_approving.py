"""A password that was forgotten, given back by two administrators; and a head who agrees on her
phone.
"""

from __future__ import annotations

from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.procedures.models import Proposal
from mingzheng.records.models import Act
from mingzheng.site.demo.founding import PASSWORD
from mingzheng.site.demo.play import at
from tests.cases.telling import case
from tests.site.test_accounts import SECURITY, SYSTEM
from tests.walks.browsing import BrowserPlay, followed
from tests.walks.conftest import Installation, browsing, watched
from tests.walks.test_first_sign_in import GOOD, NARROW, fits


def signed_in(browser: Any, errors: list[str], base: str, login: str, **how: Any) -> Any:
    """Somebody's own browser, come in with his password."""
    page = watched(browser, errors, bypass_csp=True, **how)
    page.goto(f"{base}/login")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/desk"), page.url
    return page


def test_a_forgotten_password_is_given_back_by_two_administrators(
    installation: Installation,
) -> None:
    base, officer = installation.base, "wg-01"
    with browsing() as (browser, errors):
        lost = signed_in(browser, errors, base, officer, viewport=NARROW)
        first = signed_in(browser, errors, base, SYSTEM)
        first.goto(f"{base}/desk/people?q={officer}")
        followed(first, "张三", "link")
        # Without a reason nobody is asked.
        followed(first, "申请重置密码")
        first.get_by_text("什么都没有改").wait_for()
        first.fill("#rs", "本人当面申请，核对过身份证")
        followed(first, "申请重置密码")
        first.get_by_text("有一件事等另一名管理员确认").wait_for()
        # Whoever asked does not answer.
        first.goto(f"{base}/desk/people")
        assert first.get_by_role("button", name="同意").count() == 0
        lost.reload()
        assert lost.url.endswith("/desk")
        second = signed_in(browser, errors, base, SECURITY, viewport=NARROW, has_touch=True)
        second.goto(f"{base}/desk/people")
        fits(second)
        with second.expect_navigation():
            second.locator("button[value=agree]").tap()
        code = second.locator(".banner .mono").inner_text().strip()
        fits(second)
        second.reload()
        assert code not in second.content()
        # The old sitting is over at once, and the old password opens nothing.
        lost.goto(f"{base}/desk/cases")
        assert "/login?next=" in lost.url
        lost.fill("#login", officer)
        lost.fill("#password", PASSWORD)
        with lost.expect_navigation():
            lost.keyboard.press("Enter")
        assert "/login" in lost.url
        lost.goto(f"{base}/login/code")
        for value, words in (("wrong-code", GOOD), (code, "short")):
            lost.fill("#code", value)
            lost.fill("#np", words)
            lost.fill("#na", words)
            with lost.expect_navigation():
                lost.keyboard.press("Enter")
            assert lost.locator("[role=alert]").count() >= 1
        lost.fill("#code", code)
        lost.fill("#np", GOOD)
        lost.fill("#na", GOOD)
        with lost.expect_navigation():
            lost.keyboard.press("Enter")
        assert lost.url.endswith("/desk") and "张三" in lost.content()
    assert Act.objects.filter(kind__startswith="account.reset").exists()


def test_a_head_agrees_on_her_phone_and_sees_what_she_agrees_to(
    installation: Installation,
) -> None:
    bodies = {body.code: body for body in Agency.objects.all()}
    journey = case(bodies).go("proposed")
    found = Proposal.objects.get(record=journey.play.record)
    with at(journey.day, 16), browsing() as (browser, errors):
        page = watched(
            browser, errors, viewport=NARROW, has_touch=True, is_mobile=True, bypass_csp=True
        )
        play = BrowserPlay(
            page,
            installation.base,
            installation.data,
            journey.play.body,
            journey.play.officers,
            journey.play.party,
            journey.play.item,
        )
        play.record = journey.play.record
        play.be(journey.role("unit-head"))
        play.go("/desk")
        fits(page)
        with page.expect_navigation():
            page.locator(f'main a[href="/desk/proposals/{found.pk}"]').first.tap()
        fits(page)
        assert journey.play.party["name"] in page.locator("main").inner_text()
        # Nothing of what decides is beyond the reach of a thumb or covered by the bar.
        box = page.locator('button[value="agree"]').bounding_box()
        assert box is not None and box["height"] >= 40 and box["width"] >= 40
        # Sent back without a word: she is asked why, and nothing happened.
        with page.expect_navigation():
            page.locator('button[value="return"]').tap()
        play.reads("请写明理由")
        page.fill("#op", "同意立案")
        with page.expect_navigation():
            page.locator('button[value="agree"]').tap()
        fits(page)
    found.refresh_from_db()
    assert found.position == 1 or found.state == Proposal.DONE
    assert Act.objects.filter(record=found.record, kind="approval.given").count() == 1
