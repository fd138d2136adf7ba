"""Lists from Excel: everything odd gets a sentence with its row, nothing comes in before it is
confirmed, and then all or nothing.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from mingzheng.catalogue import importing, sheets
from mingzheng.catalogue.acts import importing as acts
from mingzheng.catalogue.models import Item
from mingzheng.records import store
from mingzheng.records.models import Act
from mingzheng.site import importing as command
from mingzheng.site.demo.play import who
from tests.catalogue.telling import heard, morning
from tests.clause import clause

ROW = [
    "xz-1",
    "新增事项的处罚",
    "行政处罚",
    "《节约能源法》第一条",
    "《节约能源法》第二条",
    "职责",
    "权限",
    "节能监察科",
    "QZ-1",
    "",
    date(2026, 1, 1),
    None,
]
HEADS = [column.head for column in sheets.ITEMS]


def book(
    *rows: list[Any], heads: list[str] | None = None, mend: Callable[[Any], None] | None = None
) -> bytes:
    """A workbook with these rows."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (heads or HEADS, *rows):
        sheet.append(row)
    if mend:
        mend(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def but(**said: Any) -> list[Any]:
    """A good row with some cells changed."""
    keys = [column.key for column in sheets.ITEMS]
    return [said.get(key, value) for key, value in zip(keys, ROW, strict=True)]


def faults(bodies: dict[str, Any], data: bytes, kind: str = "items") -> str:
    """What is told of a workbook that is not taken in."""
    found = importing.look(bodies["wg"], kind, data)
    return "；".join(f"{number} {text}" for number, text in found.faults)


BAD = [
    ("2 “生效日期”是文字“二〇二四年”，认不出是哪一天", book(but(since="二〇二四年"))),
    ("3 “事项编码”xz-1 与第 2 行重复", book(ROW, ROW)),
    (
        "2 不认识类型“行政征收征用”，可以填：行政许可；行政处罚；行政强制",
        book(but(kind="行政征收征用")),
    ),
    ("2 “实施依据”没有填", book(but(applied=None))),
    (
        "1 列不对：缺“实施依据”；不认识“颜色”。应有的列：事项编码、事项名称",
        book(
            ["a", "b", "行政处罚", "红", date(2026, 1, 1)],
            heads=["事项编码", "事项名称", "类型", "颜色", "生效日期"],
        ),
    ),
    (
        "2 A2:A3 是合并单元格",
        book(ROW, but(code=None), mend=lambda sheet: sheet.merge_cells("A2:A3")),
    ),
    ("2 “事项名称”是公式", book(but(name="=1+1"))),
    ("2 本机关的规定没有写行政强制", book(but(kind="行政强制"))),
    ("2 失效日期早于生效日期", book(but(until=date(2020, 1, 1)))),
    ("0 表里没有内容", book()),
    ("0 打不开这个文件", b"not a workbook"),
    ("2 编码 jn-82 已经登记为行政处罚，类型不能改", book(but(code="jn-82", kind="行政检查"))),
]


@pytest.mark.parametrize("words,data", BAD, ids=[words for words, _ in BAD])
def test_what_is_wrong_is_told_with_its_row(
    bodies: dict[str, Any], words: str, data: bytes
) -> None:
    assert words in faults(bodies, data)


def test_every_fault_of_a_sheet_is_told_at_once(bodies: dict[str, Any]) -> None:
    told = faults(
        bodies,
        book(but(kind="x"), but(code="b", since="x"), but(code="c", applied=None), but(code="c")),
    )
    assert all(f"{row} “" in told or f"{row} 不认识" in told for row in (2, 3, 4, 5))


def test_a_date_that_is_text_but_plain_is_read_and_told(bodies: dict[str, Any]) -> None:
    found = importing.look(bodies["wg"], "items", book(but(since="2024.3.1")))
    assert not found.faults and found.rows[0].values["since"] == date(2024, 3, 1)
    assert any("不是日期；将按 2024-03-01 导入" in text for _, text in found.notes)


def test_one_fault_keeps_every_row_out(bodies: dict[str, Any]) -> None:
    before = Item.objects.count()
    stored = store.put_bytes(book(ROW, but(code="xz-2", kind="x")), sheets.XLSX)
    with morning():
        words = heard(
            lambda: acts.take_in(
                who(bodies["wg"], "房敏"), bodies["wg"], "items", stored, "清单.xlsx"
            )
        )
    assert "一行都没有导入" in words and Item.objects.count() == before


def test_rows_become_items_and_the_file_stays_with_the_act(bodies: dict[str, Any]) -> None:
    stored = store.put_bytes(book(ROW, but(code="jn-82", name="改了名称的处罚")), sheets.XLSX)
    with morning():
        act = acts.take_in(who(bodies["wg"], "房敏"), bodies["wg"], "items", stored, "清单.xlsx")
    made = Item.objects.get(agency=bodies["wg"], code="xz-1")
    assert (
        made.kind == "penalty"
        and made.details["unit"] == "节能监察科"
        and made.details["ledger"]["code"] == "QZ-1"
    )
    assert Item.objects.get(agency=bodies["wg"], code="jn-82").name == "改了名称的处罚"
    assert act.attachments.get().blob_id == stored.sha256


def test_only_the_unit_that_compiles_the_list_brings_it_in(bodies: dict[str, Any]) -> None:
    stored = store.put_bytes(book(ROW), sheets.XLSX)
    with morning():
        assert "由政策法规科统一编制" in heard(
            lambda: acts.take_in(who(bodies["wg"], "张三"), bodies["wg"], "items", stored, "x")
        )
        assert "您不能办理这一步" in heard(
            lambda: acts.take_in(who(bodies["lg"], "侯野"), bodies["lg"], "items", stored, "x")
        )


@pytest.mark.parametrize("kind", ["items", "random"])
def test_what_is_exported_can_be_brought_in_again_unchanged(
    bodies: dict[str, Any], kind: str
) -> None:
    data = importing.register(bodies["wg"], kind)
    before = list(
        Item.objects.filter(agency=bodies["wg"])
        .order_by("pk")
        .values("code", "name", "kind", "bases", "since", "until", "details")
    )
    with morning():
        acts.take_in(
            who(bodies["wg"], "房敏"), bodies["wg"], kind, store.put_bytes(data, sheets.XLSX), "x"
        )
    after = list(
        Item.objects.filter(agency=bodies["wg"])
        .order_by("pk")
        .values("code", "name", "kind", "bases", "since", "until", "details")
    )
    assert before == after


def test_exported_text_is_never_a_formula(bodies: dict[str, Any]) -> None:
    Item.objects.filter(agency=bodies["wg"], code="jn-82").update(name="=cmd()")
    sheet = load_workbook(io.BytesIO(importing.register(bodies["wg"], "items"))).worksheets[0]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=cmd()")
    assert cell.data_type == "s"


@pytest.mark.parametrize(
    "row,words",
    [
        (["none", "x", "企业", "", "随机", "", ""], "事项清单里没有编码 none"),
        (["jn-82", "x", "企业", "", "随机", "", ""], "不是行政检查"),
    ],
)
def test_random_checks_are_of_listed_inspections(
    bodies: dict[str, Any], row: list[str], words: str
) -> None:
    assert words in faults(
        bodies, book(row, heads=[column.head for column in sheets.RANDOM]), "random"
    )


@clause("CX-6.2.2")
def test_at_the_desk_the_first_press_looks_and_the_second_takes_in(
    bodies: dict[str, Any], client: Client
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.post("/login", {"login": "wg-09", "password": "mingzheng-demo"})
    bad = client.post(
        "/desk/pages/import/items", {"file": SimpleUploadedFile("a.xlsx", book(but(kind="x")))}
    )
    assert (
        bad.status_code == 422
        and "第 2 行" in bad.content.decode()
        and "确认导入" not in bad.content.decode()
    )
    good = client.post(
        "/desk/pages/import/items", {"file": SimpleUploadedFile("a.xlsx", book(ROW))}
    )
    assert good.status_code == 200 and not Item.objects.filter(code="xz-1").exists()
    token = good.context["token"]
    assert client.post("/desk/pages/import/random", {"token": token}).status_code == 404
    assert (
        client.post("/desk/pages/import/items", {"token": token}).status_code == 302
        and Item.objects.filter(code="xz-1").exists()
    )


def test_the_command_looks_first_and_takes_in_with_yes(
    bodies: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "清单.xlsx"
    path.write_bytes(book(but(kind="x")))
    assert (
        command.run([str(path), "--kind", "items", "--agency", "wg", "--yes"]) == 1
        and "第 2 行　不认识类型" in capsys.readouterr().out
    )
    path.write_bytes(book(ROW))
    assert (
        command.run([str(path), "--kind", "items", "--agency", "wg"]) == 0
        and not Item.objects.filter(code="xz-1").exists()
    )
    assert (
        command.run([str(path), "--kind", "items", "--agency", "wg", "--yes"]) == 0
        and Item.objects.filter(code="xz-1").exists()
    )
    assert Act.objects.filter(kind="data.imported").count() == 1
