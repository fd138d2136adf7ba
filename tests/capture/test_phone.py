"""What the phone shows when things do not go straight: somebody was quicker, the browser is too
poor, the officer leaves.
"""

from __future__ import annotations

from mingzheng.records.models import Act
from mingzheng.site.demo.tour import Tour
from tests.capture.phones import Phone
from tests.capture.test_offline_visit import acts, enter, form, step, step_rec
from tests.scenes.waiting import browsers, until


def showing(phone: Phone, tour: Tour) -> None:
    """Register offline that the certificate was shown."""
    phone.offline()
    enter(phone, tour)
    form(
        phone,
        "登记亮证情况",
        officers=tour.play.officers_ids(),
        mode="shown",
        to=tour.contact(),
        place="厂区",
    )


def test_somebody_was_quicker_and_the_phone_asks_before_anything_is_added(
    on_site: tuple[Phone, Tour],
) -> None:
    phone, tour = on_site
    showing(phone, tour)
    tour.play.step(
        "officer.identified",
        by=tour.play.officers[1],
        officers=tour.play.officers_ids(),
        mode="shown",
        to="乙",
        place="门卫",
    )
    phone.time_goes_on()
    phone.offline(False)
    phone.page.goto(phone.base + "/capture#/queue")
    phone.page.get_by_text("别人已办，没有入库").wait_for()
    assert (
        f"{tour.play.officers[1]}已于" in phone.page.locator(".que").inner_text()
        and len(acts(tour, "officer.identified")) == 1
    )
    phone.page.get_by_role("button", name="仍然提交").click()
    phone.taken_in(1)
    assert len(acts(tour, "officer.identified")) == 2


def test_signing_out_warns_first_and_then_leaves_nothing(on_site: tuple[Phone, Tour]) -> None:
    phone, tour = on_site
    showing(phone, tour)
    phone.page.goto(phone.base + "/capture#/")
    phone.page.get_by_role("button", name="退出登录").click()
    phone.page.get_by_text("还有没入库的材料").wait_for()
    assert phone.stored("matters") and phone.stored("things")
    phone.page.get_by_role("button", name="仍然退出并清掉").click()
    phone.page.get_by_text("还没有登录").or_(phone.page.get_by_text("登录已过期")).wait_for()
    assert not phone.stored("matters") and not phone.stored("things") and not phone.stored("files")
    assert tour.play.party["name"] not in phone.page.content()
    phone.offline(False)


def test_another_officer_does_not_see_what_the_first_one_left(on_site: tuple[Phone, Tour]) -> None:
    phone, tour = on_site
    showing(phone, tour)
    phone.offline(False)
    phone.page.goto("about:blank")
    before = Act.objects.filter(record=tour.play.record, kind="officer.identified").count()
    phone.sign_in("lm-01")
    phone.page.goto(phone.base + "/capture#/queue")
    phone.page.get_by_text("本机没有采集的材料").wait_for()
    phone.page.goto(phone.base + "/capture#/")
    phone.page.get_by_text("本机还有别人的 1 项没有入库").wait_for()
    assert tour.play.party["name"] not in phone.page.locator("main").inner_text()
    assert Act.objects.filter(record=tour.play.record, kind="officer.identified").count() == before


def test_a_poor_browser_says_so_and_offers_plain_upload(on_site: tuple[Phone, Tour]) -> None:
    phone, tour = on_site
    phone.page.add_init_script("delete window.MediaRecorder")
    phone.page.goto(phone.base + "/capture")
    phone.page.get_by_text("浏览器不能使用相机和麦克风录制").wait_for()
    phone.page.get_by_role("link", name="打开普通上传").click()
    phone.page.get_by_text("这里不能边录边存").wait_for()
    with phone.page.expect_navigation():
        phone.page.locator(
            f'a[href="/desk/cases/{tour.play.record.pk}/do/recording.taken"]'
        ).click()
    assert phone.page.locator("#act").count() == 1


def test_without_a_secure_context_it_says_so(on_site: tuple[Phone, Tour]) -> None:
    phone, _ = on_site
    phone.page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    phone.page.goto(phone.base + "/capture")
    phone.page.get_by_text("不是安全连接").wait_for()
    assert phone.page.locator(".picks").count() == 0


def test_a_photograph_of_the_film_and_a_chosen_one_are_told_apart(
    on_site: tuple[Phone, Tour],
) -> None:
    phone, tour = on_site
    phone.offline()
    enter(phone, tour)
    step(phone, "录制与拍照")
    step_rec(phone, tour)
    phone.page.get_by_role("button", name="录像").click()
    phone.page.locator("video").wait_for()
    phone.page.wait_for_function(
        "() => document.querySelector('video') && document.querySelector('video').videoWidth > 0"
    )
    phone.page.get_by_role("button", name="拍照").click()
    phone.page.get_by_text("现场照片").wait_for()
    phone.page.get_by_role("button", name="停止录制").click()
    chooser = phone.page.locator("label", has_text="从相册选").locator("input")
    chooser.set_input_files(
        [{"name": "旧照片.png", "mimeType": "image/png", "buffer": b"\x89PNG" + b"0" * 90}]
    )
    phone.page.get_by_text("非现场拍摄").wait_for()
    sources = sorted((row["kind"], row["source"]) for row in phone.stored("files"))
    assert sources == [("gallery", "gallery"), ("photo", "live"), ("video", "live")]
    # The recorder hands over its last piece a moment after it was told to stop.
    assert until(
        lambda: all(
            sum(size for size, _ in row["slices"]) == row["size"] > 0
            for row in phone.stored("files")
        ),
        pause=browsers(phone.page),
    )


def test_signing_out_at_the_desk_takes_the_matters_along_and_leaves_what_is_not_sent(
    on_site: tuple[Phone, Tour],
) -> None:
    phone, tour = on_site
    showing(phone, tour)
    phone.page.goto("about:blank")
    phone.offline(False)
    phone.page.goto(phone.base + "/desk")
    phone.page.locator("summary.me").click()
    phone.page.get_by_role("button", name="退出登录").click()
    phone.page.wait_for_url(phone.base + "/")
    phone.page.goto(phone.base + "/capture")
    phone.page.get_by_text("登录已过期").wait_for()
    assert not phone.stored("matters") and len(phone.stored("things")) == 1
    assert tour.play.party["name"] not in phone.page.locator("main").inner_text()
