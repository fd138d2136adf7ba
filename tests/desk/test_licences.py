"""The register of licences held, on screen and as a sheet."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from mingzheng.cases.models import Licence
from mingzheng.site.demo.play import at
from tests.cases.licensing import TUESDAY, licence
from tests.scenes.pages import signed_in


@pytest.fixture
def held(bodies: Any) -> list[Licence]:
    """Three certificates, one of another agency."""
    made = [
        licence(bodies, number=1).go("certified"),
        licence(bodies, item="xk-jn", number=2).go("certified"),
        licence(bodies, "lg", number=3).go("certified"),
    ]
    return [each.certificate() for each in made]  # type: ignore[misc]


def test_the_register_lists_filters_and_orders(held: list[Licence]) -> None:
    with at(TUESDAY.replace(month=6), 9):
        client = signed_in("wg", 1)
        page = client.get("/desk/licences").content.decode()
        assert held[0].number in page and held[1].number in page and held[2].number not in page
        assert (
            held[0].number
            not in client.get(f"/desk/licences?item={held[1].item_id}").content.decode()
        )
        assert (
            held[1].number
            in client.get(f"/desk/licences?q={held[1].number}&state=valid").content.decode()
        )
        assert "没有符合条件" in client.get("/desk/licences?state=revoked").content.decode()
        first = client.get("/desk/licences?sort=holder").content.decode()
        names = sorted([held[0].holder, held[1].holder])
        assert first.index(names[0]) < first.index(names[1])


def test_the_sheet_holds_what_the_screen_shows(held: list[Licence]) -> None:
    with at(TUESDAY.replace(month=6), 9):
        answer = signed_in("wg", 1).get("/desk/licences?export=xlsx")
        sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]  # type: ignore[attr-defined]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "编号" and {row[0] for row in rows[1:]} == {held[0].number, held[1].number}


def test_an_agency_without_the_power_has_no_register(bodies: Any, db: Any) -> None:
    with at(TUESDAY, 9):
        client = signed_in("lx", 1)
        assert client.get("/desk/licences").status_code == 404
        assert "许可证件" not in client.get("/desk").content.decode()
        assert "许可证件" in signed_in("wg", 1).get("/desk").content.decode()
