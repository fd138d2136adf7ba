"""Searching what is public: any substring, any nonsense, by keys from page to page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from mingzheng.disclosure.models import Publication
from mingzheng.portal import searching
from tests.search.paging import every_code


def page(visitor: Client, **query: str) -> str:
    answer = visitor.get("/decisions", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_character_of_the_name_is_enough(
    visitor: Client, company: Publication, villager: Publication
) -> None:
    text = page(visitor, q="汶")
    assert company.code in text and villager.code not in text


def test_the_number_of_the_decision_finds_it(visitor: Client, company: Publication) -> None:
    assert company.code in page(visitor, q=company.number)


def test_the_masked_part_of_a_name_finds_nothing(
    visitor: Client, villager: Publication, town: Any
) -> None:
    person = town["villager"].play.party
    assert villager.code not in page(visitor, q=person["name"])
    assert villager.code not in page(visitor, q=person["identifier"])


def test_filters_narrow_and_are_named_when_nothing_is_left(
    visitor: Client, company: Publication, villager: Publication
) -> None:
    assert company.code in page(visitor, agency="wg") and company.code not in page(
        visitor, agency="fc"
    )
    assert villager.code in page(visitor, party="natural") and villager.code not in page(
        visitor, party="organisation"
    )
    assert company.published_on is not None
    day = company.published_on
    assert company.code in page(visitor, since=day.isoformat(), until=day.isoformat())
    assert company.code not in page(visitor, since=(day + timedelta(days=400)).isoformat())
    empty = page(visitor, q="丹河玻璃", agency="wg", party="natural")
    assert "没有符合条件的决定" in empty
    for words in ("“丹河玻璃”", "汶上县工业和信息化局", "当事人是自然人"):
        assert words in empty


@pytest.mark.parametrize(
    "q",
    [
        "%",
        "_",
        "'",
        '"',
        "\\",
        "';--",
        "😀",
        "<script>alert(1)</script>",
        "a" * 200,
        "（",
        "％",
    ],
)
def test_strange_questions_are_answered_quietly(
    visitor: Client, company: Publication, q: str
) -> None:
    text = page(visitor, q=q)
    assert "<script>" not in text
    if q not in ("\x00", "（"):
        assert company.code not in text


def test_a_pasted_document_is_told_to_be_shorter(visitor: Client, company: Publication) -> None:
    for q in ("汶" * 5000, "%" * 5000, "😀" * 20000):
        text = page(visitor, q=q)
        assert "关键词太长" in text and company.code not in text and len(text) < 10_000


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"until": "2026-13-40"},
        {"since": "2026-05-01", "until": "2026-04-01"},
    ],
)
def test_a_date_that_is_no_date_says_what_to_write(visitor: Client, query: dict[str, str]) -> None:
    assert "没有看懂" in page(visitor, **query)


@pytest.mark.parametrize(
    "after",
    ["x", "2026-01-01", "2026-01-01.x", "2026-01-01.-5", "2026-01-01." + "9" * 40, ".", "'"],
)
def test_a_broken_key_starts_at_the_top(visitor: Client, company: Publication, after: str) -> None:
    assert company.code in page(visitor, after=after)


def test_pages_follow_each_other_without_gap_or_repeat(
    visitor: Client, company: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies(company, 7)
    monkeypatch.setattr(searching, "PAGE", 3)
    seen = every_code({"q": "能源"})
    assert len(seen) == len(set(seen)) == 8


def test_counting_stops_at_a_thousand(
    company: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies(company, 5)
    monkeypatch.setattr(searching, "CAP", 4)
    assert searching.search(searching.ask({"q": "能源"})).count == "4+"


def copies(row: Publication, number: int) -> None:
    """More publications of the same text on neighbouring days, two of them on one day."""
    for index in range(number):
        assert row.published_on is not None
        Publication.objects.create(
            **{
                field.attname: getattr(row, field.attname)
                for field in Publication._meta.fields
                if field.attname not in ("id", "code", "published_on")
            },
            published_on=row.published_on - timedelta(days=index // 2),
        )
    assert date.min < row.published_on
