"""Files chosen in a real browser: sent by themselves, cut off and resumed, still there after a
reload, ticked by the server.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from mingzheng.evidence.models import Upload
from mingzheng.site.demo.play import at
from tests.cases.telling import TUESDAY
from tests.scenes.waiting import browsers, until
from tests.walks.browsing import BrowserPlay
from tests.walks.conftest import Installation, installation, page  # noqa: F401

FILM = bytes(range(256)) * 60_000


@pytest.fixture
def form(installation: Installation, page: Any) -> BrowserPlay:  # noqa: F811
    """The form that keeps a recording, of a case that was just opened."""
    from mingzheng.agencies.models import Agency
    from mingzheng.site.demo import parties, stories

    play = BrowserPlay(
        page,
        installation.base,
        installation.data,
        Agency.objects.get(code="wg"),
        stories.OFFICERS["wg"],
        parties.company("wg", 0),
        "jn-82",
        cause="未按规定报送能源利用状况报告",
    )
    with at(TUESDAY, 9):
        record = play.register()
        play.step("case.opened", officers=play.officers_ids(), reason="涉嫌违法，符合立案条件。")
        play.be(play.officers[0])
        play.go(f"/desk/cases/{record.pk}/do/recording.taken")
    page.set_default_timeout(30_000)
    assert page.locator("[data-uploads]").count() == 1, page.locator("main").inner_text()
    return play


def choose(page: Any, folder: Path, name: str = "现场.mp4", body: bytes = FILM) -> None:  # noqa: F811
    """Pick a file as a person would."""
    path = folder / name
    if not path.exists():
        path.write_bytes(body)
    page.locator("[data-uploads] input[type=file]").set_input_files(str(path))


def codes(page: Any) -> list[str]:  # noqa: F811
    """What the form would hand in."""
    return str(page.locator("[data-uploads-codes]").input_value()).split()


def test_a_chosen_file_is_sent_and_ticked_by_the_server(form: BrowserPlay, tmp_path: Path) -> None:
    seen = form.page
    choose(seen, tmp_path)
    seen.locator(".ul-ok").wait_for()
    row = Upload.objects.get(state=Upload.STORED)
    assert codes(seen) == [row.code] and row.name == "现场.mp4"
    assert row.blob_id == row.sha256 == hashlib.sha256(FILM).hexdigest()
    assert "1 个文件都已收妥" in seen.locator("[data-uploads-say]").inner_text()
    assert seen.locator("[data-uploads] input[type=file]").get_attribute("name") is None
    seen.reload()
    seen.locator(".ul-ok").wait_for()
    assert codes(seen) == [row.code]


def test_a_transfer_that_was_cut_goes_on_after_a_reload(form: BrowserPlay, tmp_path: Path) -> None:
    seen = form.page
    # The line takes five million bytes and then nothing more.
    seen.evaluate(
        """() => { const real = XMLHttpRequest.prototype.send;
        XMLHttpRequest.prototype.send = function (body) {
          real.call(this, body instanceof Blob ? body.slice(0, 5000000) : body); }; }"""
    )
    seen.route(
        "**/desk/uploads/*",
        lambda route: (
            route.abort()
            if route.request.method in ("PATCH", "HEAD")
            and route.request.headers.get("upload-offset") != "0"
            else route.continue_()
        ),
    )
    choose(seen, tmp_path)
    until(Upload.objects.filter(offset=5_000_000).exists, pause=browsers(seen))
    assert Upload.objects.get().offset == 5_000_000 and codes(seen) == []
    seen.reload()
    seen.unroute("**/desk/uploads/*")
    seen.get_by_text("请重新选择这个文件，会从断开的地方接着传").wait_for()
    sent: list[int] = []
    seen.on(
        "request",
        lambda each: (
            sent.append(int(each.headers["upload-offset"])) if each.method == "PATCH" else None
        ),
    )
    choose(seen, tmp_path)
    seen.locator(".ul-ok").wait_for()
    assert sent == [5_000_000] and Upload.objects.get().state == Upload.STORED
    assert Upload.objects.get().blob_id == hashlib.sha256(FILM).hexdigest()


def test_a_form_does_not_leave_before_its_files_have_arrived(
    form: BrowserPlay, tmp_path: Path
) -> None:
    seen = form.page
    seen.route(
        "**/desk/uploads/*",
        lambda route: route.abort() if route.request.method == "PATCH" else route.continue_(),
    )
    choose(seen, tmp_path)
    seen.get_by_text("正在上传").wait_for()
    address = seen.url
    seen.locator('button.btn-p[form="act"]').click()
    seen.get_by_text("还有 1 个文件没有传完，请等它传完，或者移除后再提交").wait_for()
    assert seen.url == address
    seen.get_by_role("button", name="暂停").click()
    # Only now: a retry that came through before the pause would leave nothing to resume.
    seen.unroute("**/desk/uploads/*")
    seen.get_by_role("button", name="继续").click()
    seen.locator(".ul-ok").wait_for()
    assert len(codes(seen)) == 1


def test_an_empty_file_is_told_at_once(form: BrowserPlay, tmp_path: Path) -> None:
    choose(form.page, tmp_path, "空.jpg", b"")
    form.page.get_by_text("文件是空的（0 字节）").wait_for()
    assert not Upload.objects.exists() and codes(form.page) == []
