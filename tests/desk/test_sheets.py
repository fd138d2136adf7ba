"""The sheet of a list: the same cells as the screen, real days, no formula, its own end said."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import openpyxl

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency
from mingzheng.desk.lists import cases, sheet
from mingzheng.site.demo.play import at, who
from tests.bypasses.test_05_to_09_records_and_people import enter
from tests.cases.telling import case
from tests.desk.listed import DAY, many, page

HOSTILE = [
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://x.test","x")',
    "'=1",
    "a\x07b\ufffe",
    "多\n行",
    "<b>&amp;",
]


def fetched(client: Any, address: str) -> Any:
    """The workbook behind an address."""
    answer = client.get(address)
    assert answer.status_code == 200 and answer["Content-Type"] == sheet.MEDIA_TYPE
    return b"".join(answer.streaming_content)


def test_the_sheet_holds_what_the_screen_shows(bodies: dict[str, Any], client: Any) -> None:
    with at(DAY):
        rows = many(bodies["wg"], "节能监察科", 19)
        enter(client, "wg-01")
        table = list(
            openpyxl.load_workbook(io.BytesIO(fetched(client, "/desk/cases?export=xlsx&q=名单")))[
                "执法案件"
            ].values
        )
        screen = page(who(bodies["wg"], "张三"), size=100, q="名单").rows
    assert (
        table[0] == ("案件", "当事人", "期限", "最后一天", "类别", "环节", "承办人", "登记日期")
        and len(table) == 20 == len(rows) + 1
    )
    for cells, line in zip(screen, table[1:], strict=True):
        seen = {each["column"].head: each["cell"] for each in cells}
        due = line[3].strftime("%Y-%m-%d") if line[3] else ""
        assert (line[0], line[2], due) == (
            seen["案件"].text,
            seen["期限"].light.words,
            seen["期限"].small,
        )
        assert [line[4], line[5], line[6] or ""] == [
            seen[head].text for head in ("类别", "环节", "承办人")
        ]
        assert (
            isinstance(line[7], datetime) and line[7].strftime("%Y-%m-%d") == seen["登记日期"].text
        )


def test_text_is_never_a_formula_and_never_changed(bodies: dict[str, Any], client: Any) -> None:
    with at(DAY):
        for title in HOSTILE:
            many(bodies["wg"], "节能监察科", 1, title=title, party=title)
        enter(client, "wg-01")
        data = fetched(client, "/desk/cases?export=xlsx&sort=old")
    cells = [
        cell
        for row in openpyxl.load_workbook(io.BytesIO(data))["执法案件"].iter_rows(
            min_row=2, max_col=2
        )
        for cell in row
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.value for cell in cells} == {
        re.sub("[\x07\ufffe]", "", title) for title in HOSTILE
    }
    assert all(cell.quotePrefix for cell in cells if cell.value[0] in "=+-@\t")


def test_the_file_is_plain_xml_that_every_spreadsheet_knows(
    bodies: dict[str, Any], client: Any
) -> None:
    with at(DAY):
        many(bodies["wg"], "节能监察科", 3)
        enter(client, "wg-01")
        book = zipfile.ZipFile(io.BytesIO(fetched(client, "/desk/cases?export=xlsx")))
    assert book.testzip() is None
    names = set(book.namelist())
    assert {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
    } <= names
    assert not [name for name in names if re.search("vba|external|drawing|calcChain", name)]
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    styles = len(ElementTree.fromstring(book.read("xl/styles.xml")).find(f"{space}cellXfs") or [])
    for name in (name for name in names if name.startswith("xl/worksheets/sheet")):
        found = ElementTree.fromstring(book.read(name))
        assert not list(found.iter(f"{space}f")), "no formula"
        assert all(int(cell.get("s", "0")) < styles for cell in found.iter(f"{space}c"))
    pane = next(ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{space}pane"))
    assert pane.get("state") == "frozen" and pane.get("topLeftCell") == "A2"


def test_a_sheet_that_ends_early_says_so(bodies: dict[str, Any]) -> None:
    with at(DAY):
        many(bodies["wg"], "节能监察科", 12)
        by = who(bodies["wg"], "张三")
        reach = access.reach(by)
        listing = cases.listing(by, reach, Agency.objects.get(pk=by.agency_id), {})
        whole, part = (
            openpyxl.load_workbook(
                io.BytesIO(
                    sheet.written(
                        listing,
                        by,
                        listing.all(cases.parts(reach), {}, cap),
                        listing.conditions({}),
                        cap,
                    ).read()
                )
            )
            for cap in (12, 11)
        )
    assert whole["执法案件"].max_row == 13 and "注意" not in [
        row[0] for row in whole["说明"].values
    ]
    last = [row[0] for row in part["执法案件"].values][-1]
    assert part["执法案件"].max_row == 13 and last.startswith("只导出了前 11 行")
    assert ("注意", last) in list(part["说明"].values) and ("行数", "11") in list(
        part["说明"].values
    )


def test_a_long_sheet_is_read_in_pages_and_loses_nothing(bodies: dict[str, Any]) -> None:
    with at(DAY):
        rows = many(bodies["wg"], "节能监察科", 1_203) + many(
            bodies["wg"], "企业运行科", 400, first=2_000
        )
        by = who(bodies["wg"], "陈局")
        reach = access.reach(by)
        for sort in ("due", "new", "party"):
            listing = cases.listing(by, reach, Agency.objects.get(pk=by.agency_id), {})
            assert len(list(listing.all(cases.parts(reach), {"sort": sort}))) == len(rows)


def test_every_tab_of_the_workbench_has_its_sheet(bodies: dict[str, Any], client: Any) -> None:
    journey = case(bodies).go("proposed")
    with at(journey.day + timedelta(days=1)):
        enter(client, "wg-01")
        for tab, name in [
            ("todo", "待办"),
            ("done", "已办"),
            ("mine", "我发起的"),
            ("copy", "抄送我的"),
            ("urge", "督办"),
        ]:
            table = list(
                openpyxl.load_workbook(io.BytesIO(fetched(client, f"/desk?tab={tab}&export=xlsx")))[
                    name
                ].values
            )
            assert table[0][:2] == ("事项", "案件") and (len(table) > 1) is (
                tab in ("todo", "mine")
            )
