"""Lists as agencies keep them in Excel: which columns, read cell by cell with what is wrong in
words, written so that they can be read again.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.datetime import from_excel

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# More than any agency's list, less than what would keep a worker busy for long.
MOST_ROWS, MOST_BYTES = 5000, 64 << 20
NEW, CHANGED, SAME = "新增", "修改", "不变"
# Days as Excel counts them: from 1950 to 2119. Other numbers are no days.
SERIAL = range(18264, 80355)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WRITTEN = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")


@dataclass(frozen=True)
class Column:
    """A column: head, other heads that mean the same, whether every row must fill it, whether it
    holds a day.

    `part` columns together tell one row from every other.
    """

    key: str
    head: str
    must: bool = False
    day: bool = False
    also: tuple[str, ...] = ()
    part: bool = False


ITEMS = (
    Column("code", "事项编码", True, also=("编码", "编号"), part=True),
    Column("name", "事项名称", True, also=("名称", "职权名称")),
    Column("kind", "类型", True, also=("职权类型", "执法类别")),
    Column("broken", "违反的条款", also=("违法条款",)),
    Column("applied", "实施依据", True, also=("依据", "法律依据")),
    Column("duties", "职责"),
    Column("powers", "权限"),
    Column("unit", "承办机构", also=("实施机构",)),
    Column("ledger", "权责清单编码"),
    Column("ledger_name", "权责清单名称"),
    Column("since", "生效日期", True, day=True),
    Column("until", "失效日期", day=True),
)
RANDOM = (
    Column("code", "事项编码", True, also=("编码", "编号"), part=True),
    Column("name", "抽查事项名称", True, also=("事项名称", "名称")),
    Column("objects", "抽查对象", True, also=("对象",)),
    Column("content", "抽查内容", also=("内容",)),
    Column("manner", "抽查方式", True, also=("方式",)),
    Column("ratio", "抽查比例", also=("比例",)),
    Column("frequency", "抽查频次", also=("频次",)),
)
BENCHMARK = (
    Column("code", "事项编码", True, also=("编码", "编号"), part=True),
    Column("name", "事项名称", also=("名称", "违法行为")),
    Column("step", "裁量阶次", also=("阶次", "裁量等级", "违法程度"), part=True),
    Column("when", "适用情形", True, also=("情形", "适用条件", "违法情节"), part=True),
    Column("penalty", "裁量幅度", True, also=("处罚标准", "裁量标准", "裁量基准")),
)
OFFICERS = (
    Column(
        "certificate",
        "执法证件号码",
        True,
        also=("执法证号", "证件编号", "证件号码", "证号"),
        part=True,
    ),
    Column("name", "姓名", True),
    Column("unit", "科室", True, also=("所在科室", "内设机构", "所在机构")),
    Column("title", "职务", True, also=("岗位",)),
    Column("scope", "执法范围", also=("执法类别", "证件类别")),
    Column("area", "执法区域"),
    Column("since", "证件有效期起", True, day=True, also=("发证日期",)),
    Column("until", "证件有效期止", True, day=True, also=("有效期至", "证件有效期至")),
)
BASES = (
    Column("name", "名称", True, also=("依据名称",), part=True),
    Column("number", "文号", also=("发文字号",)),
    Column("rank", "效力层级", True, also=("层级", "效力级别")),
    Column("effective_on", "施行日期", True, day=True, also=("生效日期",)),
    Column("url", "网址", also=("全文网址",)),
)


@dataclass(frozen=True)
class Row:
    """A row as it was read: its number in the sheet, text or day by column."""

    number: int
    values: Mapping[str, Any]


@dataclass
class Read:
    """Rows with what forbids taking them in (`faults`) and what a person should know (`notes`),
    each as (row number, sentence); 0 is the sheet.

    `states` says by row number what the row would do to the register: NEW, CHANGED or SAME.
    """

    rows: list[Row] = field(default_factory=list)
    states: dict[int, str] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)


def read(data: bytes, columns: Sequence[Column]) -> Read:
    """The first sheet of a workbook; nothing is guessed, everything odd gets a sentence."""
    found = Read()
    sheet = _sheet(data, found)
    if sheet is None:
        return found
    for merged in sheet.merged_cells.ranges:
        found.faults.append(
            (merged.min_row, f"{merged.coord} 是合并单元格。请取消合并，每一格都填上内容")
        )
    lines = sheet.iter_rows()
    heads = [str(cell.value or "").strip() for cell in next(lines, ())]
    order = _order(heads, columns, found)
    if order is None:
        return found
    seen: dict[tuple[str, ...], int] = {}
    parts = [column for column in columns if column.part]
    for number, cells in enumerate(lines, 2):
        if all(cell.value in (None, "") for cell in cells):
            continue
        values = {
            column.key: (
                _value(cells[at], column, number, found)
                if at is not None and at < len(cells)
                else None
            )
            for column, at in order
        }
        key = tuple(str(values.get(column.key) or "") for column in parts)
        if key[0] and key in seen:
            named = "、".join(
                f"“{column.head}”{text}" for column, text in zip(parts, key, strict=True) if text
            )
            found.faults.append((number, f"{named} 与第 {seen[key]} 行重复，只能保留一行"))
        seen.setdefault(key, number)
        found.rows.append(Row(number, values))
    if not found.rows and not found.faults:
        found.faults.append((0, "表里没有内容"))
    return found


def _sheet(data: bytes, found: Read) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_BYTES:
                found.faults.append((0, "表太大，请只留要导入的行和列"))
                return None
        sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    except Exception:  # noqa: BLE001 - a broken workbook breaks in any way it likes; the person is told one thing to do
        found.faults.append((0, "打不开这个文件。请用 Excel 或者 WPS 另存为 .xlsx 再上传"))
        return None
    if sheet.max_row > MOST_ROWS:
        found.faults.append((0, f"一次最多导入 {MOST_ROWS} 行，请分几次"))
        return None
    return sheet


def _order(
    heads: Sequence[str], columns: Sequence[Column], found: Read
) -> list[tuple[Column, int | None]] | None:
    known = {head: column.key for column in columns for head in (column.head, *column.also)}
    strange = [head for head in heads if head and head not in known]
    places = {known[head]: at for at, head in reversed(list(enumerate(heads))) if head in known}
    lacking = [column.head for column in columns if column.must and column.key not in places]
    if strange or lacking:
        told = [
            f"缺“{'”“'.join(lacking)}”" if lacking else "",
            f"不认识“{'”“'.join(strange)}”" if strange else "",
        ]
        found.faults.append(
            (
                1,
                (
                    f"列不对：{'；'.join(text for text in told if text)}。"
                    f"应有的列：{'、'.join(column.head for column in columns)}"
                ),
            )
        )
        return None
    return [(column, places.get(column.key)) for column in columns]


def _value(cell: Any, column: Column, number: int, found: Read) -> Any:
    value = cell.value
    if isinstance(cell, MergedCell):
        # Told already, once for the whole range.
        return None
    if cell.data_type == "f":
        found.faults.append((number, f"“{column.head}”是公式，请粘贴为数值"))
        return None
    if value in (None, ""):
        if column.must:
            found.faults.append((number, f"“{column.head}”没有填"))
        return None
    if column.day:
        return _day(_counted(cell, column, number, found), column, number, found)
    # A code that Excel took for a number is the same code.
    return (
        str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    )


def _counted(cell: Any, column: Column, number: int, found: Read) -> Any:
    """A number that Excel shows as a number and means as a day becomes that day, and a person is
    told.
    """
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or int(value) not in SERIAL:
        return value
    day = from_excel(int(value), cell.parent.parent.epoch).date()
    found.notes.append(
        (number, f"“{column.head}”是数字 {int(value)}，没有设成日期格式；将按 {day:%Y-%m-%d} 导入")
    )
    return day


def _day(value: Any, column: Column, number: int, found: Read) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    for written in _WRITTEN:
        try:
            read_as = datetime.strptime(text, written).date()
        except ValueError:
            continue
        found.notes.append(
            (number, f"“{column.head}”是文字“{text}”，不是日期；将按 {read_as:%Y-%m-%d} 导入")
        )
        return read_as
    sort = "数字" if isinstance(value, (int, float)) else "文字"
    found.faults.append(
        (number, f"“{column.head}”是{sort}“{text}”，认不出是哪一天，请改成日期，例如 2026-01-01")
    )
    return None


def written(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook that Excel and WPS open without a question: days are days, text is never a
    formula.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for n, head in enumerate(heads):
        sheet.column_dimensions[chr(ord("A") + n)].width = max(14, min(40, 4 + 2 * len(head)))
    bold = []
    for head in heads:
        cell = _text(sheet, head)
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd"
        return cell
    return _text(sheet, "" if value is None else str(value))


def _text(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA)
    return cell
