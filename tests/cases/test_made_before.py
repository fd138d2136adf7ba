"""先制作、后送达: the paper has its number and its seal before anybody is served or signs; the step
takes up that very paper.
"""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mingzheng.cases.forms.closing import CloseForm
from mingzheng.documents.models import Document, MadeBefore
from mingzheng.procedures.outcome import Invalid
from mingzheng.records.models import Act
from mingzheng.site.demo import stories
from mingzheng.site.demo.play import at, who
from tests.cases.telling import case, do, refused
from tests.desk.test_unsent import browser, hidden

NOTICE = "party.notified:penalty"


@pytest.fixture
def drafted(bodies: dict[str, Any]) -> Any:
    """A case whose decision is drafted, and its officer's browser at the end of that day."""
    journey = case(bodies, hearing=True).go("drafted")
    with at(journey.day, 17):
        yield journey, browser(bodies["wg"], "张三")


def made(journey: Any, client: Any, key: str, **answers: Any) -> Any:
    """Press 先制作文书 on the page of a step."""
    record = journey.play.record.pk
    form = hidden(client.get(f"/desk/cases/{record}/do/{key}"))
    return client.post(f"/desk/cases/{record}/make/{key}", {"ticket": form["ticket"], **answers})


def text(pdf: bytes) -> str:
    """What a PDF says, without spaces."""
    pages = pypdfium2.PdfDocument(pdf)
    said = "".join(pages[n].get_textpage().get_text_range() for n in range(len(pages)))
    return "".join(said.split())


def test_a_notice_is_made_printed_and_served_days_later_as_the_same_paper(drafted: Any) -> None:
    journey, client = drafted
    record = journey.play.record
    page = made(journey, client, NOTICE, contact="张三 0955-1234567", place="会议室")
    said = page.content.decode()
    assert page.status_code == 200 and "还没有送达" in said and 'value="会议室"' in said
    paper = Document.objects.get(record=record, kind="penalty-notice")
    assert paper.number and paper.full_number in said and not paper.voided_by_id
    assert not Act.objects.filter(record=record, kind="party.notified", of="penalty").exists()
    receipt = client.get(f"/desk/documents/{paper.pk}/receipt")
    with pikepdf.open(io.BytesIO(receipt.content)) as opened:
        assert len(opened.pages) == 1
    for words in (paper.full_number, "受送达人", "拒收理由", "见证人", "送达人"):
        assert words in text(receipt.content)
    assert "制发文书" in client.get(f"/desk/cases/{record.pk}").content.decode()
    journey.forward(2)
    told = do(journey, NOTICE, contact="张三 0955-1234567", **journey.service()).act
    assert Document.objects.filter(record=record, kind="penalty-notice").count() == 1
    assert MadeBefore.objects.get(document=paper).used_by == told
    assert paper.left_by(told.pk) and not paper.left_by(told.pk + 1)
    # It stands in the timeline where it was made and where it was handed over.
    lines = client.get(f"/desk/cases/{record.pk}").content.decode()
    assert lines.count(f"/desk/documents/{paper.pk}") >= 2
    # One that nobody made beforehand is made by the step, as ever.
    do(journey, "party.notified:hearing-right", contact="张三 0955-1234567", **journey.service())
    later = Document.objects.get(record=record, kind="hearing-right-notice")
    assert later.act.subject and "前（含当日）" in later.body


def test_the_page_says_that_it_was_made_and_keeps_the_files(drafted: Any) -> None:
    journey, client = drafted
    file = SimpleUploadedFile("回证样张.txt", "样张".encode())
    page = made(journey, client, NOTICE, contact="张三 0955-1234567", files=[file])
    said = page.content.decode()
    paper = Document.objects.get(record=journey.play.record, kind="penalty-notice")
    top = said[said.index("banner g") :]
    assert "已制作" in top and paper.full_number in top
    assert "回证样张.txt" in said
    # The words of the file count on the step's own address, where the form is sent.
    word = re.search(r'name="kept"\s+value="([^"]+)"', said)
    assert word is not None
    step = f"/desk/cases/{journey.play.record.pk}/do/{NOTICE}"
    sent = client.post(step, {**hidden(page), "kept": word[1]})
    assert sent.status_code == 422 and "回证样张.txt" in sent.content.decode()
    # Whoever loads the page again is led back to the step.
    again = client.get(f"/desk/cases/{journey.play.record.pk}/make/{NOTICE}")
    assert again.status_code == 302 and again["Location"] == step


