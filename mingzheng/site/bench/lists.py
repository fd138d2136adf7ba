"""The officer's list under real permissions, against the same list with the permission filter
taken away.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency, Exclusion, Grant, Handler
from mingzheng.core import clock
from mingzheng.desk import inbox
from mingzheng.desk.lists import Part, cases
from mingzheng.procedures import registry
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record
from mingzheng.site.bench.clockwork import percentile, rounds
from mingzheng.site.demo import founding
from mingzheng.site.demo.play import who

SIZES = (100_000, 1_000_000)
ROUNDS = 30
# The officer handles this many matters, a tenth of them outside his unit.
HANDLED = 300
FIRST = 1 << 60
STATES_OF_CASES = (
    "registered",
    "investigating",
    "investigating",
    "deciding",
    "decided",
    "served",
    "closed",
    "closed",
)
DEEP = {"due": 0.6, "new": 0.5, "old": 0.5}


def alone() -> dict[str, Any]:
    """The list row by itself."""
    return {"list": run(founding.found_all({"wg", "lm"})["wg"])}


def run(agency: Agency) -> list[dict[str, Any]]:
    """For each size: medians of interleaved rounds with and without the filter, by filter, order
    and page.
    """
    other = Agency.objects.exclude(pk=agency.pk).filter(pack__gt="").earliest("pk")
    found = []
    for size in SIZES:
        load(agency, other, size)
        found.append(_measured(agency, size))
    return found


def load(agency: Agency, other: Agency, size: int) -> None:
    """Matters up to `size`: half of them in the officer's own unit, a third in others, the rest
    another agency's.
    """
    have = Record.objects.filter(pk__gte=FIRST, pk__lt=FIRST + SIZES[-1]).count()
    own, beside = agency.units.get(name="节能监察科").pk, agency.units.get(name="企业运行科").pk
    foreign, items = other.units.earliest("pk").pk, list(agency.items.values_list("pk", flat=True))
    chance, now = random.Random(have), clock.now()
    # Bulk-loaded: this database is the benchmark's own and is thrown away.
    for begin in range(have, size, 10_000):
        Record.objects.bulk_create(
            [
                _row(
                    n,
                    chance,
                    now,
                    (agency, own)
                    if n % 6 < 3
                    else (agency, beside)
                    if n % 6 < 5
                    else (other, foreign),
                    items,
                )
                for n in range(begin, min(begin + 10_000, size))
            ],
            batch_size=2_000,
        )
    if have == 0:
        _people(agency)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _row(
    n: int, chance: random.Random, now: datetime, where: tuple[Agency, int], items: list[int]
) -> Record:
    body, unit = where
    state = chance.choice(STATES_OF_CASES)
    open_ = state != "closed"
    name = f"测速{chance.randrange(50_000):05d}有限公司"
    return Record(
        id=FIRST + n,
        agency_id=body.pk,
        unit_id=unit,
        kind="penalty" if n % 4 else "inspection",
        pack=body.pack,
        procedure="penalty-ordinary",
        title=f"{name} 未按规定报送报告",
        state=state,
        party=name,
        item_id=chance.choice(items),
        opened_at=now - timedelta(minutes=n),
        due_unit="workday",
        due=clock.today() + timedelta(days=chance.randrange(-20, 300)) if open_ else None,
        paused=open_ and chance.random() < 0.02,
        classification=access.SECRET if chance.random() < 0.001 else 0,
    )


def _people(agency: Agency) -> None:
    """An ordinary officer: he handles matters in and outside his unit, keeps away from some, may
    see a few elsewhere.
    """
    person, act = who(agency, "张三").person_id, Act.objects.earliest("pk")
    mine = [FIRST + n * 6 for n in range(HANDLED)]
    outside = [FIRST + n * 6 + 4 for n in range(HANDLED // 10)]
    secret = Record.objects.filter(pk__gte=FIRST, classification=access.SECRET, agency_id=agency.pk)
    sealed = list(secret.order_by("pk").values_list("pk", flat=True)[:2])
    Handler.objects.bulk_create(
        [
            Handler(record_id=pk, agency_id=agency.pk, person_id=person, since=act)
            for pk in [*mine, *outside, *sealed]
        ]
    )
    Exclusion.objects.bulk_create(
        [
            Exclusion(record_id=FIRST + n * 6 + 1, agency_id=agency.pk, person_id=person, act=act)
            for n in range(3)
        ]
    )
    Grant.objects.bulk_create(
        [
            Grant(
                record_id=FIRST + n * 6 + 5,
                agency_id=0,
                person_id=person,
                act=act,
                why="协查",
                since=clock.today(),
                until=clock.today() + timedelta(days=30),
            )
            for n in range(5)
        ]
    )


def _measured(agency: Agency, size: int) -> dict[str, Any]:
    by = who(agency, "张三")
    some = Record.objects.filter(agency_id=agency.pk, pk__gte=FIRST).order_by("pk")
    item, party = some.values_list("item_id", flat=True)[0], some[size // 2].party or ""
    asked = {
        "first page": {},
        "newest": {"sort": "new"},
        "by party": {"sort": "party"},
        "one kind": {"kind": "inspection"},
        "one state": {"kind": "penalty", "state": "deciding"},
        "overdue": {"light": "r"},
        "paused, newest": {"light": "n", "sort": "new"},
        "one item": {"item": str(item)},
        "a month, by deadline": {
            "from": (clock.today() - timedelta(days=40)).isoformat(),
            "to": (clock.today() - timedelta(days=10)).isoformat(),
        },
        "own handling": {"handler": str(by.person_id)},
        "a frequent word": {"q": "未按规定"},
        "a name": {"q": party},
    }
    for sort, share in DEEP.items():
        asked[f"deep page, {sort}"] = {"sort": sort, "after": _deep(agency, by, sort, share)}
    rows = {name: _pair(agency, by, query) for name, query in asked.items()}
    every = [each for row in rows.values() for each in row.pop("all_ms")]
    return {
        "cases": size,
        "p95_ms": round(percentile(every, 0.95), 2),
        "goal": "ratio <= 1.3, p95 <= 150 ms",
        "lists": rows,
        "workbench_ms": _workbench(by),
        "others": _others(agency),
    }


def _deep(agency: Agency, by: Actor, sort: str, share: float) -> str:
    """The key of a page far down the officer's own list."""
    order = {"due": "due", "new": "-opened_at", "old": "opened_at"}[sort]
    rows = Record.objects.filter(
        agency_id=agency.pk, unit_id=by.unit_id, due__isnull=False
    ).order_by(order, "pk")
    row = rows[int(rows.count() * share)]
    return f"{row.due if sort == 'due' else row.opened_at.isoformat()}_{row.pk}"


