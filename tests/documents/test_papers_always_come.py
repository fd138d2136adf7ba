"""No paper is lost over a character, and no number over a paper that cannot be made."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from mingzheng.core import legible
from mingzheng.documents import acts as document_acts
from mingzheng.documents import glyphs, proving, render
from mingzheng.documents.models import Document, NumberSeries
from mingzheng.jobs import acts as jobs
from mingzheng.jobs.models import Job
from mingzheng.procedures.forms import ActForm
from mingzheng.records.models import Act
from mingzheng.records.refusal import Refused
from mingzheng.site.demo.play import at
from tests.cases.telling import case
from tests.desk.test_unsent import browser, hidden

SHEET: dict[str, Any] = {
    "title": "告知书",
    "number": "",
    "layout": "letter",
    "sealed": False,
    "issued": "2026-01-01",
    "date": "2026年1月1日",
    "fingerprint": "0123456789abcdef",
    "organ": "示例局",
    "elements": {},
}
# Of each kind one: what is drawn depends on the fonts that are there, what is promised does not.
SAMPLES = (
    "中龘㐂𠮷䶮①㎡℃★￥¥＄éΩЖ😀🙏☎བོདᠮᠣᠩไทยꆈئאन한﨑\u200b\ufe0f\u3000\ue863\ue5e5\u202e\U000e0100"
)


class Said(ActForm):
    """A form of one text."""

    timed = False
    name = forms.CharField(label="姓名", required=False)


def faults(text: str) -> str:
    """What the form says of a name."""
    form = Said({"name": text}, record=None, actor=None)  # type: ignore[arg-type]
    return "" if form.is_valid() else "；".join(map(str, form.errors["name"]))


@pytest.mark.parametrize("character", SAMPLES)
def test_what_the_form_lets_through_the_renderer_can_print(character: str) -> None:
    if glyphs.lacking(legible.shown(character)):
        assert f"U+{ord(character):04X}" in faults(f"张{character}")
    else:
        data, _ = render.pdf({**SHEET, "fields": [["姓名", f"前{legible.shown(character)}后"]]})
        assert data.startswith(b"%PDF") and not faults(f"张{character}")


def test_what_papers_are_written_in_is_let_through() -> None:
    assert not faults(
        "张三，￥5,000.00 元，《节约能源法》第八十二条；“引号”——〔2026〕1号\n①②③㎡℃%‰"
    )
    assert not faults("plain text")


def test_what_nobody_can_see_is_taken_out() -> None:
    form = Said({"name": "王\u202e五"}, record=None, actor=None)  # type: ignore[arg-type]
    assert form.is_valid() and form.cleaned_data["name"] == "王五"


@pytest.mark.parametrize(
    "text,words",
    [
        ("李\ue863", "印不出（U+E863），请改成“䶮”"),
        ("张\ue5ff", "（U+E5FF）是旧字库的自造字"),
        ("赵\U0010fffd", "自造字"),
    ],
)
def test_a_character_that_cannot_be_printed_is_named_with_its_nearest(
    text: str, words: str
) -> None:
    assert words in faults(text)


def test_the_table_of_private_characters_leads_to_standard_ones() -> None:
    table = glyphs.private()
    assert len(table) > 100 and table[0xE863] == "䶮"
    assert all(0xE000 <= code <= 0xF8FF for code in table)
    assert not any("\ue000" <= standard <= "\uf8ff" for standard in table.values())


def test_coloured_fonts_count_for_nothing(tmp_path: Any, settings: Any) -> None:
    import struct

    # One table COLR beside a cmap that would have every character.
    cmap = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + struct.pack(
        ">HHIIIIII", 12, 0, 28, 0, 1, 0x1F600, 0x1F64F, 1
    )
    for tables, has in (((b"cmap",), 1), ((b"cmap", b"COLR"), 0)):
        at_ = 12 + 16 * len(tables)
        head = b"".join(struct.pack(">4sIII", tag, 0, at_, len(cmap)) for tag in tables)
        path = tmp_path / "font.ttf"
        path.write_bytes(struct.pack(">IHHHH", 0x10000, len(tables), 0, 0, 0) + head + cmap)
        found = bytearray(0x110000)
        glyphs._add(path, found)
        assert found[0x1F600] == has


def test_a_broken_font_is_passed_over(
    tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0\xff\xff" + b"x" * 40)
    (tmp_path / "empty.otf").write_bytes(b"")
    settings.FONT_PATHS = [tmp_path]
    monkeypatch.setattr(glyphs, "_SYSTEM", ())
    glyphs.coverage.cache_clear()
    try:
        assert not any(glyphs.coverage()) and not glyphs.lacking("中")
    finally:
        glyphs.coverage.cache_clear()


def notified(bodies: dict[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
    """A case whose officers have shown their certificates; the browser of one; what he sends to tell
    the party its rights, which leaves a paper.
    """
    journey = case(bodies).go("opened")
    with at(journey.day, 16, 40):
        journey.play.step(
            "officer.identified",
            officers=journey.play.officers_ids(),
            mode="shown",
            to="负责人",
            place="厂区",
        )
    said = {
        "officers": [str(each) for each in journey.play.officers_ids()],
        "to": "负责人",
        "signed": "signed",
        "happened_at": f"{journey.day}T16:30",
    }
    return journey, browser(bodies["wg"], "张三"), said


def numbers() -> list[tuple[str, int]]:
    """Every series with its last number."""
    return sorted(NumberSeries.objects.values_list("mark", "last"))


def test_a_paper_that_cannot_be_made_takes_no_number_and_leaves_no_act(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    journey, client, said = notified(bodies)
    address = f"/desk/cases/{journey.play.record.pk}/do/party.notified:rights"
    with at(journey.day, 16, 40):
        before = (Act.objects.count(), Document.objects.count(), numbers())
        with monkeypatch.context() as broken:
            proving._proven.clear()
            broken.setattr(render, "pdf", lambda *_: 1 / 0)
            answer = client.post(address, {**said, **hidden(client.get(address))})
        assert answer.status_code == 409, answer.content.decode()[:500]
        assert "排不出版，没有办理，也没有用号" in answer.content.decode()
        assert (Act.objects.count(), Document.objects.count(), numbers()) == before
        made: list[dict[str, Any]] = []
        real = render.pdf

        def counted(sheet: dict[str, Any]) -> tuple[bytes, int]:
            made.append(sheet)
            return real(sheet)

        monkeypatch.setattr(render, "pdf", counted)
        answer = client.post(address, {**said, **hidden(client.get(address))})
        assert answer.status_code == 302, answer.content.decode()[:500]
    assert len(made) == Document.objects.count() - before[1] == 1
    assert Act.objects.filter(kind="party.notified", record=journey.play.record).count() == 1


def test_a_character_of_the_registers_that_cannot_be_printed_keeps_the_number(
    bodies: dict[str, Any],
) -> None:
    journey, client, said = notified(bodies)
    bodies["wg"].__class__.objects.filter(pk=bodies["wg"].pk).update(name="汶上\ue5ff局")
    address = f"/desk/cases/{journey.play.record.pk}/do/party.notified:rights"
    with at(journey.day, 16, 40):
        before = (Act.objects.count(), numbers())
        answer = client.post(address, {**said, **hidden(client.get(address))})
    assert answer.status_code == 409 and "U+E5FF" in answer.content.decode()
    assert (Act.objects.count(), numbers()) == before


def test_a_paper_that_reads_differently_each_time_is_not_waited_for_for_ever(db: Any) -> None:
    made = []

    def act() -> str:
        made.append(1)
        proving.require(f"key {len(made)}", "文书", lambda: dict(SHEET))
        return "done"

    assert proving.surely(act) == "done" and len(made) == proving.MOST + 1


def test_without_asking_nothing_is_made(db: Any) -> None:
    proving.require("never seen", "文书", lambda: pytest.fail("made"))


def test_a_missing_font_refuses_in_words(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: Any) -> Any:
        raise render.FontMissing("缺少字体")

    monkeypatch.setattr(render, "pdf", missing)
    with pytest.raises(Refused, match="缺少字体"):
        proving.surely(lambda: proving.require("unmade", "文书", lambda: dict(SHEET)))


def test_a_paper_whose_making_was_given_up_says_so_and_is_made_after_the_mend(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, client, _ = notified(bodies)
    paper = Document.objects.order_by("-pk").first()
    assert paper is not None
    Document.objects.filter(pk=paper.pk).update(blob=None)
    key = f"document.render:{paper.pk}"
    Job.objects.filter(key=key).update(state=Job.DEAD)
    assert document_acts.failed(Document.objects.get(pk=paper.pk))
    page = client.get(f"/desk/documents/{paper.pk}").content.decode()
    assert "制作失败" in page and "作废登记" in page and "mingzheng" in page
    # It stands on the workbench of whoever handles the matter, and of who runs the house.
    assert f"{paper.full_number}没有制作成功" in client.get("/desk").content.decode()
    house = browser(bodies["wg"], "袁系").get("/desk").content.decode()
    assert "件后台作业多次失败" in house and paper.full_number not in house
    assert "停着，要处理" not in browser(bodies["lm"], "赵晨").get("/desk").content.decode()
    assert jobs.again() >= 1 and Job.objects.get(key=key).state == Job.WAITING
    assert "停着，要处理" not in client.get("/desk").content.decode()
    assert "正在制作" in client.get(f"/desk/documents/{paper.pk}").content.decode()


def test_many_papers_at_once_are_all_made(db: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    sheets = [{**SHEET, "title": f"第{n}份"} for n in range(24)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(render.pdf, sheets))
    assert all(body.startswith(b"%PDF") and pages == 1 for body, pages in made)
