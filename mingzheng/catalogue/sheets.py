"""Lists as agencies keep them in Excel: which columns, what the confined reader found, written so
that they can be read again.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from mingzheng.catalogue import workbooks
from mingzheng.catalogue.workbooks import Column, Read, Row
from mingzheng.records import sandbox

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEW, CHANGED, SAME = "新增", "修改", "不变"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What a reader of lists is given: twice what the largest list takes.
GRANT = sandbox.Grant(memory=192 << 20, seconds=10, answer=24 << 20)
BROKEN = "打不开这个文件。请用 Excel 或者 WPS 另存为 .xlsx 再上传"

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


def read(data: bytes, columns: Sequence[Column]) -> Read:
    """The first sheet of a workbook, or a table of text, read in a confined process; nothing is
    guessed, everything odd gets a sentence.
    """
    told = {"columns": [column.told() for column in columns]}
    try:
        answer = sandbox.ask(workbooks.__name__, "read", data, told=told, grant=GRANT)
    except sandbox.Unconfined as error:
        return Read(faults=[(0, str(error))])
    if answer.late:
        return Read(faults=[(0, "读这个文件用时过长，已停止。请只留要导入的行和列")])
    if answer.died:
        return Read(faults=[(0, BROKEN)])
    try:
        return _taken(answer.said, columns)
    except (KeyError, TypeError, ValueError):
        # Whoever took over the reader says what he likes.
        return Read(faults=[(0, BROKEN)])


def _taken(said: dict[str, Any], columns: Sequence[Column]) -> Read:
    """What the reader said, in our own shapes and nothing else."""
    if "broken" in said:
        return Read(faults=[(0, BROKEN)])
    days = {column.key: column.day for column in columns}
    rows = [
        Row(int(number), {key: _cell_of(values.get(key), day) for key, day in days.items()})
        for number, values in said["rows"]
    ]
    return Read(rows, {}, _told(said["faults"]), _told(said["notes"]))


def _cell_of(value: Any, day: bool) -> Any:
    if value is None:
        return None
    return date.fromisoformat(value) if day else str(value)


def _told(said: Any) -> list[tuple[int, str]]:
    return [(int(number), str(text)[:2000]) for number, text in said]


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
