"""Files with a secret planted in one place each, and a search for it that looks everywhere a
reader could.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image, PngImagePlugin

from mingzheng.core.redaction.files import DOCX, XLSX

SECRET = "Geheim13812345678"
PDF = "application/pdf"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@dataclass(frozen=True)
class Container:
    """A file that holds SECRET at one place."""

    place: str
    media: str
    data: bytes


def holds(data: bytes, secret: str = SECRET) -> bool:
    """Whether the secret is anywhere: raw, unpacked, inflated, in streams, strings, metadata, in
    three encodings.
    """
    needles = [
        secret.encode(),
        secret.encode("utf-16-le"),
        secret.encode("utf-16-be"),
        secret.encode().hex().encode(),
    ]

    def seen(said: bytes) -> bool:
        bare = re.sub(rb"<[^>]*>", b"", said)
        return any(needle in said or needle in bare for needle in needles)

    if seen(data):
        return True
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return any(
                seen(name.encode()) or holds(packed.read(name), secret)
                for name in packed.namelist()
            ) or seen(packed.comment)
    if data[:5] == b"%PDF-":
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for each in pdf.objects:
                if isinstance(each, pikepdf.Stream):
                    try:
                        said = each.read_bytes()
                    except pikepdf.PdfError:
                        said = each.read_raw_bytes()
                    if seen(said) or seen(
                        b"".join(bytes(part) for part in re.findall(rb"\(([^)]*)\)", said))
                    ):
                        return True
                if seen(each.unparse(resolved=False)):
                    return True
    for begin in (hit.start() for hit in re.finditer(rb"x[\x01\x5e\x9c\xda]", data)):
        try:
            if seen(zlib.decompressobj().decompress(data[begin:], 1 << 20)):
                return True
        except zlib.error:
            continue
    return False


def _pdf(
    change: Callable[[pikepdf.Pdf], None],
    words: str = "BT /F1 12 Tf 60 700 Td (Public words) Tj ET",
) -> bytes:
    made = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    made.pages.append(
        pikepdf.Page(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Page,
                MediaBox=[0, 0, 595, 842],
                Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)),
                Contents=pikepdf.Stream(made, words.encode()),
            )
        )
    )
    change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _note(pdf: pikepdf.Pdf, **more: object) -> None:
    pdf.pages[0].obj.Annots = pdf.make_indirect(
        pikepdf.Array(
            [
                pdf.make_indirect(
                    pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=[50, 50, 90, 90], **more)
                )
            ]
        )
    )  # type: ignore[arg-type]


def _field(pdf: pikepdf.Pdf) -> None:
    _note(pdf, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="a", V=SECRET)
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pdf.pages[0].obj.Annots)


def _history() -> bytes:
    first = _pdf(lambda pdf: pdf.Root.__setitem__("/Note", pikepdf.String(SECRET)))
    # A later revision says that the catalogue has no note; the older one is still in the file.
    catalogue = re.search(rb"(\d+) 0 obj\s*<<[^>]*?/Type /Catalog.*?>>\s*endobj", first, re.DOTALL)
    assert catalogue
    newer = catalogue.group().replace(SECRET.encode(), b"")
    at = len(first) + 1
    xref = at + len(newer) + 1
    start = re.findall(rb"startxref\s+(\d+)", first)[-1]
    size = re.findall(rb"/Size (\d+)", first)[-1]
    number = catalogue.group(1)
    return (
        first
        + b"\n"
        + newer
        + b"\nxref\n"
        + number
        + b" 1\n"
        + f"{at:010} 00000 n \n".encode()
        + b"trailer\n<< /Size "
        + size
        + b" /Root "
        + number
        + b" 0 R /Prev "
        + start
        + b" >>\nstartxref\n"
        + str(xref).encode()
        + b"\n%%EOF\n"
    )


def pdfs() -> list[Container]:
    """Places of a PDF."""

    def attach(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, SECRET.encode())

    def meta(pdf: pikepdf.Pdf) -> None:
        with pdf.open_metadata() as held:
            held["dc:title"] = SECRET

    def outline(pdf: pikepdf.Pdf) -> None:
        with pdf.open_outline() as held:
            held.root.append(pikepdf.OutlineItem(SECRET, 0))

    under = f"BT /F1 12 Tf 60 700 Td ({SECRET}) Tj ET 0 g 50 690 300 30 re f"
    unseen = f"BT /F1 12 Tf 3 Tr 60 700 Td ({SECRET}) Tj ET"
    shown = f"BT /F1 12 Tf 60 700 Td (Phone {SECRET} end) Tj ET"
    spoken = f"/Span <</ActualText ({SECRET})>> BDC BT /F1 12 Tf 60 700 Td (word) Tj ET EMC"
    beyond = f"BT /F1 12 Tf 60 700 Td (Public) Tj ET BT /F1 12 Tf 2000 700 Td ({SECRET}) Tj ET"
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{SECRET}')")
    return [
        Container(f"pdf {place}", PDF, data)
        for place, data in (
            ("document information", _pdf(lambda pdf: pdf.docinfo.__setitem__("/Author", SECRET))),
            ("XMP", _pdf(meta)),
            ("attachment", _pdf(attach)),
            ("bookmark", _pdf(outline)),
            ("note", _pdf(lambda pdf: _note(pdf, Subtype=pikepdf.Name.Text, Contents=SECRET))),
            ("form field", _pdf(_field)),
            ("script", _pdf(lambda pdf: pdf.Root.__setitem__("/OpenAction", script))),
            ("text under a box", _pdf(lambda pdf: None, under)),
            ("invisible text", _pdf(lambda pdf: None, unseen)),
            ("visible text", _pdf(lambda pdf: None, shown)),
            ("alternate text", _pdf(lambda pdf: None, spoken)),
            ("text beyond the page", _pdf(lambda pdf: None, beyond)),
            (
                "piece info",
                _pdf(
                    lambda pdf: pdf.Root.__setitem__(
                        "/PieceInfo", pikepdf.Dictionary(A=pikepdf.Dictionary(Private=SECRET))
                    )
                ),
            ),
            ("older revision", _history()),
        )
    ]


def pictures() -> list[Container]:
    """Places of a picture."""
    plain = Image.new("RGB", (60, 40), "navy")

    def saved(kind: str, image: Image.Image = plain, **more: object) -> bytes:
        out = io.BytesIO()
        image.save(out, kind, **more)
        return out.getvalue()

    exif = Image.Exif()
    exif[0x013B] = SECRET
    place = Image.Exif()
    place.get_ifd(0x8825)[0x1D] = SECRET
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET)
    packed = PngImagePlugin.PngInfo()
    packed.add_itxt("Comment", SECRET, zip=True)
    clear = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    return [
        Container(f"picture {place}", media, data)
        for place, media, data in (
            ("EXIF", "image/jpeg", saved("JPEG", exif=exif)),
            ("GPS", "image/jpeg", saved("JPEG", exif=place)),
            ("comment", "image/jpeg", saved("JPEG", comment=SECRET)),
            ("profile", "image/jpeg", saved("JPEG", icc_profile=SECRET.encode() * 9)),
            ("after its end", "image/jpeg", saved("JPEG") + SECRET.encode()),
            ("text", "image/png", saved("PNG", pnginfo=text)),
            ("packed text", "image/png", saved("PNG", pnginfo=packed)),
            ("XMP", "image/webp", saved("WEBP", xmp=SECRET.encode())),
            ("tag", "image/tiff", saved("TIFF", tiffinfo={270: SECRET})),
            ("after a clear picture", "image/png", saved("PNG", clear) + SECRET.encode()),
        )
    ]


def docx(body: str, *more: tuple[str, str]) -> bytes:
    """A Word file of this body and further parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        )
        packed.writestr(
            "word/document.xml",
            f"<w:document {_W}><w:body><w:p><w:r><w:t>Public"
            f" words</w:t></w:r></w:p>{body}</w:body></w:document>",
        )
        for name, said in more:
            packed.writestr(name, said)
    return out.getvalue()


