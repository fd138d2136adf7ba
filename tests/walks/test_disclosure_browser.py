"""What goes public, as people meet it: covered and approved on screen, corrected on request, taken
down at once, followed by feed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest

from mingzheng.agencies.models import Agency
from mingzheng.disclosure.access import channels_up
from mingzheng.disclosure.models import Publication
from mingzheng.oversight.models import Feedback
from mingzheng.records.models import Record
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import parties
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import at
from tests.cases.telling import TUESDAY, case
from tests.clause import clause
from tests.walks.browsing import BrowserPlay, followed
from tests.walks.conftest import Installation, browsing, serving, watched

ATOM = "{http://www.w3.org/2005/Atom}"
TOLD = "zhishou@fucheng.example"
FACTS = (
    f"当事人在老井沟自家承包地内露天焚烧玉米秸秆，过火面积约半亩。报告发到值守邮箱{TOLD}，经核实。"
    "邻地户主窦建军（电话13900002222）到场。"
)


@dataclass
class Scene:
    """The running installation, its browser, and four cases: one served, three public."""

    site: Installation
    browser: Any
    errors: list[str]
    served: Journey
    wrong: Journey
    undone: Journey
    posted: Journey

    def visitor(self, **how: Any) -> Any:
        """A page of somebody from the public: no account, a fresh browser profile."""
        return watched(self.browser, self.errors, **how)

    def officer(self, journey: Journey, record: Record | None = None) -> BrowserPlay:
        """The people of this agency at their desks, with this matter."""
        told = journey.play
        play = BrowserPlay(
            watched(self.browser, self.errors),
            self.site.base,
            self.site.data,
            told.body,
            told.officers,
            told.party,
            told.item,
        )
        play.record = record or told.record
        return play


@pytest.fixture(scope="module")
def scene(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """One server and one browser for every walk of this module."""
    with serving(django_db_blocker, tmp_path_factory.mktemp("disclosure")) as site:
        bodies: dict[str, Any] = {body.code: body for body in Agency.objects.all()}
        served = case(bodies, "fc", fine="500", facts=FACTS).go("served")
        wrong = case(bodies, "fc", start=date(2026, 4, 9), party=parties.citizen(2), fine="800").go(
            "published"
        )
        undone = case(bodies, "wg", start=TUESDAY).go("published")
        posted = case(
            bodies, "fc", start=date(2026, 4, 13), party=parties.citizen(3), fine="600"
        ).go("published")
        with browsing() as (browser, errors):
            yield Scene(site, browser, errors, served, wrong, undone, posted)


def live(journey: Journey) -> Publication:
    """What the public reads now."""
    return Publication.objects.get(record=journey.play.record, state=Publication.LIVE)


def select(page: Any, words: str) -> None:
    """Select these words in the source text, as a mouse would."""
    page.evaluate(
        """words => {
        const walker = document.createTreeWalker(document.querySelector("[data-source]"), NodeFilter.SHOW_TEXT);
        for (let node; (node = walker.nextNode());) {
            const at = node.data.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at); range.setEnd(node, at + words.length);
            getSelection().removeAllRanges(); getSelection().addRange(range);
            return;
        }
        throw new Error(words + " does not stand in the source");
    }""",
        words,
    )


def covered_on_screen(play: BrowserPlay) -> None:
    """Passages with reasons; one is kept with a cause, one added by selecting, one by typing; the
    preview shows it all.
    """
    page = play.page
    play.be(play.officers[0])
    assert play.opened("publication.proposed")
    listed = page.locator(".rlist").inner_text()
    for words in ("被处理的当事人姓名", "本案当事人", TOLD, "留空就遮盖", "必须遮盖，不能放开"):
        assert words in listed, listed
    kept = page.locator(".rlist li", has_text=TOLD)
    kept.locator("input").fill("值守邮箱是向社会公布的")
    select(page, "老井沟")
    page.get_by_role("button", name="遮盖选中的文字").click()
    assert page.input_value("textarea[name=more]") == "老井沟"
    page.fill("textarea[name=more]", "老井沟\n约半亩")
    followed(page, "按现在填的重新预览")
    shown = page.locator(".pubv .sheet").inner_text()
    assert TOLD in shown
    for words in (play.party["name"], "老井沟", "约半亩", "窦建军", "13900002222"):
        assert words not in shown, shown


@clause("LG-1.3", "LM-1.1")
def test_what_is_covered_on_screen_is_read_by_a_second_person_and_is_what_the_public_gets(
    scene: Scene,
) -> None:
    journey = scene.served
    play = scene.officer(journey)
    with at(journey.forward(1), 9):
        covered_on_screen(play)
        play.fill({"exempt": "none", "confirmed": "on"})
        play.send()
        assert "/do/" not in play.page.url, play.page.locator("main").inner_text()[:600]
        play.step("publication.approved")
    with at(journey.day, 10):
        play.be("郑队")
        play.go(f"/desk/proposals/{play.record.proposals.get(state='open').pk}")
        play.reads("值守邮箱是向社会公布的")
        assert not play.page.locator(".rlist input, .rlist textarea, [data-cover]").count()
        assert play.page.locator(".rlist li", has_text="老井沟").count() == 1
        play.approve()
    with at(journey.day, 11):
        play.step("publication.published:decision", channel="own-site")
        found = live(journey)
        reader = scene.visitor()
        assert reader.goto(f"{scene.site.base}/p/{found.code}").status == 200
        source = reader.content()
    assert TOLD in source and "露天焚烧玉米秸秆" in source
    secrets = (
        play.party["name"],
        play.party["identifier"],
        play.party["phone"],
        play.party["address"],
        "老井沟",
        "约半亩",
        "窦建军",
        "13900002222",
    )
    assert [words for words in secrets if words in source] == []
    assert list(verify_all()) == []


def asked_for(scene: Scene, reader: Any, code: str) -> tuple[str, str]:
    """A citizen presses 申请更正 on the page; number and code as the page shows them."""
    reader.goto(f"{scene.site.base}/p/{code}")
    followed(reader, "申请更正", "link")
    followed(reader, "提交")
    assert "请填写" in reader.locator("[role=alert]").inner_text()
    reader.fill("#id_text", "公示页上写的作物与决定书不一样，请核对。")
    reader.fill("#id_correct", "应当是玉米茬子")
    followed(reader, "提交")
    reader.locator("dd b").first.wait_for()
    number, code = (each.inner_text() for each in reader.locator("dd b").all())
    return number.strip(), code.strip()


def looked_up(scene: Scene, reader: Any, number: str, code: str) -> str:
    """What the progress page says."""
    reader.goto(f"{scene.site.base}/progress")
    reader.fill("#pn", number)
    reader.fill("#pc", code)
    followed(reader, "查询")
    assert number not in reader.url and reader.url.endswith("/progress")
    return str(reader.locator("main").inner_text())


@clause("LX-A15", "LM-1.1")
def test_a_citizen_asks_for_a_correction_and_reads_the_answer(scene: Scene) -> None:
    journey, reader = scene.wrong, scene.visitor()
    old, up = live(journey), channels_up(live(journey))
    play = scene.officer(journey)
    with at(journey.forward(1), 9):
        play.tell_time()
        number, code = asked_for(scene, reader, old.code)
        assert "待核实" in looked_up(scene, reader, number, code)
        assert "没有查到" in looked_up(scene, reader, number, "a" * 26)
    told = scene.officer(journey, Feedback.objects.get(number=number).record)
    with at(journey.day, 10):
        told.be("郑队")
        told.go("/desk/feedback")
        told.reads(number)
        told.step("correction.verified", by="郑队", finding="wrong", text="作物写错。")
        told.refused("先在原案更正", "correction.answered", by="郑队", answer="已更正。")
        play.step(
            "publication.proposed", exempt="none", confirmed="on", amended="玉米秸秆 → 玉米茬子"
        )
        play.step("publication.approved")
    with at(journey.day, 11):
        play.approve()
    with at(journey.day, 14):
        play.step(
            "publication.corrected",
            reason="作物写错，按申请更正。",
            **{f"receipt-{each}": f"G-{each}" for each in up if each != "own-site"},
        )
        told.step("correction.answered", by="郑队", answer="您反映的错误属实，已经更正。")
        new = live(journey)
        assert channels_up(new) == up and len(up) > 1 and channels_up(old) == []
        assert reader.goto(f"{scene.site.base}/p/{old.code}").status == 410
        assert "已更正" in reader.content() and "玉米秸秆" not in reader.content()
        followed(reader, "看现在公示的内容", "link")
        shown = reader.locator("main").inner_text()
        assert (
            reader.url.endswith(new.code)
            and "现在是第 2 版" in shown
            and "更正了" in shown
            and "作物写错，按申请更正。" in shown
        )
        assert "您反映的错误属实" in looked_up(scene, reader, number, code)


@clause("LG-1.3", "WG-A7.3")
def test_what_is_taken_down_is_a_tombstone_at_once_for_everybody(scene: Scene) -> None:
    journey, reader, journal = scene.undone, scene.visitor(), scene.officer(scene.undone)
    found, address = live(journey), f"{scene.site.base}/p/{live(journey).code}"
    with at(journey.day, 17):
        journal.tell_time()
        seen = reader.goto(address)
        assert (
            seen.status == 200
            and seen.headers["cache-control"] == "no-cache"
            and journey.play.party["name"] in reader.content()
        )
        tag = seen.headers["etag"]
        assert reader.request.get(address, headers={"If-None-Match": tag}).status == 304
    with at(journey.forward(2), 9):
        organ = {"organ": "汶上县人民政府", "number": "汶政复〔2026〕示例1号"}
        journal.step(
            "decision.revoked",
            **organ,
            received_on=journey.day.isoformat(),
            reason="告知程序有瑕疵，撤销原处罚决定。",
        )
    with at(journey.day, 10):
        journal.step("publication.withdrawn", cause="revoked", reason="该处罚决定已被依法撤销。")
    with at(journey.day, 11):
        journal.approve()
        assert reader.reload().status == 410
        assert reader.request.get(address, headers={"If-None-Match": tag}).status == 410
        shown = reader.content()
        assert "已撤下" in shown and "决定被撤销" in shown and found.number in shown
        assert journey.play.party["name"] not in shown and "能源利用状况" not in shown
        reader.goto(f"{scene.site.base}/decisions?q={journey.play.party['name']}")
        assert "没有符合条件的决定" in reader.locator("main").inner_text()
        reader.goto(f"{scene.site.base}/withdrawals")
        assert found.number in reader.locator("main").inner_text()
        told = reader.request.get(f"{scene.site.base}/open/withdrawals.atom?agency=wg").text()
    assert found.number in told and journey.play.party["name"] not in told


@clause("R1.4-01", "WG-A7.3")
def test_another_channel_is_told_to_take_it_down_and_confirms(scene: Scene) -> None:
    """Off our own page at once; on the board of the town only when somebody took it off and said
    so.
    """
    journey, reader, journal = scene.posted, scene.visitor(), scene.officer(scene.posted)
    address, desk = f"{scene.site.base}/p/{live(journey).code}", f"{scene.site.base}/desk/channels"
    with at(journey.day, 17):
        journal.tell_time()
        journal.be(journal.officers[0])
        assert journal.opened("publication.withdrawn")
        assert journal.page.input_value("[name=cause]") == "", "原因不能替人先选好"
        journal.step(
            "publication.withdrawn", cause="wrong", reason="公示内容有误，核实后重新公示。"
        )
    with at(journey.forward(1), 9):
        journal.approve()
        assert reader.goto(address).status == 410
        assert "已通知，等该渠道撤下" in reader.locator("main").inner_text()
        journal.be(journal.officers[0])
        journal.page.goto(desk)
        row = journal.page.locator("tr", has_text="已通知撤下")
        assert "公开栏" in row.inner_text() or "公告栏" in row.inner_text()
        row.get_by_role("link", name="登记回执").click()
        journal.page.wait_for_url("**/do/publication.withdrawn:confirmed")
    with at(journey.day, 15):
        journal.step(
            "publication.withdrawn:confirmed", channel="notice-board", receipt="已到现场揭下"
        )
        reader.reload()
        assert "等该渠道撤下" not in reader.locator("main").inner_text()
        journal.page.goto(desk)
        assert (
            not journal.page.locator("tr", has_text="已通知撤下").count()
            and "已到现场揭下" in journal.page.content()
        )
    assert (
        channels_up(Publication.objects.get(record=journey.play.record)) == []
        and list(verify_all()) == []
    )


def test_every_feed_can_be_followed_to_where_it_leads(scene: Scene) -> None:
    reader = scene.visitor()
    for name, status in (("publications", 200), ("corrections", 410), ("withdrawals", 410)):
        answer = reader.request.get(f"{scene.site.base}/open/{name}.atom")
        assert answer.ok and answer.headers["content-type"].startswith("application/atom+xml")
        entries = list(ElementTree.fromstring(answer.body()).iter(f"{ATOM}entry"))
        assert entries and len({each.findtext(f"{ATOM}id") for each in entries}) == len(entries), (
            name
        )
        for each in entries:
            link = each.find(f"{ATOM}link")
            assert link is not None and reader.request.get(link.attrib["href"]).status == status
            assert each.findtext(f"{ATOM}title") and each.findtext(f"{ATOM}updated")


def test_the_public_pages_need_no_script(scene: Scene) -> None:
    reader = scene.visitor(java_script_enabled=False)
    rows = {
        row.state: row.code
        for row in Publication.objects.filter(
            state__in=(Publication.LIVE, *Publication.GONE)
        ).order_by("-pk")
    }
    base = scene.site.base
    for state, code in rows.items():
        assert reader.goto(f"{base}/p/{code}").status == (200 if state == Publication.LIVE else 410)
        assert reader.locator("h1").count() == 1
    reader.goto(base)
    reader.fill("#q", "行政处罚决定")
    followed(reader, "查决定")
    assert reader.locator(".feed li").count() >= 1
    reader.get_by_text("更多条件").click()
    reader.select_option("#fa", "fc")
    followed(reader, "查询")
    assert "agency=fc" in reader.url and reader.locator(".feed li").count() >= 1
    reader.goto(f"{base}/feedback")
    reader.get_by_label("咨询").check()
    reader.select_option("#id_agency", "fc")
    reader.fill("#id_text", "请问更正要等几天？")
    followed(reader, "提交")
    number, code = (each.inner_text().strip() for each in reader.locator("dd b").all())
    assert "待受理" in looked_up(scene, reader, number, code)
    for path in ("/open", "/withdrawals", "/officers?q=常青", "/rules", "/verify"):
        assert reader.goto(base + path).status == 200


def test_what_looks_old_is_never_shown_from_a_cache_that_did_not_ask(scene: Scene) -> None:
    reader = scene.visitor()
    for row in Publication.objects.filter(state__in=(Publication.LIVE, *Publication.GONE)):
        assert (
            reader.request.get(f"{scene.site.base}/p/{row.code}").headers["cache-control"]
            == "no-cache"
        )
