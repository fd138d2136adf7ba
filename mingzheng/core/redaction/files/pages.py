"""PDF: every page as a picture, covered passages black in the picture itself; no text, no layers,
no history.
"""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw
from PIL import Image, ImageDraw

from mingzheng.core.redaction.files.shapes import MOST_CHARACTERS, MOST_PAGES, Refused, Region, Seen
from mingzheng.core.redaction.spans import Span

# Dots per point: 150 an inch reads well on screen and paper.
SCALE = 150 / 72
_MOST_DOTS = 20_000_000
_PICTURE = "第 {} 页有图片，图片里的文字系统认不出，请逐页看过，需要时人工标出遮盖的位置"


def rebuilt(data: bytes, seen: Seen) -> tuple[bytes, str, str, tuple[str, ...]]:
    """The PDF of pictures; refused where a page has no text and nobody marked anything on it."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        raise Refused("PDF 已损坏或者加了密码，请解除后重新保存上传") from None
    try:
        count = len(document)
        if not 0 < count <= MOST_PAGES:
            raise Refused(f"PDF 超过 {MOST_PAGES} 页或者没有页，请拆分后再公示")
        texts = [_Page(document[at]) for at in range(count)]
        regions = seen.regions or ()
        for at, page in enumerate(texts):
            if seen.regions is None and (why := page.unread()):
                raise Refused(
                    f"第 {at + 1} 页{why}，请人工遮盖后上传图片，或者在页面上标出要遮盖的位置"
                )
        spans = _by_page(texts, seen)
        made = _bound(
            [
                page.picture(spans[at], [each for each in regions if each.page == at])
                for at, page in enumerate(texts)
            ]
        )
        pictured = [
            str(at + 1) for at, page in enumerate(texts) if page.images and seen.regions is None
        ]
        return (
            made,
            "application/pdf",
            "pdf",
            (_PICTURE.format("、".join(pictured)),) if pictured else (),
        )
    except pypdfium2.PdfiumError:
        raise Refused("PDF 已损坏，请重新保存后上传") from None
    finally:
        document.close()


class _Page:
    """A page with its characters and where each stands."""

    def __init__(self, page: Any) -> None:
        self.page, self.held = page, page.get_textpage()
        count = self.held.count_chars()
        if count > MOST_CHARACTERS:
            raise Refused("一页上的文字过多，请重新保存后上传")
        codes = (pypdfium2.raw.FPDFText_GetUnicode(self.held, at) for at in range(count))
        # What has no code point, and halves of one, stand as one character so that places agree.
        self.text = "".join(
            chr(code) if 0 < code < 0xD800 or 0xE000 <= code < 0x110000 else "\ufffd"
            for code in codes
        )
        held = list(page.get_objects(max_depth=5))
        self.empty, self.images = (
            not held,
            [each for each in held if each.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE],
        )

    def unread(self) -> str:
        """Why what is seen on this page cannot be read by its text; "" where it can."""
        solid = "".join(self.text.split())
        if not solid:
            return "" if self.empty else "没有文字层"
        if sum(
            char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or char < " " for char in solid
        ) * 10 > len(solid):
            return "的文字层读不出字来"
        width, height = self.page.get_size()
        for each in self.images:
            left, bottom, right, top = each.get_bounds()
            if (right - left) * (top - bottom) * 2 > width * height:
                return "大半是图片，图片里的文字系统认不出"
        return ""

    def picture(self, spans: list[Span], regions: list[Region]) -> Image.Image:
        """What is seen of the page, without notes and form fields, covered passages and marked
        places black.
        """
        width, height = self.page.get_size()
        scale = min(SCALE, (_MOST_DOTS / max(1.0, width * height)) ** 0.5)
        bitmap = self.page.render(scale=scale, may_draw_forms=False, draw_annots=False)
        image: Image.Image = bitmap.to_pil().convert("RGB")
        places, brush = bitmap.get_posconv(self.page), ImageDraw.Draw(image)
        for span in spans:
            for at in range(span.start, span.end):
                left, bottom, right, top = self.held.get_charbox(at, loose=True)
                (x0, y0), (x1, y1) = places.to_bitmap(left, top), places.to_bitmap(right, bottom)
                if x0 != x1 or y0 != y1:
                    brush.rectangle(
                        (min(x0, x1) - 3, min(y0, y1) - 3, max(x0, x1) + 3, max(y0, y1) + 3),
                        fill="black",
                    )
        for each in regions:
            brush.rectangle(
                (
                    each.left * image.width,
                    each.top * image.height,
                    each.right * image.width,
                    each.bottom * image.height,
                ),
                fill="black",
            )
        return image


def _by_page(pages: list[_Page], seen: Seen) -> list[list[Span]]:
    """The pages are read as one text, so that a name broken by a page is found and is the same
    person everywhere.
    """
    found, begin = seen.spans_of("\n".join(page.text for page in pages)), 0
    out = []
    for page in pages:
        end = begin + len(page.text)
        out.append(
            [
                Span(
                    max(span.start, begin) - begin, min(span.end, end) - begin, span.kind, span.rule
                )
                for span in found
                if span.start < end and span.end > begin
            ]
        )
        begin = end + 1
    return out


def _bound(images: list[Image.Image]) -> bytes:
    made = pikepdf.new()
    for image in images:
        held = io.BytesIO()
        image.save(held, "JPEG", quality=88)
        width, height = round(image.width / SCALE, 2), round(image.height / SCALE, 2)
        picture = pikepdf.Stream(
            made,
            held.getvalue(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=image.width,
            Height=image.height,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        made.pages.append(
            pikepdf.Page(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Page,
                    MediaBox=[0, 0, width, height],
                    Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Seen=picture)),
                    Contents=pikepdf.Stream(
                        made, f"q {width} 0 0 {height} 0 0 cm /Seen Do Q".encode()
                    ),
                )
            )
        )
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()
