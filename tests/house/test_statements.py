"""How many statements the most used pages and one act ask of the database.

The numbers stand in `statements.toml`, to the statement. They do not depend on how long a record is,
nor on the day or on what ran before, so a rise means that something is read twice or once a row.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mingzheng.agencies.models import Account
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.oversight.acts.intake import receive
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.models import Proposal
from mingzheng.records import unit
from mingzheng.records.models import Record
from mingzheng.site.demo import parties, stories, taking
from mingzheng.site.demo.founding import PASSWORD
from mingzheng.site.demo.other import Otherwise
from mingzheng.site.demo.play import Play, at
from mingzheng.site.demo.registering import Registering, couple
from tests.cases.licensing import TUESDAY, licence
from tests.cases.telling import case
from tests.cases.test_inspection import tour
from tests.catalogue.telling import begun

TABLE = Path(__file__).with_name("statements.toml")
# Scene → what is measured in it → `now`, and `before` where there was one.
NUMBERS: dict[str, dict[str, dict[str, int]]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))
TICKET = re.compile(r'name="ticket" value="([^"]+)"')


def signed_in(body: Any, name: str) -> Client:
    """A browser in which somebody of this body is signed in."""
    client = Client()
    login = Account.objects.get(person__name=name, person__posts__agency=body).login
    assert client.post("/login", {"login": login, "password": PASSWORD}).status_code == 302
    return client


def asked(
    client: Client, address: str, answers: dict[str, Any] | None = None, warm: bool = True
) -> int:
    """The statements of one request that is answered well, after another one warmed the rules."""
    if answers is None and warm:
        client.get(address)
    # Reading again what was written is for tests alone.
    with (
        patch.object(unit, "strict", False),
        CaptureQueriesContext(connection) as statements,
    ):
        answer = client.get(address) if answers is None else client.post(address, answers)
    assert answer.status_code == (200 if answers is None else 302), (address, answer.content)
    return len(statements)


def matter(record: Record) -> str:
    return f"/desk/cases/{record.pk}"


def penalty(bodies: Any) -> dict[str, int]:
    """A penalty case: its page, its evidence, a step's form, an approval, one act; and the lists
    that it stands in.
    """
    journey = case(bodies).go("investigated")
    body, officer = bodies["wg"], journey.play.officers[0]
    record, found = journey.play.record, {}
    with at(journey.forward(1), 9):
        desk = signed_in(body, officer)
        identify = f"{matter(record)}/do/officer.identified"
        found["case page: penalty"] = asked(desk, matter(record))
        found["evidence page"] = asked(desk, f"{matter(record)}/evidence")
        found["step form"] = asked(desk, identify)
        ticket = TICKET.search(desk.get(identify).content.decode())
        assert ticket is not None
        answers = {
            "ticket": ticket.group(1),
            "officers": journey.play.officers_ids(),
            "mode": "shown",
            "to": "赵某",
            "place": "厂区",
            "happened_at": f"{clock.now():%Y-%m-%dT%H:%M}",
        }
        found["one act"] = asked(desk, identify, answers)
        journey.play.step(
            "seizure.approved", way="seize", things="变压器，1台", basis="依据", reason="防止转移"
        )
        waiting = Proposal.objects.get(record=record, state=Proposal.OPEN)
        found["approval page"] = asked(desk, f"/desk/proposals/{waiting.pk}")
        found["workbench"] = asked(desk, "/desk")
        found["list of cases"] = asked(desk, "/desk/cases")
        found["pages list"] = asked(desk, "/desk/pages")
        found["channels"] = asked(desk, "/desk/channels")
    return found


def coercion(bodies: Any) -> Play:
    """A measure that is a matter of its own."""
    item = Item.objects.get(agency=bodies["lm"], kind="coercion")
    company = parties.company("lm", 1)
    play = Play(bodies["lm"], stories.OFFICERS["lm"], company, item.code, cause=item.name)
    play.begin("coercion", cause=item.name, place=company["address"], summary="物品可能被转移。")
    return play


def other_kinds(bodies: Any) -> dict[str, int]:
    """The case page of every other kind of matter."""
    wg, company = bodies["wg"], parties.company("wg", 3)
    visit = tour(bodies).go("planned")
    asked_for = licence(bodies).go("received")
    pair = Registering(bodies["lm"], couple(1), "marriage-registration", TUESDAY).go("received")
    ruling = Otherwise(Play(wg, stories.OFFICERS["wg"], company, "qt-zs"), TUESDAY).go("begun")
    levy = taking.road(wg, "zs-pl", 3, TUESDAY).go("drafted")
    taken = taking.road(wg, "zy-wz", 3, TUESDAY).go("drafted")
    with at(TUESDAY, 9):
        measure = coercion(bodies)
        page = begun(bodies, "wg", "benchmark")
        told = receive(
            wg, "complaint", {"text": "材", "correct": "", "name": "孙某", "contact": ""}
        )
    stand = {
        "inspection": (wg, visit.play, visit.day),
        "licence": (wg, asked_for.play, asked_for.day),
        "confirmation": (bodies["lm"], pair.play, pair.day),
        "other": (wg, ruling.play, ruling.day),
        "levy": (wg, levy.play, levy.day),
        "requisition": (wg, taken.play, taken.day),
        "coercion": (bodies["lm"], measure, TUESDAY),
        "page": (wg, page.play, TUESDAY),
    }
    found = {}
    for kind, (body, play, day) in stand.items():
        with at(day, 17):
            assert play.record.kind == kind
            found[f"case page: {kind}"] = asked(
                signed_in(body, play.officers[0]), matter(play.record)
            )
    with at(TUESDAY, 17):
        found["case page: feedback"] = asked(signed_in(wg, "陈局"), matter(told.record))
    return found


def public(bodies: Any) -> dict[str, int]:
    """What anybody may open; an item's page as it is made anew, not as it was kept."""
    journey = case(bodies).go("published")
    shown = journey.play.record.publications.get(state="live")
    found = {}
    with at(journey.forward(1), 9):
        found["public home"] = asked(Client(), "/")
        found["public decisions"] = asked(Client(), "/decisions")
        found["public item, not kept"] = asked(Client(), f"/p/{shown.code}", warm=False)
    return found


