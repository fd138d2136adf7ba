"""A first sign-in as it goes in a browser: a one-time code, one's own password, a phone, a security
key of Chromium's own, at the width of a phone and for everybody.
"""

from __future__ import annotations

import re
from typing import Any

import pyotp
from axe_playwright_python.sync_playwright import Axe

from mingzheng.agencies.acts import accounts
from mingzheng.agencies.models import Account, Agency
from mingzheng.site.demo.play import at
from tests.walks.conftest import Installation, browsing, watched

NARROW = {"width": 360, "height": 740}
GOOD = "Yun-Shan-2026"


def fits(page: Any) -> None:
    """Nothing has to be pushed sideways, and axe finds nothing grave."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, (page.url, wide)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    grave = [each["id"] for each in found if each["impact"] in ("serious", "critical")]
    assert not grave, (page.url, grave)


def test_a_first_sign_in_with_a_phone_and_a_security_key(installation: Installation) -> None:
    wg = Agency.objects.get(code="wg")
    unit = wg.units.get(name="节能监察科")
    with at("2026-04-01"):
        _, code = accounts.open_for(wg, None, "新来", "xinlai", unit, "科员")
        account = Account.objects.get(login="xinlai")
        accounts.appoint(wg, None, account.person, unit, "科员", ["handler"])
    base = installation.base.replace("127.0.0.1", "localhost")
    with browsing() as (browser, errors):
        page = watched(browser, errors, viewport=NARROW, bypass_csp=True)
        page.goto(f"{base}/login/code")
        fits(page)
        page.fill("#code", code)
        page.fill("#np", GOOD)
        page.fill("#na", GOOD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk")
        page.goto(f"{base}/desk/account")
        fits(page)
        page.click("text=添加动态口令")
        fits(page)
        secret = re.sub(r"\s", "", page.inner_text(".mono"))
        page.fill("#cd", pyotp.TOTP(secret).now())
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/account?done=1")
        assert page.locator("text=恢复码，只显示这一次").count() == 1
        fits(page)
        tools = page.context.new_cdp_session(page)
        tools.send("WebAuthn.enable")
        tools.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "usb",
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        page.click("text=添加安全密钥")
        fits(page)
        page.fill("#nm", "蓝色密钥")
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/account?done=1")
        assert page.locator("text=蓝色密钥").count() >= 1
        page.context.clear_cookies()
        page.goto(f"{base}/login")
        fits(page)
        page.fill("#login", "xinlai")
        page.fill("#password", GOOD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/login/second*")
        fits(page)
        page.click("text=用安全密钥")
        page.wait_for_url("**/desk")
        assert page.locator("text=新来").count() >= 1
