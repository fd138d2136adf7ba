"""Rows for the tests of lists, and a list read to its end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.desk.lists import cases
from mingzheng.desk.lists.listing import Page
from mingzheng.records.models import Record
from mingzheng.site.demo.play import form_data

DAY = date(2026, 9, 18)


def many(agency: Agency, unit: str, count: int, first: int = 0, **fields: Any) -> list[Record]:
    """Bare records of a unit, every third without a deadline, many on the same day and at the same
    moment.
    """
    section = agency.units.get(name=unit)
    return list(
        Record.objects.bulk_create(
            [
                Record(
                    **{
                        "agency_id": agency.pk,
                        "unit_id": section.pk,
                        "kind": "penalty",
                        "procedure": "penalty-ordinary",
                        "pack": agency.pack,
                        "title": f"名单{n * 7 % 10:03d} 某事",
                        "party": None if n % 4 == 0 else f"名单{n * 7 % 10:03d}",
                        "state": "investigating",
                        "opened_at": clock.now() - timedelta(minutes=n * 37 % 11),
                        "due_unit": "workday",
                        "due": None if n % 3 == 0 else DAY + timedelta(days=n % 5),
                    }
                    | fields
                )
                for n in range(first, first + count)
            ]
        )
    )


def page(by: Any, size: int = 7, **asked: str) -> Page:
    """One page of the list of matters as this identity sees it."""
    reach, query = access.reach(by), form_data(asked).dict()
    return cases.listing(by, reach, Agency.objects.get(pk=by.agency_id), query).page(
        cases.parts(reach), query, size
    )


def shown(by: Any, size: int = 7, **asked: str) -> list[int]:
    """The ids on every page, one page after the other."""
    found: list[int] = []
    for _ in range(100):
        one = page(by, size, **asked)
        found += [
            int(each["cell"].link.rsplit("/", 1)[1])
            for row in one.rows
            for each in row
            if each["cell"].link
        ]
        if not one.next:
            return found
        asked["after"] = one.next
    raise AssertionError("the pages never end")
