"""Rows of a standard's columns as a workbook or as CSV that spreadsheets open without turning text
into formulas.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet would take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def workbook(
    name: str, wanted: Sequence[Mapping[str, Any]], rows: Iterable[Mapping[str, str]]
) -> bytes:
    """Codes in the first line, Chinese names in the second, then the rows; every cell is text."""
    book = Workbook(write_only=True)
    page = book.create_sheet(name[:31])
    page.append([str(each["id"]) for each in wanted])
    page.append([str(each["name"]) for each in wanted])
    for row in rows:
        page.append([_text(page, row.get(str(each["id"]), "")) for each in wanted])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"
    return cell


def lines(codes: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Iterable[str]:
    """CSV in UTF-8 with a mark at its head, line by line; a cell that would be a formula gets an
    apostrophe before it.
    """
    yield "\ufeff" + _line(codes)
    for row in rows:
        yield _line([_plain(row.get(code, "")) for code in codes])


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