def test_a_notice_made_beforehand_counts_from_its_receipt(drafted: Any) -> None:
    journey, client = drafted
    made(journey, client, "party.notified:hearing-right", contact="张三 0955-1234567")
    paper = Document.objects.get(record=journey.play.record, kind="hearing-right-notice")
    assert "收到本告知书之日起5个工作日内" in paper.body
    journey.forward(1)
    do(journey, "party.notified:hearing-right", contact="张三 0955-1234567", **journey.service())
    assert paper.made_before.used_by is not None


def test_what_is_said_otherwise_than_the_paper_is_refused_until_it_is_void(drafted: Any) -> None:
    journey, client = drafted
    record = journey.play.record
    made(journey, client, NOTICE, contact="张三 0955-1234567")
    paper = Document.objects.get(record=record, kind="penalty-notice")
    words = refused(journey, NOTICE, contact="李四 0955-7654321", **journey.service())
    assert paper.full_number in words and "作废登记" in words
    again = made(journey, client, NOTICE, contact="张三 0955-1234567")
    assert again.status_code == 409 and "已经制作" in again.content.decode()
    do(
        journey,
        "document.voided",
        by=journey.role("unit-head"),
        paper=paper.pk,
        reason="联系人写错",
    )
    do(journey, NOTICE, contact="李四 0955-7654321", **journey.service())
    new = Document.objects.filter(record=record, kind="penalty-notice").latest("pk")
    assert new.number == (paper.number or 0) + 1


def test_what_cannot_be_made_takes_no_number(drafted: Any, bodies: dict[str, Any]) -> None:
    journey, client = drafted
    record = journey.play.record
    before = Document.objects.filter(record=record).count()
    lacking = made(journey, client, NOTICE, contact="")
    assert lacking.status_code == 422 and "请填写陈述申辩的联系人、电话" in lacking.content.decode()
    # What is known only when it is handed over is not asked for; everything else is.
    assert "请填写送达地点" not in lacking.content.decode()
    assert made(journey, client, "draft.amended").status_code in (404, 409, 422)
    assert made(journey, client, "party.notified:hearing", contact="x").status_code != 200
    form = hidden(client.get(f"/desk/cases/{record.pk}/do/{NOTICE}"))
    for other in (
        browser(journey.play.body, journey.role("archivist")),
        browser(bodies["lm"], stories.OFFICERS["lm"][0]),
    ):
        sent = {"ticket": form["ticket"], "contact": "x"}
        assert other.post(f"/desk/cases/{record.pk}/make/{NOTICE}", sent).status_code == 404
    assert Document.objects.filter(record=record).count() == before


def test_pressing_twice_makes_one_paper(drafted: Any) -> None:
    journey, client = drafted
    record = journey.play.record
    form = hidden(client.get(f"/desk/cases/{record.pk}/do/{NOTICE}"))
    sent = {"ticket": form["ticket"], "contact": "张三 0955-1234567"}
    for _ in range(2):
        assert client.post(f"/desk/cases/{record.pk}/make/{NOTICE}", sent).status_code == 200
    assert Document.objects.filter(record=record, kind="penalty-notice").count() == 1


