"""What runs in the sandboxed process: a workbook (or a table of text) is read cell by cell, with
what is wrong in words.

Nothing is built of it but the cells that are asked for: parts are counted before they are read,
read as a stream, and left at the first bound that they pass.
"""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any, BinaryIO, NamedTuple
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel
from openpyxl.utils.datetime import from_ISO8601 as from_iso

# More than any agency's list, less than what would keep a reader busy for long.
MOST_ROWS, MOST_COLUMNS, MOST_PARTS, MOST_BYTES = 5000, 200, 1000, 32 << 20
MOST_ELEMENTS, MOST_TEXT, MOST_MERGED, DEEPEST = 400_000, 8 << 20, 20_000, 40
MOST_SAID, LONGEST, MOST_FAULTS = 6 << 20, 32_767, 1000
# Days as Excel counts them: from 1950 to 2119. Other numbers are no days.
SERIAL = range(18264, 80355)
_WRITTEN = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]|_x00[01][0-9A-Fa-f]_")
_TRUE = ("1", "true")


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

    def told(self) -> dict[str, Any]:
        """As the confined reader is told of it."""
        return asdict(self)


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

    def said(self) -> list[str]:
        """What forbids it, each with its row, as far as anybody reads on."""
        return [f"第 {number} 行：{text}" if number else text for number, text in self.faults[:50]]


class TooMuch(Exception):
    """A bound is passed; says in Chinese which, and what to do."""


class Cell(NamedTuple):
    """A value and how it was said: `f` a formula, anything else a value."""

    value: Any
    said: str