SCENES = {scene.__name__: scene for scene in (penalty, other_kinds, public)}


def differing(kept: dict[str, dict[str, int]], found: dict[str, int]) -> list[str]:
    """Where the table and a scene say different things, each in a sentence."""
    said = []
    for name in sorted({*kept, *found}):
        now, n = kept.get(name, {}).get("now"), found.get(name)
        if n is None:
            said.append(f"{name}: has a number and is measured by nothing")
        elif now is None:
            said.append(f"{name}: asks {n}, and no number is kept")
        elif n > now:
            said.append(f"{name}: asks {n}, more than the {now} of the table")
        elif n < now:
            said.append(f"{name}: asks {n}, so lower the {now} of the table")
    return said


def unmeasured(numbers: dict[str, dict[str, dict[str, int]]]) -> list[str]:
    """The kinds of matter whose page no scene opens, and the scenes without a table."""
    rows = {name for table in numbers.values() for name in table}
    pages = [f"case page: {kind.code}" for kind in matter_kinds.every()]
    return [*sorted(SCENES.keys() ^ numbers.keys()), *(page for page in pages if page not in rows)]


@pytest.mark.django_db
@pytest.mark.parametrize("scene", SCENES)
def test_pages_and_acts_ask_exactly_what_the_table_says(bodies: Any, scene: str) -> None:
    cache.clear()
    assert not differing(NUMBERS[scene], SCENES[scene](bodies))


def test_one_statement_more_or_less_and_a_row_that_vanished_are_noticed() -> None:
    kept, found = {"a": {"now": 30}, "b": {"now": 20}}, {"a": 30, "b": 20}
    assert not differing(kept, found)
    assert differing(kept, {**found, "a": 31}) == ["a: asks 31, more than the 30 of the table"]
    assert differing(kept, {**found, "a": 29}) == ["a: asks 29, so lower the 30 of the table"]
    assert differing({"a": {"now": 30}}, found) == ["b: asks 20, and no number is kept"]
    assert differing(kept, {"a": 30}) == ["b: has a number and is measured by nothing"]


def test_the_page_of_every_kind_of_matter_is_measured() -> None:
    assert not unmeasured(NUMBERS)
    others = {name: row for name, row in NUMBERS["other_kinds"].items() if "levy" not in name}
    assert unmeasured({**NUMBERS, "other_kinds": others}) == ["case page: levy"]
    assert unmeasured({name: NUMBERS[name] for name in ("penalty", "other_kinds")}) == ["public"]


def test_the_table_keeps_to_the_goals() -> None:
    for name, row in (each for table in NUMBERS.values() for each in table.items()):
        most = 25 if name == "one act" else 40
        if name.startswith(("case page", "step form", "approval", "one act")):
            assert row["now"] <= most, name
        assert row["now"] <= row.get("before", row["now"]), name
