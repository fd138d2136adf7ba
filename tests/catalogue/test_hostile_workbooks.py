"""A workbook is read in a process of its own; one that is made to hurt is refused in words, and the
page answers beside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mingzheng.catalogue import importing, sheets, workbooks
from mingzheng.records import sandbox
from tests.catalogue import hostile
from tests.scratch import ROOT

HOSTILE = {name: (data, words) for name, data, words in hostile.every()}
MOST_MEMORY = 128 << 10


def told(data: bytes) -> str:
    """Every fault of a workbook, in one line."""
    return "；".join(f"{number} {text}" for number, text in sheets.read(data, sheets.ITEMS).faults)


def test_the_workbook_that_the_hostile_ones_are_made_of_is_read() -> None:
    found = sheets.read(hostile.package(), sheets.ITEMS)
    assert not found.faults and found.rows[0].values["code"] == "xz-1"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_in_words(name: str) -> None:
    data, words = HOSTILE[name]
    assert words in told(data)


def test_no_hostile_workbook_takes_more_than_128_megabytes(tmp_path: Path) -> None:
    paths = []
    for at, (data, _) in enumerate(HOSTILE.values()):
        paths.append(tmp_path / f"{at}.xlsx")
        paths[-1].write_bytes(data)
    # Asked from a small process: a child inherits the peak of whoever started it.
    look = (
        "import django, resource, sys; django.setup(); from pathlib import Path; from"
        " mingzheng.records import sandbox; from mingzheng.catalogue import sheets\ncolumns ="
        " {'columns': [each.told() for each in sheets.ITEMS]}\nfor path in sys.argv[1:]:"
        " sandbox.ask('mingzheng.catalogue.workbooks', 'read', Path(path), told=columns,"
        " grant=sheets.GRANT)\nprint(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    said = subprocess.run(
        [sys.executable, "-c", look, *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ).stdout
    assert 10 << 10 < int(said) < MOST_MEMORY, "kilobytes of the largest reader"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_table_of_text_is_read_as_excel_saves_it(encoding: str) -> None:
    data = "\r\n".join(",".join(each) for each in (hostile.HEADS, hostile.GOOD)).encode(encoding)
    found = sheets.read(data, sheets.ITEMS)
    assert not found.faults and found.rows[0].values["name"] == "名称"


def test_rows_that_are_empty_to_the_end_of_the_sheet_are_no_rows() -> None:
    ghosts = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 60_000))
    assert not told(hostile.package(hostile.TABLE + ghosts))


@pytest.mark.parametrize(
    "said",
    [
        {"rows": [["x", {}]], "faults": [], "notes": []},
        {"rows": [[2, {"since": "x" * 99}]], "faults": [], "notes": []},
        {"rows": 7, "faults": [], "notes": []},
        {"faults": []},
    ],
)
def test_what_a_reader_that_was_taken_over_says_is_not_believed(
    said: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "ask", lambda *_, **__: sandbox.Answer(said))
    assert "打不开这个文件" in told(b"x")


@pytest.mark.parametrize(
    "answer,words",
    [
        (sandbox.Answer({}, late=True), "用时过长"),
        (sandbox.Answer({}, died=True), "打不开这个文件"),
    ],
)
def test_a_reader_that_does_not_answer_is_told_of(
    answer: sandbox.Answer, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "ask", lambda *_, **__: answer)
    assert words in told(b"x")


def test_where_readers_cannot_be_shut_in_lists_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> sandbox.Answer:
        raise sandbox.Unconfined("文件没有打开")

    monkeypatch.setattr(sandbox, "ask", refused)
    assert "文件没有打开" in told(hostile.package())


@pytest.mark.django_db
def test_the_page_refuses_a_hostile_workbook_in_words(
    bodies: dict[str, Any], client: Client
) -> None:
    client.post("/login", {"login": "wg-09", "password": "mingzheng-demo"})
    data, words = HOSTILE["one cell at XFD4000"]
    said = client.post("/desk/pages/import/items", {"file": SimpleUploadedFile("a.xlsx", data)})
    assert said.status_code == 422 and words in said.content.decode()
    assert not importing.look(bodies["wg"], "items", data).rows


def test_bounds_leave_room_for_what_agencies_have() -> None:
    rows = hostile.row(1, hostile.HEADS) + "".join(
        hostile.row(n, [f"xz-{n}", *hostile.GOOD[1:]]) for n in range(2, workbooks.MOST_ROWS + 2)
    )
    found = sheets.read(hostile.package(rows), sheets.ITEMS)
    assert not found.faults and len(found.rows) == workbooks.MOST_ROWS
