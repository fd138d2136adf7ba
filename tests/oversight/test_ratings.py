"""What a unit may know of how its visits were rated: never a single mark, never by what changed
since yesterday.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from mingzheng.agencies.models import Agency
from mingzheng.oversight import ratings
from mingzheng.oversight.acts.ratings import QUESTIONS, rate
from mingzheng.oversight.models import Rating
from mingzheng.records import law
from mingzheng.site.demo.play import at

BAD = dict.fromkeys(QUESTIONS, "no")
GOOD = dict.fromkeys(QUESTIONS, "yes")
SEEN = "满 5 份才汇总"


@pytest.fixture
def rated(bodies: dict[str, Any]) -> Callable[[date, int], None]:
    """Some ratings of a day: (day, how many)."""
    count = iter(range(10_000))

    def some(on: date, number: int) -> None:
        with at(on, 10):
            for _ in range(number):
                rate(bodies["lm"], f"code-{next(count)}", BAD)

    return some


def seen(agency: Agency, on: date) -> list[tuple[int, int, int]]:
    """The sums that the unit may see on a day, as (first month, last month, how many)."""
    with at(on, 9):
        return [(each.first.month, each.last.month, each.number) for each in ratings.sums(agency)]


def test_the_least_number_is_a_rule_with_its_source_that_nobody_has_confirmed(
    bodies: dict[str, Any],
) -> None:
    least = ratings.least(bodies["lm"])
    assert (
        least is not None
        and (least.number, least.unit) == (5, "份")
        and "国办发〔2024〕54号" in least.source
    )
    assert "ratings/shown" in {
        rule.id for rule in law.regime_of(bodies["lm"].pk, bodies["lm"].pack).unconfirmed()
    }


def test_without_the_rule_nothing_is_shown(
    bodies: dict[str, Any], rated: Callable[[date, int], None]
) -> None:
    rated(date(2026, 3, 2), 20)
    body = bodies["lm"]
    body.pack = ""
    assert ratings.least(body) is None and seen(body, date(2026, 6, 1)) == []


@pytest.mark.parametrize("number,shown", [(1, []), (4, []), (5, [(3, 3, 5)])])
def test_fewer_than_the_least_are_no_sum(
    bodies: dict[str, Any], rated: Callable[[date, int], None], number: int, shown: list[Any]
) -> None:
    rated(date(2026, 3, 2), number)
    assert seen(bodies["lm"], date(2026, 6, 1)) == shown


def test_small_months_wait_for_the_next_and_a_sum_never_grows_by_one(
    bodies: dict[str, Any], rated: Callable[[date, int], None]
) -> None:
    rated(date(2026, 1, 5), 2)
    rated(date(2026, 3, 2), 4)
    before = seen(bodies["lm"], date(2026, 4, 1))
    rated(date(2026, 4, 2), 1)
    assert before == seen(bodies["lm"], date(2026, 5, 1)) == [(1, 3, 6)]
    rated(date(2026, 5, 2), 6)
    assert seen(bodies["lm"], date(2026, 6, 1)) == [(4, 5, 7), (1, 3, 6)]


def test_the_month_that_still_runs_is_never_shown(
    bodies: dict[str, Any], rated: Callable[[date, int], None]
) -> None:
    rated(date(2026, 3, 2), 9)
    assert seen(bodies["lm"], date(2026, 3, 31)) == [] and seen(bodies["lm"], date(2026, 4, 1)) == [
        (3, 3, 9)
    ]


def test_ratings_of_another_agency_make_no_sum_here(
    bodies: dict[str, Any], rated: Callable[[date, int], None]
) -> None:
    rated(date(2026, 3, 2), 4)
    with at(date(2026, 3, 3), 10):
        rate(bodies["wg"], "other", BAD)
    assert seen(bodies["lm"], date(2026, 6, 1)) == seen(bodies["wg"], date(2026, 6, 1)) == []


def pages(client: Client) -> dict[str, str]:
    """Everything that a unit, and everybody, can read about ratings."""
    client.post("/login", {"login": "lm-08", "password": "mingzheng-demo"})
    found = (
        "/desk",
        "/desk/feedback",
        "/desk/feedback?export=xlsx",
        "/desk/assessment",
        "/desk/cases",
        "/a/lm",
        "/decisions",
        "/open",
        "/open/publications.atom",
        "/open/decisions.jsonl",
        "/open/decisions.csv",
    )
    return {
        path: answer.getvalue().decode("utf-8", "replace")
        for path in found
        if (answer := client.get(path)).status_code == 200
    }


def test_a_single_rating_shows_in_no_list_count_feed_or_open_data(
    bodies: dict[str, Any], client: Client, rated: Callable[[date, int], None]
) -> None:
    with at(date(2026, 6, 1), 9):
        before = pages(client)
    rated(date(2026, 5, 6), 1)
    with at(date(2026, 6, 1), 9):
        after = pages(client)
    assert {
        "/desk/feedback",
        "/desk/assessment",
        "/open/publications.atom",
        "/open/decisions.csv",
    } <= set(after) and SEEN in after["/desk/feedback"]
    tables = {path for path in after if "评价汇总" in after[path]}
    assert Rating.objects.count() == 1 and not tables
    assert plain(before["/desk/feedback"]) == plain(after["/desk/feedback"])


def plain(page: str) -> str:
    """A page without what differs from one request to the next."""
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page)


def test_five_show_as_one_sum_of_marks(
    bodies: dict[str, Any], client: Client, rated: Callable[[date, int], None]
) -> None:
    rated(date(2026, 5, 6), 4)
    with at(date(2026, 5, 7), 9):
        rate(bodies["lm"], "good", GOOD)
    with at(date(2026, 6, 1), 9):
        page = pages(client)["/desk/feedback"]
        one = ratings.sums(bodies["lm"])[0]
    assert "2026年5月，5份" in re.sub(r"\s", "", page) and "评价汇总" in page
    assert dict(one.marks["told"]) == {"no": 4, "yes": 1}
