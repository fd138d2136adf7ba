"""Lists, guides and charts go public on the rails of every disclosure."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from mingzheng.disclosure.models import Publication
from mingzheng.site.demo import published
from mingzheng.site.demo.play import at
from mingzheng.site.demo.published import Keeping

DAY = date(2026, 4, 7)


@pytest.mark.parametrize("code", published.CODES)
def test_all(bodies: dict[str, Any], client: Client, code: str) -> None:
    with at(DAY, 10):
        published.lists(bodies[code], code)
    for row in Publication.objects.filter(state="live"):
        print(client.get(f"/p/{row.code}").content.decode()[:0], json.loads(row.body)["blocks"])


def test_more(bodies: dict[str, Any], client: Client) -> None:
    with at(DAY, 10):
        published.play(bodies)
