"""Excel files: what the visible cells show, in a new workbook without formulas, names, comments,
links or hidden parts.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from mingzheng.core.redaction.files.shapes import MOST_CHARACTERS, Refused, Seen, packed, parts_of
from mingzheng.core.redaction.masking import Faces, cover
from mingzheng.core.redaction.spans import Span

# What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767
_MOST_CELLS = 1_000_000
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DOCTYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E|<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CORE = (
    b'<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties'
    b' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)


def rebuilt(data: bytes, seen: Seen) -> tuple[bytes, str, str, tuple[str, ...]]:
    """A new workbook of the values that are seen; sheets are called 表1, 表2 …"""
    held = parts_of(data)
    if any(
        _DOCTYPE.search(held.read(name)[:4096])
        for name in held.namelist()
        if name.endswith((".xml", ".rels"))
    ):
        raise Refused("Excel 文件里有外部声明，请重新保存后上传")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
            tables = [
                _visible(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"
            ]
    except Refused:
        raise
    # The reader raises whatever it likes at broken input; all of it means the same.
    except Exception:
        raise Refused("Excel 文件已损坏、加了密码或者不是 xlsx，请重新保存后上传") from None
    notes = (
        ("文件里的图片、图表没有带入公示文件",)
        if any(name.startswith(("xl/media/", "xl/charts/")) for name in held.namelist())
        else ()
    )
    return _fixed(_written(tables, seen)), _XLSX, "xlsx", notes


def _visible(sheet: Any) -> list[list[Any]]:
    """The values of the rows and columns that are seen; a value whose format shows nothing is
    none.
    """
    if sheet.max_row * sheet.max_column > _MOST_CELLS:
        raise Refused(f"表格超过 {_MOST_CELLS // 10_000} 万格，请删去空行空列或者拆分后再公示")
    unseen = {
        at
        for held in sheet.column_dimensions.values()
        if held.hidden or held.width == 0
        for at in range(held.min or 1, (held.max or held.min or 1) + 1)
    }
    out = []
    for row in sheet.iter_rows():
        held = sheet.row_dimensions.get(row[0].row) if row else None
        if held is not None and (held.hidden or held.height == 0):
            continue
        out.append(
            [None if _blank(cell) else cell.value for cell in row if cell.column not in unseen]
        )
    return out


def _blank(cell: Any) -> bool:
    colour = (
        cell.font.color.rgb if cell.has_style and cell.font and cell.font.color is not None else ""
    )
    return (
        cell.value is None
        or str(cell.number_format).strip().startswith(";;")
        or (str(colour).upper().endswith("FFFFFF") and not cell.fill.fill_type)
    )


def _written(tables: list[list[list[Any]]], seen: Seen) -> bytes:
    texts = ["\n".join("\t".join(map(_said, row)) for row in rows) for rows in tables]
    if sum(map(len, texts)) > MOST_CHARACTERS:
        raise Refused("表格的文字过多，请拆分后再公示")
    found = [seen.spans_of(text) for text in texts]
    faces = Faces.of(zip(texts, found, strict=True), seen.said)
    book = Workbook(write_only=True)
    for at, (rows, text, spans) in enumerate(zip(tables, texts, found, strict=True), 1):
        sheet, begin = book.create_sheet(f"表{at}"), 0
        for row in rows:
            line = []
            for value in row:
                end = begin + len(_said(value))
                clipped = [
                    Span(
                        max(each.start, begin) - begin,
                        min(each.end, end) - begin,
                        each.kind,
                        each.rule,
                    )
                    for each in spans
                    if each.start < end and each.end > begin
                ]
                line.append(
                    _cell(
                        sheet,
                        cover(text[begin:end], clipped, seen.said, faces) if clipped else value,
                    )
                )
                begin = end + 1
            sheet.append(line)
            begin = begin if row else begin + 1
    if not tables:
        book.create_sheet("表1")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return (
        ""
        if value is None
        else str(int(value))
        if isinstance(value, float) and value.is_integer()
        else str(value)
    )


def _cell(sheet: Any, value: Any) -> Any:
    """Numbers stay numbers; everything else is text whose style says so again when somebody edits
    it.
    """
    if value is None or isinstance(value, (int, float)) and not isinstance(value, bool):
        return WriteOnlyCell(sheet, value)
    text = _UNWRITABLE.sub("", _said(value))[:_LONGEST]
    made = WriteOnlyCell(sheet, text)
    made.data_type = "s"
    made.quotePrefix = text.startswith(_FORMULA)
    return made


def _fixed(made: bytes) -> bytes:
    """The same package without the time and the program that wrote it."""
    with zipfile.ZipFile(io.BytesIO(made)) as held:
        return packed(
            [
                (name, _CORE if name == "docProps/core.xml" else held.read(name))
                for name in held.namelist()
            ]
        )
