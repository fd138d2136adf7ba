"""Signing in by an agency's own directory as it goes in a browser: to another site and back."""

from __future__ import annotations

from mingzheng.agencies.models import SignIn
from tests.site.directory import serving
from tests.walks.conftest import Installation, browsing, watched
from tests.walks.test_first_sign_in import NARROW, fits


def test_by_the_directory_and_back_to_where_he_was(installation: Installation) -> None:
    secret = installation.data / "oidc.secret"
    secret.write_text("geheim")
    secret.chmod(0o600)
    # Another site than ours, as browsers see it.
    with serving("localhost") as directory, browsing() as (browser, errors):
        directory.tell("u-1", preferred_username="wg-01")
        (installation.data / "oidc.toml").write_text(
            f'issuer = "{directory.issuer}"\nclient_id = "mz"\nname = "全省统一用户"\n'
            'client_secret_file = "oidc.secret"\n'
        )
        page = watched(browser, errors)
        page.goto(f"{installation.base}/desk/cases")
        page.click("text=用全省统一用户登录")
        page.fill("input[name=sub]", "u-1")
        page.click("text=Authorize >> nth=-1")
        page.wait_for_url(f"{installation.base}/desk/cases")
        page.goto(f"{installation.base}/desk/account")
        assert page.locator("text=统一身份认证通过").count() >= 1
        # Whoever says no there is offered his password here.
        other = watched(browser, errors, viewport=NARROW, bypass_csp=True)
        other.goto(f"{installation.base}/login")
        fits(other)
        other.click("text=用全省统一用户登录")
        other.fill("input[name=sub]", "niemand")
        other.click("text=Authorize >> nth=-1")
        other.wait_for_url("**/login/oidc/back*")
        assert "密码" in other.inner_text("main") and other.locator("[role=alert]").count() == 1
        fits(other)
        other.fill("#login", "wg-02")
        other.fill("#password", "falsch")
        other.keyboard.press("Enter")
        other.wait_for_url(f"{installation.base}/login")
    said = list(SignIn.objects.order_by("pk").values_list("outcome", flat=True))
    assert said == ["oidc", "in", "oidc-wrong", "wrong"]
