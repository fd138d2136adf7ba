"""A list as .xlsx that Excel and WPS open without a question: real days, and text that is never a
formula.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from mingzheng.agencies import acts as agency_acts
from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.desk.lists.listing import CAP, Cell, Listing
from mingzheng.records.actors import Actor

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet would take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Excel's own limit of one cell.
_LONGEST = 32_767
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = re.compile(r"[\\/*?:\[\]]")


class Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[list[Cell]]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[list[Cell]]:
        for row in self.rows:
            self.count += 1
            yield row


def answer(
    listing: Listing, by: Actor, rows: Iterable[list[Cell]], asked: Sequence[tuple[str, str]]
) -> FileResponse:
    """The sheet as a download; the name of the file says what it is and when, nobody's name. Who
    took it, and how many rows, is on the agency's record.
    """
    taken = Counted(rows)
    file = written(listing, by, taken, asked)
    agency = Agency.objects.get(pk=by.agency_id)
    agency_acts.note_export(
        agency, by, listing.title, taken.count, of="list", detail={"asked": dict(asked)}
    )
    made = FileResponse(
        file,
        as_attachment=True,
        content_type=MEDIA_TYPE,
        filename=f"{listing.title}{clock.now():%Y%m%d-%H%M}.xlsx",
    )
    made["X-Content-Type-Options"] = "nosniff"
    return made


def written(
    listing: Listing,
    by: Actor,
    rows: Iterable[list[Cell]],
    asked: Sequence[tuple[str, str]],
    cap: int = CAP,
) -> IO[bytes]:
    """The file, at its beginning: a sheet of the rows (at most `cap`) and one that says what was
    asked and what is missing.

    Rows are written as they come, so that a long list needs no more memory than a short one.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NAME.sub(" ", listing.title)[:31])
    sheet.freeze_panes = "A2"
    for n, column in enumerate(listing.printed):
        sheet.column_dimensions[chr(ord("A") + n)].width = column.width
    sheet.append([_bold(sheet, column.head) for column in listing.printed])
    count, more = 0, False
    for cells in rows:
        if count == cap:
            more = True
            break
        sheet.append([_cell(sheet, cell) for cell in cells])
        count += 1
    notice = f"只导出了前 {cap} 行，后面还有。请缩小查询条件，分几次导出。" if more else ""
    if notice:
        sheet.append([_bold(sheet, notice)])
    _explain(book.create_sheet("说明"), listing, by, count, notice, asked)
    # Small sheets stay in memory, long ones go to a file that nobody else can open and that ends
    # with the answer.
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=2 << 20)
    book.save(out)
    out.seek(0)
    return out


def _explain(
    sheet: Any,
    listing: Listing,
    by: Actor,
    count: int,
    notice: str,
    asked: Sequence[tuple[str, str]],
) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 60
    lines = [
        ("名称", listing.title),
        ("导出人", by.name),
        ("导出时间", f"{clock.now():%Y-%m-%d %H:%M}"),
        ("行数", str(count)),
        ("范围", "导出人当时有权查看的内容"),
        *asked,
    ]
    for name, value in [*lines, *([("注意", notice)] if notice else [])]:
        sheet.append([_text(sheet, name), _text(sheet, value)])


def _cell(sheet: Any, cell: Cell) -> Any:
    value = cell.value
    if value is None:
        return _text(sheet, cell.text)
    if isinstance(value, datetime):
        value = clock.local(value).replace(tzinfo=None)
    made = WriteOnlyCell(sheet, value)
    if isinstance(value, datetime):
        made.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        made.number_format = "yyyy-mm-dd"
    return made


def _text(sheet: Any, text: str) -> Any:
    """A cell of exactly this text: its type says string, and its style says so again when somebody
    edits it.
    """
    text = _UNWRITABLE.sub("", text)[:_LONGEST]
    made = WriteOnlyCell(sheet, text)
    made.data_type = "s"
    made.alignment = Alignment(vertical="top", wrap_text="\n" in text)
    made.quotePrefix = text.startswith(FORMULA)
    return made


def _bold(sheet: Any, text: str) -> Any:
    made = _text(sheet, text)
    made.font = Font(bold=True)
    return made
