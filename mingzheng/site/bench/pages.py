"""The pages of one matter with 120 acts, kind by kind: the case page, a step's form, the page of an
approval; with the statements that each asks.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingzheng.agencies.models import Account, Agency
from mingzheng.catalogue.models import Item
from mingzheng.notices import acts as notice_acts
from mingzheng.oversight.acts.intake import receive
from mingzheng.procedures.models import Proposal
from mingzheng.records import acts as record_acts
from mingzheng.records.models import Act, Record
from mingzheng.records.unit import work
from mingzheng.site.bench.clockwork import percentile
from mingzheng.site.demo import founding, parties, published, stories
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.licensing import Licensing
from mingzheng.site.demo.other import Otherwise
from mingzheng.site.demo.play import Play, at, back, who
from mingzheng.site.demo.published import Keeping
from mingzheng.site.demo.registering import Registering, couple
from mingzheng.site.demo.tour import Tour

ACTS = 120
ROUNDS = 15
MOST_MS, MOST_STATEMENTS = 40, 40


def run() -> dict[str, Any]:
    """Medians of interleaved rounds by page, with the statements of each."""
    made = founding.found_all({"wg", "lm"})
    settings.ALLOWED_HOSTS.append("testserver")
    shown = dict(_pages(made))
    taken: dict[str, list[float]] = {name: [] for name in shown}
    work: dict[str, list[float]] = {name: [] for name in shown}
    for n in range(ROUNDS + 1):
        for name, (client, address) in shown.items():
            began, busy = time.perf_counter(), time.process_time()
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{name}: {answer.status_code}")
            if n:
                taken[name].append((time.perf_counter() - began) * 1e3)
                work[name].append((time.process_time() - busy) * 1e3)
    rows = {}
    for name, (client, address) in shown.items():
        with CaptureQueriesContext(connection) as statements:
            client.get(address)
        rows[name] = {
            "ms": round(statistics.median(taken[name]), 1),
            "p95_ms": round(percentile(taken[name], 0.95), 1),
            "cpu_ms": round(statistics.median(work[name]), 1),
            "statements": len(statements),
        }
    goal = f"<= {MOST_STATEMENTS} statements, <= {MOST_MS} ms on an idle machine"
    return {"acts": ACTS, "goal": goal, "pages": rows}


def signed_in(agency: Agency, name: str) -> Client:
    """A browser in which somebody of this body is signed in."""
    client = Client()
    login = Account.objects.get(person__name=name, person__posts__agency=agency).login
    client.post(reverse("desk:login"), {"login": login, "password": founding.PASSWORD})
    return client


def _pages(made: dict[str, Agency]) -> Iterator[tuple[str, tuple[Client, str]]]:
    for kind, play in _matters(made):
        if play.record.kind != kind:
            raise RuntimeError(f"this matter is no {kind}")
        _lengthen(play)
        desk, place = (
            signed_in(play.body, play.officers[0]),
            reverse("desk:case", args=[play.record.pk]),
        )
        yield f"case page: {kind}", (desk, place)
        if kind == "penalty":
            yield "step form", (desk, f"{place}/do/officer.identified")
            play.step(
                "seizure.approved",
                way="seize",
                things="变压器，1台",
                basis="依据",
                reason="防止转移",
            )
            waiting = Proposal.objects.get(record=play.record, state=Proposal.OPEN)
            yield "approval page", (desk, reverse("desk:proposal", args=[waiting.pk]))


def _matters(made: dict[str, Agency]) -> Iterator[tuple[str, Play]]:
    """One matter of every kind."""
    wg, lm = made["wg"], made["lm"]
    officers, company = stories.OFFICERS["wg"], parties.company("wg", 1)
    told = stories.told("jn-82")
    penalty = Journey(Play(wg, officers, company, "jn-82", cause="测速"), back(20), **told)
    yield "penalty", penalty.go("investigated").play
    yield (
        "inspection",
        Tour(Play(wg, officers, company, _item(wg, "inspection")), back(15)).go("planned").play,
    )
    yield "licence", Licensing(Play(wg, officers, company, "xk-jg"), back(15)).go("received").play
    yield (
        "confirmation",
        Registering(lm, couple(1), "marriage-registration", back(15)).go("received").play,
    )
    yield "other", Otherwise(Play(wg, officers, company, "qt-zs"), back(15)).go("begun").play
    item = Item.objects.filter(agency=lm, kind="coercion").earliest("pk")
    measure = Play(lm, stories.OFFICERS["lm"], parties.company("lm", 1), item.code, cause=item.name)
    with at(back(10)):
        measure.begin("coercion", cause=item.name, place="厂区", summary="物品可能被转移。")
    yield "coercion", measure
    yield "page", Keeping(wg, published.TOLD["wg"]["keeper"], "benchmark").play
    feedback = Play(wg, ("陈局", "陈局"), {}, "")
    feedback.record = receive(
        wg, "complaint", {"text": "测速", "correct": "", "name": "孙某", "contact": ""}
    ).record
    yield "feedback", feedback


def _item(agency: Agency, kind: str) -> str:
    return Item.objects.filter(agency=agency, kind=kind).earliest("pk").code


def _lengthen(play: Play) -> None:
    """Urge until the record holds so many acts."""
    by = who(play.body, play.officers[0])
    for _ in range(ACTS - Act.objects.filter(record=play.record).count()):
        with work():
            locked: Record = record_acts.lock(play.record.pk)
            notice_acts.urge(locked, by, by.person_id, "请抓紧办理")
    play.record.refresh_from_db()
