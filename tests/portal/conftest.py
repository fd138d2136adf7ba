"""A little town for the public site: an organisation, a villager, a withdrawn decision, one not
yet public.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from mingzheng.agencies.models import Agency
from mingzheng.disclosure.models import Publication
from mingzheng.site.demo import parties, stories, turns
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import Play

# Far apart, so that no two cases act at the same minute: ids carry the moment.
STARTS = {
    "company": date(2026, 3, 17),
    "villager": date(2026, 5, 26),
    "gone": date(2026, 1, 6),
    "hidden": date(2026, 8, 4),
}
CAUSES = {
    "jn-82": "未按规定报送能源利用状况报告",
    "open-burning": "露天焚烧秸秆",
    "yl-46": "未与老年人签订服务协议",
}


def journey(name: str, code: str, item: str, party: dict[str, Any], **how: Any) -> Journey:
    """A case of an agency, not yet begun."""
    agency = Agency.objects.get(code=code)
    play = Play(
        agency,
        stories.OFFICERS[code],
        party,
        item,
        cause=CAUSES[item],
        summary=stories.TEXTS[item]["facts"],
    )
    return Journey(play, STARTS[name], **{**stories.told(item), **how})


def public(done: Journey) -> Publication:
    """The publication of a case."""
    return Publication.objects.filter(record=done.play.record).latest("pk")


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """The cases by name with their journeys; undone after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = {
            "company": journey("company", "wg", "jn-82", parties.company("wg", 0)).go("published"),
            "villager": (
                journey("villager", "fc", "open-burning", parties.citizen(1), fine="500").go(
                    "published"
                )
            ),
            "gone": journey("gone", "lm", "yl-46", parties.company("lm", 3)).go("published"),
            "hidden": journey("hidden", "wg", "jn-82", parties.company("wg", 2)).go("served"),
        }
        turns.revoked(made["gone"])
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def company(db: None, town: dict[str, Any]) -> Publication:
    """A live publication about an organisation."""
    return public(town["company"])


@pytest.fixture
def villager(db: None, town: dict[str, Any]) -> Publication:
    """A live publication about a natural person."""
    return public(town["villager"])


@pytest.fixture
def gone(db: None, town: dict[str, Any]) -> Publication:
    """A publication that was withdrawn because the decision was revoked."""
    return public(town["gone"])


@pytest.fixture
def visitor(db: None, town: dict[str, Any]) -> Client:
    """孙某, the public: no account, no cookie."""
    return Client()


__all__ = ["journey", "public"]
