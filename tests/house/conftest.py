"""What the house's tests of pages ask for: somebody at the desk, and a matter of his."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mingzheng.records.models import Record
from mingzheng.site.demo import founding
from tests.cases.telling import case


def signed_in(login: str) -> Client:
    """A browser in which this person of the cast signed in."""
    client = Client()
    answer = client.post("/login", {"login": login, "password": founding.PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.fixture
def desk(bodies: dict[str, Any]) -> Client:
    """张三's browser."""
    return signed_in("wg-01")


@pytest.fixture
def matter(bodies: dict[str, Any]) -> Record:
    """A penalty case that 张三 opened."""
    return case(bodies, "wg").go("opened").play.record