def warm() -> None:
    """What parsers load when they are first needed."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.Parse(b'<?xml version="1.0" encoding="UTF-8"?><x/>', True)
    datetime.strptime("2000", "%Y")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("x", "x")
    with zipfile.ZipFile(made) as packed:
        packed.read("x")
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        "x".encode(encoding).decode(encoding)


def answer(task: str, given: BinaryIO, out: int, told: dict[str, Any]) -> dict[str, Any]:
    """Rows, faults, notes; `broken` where it is no table at all."""
    columns = [Column(**{**each, "also": tuple(each["also"])}) for each in told["columns"]]
    found = Read()
    try:
        sheet = opened(given)
        read(sheet, columns, found)
    except TooMuch as error:
        found = Read(faults=[(0, str(error))])
    except MemoryError:
        found = Read(faults=[(0, "表展开后太大，请只留要导入的行和列")])
    # A broken workbook breaks in any way it likes; the person is told one thing to do.
    except Exception as error:
        return {"broken": type(error).__name__}
    if len(found.faults) > MOST_FAULTS:
        more = len(found.faults) - MOST_FAULTS
        found.faults[MOST_FAULTS:] = [(0, f"还有 {more} 处问题没有列出，请先改好上面的")]
    return {
        "rows": [
            [
                row.number,
                {
                    key: value.isoformat() if isinstance(value, date) else value
                    for key, value in row.values.items()
                },
            ]
            for row in found.rows
        ],
        "faults": found.faults,
        "notes": found.notes[:MOST_FAULTS],
    }


@dataclass
class Sheet:
    """The cells of a sheet by row and column, its merged ranges, and the day that it counts
    from.
    """

    lines: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    epoch: datetime = CALENDAR_WINDOWS_1900

    def merged(self) -> set[tuple[int, int]]:
        """The cells that lie under another one's."""
        last = max(self.lines, default=0)
        under: set[tuple[int, int]] = set()
        for said in self.merges:
            left, top, right, bottom = range_boundaries(said)
            wide = range(left, min(right, MOST_COLUMNS) + 1)
            high = range(top, min(bottom, last) + 1)
            if len(under) + len(wide) * len(high) > MOST_MERGED:
                raise TooMuch(f"{said} 等合并单元格太大。请取消合并，每一格都填上内容")
            under.update((row, at) for row in high for at in wide if (row, at) != (top, left))
        return under

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Keep a cell that holds something."""
        if column > MOST_COLUMNS:
            raise TooMuch(
                f"第 {row} 行的 {get_column_letter(min(column, 16384))} 列有内容。"
                f"一张表最多 {MOST_COLUMNS} 列，请删去右边多余的列"
            )
        if row not in self.lines and len(self.lines) > MOST_ROWS:
            raise TooMuch(f"一次最多导入 {MOST_ROWS} 行，请分几次")
        self.lines.setdefault(row, {})[column] = cell


def opened(given: BinaryIO) -> Sheet:
    """The reader is chosen by the first bytes."""
    head = given.read(4)
    given.seek(0)
    return _workbook(given) if head == b"PK\x03\x04" else _text(given.read(MOST_BYTES + 1))


def _text(data: bytes) -> Sheet:
    """A table of text, as Excel saves it: commas or tabs, UTF-8 or GB 18030."""
    if len(data) > MOST_BYTES:
        raise TooMuch("表太大，请只留要导入的行和列")
    if b"\0" in data or data.lstrip()[:1] in (b"<", b"{", b"%"):
        raise ValueError("no table of text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    first = text.split("\n", 1)[0]
    if "," not in first and "\t" not in first:
        raise ValueError("no columns")
    csv.field_size_limit(LONGEST)
    sheet = Sheet()
    between = "\t" if first.count("\t") > first.count(",") else ","
    for number, values in enumerate(csv.reader(io.StringIO(text), delimiter=between), 1):
        for at, value in enumerate(values, 1):
            if value:
                sheet.put(number, at, Cell(value, "s"))
    return sheet


def _workbook(given: BinaryIO) -> Sheet:
    """The first sheet of a workbook that passes every bound."""
    with zipfile.ZipFile(given) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS:
            raise TooMuch(f"文件里有 {len(parts)} 个部件，不像一张表。请另存为新的 .xlsx 再上传")
        said = [each for each in parts if not each.filename.startswith("xl/media/")]
        if sum(each.file_size for each in said) > MOST_BYTES:
            raise TooMuch("表（连同批注、隐藏的内容）太大，请只留要导入的行和列")
        parser = _Parts(packed)
        return parser.sheet()


class _Parts:
    """The parts of a package that a list needs, each read as a stream."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self.packed = packed
        self.elements = self.text = 0

    def sheet(self) -> Sheet:
        """The first worksheet with its strings and kinds of numbers."""
        book = self._related("", "/officeDocument", "xl/workbook.xml")
        names: list[str] = []
        mac: list[bool] = []

        def seen(name: str, said: Mapping[str, str]) -> None:
            if name == "sheet":
                names.extend(value for key, value in said.items() if key.endswith(" id"))
            elif name == "workbookPr":
                mac.append(said.get("date1904", "0") in _TRUE)

        self._read(book, seen)
        places = self._relations(book)
        of_sheets = (places[name] for name in names if name in places)
        path = next(path for kind, path in of_sheets if kind.endswith("/worksheet"))
        epoch = CALENDAR_MAC_1904 if any(mac) else CALENDAR_WINDOWS_1900
        strings = self._strings(self._related(book, "/sharedStrings", ""))
        return self._cells(path, strings, self._styles(self._related(book, "/styles", "")), epoch)

    def _read(
        self,
        path: str,
        begin: Callable[[str, Mapping[str, str]], None],
        end: Callable[[str, str], None] | None = None,
    ) -> None:
        """Read a part as a stream: each element's name without its namespace, its attributes, and
        at its end the text since its beginning.
        """
        depth = 0
        words: list[str] = []

        def started(name: str, said: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self.elements += 1
            if self.elements > MOST_ELEMENTS or depth > DEEPEST:
                raise TooMuch("表里的格子、文字或者格式太多，请只留要导入的行和列")
            words.clear()
            begin(name.rpartition(" ")[2], said)

        def ended(name: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(name.rpartition(" ")[2], "".join(words))

        def spoken(said: str) -> None:
            self.text += len(said)
            if self.text > MOST_TEXT:
                raise TooMuch("表里的文字太多，请只留要导入的行和列，或者分几次")
            words.append(said)

        def declared(*_: Any) -> None:
            raise ValueError("a document type")

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text, parser.buffer_size = True, 1 << 16
        parser.StartElementHandler, parser.EndElementHandler = started, ended
        parser.StartDoctypeDeclHandler = declared
        if end is not None:
            parser.CharacterDataHandler = spoken
        with self.packed.open(path) as part:
            while piece := part.read(1 << 18):
                parser.Parse(piece, False)
        parser.Parse(b"", True)

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """By its id the kind and the path of each part that a part names."""
        at = PurePosixPath(path) if path else PurePosixPath("x")
        held = str(at.parent / "_rels" / (at.name + ".rels" if path else ".rels"))
        if held not in self.packed.namelist():
            return {}
        found: dict[str, tuple[str, str]] = {}

        def seen(name: str, said: Mapping[str, str]) -> None:
            if name == "Relationship" and said.get("TargetMode") != "External":
                target = said.get("Target", "")
                whole = target[1:] if target.startswith("/") else str(at.parent / target)
                found[said.get("Id", "")] = (said.get("Type", ""), whole)

        self._read(held, seen)
        return found

    def _related(self, path: str, kind: str, usual: str) -> str:
        places = self._relations(path).values()
        return next((place for said, place in places if said.endswith(kind)), usual)

    def _strings(self, path: str) -> list[str]:
        if path not in self.packed.namelist():
            return []
        strings: list[str] = []
        parts: list[str] = []
        # How a word is pronounced stands beside it and is no part of it.
        aside = [0]

        def begin(name: str, said: Mapping[str, str]) -> None:
            if name == "si":
                parts.clear()
            aside[0] += name == "rPh"

        def end(name: str, text: str) -> None:
            aside[0] -= name == "rPh"
            if name == "t" and not aside[0]:
                parts.append(text)
            elif name == "si":
                strings.append("".join(parts))

        self._read(path, begin, end)
        return strings

    def _styles(self, path: str) -> list[str]:
        """By style of a cell: "d" a day, "t" a length of time, empty a number."""
        if path not in self.packed.namelist():
            return []
        own: dict[int, str] = {}
        used: list[int] = []
        among = [""]

        def begin(name: str, said: Mapping[str, str]) -> None:
            if name in ("cellXfs", "cellStyleXfs", "dxfs"):
                among[0] = name
            elif name == "numFmt" and among[0] != "dxfs":
                own[int(said["numFmtId"])] = said.get("formatCode", "")
            elif name == "xf" and among[0] == "cellXfs":
                used.append(int(said.get("numFmtId", 0)))

        self._read(path, begin)
        sorts: dict[int, str] = {}
        for number in set(used):
            code = own.get(number) or BUILTIN_FORMATS.get(number, "General")
            code = code[:255]
            length = is_timedelta_format(code)
            sorts[number] = "t" if length else "d" if is_date_format(code) else ""
        return [sorts[number] for number in used]

    def _cells(self, path: str, strings: list[str], styles: list[str], epoch: datetime) -> Sheet:
        sheet = Sheet(epoch=epoch)
        # Of the cell being read: row, column, kind, style, whether a formula; then its texts.
        row, column, place, kind, style, formula = 0, 0, "", "n", 0, False
        value, words, rule = "", "", ""

        def begin(name: str, said: Mapping[str, str]) -> None:
            nonlocal row, column, place, kind, style, formula, value, words, rule
            if name == "row":
                row, column = int(float(said["r"])) if "r" in said else row + 1, 0
                place = ""
            elif name == "c":
                if "r" not in said:
                    row, column = _placed(place, row, column)
                    place, column = "", column + 1
                else:
                    # Most cells of a careless sheet are empty: their places are not asked for.
                    place = said["r"]
                kind, style = said.get("t", "n"), int(said.get("s") or 0)
                formula, value, words, rule = False, "", "", ""
            elif name == "mergeCell":
                sheet.merges.append(said["ref"])
                if len(sheet.merges) > MOST_MERGED:
                    raise TooMuch("合并单元格太多。请取消合并，每一格都填上内容")

        def end(name: str, text: str) -> None:
            nonlocal formula, value, words, rule
            if name == "v":
                value = text
            elif name == "t":
                words += text
            elif name == "f":
                formula, rule = True, text
            elif name == "c":
                if formula:
                    cell = Cell(f"={rule}", "f")
                elif kind == "inlineStr" and words:
                    cell = Cell(words, "s")
                elif value and kind != "inlineStr":
                    sort = styles[style] if style < len(styles) else ""
                    cell = _meant(value, kind, sort, strings, epoch)
                else:
                    return
                sheet.put(*_placed(place, row, column), cell)

        self._read(path, begin, end)
        return sheet


def _placed(place: str, row: int, column: int) -> tuple[int, int]:
    return coordinate_to_tuple(place) if place else (row, column)


def _meant(text: str, kind: str, sort: str, strings: list[str], epoch: datetime) -> Cell:
    """What a written value means, by its kind and the style of its cell."""
    if kind == "s":
        return Cell(strings[int(text)], "s")
    if kind == "b":
        return Cell(text in _TRUE, "b")
    if kind == "d":
        return Cell(from_iso(text), "d")
    if kind != "n":
        return Cell(text, kind)
    try:
        number: Any = float(text) if re.search("[.eE]", text) else int(text)
    except ValueError:
        return Cell(text, "e")
    if not math.isfinite(number):
        return Cell(text, "e")
    if sort:
        try:
            return Cell(from_excel(number, epoch, timedelta=sort == "t"), "d")
        except (OverflowError, ValueError):
            return Cell(text, "e")
    return Cell(number, "n")


def read(sheet: Sheet, columns: Sequence[Column], found: Read) -> None:
    """The rows of a sheet; nothing is guessed, everything odd gets a sentence."""
    under = sheet.merged()
    for said in sheet.merges:
        top = range_boundaries(said)[1]
        found.faults.append((top, f"{said} 是合并单元格。请取消合并，每一格都填上内容"))
    first = sheet.lines.pop(1, {})
    heads = [str(first[at].value).strip() if at in first else "" for at in _until(first)]
    order = _order(heads, columns, found)
    if order is None:
        return
    if len(sheet.lines) > MOST_ROWS:
        raise TooMuch(f"一次最多导入 {MOST_ROWS} 行，请分几次")
    seen: dict[tuple[str, ...], int] = {}
    parts, size = [column for column in columns if column.part], 0
    for number, cells in sorted(sheet.lines.items()):
        values: dict[str, Any] = {}
        for column, at in order:
            place = (number, -1 if at is None else at + 1)
            values[column.key] = (
                None
                # Told already, once for the whole range.
                if at is None or place in under
                else _value(cells.get(at + 1), column, number, sheet.epoch, found)
            )
            size += len(str(values[column.key] or ""))
        if size > MOST_SAID:
            raise TooMuch("表里的文字太多，请分几次导入")
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


def _until(cells: Mapping[int, Cell]) -> range:
    return range(1, max(cells, default=0) + 1)


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


def _value(cell: Cell | None, column: Column, number: int, epoch: datetime, found: Read) -> Any:
    value = cell.value if cell else None
    if cell and cell.said == "f":
        found.faults.append((number, f"“{column.head}”是公式，请粘贴为数值"))
        return None
    if cell is None or value in (None, ""):
        if column.must:
            found.faults.append((number, f"“{column.head}”没有填"))
        return None
    if column.day:
        return _day(_counted(value, column, number, epoch, found), column, number, found)
    # A code that Excel took for a number is the same code.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).replace("_x000D_", "").strip()
    if len(text) > LONGEST:
        found.faults.append((number, f"“{column.head}”超过 {LONGEST} 个字"))
        return None
    if bad := _UNSEEN.search(text):
        at = ord(bad[0]) if len(bad[0]) == 1 else int(bad[0][2:6], 16)
        found.faults.append(
            (number, f"“{column.head}”里有看不见的控制字符（U+{at:04X}），请删去后重新输入")
        )
        return None
    return text


def _counted(value: Any, column: Column, number: int, epoch: datetime, found: Read) -> Any:
    """A number that Excel shows as a number and means as a day becomes that day, and a person is
    told.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or int(value) not in SERIAL:
        return value
    day = from_excel(int(value), epoch).date()
    found.notes.append(
        (number, f"“{column.head}”是数字 {int(value)}，没有设成日期格式；将按 {day:%Y-%m-%d} 导入")
    )
    return day


def _day(value: Any, column: Column, number: int, found: Read) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()[:60]
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
