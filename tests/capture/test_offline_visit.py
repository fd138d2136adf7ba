"""A visit is captured without a network, the browser dies in between, and afterwards it is on the
record once.
"""

from __future__ import annotations

from typing import Any

from mingzheng.core import clock
from mingzheng.documents.models import Document
from mingzheng.evidence.models import Recording, Segment
from mingzheng.records.models import Act
from mingzheng.site.demo.tour import Tour
from tests.capture.conftest import login_of
from tests.capture.phones import Phone
from tests.clause import clause
from tests.scenes.waiting import until

CALM = {f"fact-{name}": "no" for name in ("liberty", "life_health", "major_property")}


def acts(tour: Tour, kind: str) -> list[Act]:
    """The acts of a kind on the visit's record."""
    return list(Act.objects.filter(record=tour.play.record, kind=kind).order_by("pk"))


def enter(phone: Phone, tour: Tour) -> None:
    """From the list to the matter."""
    phone.page.locator(f'.picks a[href="#/m/{tour.play.record.pk}"]').click()
    phone.page.locator("ol.stp").wait_for()


def step(phone: Phone, words: str) -> None:
    """Open a step of the matter by its title."""
    phone.page.locator("ol.stp a", has_text=words).first.click()


def form(phone: Phone, words: str, **values: Any) -> None:
    """Fill in a step's form and keep it on the phone."""
    step(phone, words)
    phone.page.locator("form.ask").wait_for()
    phone.fill(values)
    phone.keep()


def arrive(phone: Phone, tour: Tour) -> None:
    """Show the certificate, come in."""
    people = tour.play.officers_ids()
    form(phone, "登记亮证情况", officers=people, mode="shown", to=tour.contact(), place="厂区")
    form(phone, "到场", officers=people, place="厂区大门", received_by=f"{tour.contact()}，负责人")


def seconds(phone: Phone, wanted: int) -> None:
    """Until so many slices of the running recording lie on the phone."""
    come = until(
        lambda: sum(len(row["slices"]) for row in phone.stored("files")) >= wanted, wanted * 4 + 20
    )
    assert come, phone.stored("files")


@clause("WG-B6", "LM-2.3")
def test_a_visit_captured_offline_survives_a_dead_battery_and_is_on_the_record_once(
    on_site: tuple[Phone, Tour],
) -> None:
    phone, tour = on_site
    phone.offline()
    phone.page.reload()
    enter(phone, tour)
    step(phone, "当事人用手机扫码")
    assert phone.page.locator(".qrbig svg path").count() and tour.play.record.visit.code
    phone.page.go_back()
    arrive(phone, tour)
    step(phone, "语音说明")
    phone.page.locator(".say button").first.click()
    step_rec(phone, tour)
    phone.page.get_by_role("button", name="录像").click()
    phone.page.get_by_role("button", name="亮证情况").click()
    seconds(phone, 2)
    phone.kill()
    phone.start()
    phone.offline()
    phone.page.goto(phone.base + "/capture")
    phone.page.get_by_text("有一段没有结束的录制").wait_for()
    saved = phone.stored("files")[0]
    assert saved["complete"] and saved["broken"] and len(saved["slices"]) >= 2
    phone.page.get_by_role("link", name="接着处理").click()
    phone.page.get_by_text("意外中断，已保住").wait_for()
    phone.page.get_by_role("button", name="结束录制，写文字说明").click()
    phone.page.locator("form.ask").wait_for()
    phone.fill({**CALM, "text": "查看了变压器铭牌"})
    phone.keep()
    assert [row["state"] for row in phone.stored("things")].count("ready") == 3
    assert not acts(tour, "officer.identified") and not acts(tour, "recording.stored")
    before = Document.objects.filter(record=tour.play.record).count()
    phone.time_goes_on()
    phone.offline(False)
    # A browser that is killed may lose the cookie of the last half minute: then one signs in again.
    phone.sign_in(login_of(tour))
    phone.page.goto(phone.base + "/capture#/queue")
    phone.taken_in(3)
    check_record(tour)
    assert Document.objects.filter(record=tour.play.record).count() == before
    again(phone)
    assert len(acts(tour, "recording.stored")) == 1 and len(acts(tour, "officer.identified")) == 1


def step_rec(phone: Phone, tour: Tour) -> None:
    """Go over to the camera."""
    phone.page.goto(f"{phone.base}/capture#/rec/{tour.play.record.pk}")
    phone.page.locator(".keys").first.wait_for()


def check_record(tour: Tour) -> None:
    """What came of it: in order, at the time of the happening, the recording held because points
    are not marked.
    """
    shown, came = acts(tour, "officer.identified")[0], acts(tour, "inspection.started")[0]
    assert shown.happened_at <= came.happened_at and clock.local(shown.happened_at).strftime(
        "%H:%M"
    ) in ("09:30", "09:31", "09:32")
    recording = Recording.objects.get(record=tour.play.record)
    segment = Segment.objects.get(recording=recording)
    assert (
        segment.source == "live" and segment.medium == "video" and (segment.duration_ms or 0) > 3000
    )
    assert (
        clock.local(recording.began_at).date() == tour.planned
        and recording.markers.get().kind == "certificate"
    )


def again(phone: Phone) -> None:
    """The phone forgets that it was told, and sends everything a second time."""
    phone.page.evaluate("""async () => { const keep = await import("/static/capture/storage.js");
        for (const each of await keep.things()) await keep.put({...each, state: "ready"}); }""")
    phone.page.reload()
    phone.taken_in(3)
