"""Files for the public are rebuilt from what is seen: nothing planted in fifty places comes
along.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

import pikepdf
import pypdfium2
import pytest
from openpyxl import load_workbook
from PIL import Image

from mingzheng.core.redaction import Span
from mingzheng.core.redaction.files import DOCX, XLSX, Rebuilt, Refused, Region, rebuild
from mingzheng.core.redaction.files import pages as pdf_pages
from tests.redaction.containers import PDF, SECRET, Container, _pdf, containers, docx, holds, xlsx

SAID = {"phone": "〔电话〕"}
PLACES = containers()


def secret_spans(text: str) -> list[Span]:
    """The secret wherever it is read, with gaps or without."""
    return [
        Span(hit.start(), hit.end(), "phone", "") for hit in re.finditer(r"\s*".join(SECRET), text)
    ]


def made(data: bytes, media: str, regions: Sequence[Region] | None = ()) -> Rebuilt:
    return rebuild(data, media, secret_spans, SAID, regions)


@pytest.mark.parametrize("each", PLACES, ids=[each.place for each in PLACES])
def test_nothing_planted_comes_along(each: Container) -> None:
    assert holds(each.data), "the secret is not even in the original"
    out = made(each.data, each.media)
    assert not holds(out.data)
    assert not holds(out.data, SECRET[6:])
    assert re.fullmatch(r"公示附件1\.(pdf|jpg|png|docx|xlsx|txt)", out.name)


def test_there_are_more_than_thirty_places_in_five_formats() -> None:
    assert len(PLACES) > 50 and len({each.media for each in PLACES}) >= 8


def test_a_passage_of_a_pdf_is_black_in_the_pixels_and_its_neighbours_are_not() -> None:
    words = f"BT /F1 12 Tf 60 700 Td (Phone {SECRET} end) Tj ET"
    out = made(_pdf(lambda pdf: None, words), PDF)
    page = pypdfium2.PdfDocument(out.data)[0]
    image = page.render(scale=2).to_pil().convert("L")
    line = [image.getpixel((x, image.height - int(704 * 2))) for x in range(100, 500)]
    assert sum(value < 40 for value in line) > 150
    assert image.crop((110, 260, 190, 300)).tobytes() != Image.new("L", (80, 40), 255).tobytes()


def test_a_rebuilt_pdf_holds_pictures_only() -> None:
    with pikepdf.open(io.BytesIO(made(_pdf(lambda pdf: None), PDF).data)) as pdf:
        assert (
            not pdf.docinfo
            and set(pdf.Root.keys()) == {"/Type", "/Pages"}
            and len(pdf.attachments) == 0
        )
        assert (
            set(pdf.pages[0].Resources.keys()) == {"/XObject"} and "/Annots" not in pdf.pages[0].obj
        )


def test_the_same_file_is_made_every_time() -> None:
    for each in (
        PLACES[0],
        next(each for each in PLACES if each.media == DOCX),
        next(each for each in PLACES if each.media == XLSX),
    ):
        assert made(each.data, each.media).data == made(each.data, each.media).data


def scanned() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 300), "gray").save(out, "PDF")
    return out.getvalue()


def test_a_scanned_pdf_waits_for_a_person() -> None:
    with pytest.raises(Refused, match="没有文字层，请人工遮盖"):
        made(scanned(), PDF, None)
    out = made(scanned(), PDF, (Region(0, 0.25, 0.25, 0.75, 0.75),))
    image = pypdfium2.PdfDocument(out.data)[0].render(scale=1).to_pil().convert("L")
    middle, corner = image.getpixel((image.width // 2, image.height // 2)), image.getpixel((3, 3))
    assert isinstance(middle, int) and middle < 20 and isinstance(corner, int) and corner > 100


def test_a_page_whose_letters_cannot_be_read_or_that_is_mostly_a_picture_waits_too() -> None:
    with pytest.raises(Refused, match="读不出字来"):
        made(_pdf(lambda pdf: None, "BT /F1 12 Tf 60 700 Td <0102030405060708> Tj ET"), PDF, None)

    def picture(pdf: pikepdf.Pdf) -> None:
        dots = pikepdf.Stream(
            pdf,
            b"\x80",
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=1,
            Height=1,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
        )
        pdf.pages[0].obj.Resources.XObject = pikepdf.Dictionary(I=dots)

    def drawn(size: int) -> bytes:
        return _pdf(
            picture,
            f"BT /F1 12 Tf 60 700 Td (Public words) Tj ET q {size} 0 0 {size} 0 0 cm /I Do Q",
        )

    with pytest.raises(Refused, match="大半是图片"):
        made(drawn(590), PDF, None)
    assert "第 1 页有图片" in made(drawn(90), PDF, None).notes[0]
    assert not made(drawn(90), PDF, ()).notes


def test_a_picture_waits_for_a_person_and_is_painted_over() -> None:
    out = io.BytesIO()
    Image.new("RGB", (100, 100), "white").save(out, "PNG")
    with pytest.raises(Refused, match="人工看过"):
        made(out.getvalue(), "image/png", None)
    image = Image.open(
        io.BytesIO(made(out.getvalue(), "image/png", (Region(0, 0, 0, 0.5, 1),)).data)
    )
    assert image.getpixel((10, 50)) == (0, 0, 0) and image.getpixel((90, 50)) == (255, 255, 255)


def test_visible_words_of_a_document_stay() -> None:
    body = (
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>one</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:p><w:ins><w:r><w:t>new &amp; kept</w:t></w:r></w:ins></w:p>"
    )
    with zipfile.ZipFile(io.BytesIO(made(docx(body), DOCX).data)) as packed:
        said = re.sub("<[^>]+>", " ", packed.read("word/document.xml").decode())
        assert packed.namelist() == ["[Content_Types].xml", "_rels/.rels", "word/document.xml"]
    assert "Public words" in said and "one" in said and "new &amp; kept" in said


def test_values_of_a_sheet_stay_and_are_no_formulas() -> None:
    def change(book: object) -> None:
        sheet = book.active  # type: ignore[attr-defined]
        sheet["A2"], sheet["B2"], sheet["C2"] = 12.5, "+1+1", f"tel {SECRET}"
        sheet["D2"].value = "=1+1"
        sheet["D2"].data_type = "s"

    book = load_workbook(io.BytesIO(made(xlsx(change), XLSX).data))
    sheet = book["表1"]
    assert (
        sheet["A1"].value == "Public words"
        and sheet["A2"].value == 12.5
        and sheet["C2"].value == "tel 〔电话〕"
    )
    assert sheet["B2"].data_type == "s" and sheet["B2"].quotePrefix and sheet["D2"].data_type == "s"


@pytest.mark.parametrize(
    ("data", "media", "why"),
    [
        (b"%PDF-1.7 nonsense", PDF, "已损坏"),
        (b"PK nonsense", DOCX, "已损坏"),
        (b"PK nonsense", XLSX, "已损坏"),
        (b"nonsense", "image/png", "已损坏"),
        (b"x", "application/zip", "不能重制"),
        (b"\xff\xfe\xff\x81", "text/plain", "编码"),
        (b"x" * (101 << 20), "text/plain", "超过 100 MB"),
        (
            docx("", ("word/footnotes.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')),
            DOCX,
            "外部声明",
        ),
        (docx("<w:p>"), DOCX, "已损坏"),
        (xlsx(lambda book: book.active.__setitem__("XFD9999", 1)), XLSX, "万格"),
    ],
)
def test_what_cannot_be_rebuilt_is_refused_in_a_sentence(data: bytes, media: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        made(data, media)


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = docx("", ("word/media/a", "0" * (210 << 20)))
    assert len(bomb) < 1 << 20
    with pytest.raises(Refused, match="展开后过大"):
        made(bomb, DOCX)
    monkeypatch.setattr(pdf_pages, "MOST_PAGES", 0)
    with pytest.raises(Refused, match="页"):
        made(_pdf(lambda pdf: None), PDF)
    wide = io.BytesIO()
    Image.new("1", (9000, 9000)).save(wide, "PNG")
    with pytest.raises(Refused, match="万像素"):
        made(wide.getvalue(), "image/png")
