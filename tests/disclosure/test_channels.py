"""Channels: each takes a file made from the approved text; 双公示 stands up to a reader that was
written apart.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from mingzheng.core import clock
from mingzheng.core.redaction.identifiers import is_id, is_uscc
from mingzheng.disclosure.channels import double_publication, packages, tables
from mingzheng.disclosure.models import Publication
from mingzheng.records import law
from mingzheng.records.models import Act
from mingzheng.site.demo.play import at
from tests.cases.telling import case
from tests.clause import rule
from tests.disclosure import independent
from tests.scenes.pages import signed_in


def live(journey: Any) -> Publication:
    """What the public reads now."""
    return Publication.objects.get(record=journey.play.record, state=Publication.LIVE)


def book(agency: Any, kind: str) -> bytes:
    """The workbook of an agency as the desk makes it."""
    rows = [row.columns for row in double_publication.rows(agency.pk, kind) if not row.faults]
    return tables.workbook(
        kind, double_publication.columns(agency.pk, agency.pack, kind, clock.today()), rows
    )


@rule("WG-A7.1", "LG-1.3")
@pytest.mark.parametrize(
    ("agency", "fine", "wan"),
    [("wg", "12000", "1.2"), ("fc", "500", "0.05"), ("wg", "2000", "0.2")],
)
def test_penalties_are_reported_in_ten_thousands_and_pass_a_reader_written_apart(
    bodies: dict[str, Any], agency: str, fine: str, wan: str
) -> None:
    journey = case(bodies, agency, fine=fine).go("published")
    with at(journey.day, 18):
        rows, faults = independent.read(
            book(bodies[agency], "penalty"), independent.PENALTY, clock.today()
        )
    assert faults == [] and len(rows) == 1 and rows[0]["CF_NR_FK"] == wan
    assert rows[0]["CF_WSH"] == live(journey).number and rows[0]["CF_CFLB"]


def test_the_reader_written_apart_finds_what_is_planted(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("published")
    with at(journey.day, 18):
        good = dict(double_publication.of_publication(live(journey)).columns)
        for column, bad in (
            ("CF_XDR_SHXYM", "91370830MA0000000X"),
            ("CF_NR_FK", "12000元"),
            ("CF_JDRQ", "2026-01-01"),
            ("CF_WSH", ""),
            ("CF_CFLB", "通报批评"),
            ("CF_JDRQ", "2099/01/01"),
        ):
            assert independent.check({**good, column: bad}, independent.PENALTY, clock.today()), (
                column
            )
            facts = {"kind": "penalty", "party": "organisation"}
            wanted = (
                law.regime(journey.play.record)
                .rows("double-publication/penalty", clock.today(), facts)
                .rows
            )
            if column != "CF_CFLB":
                assert list(
                    double_publication.faults(wanted, {**good, column: bad}, clock.today(), set())
                ), column


def test_a_kind_that_had_no_word_in_2018_is_other_with_its_name(bodies: dict[str, Any]) -> None:
    from mingzheng.cases.facts.penalty_columns import kinds_of

    journey = case(bodies).go("decided")
    journey.play.record.case.penalties = ["警告", "通报批评", "没收违法所得", "没收非法财物"]
    assert (
        kinds_of(journey.play.record, clock.today())
        == "警告;其他-通报批评;没收违法所得、没收非法财物"
    )


@rule("LX-A10", "LM-1", "R1.4-01")
def test_every_channel_takes_the_approved_text_and_no_more(bodies: dict[str, Any]) -> None:
    journey = case(bodies, "fc", fine="500").go("published")
    row, person = live(journey), journey.play.party
    with at(journey.day, 18):
        made = {
            channel: packages.make(row, channel)
            for channel in ("government-site", "new-media", "notice-board", "press")
        }
    column = zipfile.ZipFile(io.BytesIO(made["government-site"].data))
    assert (
        hashlib.sha256(column.read("data.json")).hexdigest()
        == row.text_hash
        == json.loads(column.read("manifest.json"))["sha256"]
    )
    texts = [column.read("index.html").decode(), made["new-media"].data.decode()]
    for text in texts:
        assert json.loads(row.body)["decision"][:10] in text and "<script" not in text
    everything = b"".join(each.data for each in made.values()) + b"".join(
        column.read(name) for name in column.namelist()
    )
    for secret in (person["name"], person["identifier"], person["phone"], person["address"]):
        assert secret.encode() not in everything
        assert not [each.name for each in made.values() if secret in each.name]
    assert (
        made["notice-board"].data.startswith(b"%PDF")
        and packages.make(row, "government-site").data == made["government-site"].data
    )


def test_what_looks_like_a_formula_stays_text() -> None:
    wanted = [{"id": "A", "name": "名称"}]
    page = load_workbook(
        io.BytesIO(tables.workbook("x", wanted, [{"A": "=HYPERLINK(1)"}, {"A": "+86"}]))
    ).active
    assert [(cell.value, cell.data_type) for cell in page["A"][2:]] == [
        ("=HYPERLINK(1)", "s"),
        ("+86", "s"),
    ]
    assert "'=cmd" in "".join(tables.lines(["A"], [{"A": "=cmd|' /C calc'!A0"}]))


def test_numbers_with_a_check_of_their_own() -> None:
    for code in (
        "11500226753092798P",
        "11341800003280140M",
        "91230500MA1B3N1N2M",
        "11230500001755309F",
        "11500000MB1553803Q",
    ):
        assert is_uscc(code) and not is_uscc(code[:-1] + ("0" if code[-1] != "0" else "1"))
    assert (
        is_id("11010519491231002X")
        and not is_id("110105194912310021")
        and not is_id("110105194913310026")
    )


def test_taking_a_table_with_identity_numbers_is_on_the_record(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("published")
    with at(journey.day, 18):
        assert signed_in("wg", 1).get("/desk/channels/double/penalty").status_code == 404
        client = signed_in("wg", 9)
        page = client.get("/desk/channels/double/penalty")
        assert page.status_code == 200 and "其中 1 件合格" in page.content.decode()
        assert client.get("/desk/channels").status_code == 200
        assert client.get(f"/desk/channels/government-site/{live(journey).code}").status_code == 200
        assert client.get("/desk/channels/double/coercion").status_code == 404
        taken = client.post("/desk/channels/double/penalty")
    assert taken.status_code == 200 and "attachment" in taken["Content-Disposition"]
    assert Act.objects.filter(record=bodies["wg"].record, kind="data.exported").count() == 1
    assert independent.read(taken.content, independent.PENALTY, clock.today())[1] == []
