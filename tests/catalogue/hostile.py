"""Workbooks made to hurt whoever opens them, written by hand: no library would."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from mingzheng.catalogue import sheets

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADS = [column.head for column in sheets.ITEMS]
GOOD = ["xz-1", "名称", "行政处罚", "", "《节约能源法》第二条", *[""] * 5, "2026-01-01", ""]
DECLARED = '<?xml version="1.0" encoding="UTF-8"?>'


def row(number: int, values: list[str]) -> str:
    """A row of inline texts."""
    cells = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
    return f'<row r="{number}">{cells}</row>'


TABLE = row(1, HEADS) + row(2, GOOD)


def package(
    rows: str = TABLE,
    after: str = "",
    strings: str = "",
    styles: str = "",
    more: dict[str, str | bytes] | None = None,
) -> bytes:
    """A workbook of one sheet; `more` adds parts by path."""
    related = [("rId1", "worksheet", "worksheets/sheet1.xml")]
    related += [("rId2", "sharedStrings", "sharedStrings.xml")] if strings else []
    related += [("rId3", "styles", "styles.xml")] if styles else []
    parts: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r"'
        f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        + "".join(
            f'<Relationship Id="{code}" Type="{OFFICE}/{kind}" Target="{target}"/>'
            for code, kind, target in related
        )
        + "</Relationships>",
        "xl/worksheets/sheet1.xml": f'{DECLARED}<worksheet xmlns="{MAIN}"><sheetData>{rows}'
        f"</sheetData>{after}</worksheet>",
    }
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    if styles:
        parts["xl/styles.xml"] = styles
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as held:
        for name, data in {**parts, **(more or {})}.items():
            held.writestr(name, data)
    return out.getvalue()


def _strings(inside: str) -> str:
    return f'<sst xmlns="{MAIN}">{inside}</sst>'


def _with(values: dict[int, str], style: str = "") -> str:
    said = [*GOOD]
    for at, value in values.items():
        said[at] = value
    return row(1, HEADS) + row(2, said)


def _lying() -> bytes:
    """A part that says it is small and is not."""
    data = bytearray(package(rows=TABLE + " " * (40 << 20)))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as held:
        real = held.getinfo("xl/worksheets/sheet1.xml").file_size
    return bytes(data).replace(real.to_bytes(4, "little"), (4000).to_bytes(4, "little"))


def every() -> Iterator[tuple[str, bytes, str]]:
    """(name, workbook, words of the refusal)."""
    far = f'{TABLE}<row r="4000"><c r="XFD4000"><v>1</v></c></row>'
    yield "one cell at XFD4000", package(far), "第 4000 行的 XFD 列有内容。一张表最多 200 列"
    merge = '<mergeCells><mergeCell ref="A1:XFD5000"/></mergeCells>'
    tall = TABLE + "".join(row(n, ["x"]) for n in range(3, 4000))
    yield "one merge over everything", package(tall, merge), "A1:XFD5000 等合并单元格太大"
    many = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 300_000))
    yield "many merges", package(after=f"<mergeCells>{many}</mergeCells>"), "合并单元格太多"
    said = f'<comments xmlns="{MAIN}">{"注" * (55 << 20 >> 1)}</comments>'
    yield "a comment of 55 MB", package(more={"xl/comments1.xml": said.encode("utf-16")}), "批注"
    yield "many strings", package(strings=_strings("<si/>" * (5 << 20))), "太多"
    yield (
        "a long string",
        package(strings=_strings(f"<si><t>{'长' * (9 << 20)}</t></si>")),
        "文字太多",
    )
    once = _strings(f"<si><t>{'名' * 30_000}</t></si>")
    cell = '<c t="s"><v>0</v></c>'
    amplified = row(1, HEADS) + "".join(f'<row r="{n}">{cell * 10}</row>' for n in range(2, 4000))
    yield "one string in every cell", package(amplified, strings=once), "文字太多，请分几次"
    yield "a part of 60 MB", package(TABLE + " " * (60 << 20)), "表（连同批注、隐藏的内容）太大"
    yield "a part that lies about its size", _lying(), "打不开这个文件"
    crowd: dict[str, str | bytes] = {f"xl/x{n}.xml": "" for n in range(1500)}
    yield "many parts", package(more=crowd), "个部件，不像一张表"
    wide = TABLE + '<row r="3">' + '<c r="A3"/>' * 900_000 + "</row>"
    yield "many empty cells", package(wide), "太多"
    deep = TABLE + "<row>" + "<c>" * 500 + "</c>" * 500 + "</row>"
    yield "deep nesting", package(deep), "太多"
    lol = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>'
    yield "a document type", package(strings=f"{lol}{_strings('<si/>')}"), "打不开这个文件"
    rows = row(1, HEADS) + "".join(row(n, ["x"]) for n in range(2, 5003))
    yield "too many rows", package(rows), "一次最多导入 5000 行"
    dated = row(1, HEADS) + row(2, GOOD).replace(
        '<c t="inlineStr"><is><t>2026-01-01</t></is></c>', '<c s="1"><v>1e999</v></c>'
    )
    styles = (
        f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        "</styleSheet>"
    )
    yield "a date beyond every number", package(dated, styles=styles), "“1e999”，认不出是哪一天"
    yield (
        "a number of 9000 digits",
        package(dated.replace("1e999", "9" * 9000), styles=styles),
        "认不出是哪一天",
    )
    yield "a control character", package(_with({1: "名_x000B_称"})), "控制字符（U+000B）"
    yield "a raw control character", package(_with({1: "名\x0b称"})), "打不开这个文件"
    yield "a text table of 40 MB", ("a,b\n" + "x" * (40 << 20)).encode(), "表太大"
    yield "a text table of one long cell", ("a,b\n" + "x" * (1 << 20)).encode(), "打不开这个文件"
    yield "a text table with a control character", _table({1: "名\x0b称"}), "U+000B"


def _table(values: dict[int, str]) -> bytes:
    said = [*GOOD]
    for at, value in values.items():
        said[at] = value
    return "\n".join(",".join(each) for each in (HEADS, said)).encode("gb18030")