def _pair(agency: Agency, by: Actor, query: Mapping[str, str]) -> dict[str, Any]:
    """Both lists in turns. Without the filter: one range of the same index and nothing else to
    look at, the hardest rival.
    """
    listing = cases.listing(by, access.reach(by), agency, query)
    kinds = sorted({found.kind for found in registry.procedures()})

    def bare() -> list[Part]:
        return [
            Part(
                cases.TAG,
                Record.objects.filter(kind__in=kinds, agency_id=agency.pk, unit_id=by.unit_id),
            )
        ]

    work: dict[str, Callable[[], object]] = {
        "seen": lambda: listing.page(cases.parts(access.reach(by)), query),
        "plain": lambda: listing.page(bare(), query),
    }
    for piece in work.values():
        piece()
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(ROUNDS):
        for name, piece in work.items():
            began = time.perf_counter()
            piece()
            taken[name].append((time.perf_counter() - began) * 1e3)
    with CaptureQueriesContext(connection) as statements:
        work["seen"]()
    seen, plain = statistics.median(taken["seen"]), statistics.median(taken["plain"])
    return {
        "seen_ms": round(seen, 2),
        "plain_ms": round(plain, 2),
        "ratio": round(seen / plain, 2),
        "seen_p95_ms": round(percentile(taken["seen"], 0.95), 2),
        "statements": len(statements),
        "all_ms": taken["seen"],
    }


def _workbench(by: Actor) -> dict[str, float]:
    """Medians of the workbench: what waits, the tiles, the counts of the tabs."""
    reach = access.reach(by)
    work: dict[str, Callable[[], object]] = {
        "todo": (
            lambda: inbox.listing("todo").page(
                inbox.parts(by, "todo", access.reach(by)), {"tab": "todo"}
            )
        ),
        "tiles": lambda: cases.lights(reach),
        "tab counts": lambda: inbox.counts(by),
    }
    return {name: round(seconds * 1e3, 2) for name, seconds in rounds(work, ROUNDS).items()}


def _others(agency: Agency) -> dict[str, float]:
    """Medians of the first page for those who see more: the head of the agency, the supervisor of
    the county.
    """
    justice = Agency.objects.get(code="ws-justice")
    actors = {
        "head": who(agency, "陈局"),
        "legal reviewer": who(agency, "王审"),
        "supervisor": who(justice, "孔令川"),
    }
    work: dict[str, Callable[[], object]] = {}
    for name, by in actors.items():
        listing = cases.listing(by, access.reach(by), Agency.objects.get(pk=by.agency_id), {})
        work[name] = lambda by=by, listing=listing: listing.page(cases.parts(access.reach(by)), {})  # type: ignore[misc]
        work[f"{name}, by party"] = lambda by=by, listing=listing: listing.page(  # type: ignore[misc]
            cases.parts(access.reach(by)), {"sort": "party"}
        )
    return {name: round(seconds * 1e3, 2) for name, seconds in rounds(work, ROUNDS).items()}