def words() -> list[Container]:
    """Places of a Word file."""
    run = f"<w:r><w:t>{SECRET}</w:t></w:r>"
    split = "".join(
        f"<w:r><w:t>{SECRET[at : at + 3]}</w:t></w:r>" for at in range(0, len(SECRET), 3)
    )
    hides = '<w:style w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
    style = (
        f'<w:styles {_W}>{hides}<w:style w:styleId="I"><w:basedOn w:val="H"/></w:style></w:styles>'
    )
    return [
        Container(f"docx {place}", DOCX, data)
        for place, data in (
            ("visible text", docx(f"<w:p>{run}</w:p>")),
            ("text of many runs", docx(f"<w:p>{split}</w:p>")),
            (
                "deleted run",
                docx(f"<w:p><w:del><w:r><w:delText>{SECRET}</w:delText></w:r></w:del></w:p>"),
            ),
            ("moved away", docx(f"<w:p><w:moveFrom>{run}</w:moveFrom></w:p>")),
            (
                "hidden run",
                docx(f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{SECRET}</w:t></w:r></w:p>"),
            ),
            (
                "white words",
                docx(
                    "<w:p><w:r><w:rPr><w:color"
                    f' w:val="FFFFFF"/></w:rPr><w:t>{SECRET}</w:t></w:r></w:p>'
                ),
            ),
            (
                "hidden style",
                docx(
                    "<w:p><w:r><w:rPr><w:rStyle"
                    f' w:val="I"/></w:rPr><w:t>{SECRET}</w:t></w:r></w:p>',
                    ("word/styles.xml", style),
                ),
            ),
            (
                "field code",
                docx(f"<w:p><w:r><w:instrText>INCLUDE {SECRET}</w:instrText></w:r></w:p>"),
            ),
            (
                "comment",
                docx(
                    "",
                    (
                        "word/comments.xml",
                        f"<w:comments {_W}><w:comment>{run}</w:comment></w:comments>",
                    ),
                ),
            ),
            (
                "author of a change",
                docx(f'<w:p><w:ins w:author="{SECRET}"><w:r><w:t>new</w:t></w:r></w:ins></w:p>'),
            ),
            ("properties", docx("", ("docProps/core.xml", f"<a>{SECRET}</a>"))),
            ("custom XML", docx("", ("customXml/item1.xml", f"<a>{SECRET}</a>"))),
            ("header", docx("", ("word/header1.xml", f"<w:hdr {_W}><w:p>{run}</w:p></w:hdr>"))),
            ("name of a part", docx("", (f"word/media/{SECRET}.png", "x"))),
            ("embedded file", docx("", ("word/embeddings/a.bin", SECRET))),
            (
                "alternate text",
                docx(f'<w:p><w:r><w:drawing><docPr descr="{SECRET}"/></w:drawing></w:r></w:p>'),
            ),
        )
    ]


def xlsx(change: Callable[[Workbook], None]) -> bytes:
    """An Excel file that was changed so."""
    book = Workbook()
    book.active["A1"] = "Public words"
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheets() -> list[Container]:
    """Places of an Excel file."""

    def put(cell: str = "B2") -> Callable[[Workbook], None]:
        return lambda book: book.active.__setitem__(cell, SECRET)

    def hidden_row(book: Workbook) -> None:
        put()(book)
        book.active.row_dimensions[2].hidden = True

    def hidden_column(book: Workbook) -> None:
        put("D1")(book)
        book.active.column_dimensions.group("C", "E", hidden=True)

    def hidden_sheet(state: str) -> Callable[[Workbook], None]:
        def change(book: Workbook) -> None:
            sheet = book.create_sheet("x")
            sheet["A1"], sheet.sheet_state = SECRET, state

        return change

    def unseen_format(book: Workbook) -> None:
        put()(book)
        book.active["B2"].number_format = ";;;"

    def named(book: Workbook) -> None:
        book.defined_names["x"] = DefinedName("x", attr_text=f'"{SECRET}"')

    def remark(book: Workbook) -> None:
        book.active["A1"].comment = Comment(SECRET, SECRET)

    def formula(book: Workbook) -> None:
        book.active["B1"] = f'=HYPERLINK("http://x/{SECRET}","x")'

    def printed(book: Workbook) -> None:
        book.active.oddHeader.left.text = SECRET

    def author(book: Workbook) -> None:
        book.properties.creator = SECRET

    def title(book: Workbook) -> None:
        book.active.title = SECRET

    return [
        Container(f"xlsx {place}", XLSX, xlsx(change))
        for place, change in (
            ("visible cell", put()),
            ("hidden row", hidden_row),
            ("hidden column", hidden_column),
            ("hidden sheet", hidden_sheet("hidden")),
            ("very hidden sheet", hidden_sheet("veryHidden")),
            ("format that shows nothing", unseen_format),
            ("defined name", named),
            ("comment", remark),
            ("formula", formula),
            ("header", printed),
            ("author", author),
            ("name of a sheet", title),
        )
    ]


def containers() -> list[Container]:
    """All of them."""
    return [
        *pdfs(),
        *pictures(),
        *words(),
        *sheets(),
        Container("txt visible text", "text/plain", f"Public {SECRET} words".encode()),
    ]
