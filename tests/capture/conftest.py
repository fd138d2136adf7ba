"""An officer with a phone, and a visit that is due today."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from mingzheng.agencies.models import Account, Agency
from mingzheng.catalogue.models import Item
from mingzheng.site.demo import parties, stories
from mingzheng.site.demo.play import Play, at
from mingzheng.site.demo.tour import Tour
from tests.capture.phones import Phone
from tests.cases.telling import TUESDAY
from tests.walks.conftest import Installation, installation  # noqa: F401


def visit(code: str = "wg", until: str = "noticed") -> Tour:
    """A visit of an agency that is approved and announced; its day has come."""
    agency = Agency.objects.get(code=code)
    row = Item.objects.filter(agency=agency, kind="inspection").order_by("pk")[0]
    tour = Tour(
        Play(agency, stories.OFFICERS[code], parties.company(code, 0), row.code, cause=row.name),
        TUESDAY,
    )
    tour.go(until)
    return tour


def login_of(tour: Tour, which: int = 0) -> str:
    """The account of one of the visit's officers."""
    return str(
        Account.objects.get(
            person__posts__agency=tour.play.body, person__name=tour.play.officers[which]
        ).login
    )


@pytest.fixture
def phone(installation: Installation, tmp_path: Path) -> Iterator[Phone]:  # noqa: F811
    """A phone of 360 points; errors on its console fail the test."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        connection.close()
        made = Phone(player, installation.base, installation.data, tmp_path / "profile")
        yield made
        made.close()
        connection.close()
    assert not made.errors, made.errors


@pytest.fixture
def on_site(phone: Phone) -> Iterator[tuple[Phone, Tour]]:
    """The first officer is signed in, the visit is on his phone, it is half past nine."""
    tour = visit()
    with at(tour.planned, 9, 30):
        phone.tell_time()
        phone.sign_in(login_of(tour))
        phone.open()
        yield phone, tour


def shot(page: Any, path: Path) -> None:
    """A picture of the whole page."""
    page.screenshot(path=str(path), full_page=True)