def test_an_order_is_signed_on_the_paper_that_was_made(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    answers: dict[str, Any] = {
        "officers": journey.play.officers_ids(),
        "problem": "未按规定报送",
        "measure": "立即报送",
        "until": "2026-04-30",
    }
    with at(journey.day, 17):
        client = browser(bodies["wg"], "张三")
        page = made(journey, client, "order.issued", **answers)
        assert page.status_code == 200, page.content.decode()[:2000]
    paper = Document.objects.get(record=journey.play.record, kind="correction-order")
    assert [row["name"] for row in json.loads(paper.body)["signs"]][-2:] == ["", ""]
    journey.forward(1)
    do(
        journey,
        "order.issued",
        **answers,
        signed="refused",
        refusal_reason="说要问律师",
        witness="王某，村委会主任",
    )
    assert Document.objects.filter(record=journey.play.record, kind="correction-order").count() == 1
    used = paper.made_before.used_by
    assert used is not None and used.kind == "order.issued"


def test_what_the_paper_was_made_of_need_not_be_typed_again(drafted: Any) -> None:
    journey, client = drafted
    record = journey.play.record
    made(journey, client, NOTICE, contact="张三 0955-1234567", place="会议室")
    paper = Document.objects.get(record=record, kind="penalty-notice")
    said = json.loads(paper.act.content.body)["answers"]
    assert said == {"contact": "张三 0955-1234567"}
    # His colleague enters the service on another day.
    journey.forward(1)
    with at(journey.day, 17):
        colleague = browser(journey.play.body, journey.play.officers[1])
        page = colleague.get(f"/desk/cases/{record.pk}/do/{NOTICE}").content.decode()
    assert "张三 0955-1234567" in page and 'value="会议室"' not in page
    assert "填过，还没有提交" not in page


def test_a_mismatch_names_the_field_and_who_can_mend_it(drafted: Any) -> None:
    journey, client = drafted
    made(journey, client, NOTICE, contact="张三 0955-1234567")
    words = refused(journey, NOTICE, contact="李四 0955-7654321", **journey.service())
    assert "“陈述申辩的联系人、电话”与文书不同，文书是按“张三 0955-1234567”制作的" in words
    assert "承办机构负责人、主要负责人" in words and "文书作废登记" in words


def test_a_preview_asks_for_no_signature_and_says_on_its_own_page_what_lacks(drafted: Any) -> None:
    journey, client = drafted
    record = journey.play.record
    before = Document.objects.filter(record=record).count()
    address = f"/desk/cases/{record.pk}/preview/{NOTICE}"
    shown = client.post(address, {"contact": "张三 0955-1234567"})
    assert shown.status_code == 200 and shown["Content-Type"] == "application/pdf"
    lacking = client.post(address, {"contact": ""})
    said = lacking.content.decode()
    assert lacking.status_code == 422 and "请填写陈述申辩的联系人、电话" in said
    assert "请关闭这一页" in said and "<textarea" not in said
    # Where something is said of the service already, all of it is asked.
    half = client.post(address, {"contact": "张三 0955-1234567", "manner": "direct"})
    assert half.status_code == 422
    assert Document.objects.filter(record=record).count() == before


def test_a_day_to_mend_until_lies_ahead(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    answers: dict[str, Any] = {
        "officers": journey.play.officers_ids(),
        "problem": "未按规定报送",
        "measure": "立即报送",
        "until": "2026-01-05",
    }
    with at(journey.day, 17):
        page = made(journey, browser(bodies["wg"], "张三"), "order.issued", **answers)
    assert page.status_code == 422 and "改正期限不能早于办理这一步的" in page.content.decode()
    with pytest.raises(Invalid, match="until"):
        do(journey, "order.issued", **answers, signed="signed")


def test_a_paper_that_nobody_handed_over_is_on_the_page_and_stops_the_closing(
    drafted: Any,
) -> None:
    journey, client = drafted
    record = journey.play.record
    made(journey, client, NOTICE, contact="张三 0955-1234567")
    paper = Document.objects.get(record=record, kind="penalty-notice")
    page = client.get(f"/desk/cases/{record.pk}").content.decode()
    top = page[: page.index("大事记")]
    assert "还没有送达" in top and paper.full_number in top and f"/do/{NOTICE}" in top
    # Whoever cannot enter the service is not sent there.
    archivist = browser(journey.play.body, journey.role("archivist"))
    other = archivist.get(f"/desk/cases/{record.pk}").content.decode()
    assert "填送达情况" not in other[: other.index("大事记")]
    form = CloseForm({}, record=record, actor=who(journey.play.body, "张三"))
    assert paper.full_number in str(form.errors) and "还没有送达" in str(form.errors)
    do(
        journey,
        "document.voided",
        by=journey.role("unit-head"),
        paper=paper.pk,
        reason="不再用",
    )
    form = CloseForm({}, record=record, actor=who(journey.play.body, "张三"))
    assert "还没有送达" not in str(form.errors)
