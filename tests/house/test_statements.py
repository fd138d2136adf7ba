"""How many statements the most used pages and one act ask of the database.

The numbers stand in `statements.toml`. They do not depend on how long a record is, so a rise means
that something is read twice or once a row.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mingzheng.agencies.models import Account
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.oversight.acts.intake import receive
from mingzheng.procedures.models import Proposal
from mingzheng.records.models import Record
from mingzheng.site.demo import parties, stories
from mingzheng.site.demo.founding import PASSWORD
from mingzheng.site.demo.other import Otherwise
from mingzheng.site.demo.play import Play, at
from mingzheng.site.demo.registering import Registering, couple
from tests.cases.licensing import TUESDAY, licence
from tests.cases.telling import case
from tests.cases.test_inspection import tour
from tests.catalogue.telling import begun

TABLE = Path(__file__).with_name("statements.toml")
NUMBERS: dict[str, dict[str, int]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["pages"]
# So far below the number kept, the table has to follow: otherwise a later rise goes unseen.
SLACK = 3
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
    with CaptureQueriesContext(connection) as statements:
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
    levy = Otherwise(Play(wg, stories.OFFICERS["wg"], company, "qt-zs"), TUESDAY).go("begun")
    measure = coercion(bodies)
    page = begun(bodies, "wg", "benchmark")
    told = receive(wg, "complaint", {"text": "材", "correct": "", "name": "孙某", "contact": ""})
    stand = {
        "inspection": (wg, visit.play, visit.day),
        "licence": (wg, asked_for.play, asked_for.day),
        "confirmation": (bodies["lm"], pair.play, pair.day),
        "other": (wg, levy.play, levy.day),
        "coercion": (bodies["lm"], measure, clock.today()),
        "page": (wg, page.play, clock.today()),
    }
    found = {}
    for kind, (body, play, day) in stand.items():
        with at(day, 17):
            assert play.record.kind == kind
            found[f"case page: {kind}"] = asked(
                signed_in(body, play.officers[0]), matter(play.record)
            )
    sorter = signed_in(wg, "陈局")
    found["case page: feedback"] = asked(sorter, matter(told.record))
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


@pytest.mark.django_db
@pytest.mark.parametrize("scene", [penalty, other_kinds, public])
def test_pages_and_acts_ask_no_more_than_they_need(bodies: Any, scene: Any) -> None:
    cache.clear()
    found: dict[str, int] = scene(bodies)
    unknown = sorted(set(found) - set(NUMBERS))
    assert not unknown, f"no number is kept for {unknown}: {found}"
    kept = {name: NUMBERS[name]["now"] for name in found}
    risen = {name: (kept[name], n) for name, n in found.items() if n > kept[name]}
    assert not risen, f"more statements than the table allows (kept, found): {risen}"
    lower = {name: (kept[name], n) for name, n in found.items() if n < kept[name] - SLACK}
    assert not lower, f"the table can be lowered (kept, found): {lower}"


def test_the_table_keeps_to_the_goals() -> None:
    for name, row in NUMBERS.items():
        most = 25 if name == "one act" else 40
        if name.startswith(("case page", "step form", "approval", "one act")):
            assert row["now"] <= most, name
        assert row["now"] <= row["before"], name
