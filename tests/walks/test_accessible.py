"""Everybody can use the pages: axe finds nothing serious at any width or size, nothing has to be
pushed sideways, keys suffice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from mingzheng.agencies.models import Account
from mingzheng.cases.models import Visit
from mingzheng.disclosure.models import Publication
from mingzheng.site.demo.play import at
from tests.walks import staging
from tests.walks.browsing import followed
from tests.walks.conftest import Installation, browsing, serving, watched

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
GRAVE = ("serious", "critical")
AXE = Axe().axe_script


@dataclass
class Opened:
    """The installation with every kind of page in it, and a browser."""

    site: Installation
    stage: staging.Stage
    browser: Any
    errors: list[str]

    def page(self, window: dict[str, int] = WIDE) -> Any:
        """A fresh page; axe is put in beside the policy, which lets nothing else in."""
        return watched(self.browser, self.errors, viewport=window, bypass_csp=True)

    def enter(self, page: Any, name: str) -> None:
        """Sign in as a person of the cast."""
        page.goto(f"{self.site.base}/demo")
        page.locator(
            f'button[value="{Account.objects.get(person__name=name).login}"]'
        ).first.click()
        page.wait_for_url("**/desk")


@pytest.fixture(scope="module")
def opened(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    """One server and one browser; the clock stands after every story."""
    with serving(django_db_blocker, tmp_path_factory.mktemp("accessible")) as site:
        stage = staging.set_up()
        with at(stage.today, 10):
            (site.data / "clock.txt").write_text(f"{stage.today}T10:00:00+08:00")
            with browsing() as (browser, errors):
                yield Opened(site, stage, browser, errors)


def public(stage: staging.Stage) -> dict[str, int]:
    """Every kind of public page by its address, with the answer it gives."""
    live, visit = stage.public(stage.live), Visit.objects.get(record=stage.visit.play.record)
    page = Publication.objects.get(record=stage.page.record)
    old = stage.public(stage.corrected, Publication.REPLACED)
    gone = stage.public(stage.gone, Publication.WITHDRAWN)
    return {
        "/": 200,
        "/about": 200,
        "/a/wg": 200,
        "/a/wg/lists": 200,
        "/a/wg/bases": 200,
        "/a/wg/samples": 200,
        "/decisions": 200,
        "/decisions?q=没有这样的": 200,
        "/decisions?since=x": 200,
        f"/p/{live.code}": 200,
        f"/p/{stage.public(stage.corrected).code}": 200,
        f"/p/{old.code}": 410,
        f"/p/{gone.code}": 410,
        f"/p/{page.code}": 200,
        "/withdrawals": 200,
        "/officers": 200,
        "/officers?agency=wg": 200,
        "/q": 200,
        f"/q/{stage.paper().code}": 200,
        f"/q/{'a' * 26}": 404,
        f"/q/{visit.code}": 200,
        "/verify": 200,
        "/feedback": 200,
        f"/feedback?about={live.code}": 200,
        "/progress": 200,
        "/open": 200,
        "/rules": 200,
        "/rules/wg": 200,
    }


def desk(stage: staging.Stage) -> dict[str, list[str]]:
    """The main pages of the desk by whose desk it is."""
    served, fixed = (
        f"/desk/cases/{stage.served.play.record.pk}",
        f"/desk/cases/{stage.corrected.play.record.pk}",
    )
    return {
        "常青": [
            "/desk",
            "/desk/cases",
            "/desk/cases/new",
            served,
            f"{served}/do/publication.proposed",
            f"{served}/evidence",
            fixed,
            f"{fixed}/do/publication.withdrawn",
            "/desk/channels",
            "/desk/feedback",
            "/desk/equipment",
            "/desk/rules",
            "/desk/pages",
            "/capture",
        ],
        "秦望舒": [
            "/desk/channels/double/penalty",
            "/desk/channels/platform",
            "/desk/office",
            "/desk/handover",
        ],
        "陈局": [f"/desk/cases/{stage.told.record_id}", "/desk/feedback"],
        "袁系": ["/desk/people"],
    }


# Put in once a page: it is half a megabyte.
RUN = """async ([script, options]) => {
    if (!window.axe) (0, eval)(script);
    const found = await axe.run(options);
    return found.violations.map(each => [each.id, each.impact, each.nodes[0].html.slice(0, 160)]);
}"""


def faults(page: Any, contrast: bool = True) -> list[str]:
    """What axe calls serious or worse, and whether the page is wider than its window; colours are
    the same at every width.
    """
    options = {
        "resultTypes": ["violations"],
        "preload": False,
        "rules": {"color-contrast": {"enabled": contrast}},
    }
    there = page.evaluate("!!window.axe")
    found = page.evaluate(RUN, ["" if there else AXE, options])
    return [f"{id}: {html}" for id, impact, html in found if impact in GRAVE] + too_wide(page)


def too_wide(page: Any) -> list[str]:
    """By how much the page must be pushed sideways."""
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{over} px too wide at {page.viewport_size['width']}"] if over > 0 else []


def looked_at(page: Any) -> list[str]:
    """Faults wide, then narrow, of the page as it stands."""
    wide = faults(page)
    page.set_viewport_size(NARROW)
    found = [*wide, *faults(page, contrast=False)]
    page.set_viewport_size(WIDE)
    return found


def test_a_page_that_is_for_nobody_is_told(opened: Opened) -> None:
    """The control of everything below."""
    page = opened.page()
    page.set_content(
        "<p style='width:2000px;color:#eee;background:#fff'>看不清的一行字</p><img src='/x'><input>"
    )
    wide = faults(page)
    assert {each.split(":")[0] for each in wide} >= {"color-contrast", "image-alt", "label"}
    narrow = faults(page, contrast=False)
    assert not any(each.startswith("color-contrast") for each in narrow)
    assert any(each.startswith("image-alt") for each in narrow) and "too wide" in narrow[-1]
    page.close()


def test_the_public_pages_are_for_everybody_at_both_widths(opened: Opened) -> None:
    page, wrong = opened.page(), {}
    for address, status in public(opened.stage).items():
        assert page.goto(opened.site.base + address).status == status, address
        wrong[address] = looked_at(page)
    page.close()
    assert not any(wrong.values()), {address: found for address, found in wrong.items() if found}


def test_letters_a_quarter_larger_fit_every_public_page(opened: Opened) -> None:
    page, wrong = opened.page(NARROW), {}
    page.goto(f"{opened.site.base}/about?size=large")
    for address in public(opened.stage):
        page.goto(opened.site.base + address)
        assert page.locator("html").get_attribute("data-size") == "large"
        wrong[address] = too_wide(page)
    page.set_viewport_size(WIDE)
    for address in (
        "/",
        f"/p/{opened.stage.public(opened.stage.live).code}",
        "/feedback",
        "/decisions",
    ):
        page.goto(opened.site.base + address)
        wrong[f"{address} wide"] = faults(page)
    page.close()
    assert not any(wrong.values()), {address: found for address, found in wrong.items() if found}


def test_the_answers_to_what_people_send_are_for_everybody(opened: Opened) -> None:
    page, base, wrong = opened.page(), opened.site.base, {}
    page.goto(f"{base}/feedback")
    followed(page, "提交")
    wrong["errors"] = looked_at(page)
    page.get_by_label("咨询").check()
    page.select_option("#id_agency", "wg")
    page.fill("#id_text", "请问许可要带什么材料？")
    followed(page, "提交")
    wrong["told"] = looked_at(page)
    number, code = (each.inner_text().strip() for each in page.locator("dd b").all())
    page.goto(f"{base}/progress")
    for asked, last in (
        (number, code),
        (opened.stage.paper().full_number, opened.stage.paper().code),
        ("没有", "a" * 26),
    ):
        page.fill("#pn", asked)
        page.fill("#pc", last)
        followed(page, "查询")
        wrong[asked] = looked_at(page)
    page.close()
    assert not any(wrong.values()), wrong


def test_the_desk_is_for_everybody_at_both_widths(opened: Opened) -> None:
    page, wrong = opened.page(), {}
    for name, addresses in desk(opened.stage).items():
        opened.enter(page, name)
        for address in addresses:
            assert page.goto(opened.site.base + address).status == 200, (name, address)
            wrong[address] = looked_at(page)
    page.close()
    assert not any(wrong.values()), {address: found for address, found in wrong.items() if found}


FOCUSED = """() => {
    const on = document.activeElement, box = on.getBoundingClientRect(), look = getComputedStyle(on);
    return {what: on.name || on.id || on.textContent.trim().slice(0, 20), tag: on.tagName, type: on.type || "",
            seen: box.width > 0 && box.height > 0 && (look.boxShadow !== "none" || look.outlineStyle !== "none"),
            inside: box.bottom > 0 && box.top < innerHeight};
}"""


def tabbed(page: Any, until: Any, most: int = 90) -> list[dict[str, Any]]:
    """Press Tab until `until` holds of what has the focus; every stop on the way is visible."""
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
        if until(stops[-1]):
            assert [each for each in stops if not each["seen"]] == []
            return stops
    raise AssertionError(f"not reached by Tab: {[each['what'] for each in stops]}")


def test_the_search_is_asked_and_followed_by_keys_alone(opened: Opened) -> None:
    page = opened.page()
    page.goto(f"{opened.site.base}/decisions")
    assert tabbed(page, lambda on: on["what"] == "跳到正文", 1)
    page.keyboard.press("Enter")
    tabbed(page, lambda on: on["what"] == "q")
    page.keyboard.type("汶")
    tabbed(page, lambda on: on["tag"] == "SUMMARY")
    page.keyboard.press("Enter")
    tabbed(page, lambda on: on["what"] == "agency")
    page.keyboard.press("ArrowDown")
    assert page.locator("#fa").input_value() == "wg"
    tabbed(page, lambda on: on["what"] == "until")
    page.keyboard.press("Enter")
    page.wait_for_url("**agency=wg**")
    tabbed(page, lambda on: on["tag"] == "A" and on["what"].startswith("对"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/**")
    page.close()


def test_what_goes_public_is_proposed_by_keys_alone(opened: Opened) -> None:
    page, record = opened.page(), opened.stage.served.play.record
    opened.enter(page, "常青")
    page.goto(f"{opened.site.base}/desk/cases/{record.pk}/do/publication.proposed")
    tabbed(page, lambda on: on["what"] == "跳到正文", 1)
    page.keyboard.press("Enter")
    stops = tabbed(page, lambda on: on["what"] == "exempt")
    assert sum(each["what"].startswith("keep-") for each in stops) >= 2 and any(
        each["what"] == "preview" for each in stops
    )
    page.keyboard.press("Space")
    tabbed(page, lambda on: on["what"] == "more")
    page.keyboard.type("烟尘")
    tabbed(page, lambda on: on["what"] == "confirmed")
    page.keyboard.press("Space")
    tabbed(page, lambda on: on["what"] == "拟公示")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/cases/{record.pk}?done=**")
    assert "烟尘" not in Publication.objects.get(record=record, state=Publication.PROPOSED).body
    page.close()


def test_a_public_page_prints_as_one_sheet(opened: Opened) -> None:
    import pypdfium2

    page = opened.page()
    found = opened.stage.public(opened.stage.live)
    page.goto(f"{opened.site.base}/p/{found.code}")
    sheet = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    text = "".join(sheet[number].get_textpage().get_text_range() for number in range(len(sheet)))
    assert len(sheet) == 1 and [round(side / 72 * 25.4) for side in sheet[0].get_size()] == [
        210,
        297,
    ]
    flat = "".join(text.split())
    assert (
        found.number in flat
        and f"/p/{found.code}" in flat
        and opened.stage.live.play.party["name"] in flat
    )
    assert [
        words
        for words in ("工作人员登录", "大字版", "关于本平台", "申请更正", "演示")
        if words in flat
    ] == []
    page.close()
