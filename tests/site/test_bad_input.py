"""Nothing that anybody types makes the house fall down: generated questions and forms, none of them
answered by 5xx. 1 500 cases; more than 10 000 with --long.
"""

from __future__ import annotations

import json
import logging
import random
import re
import traceback
from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from mingzheng.agencies.models import Account, Post
from mingzheng.desk.act_views import ticket
from mingzheng.procedures import registry
from tests.cases.telling import case
from tests.house.reading import modules, templates

ASKED = re.compile(r"(?:GET|POST|said|data|query)(?:\.get|\.getlist)?[\[(]\"([a-z_]+)\"")
NAMED = re.compile(r"\bname=\"([a-z_-]+)\"")
ROLES = ("handler", "head", "legal-reviewer", "system-admin", "discloser", "archivist")
VALUES = [
    *("", " ", "0", "1", "-1", "²", "٣", "9" * 19, "9" * 400, "9" * 5000, "1e999", "NaN", "1,5"),
    *("0001-01-01", "9999-12-31", "2026-02-30", "2026-11-28", "2026-11-28T09:00", "2026-W01-1"),
    *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "24:00", "1900-02-29T25:61"),
    *("\u200b", "\u202eabc", "🏛", "\ue863", "ཀ", "a\tb\r\nc"),
    *("%00", "%", "_", "'", '"><script>', "{{7*7}}", "../../etc/passwd", "=1+1", "甲" * 3000),
    *("on", "yes", "no", "true", "penalty", "other", "none_1", "none_²", "1.1", "2026-11-28.²"),
    *("0001-01-01_1", "wg", "lm", "x" * 200, "item:²", "matter:9", "[]", "{}", "null"),
]
# What the door refuses is sent seldom: behind it the rest is tried.
FOUL = ["\x00", "a\x0bb", "\x1b[31m", "\x85", "\uffff"]
LONG, SHORT = 12_000, 1_500


def fields() -> list[str]:
    """Every name that a view asks for or a page's form sends."""
    found = {name for _, text in modules() for name in ASKED.findall(text)}
    found |= {name for _, text in templates() for name in NAMED.findall(text)}
    return sorted(found - {"csrfmiddlewaretoken", "login", "password"})


def addresses(record: int) -> list[str]:
    """Every address of the product, its parts filled with what may or may not be there."""
    parts = {
        "record_id": record,
        "act_id": 1,
        "proposal_id": 1,
        "kind": "penalty",
        "code": "wg",
        "key": "x",
    }
    found = []
    for pattern in _walk(get_resolver().url_patterns, ""):
        filled = re.sub(
            r"<(?:(\w+):)?(\w+)>",
            lambda part: str(parts.get(part[2], 1 if part[1] == "int" else "x")),
            pattern,
        )
        # Whether the house is well is another question: nothing runs here but the pages.
        if filled != "healthz":
            found.append("/" + filled)
    return found


def _walk(patterns: Any, before: str) -> list[str]:
    found: list[str] = []
    for each in patterns:
        here = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            found += _walk(each.url_patterns, here)
        else:
            found.append(here)
    return found


def clients() -> list[Client]:
    """Nobody, and one person of each role."""
    found = [Client()]
    posts = list(Post.objects.filter(agency__code="wg").order_by("pk"))
    for role in ROLES:
        post = next((each for each in posts if role in each.roles), None)
        account = Account.objects.filter(person=post.person_id).first() if post else None
        if account is not None:
            client = Client()
            session = client.session
            session["login"], session["epoch"] = account.login, account.epoch
            session.save()
            found.append(client)
    return found


def session_of(client: Client) -> dict[str, str]:
    """The cookies of a person, whatever a case does to his session."""
    return {name: each.value for name, each in client.cookies.items()}


@pytest.mark.sql
def test_no_generated_input_is_answered_by_a_fault(
    bodies: dict[str, Any], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = LONG if request.config.getoption("--long") else SHORT
    from mingzheng.limits import counters

    monkeypatch.setattr(counters, "spend", lambda *_, **__: 0)
    logging.disable(logging.ERROR)
    request.addfinalizer(lambda: logging.disable(logging.NOTSET))
    record = case(bodies).go("investigated").play.record
    rows = registry.procedure(record.procedure).steps
    draw, names, places, people = random.Random(13), fields(), addresses(record.pk), clients()
    steps = [(row.key, _names_of(row, record, people)) for row in rows]
    counted, faults = Counter[int](), []
    # One for all: a new client loads the middleware anew.
    client, sessions = Client(), [session_of(each) for each in people]
    for number in range(many):
        client.cookies.clear()
        client.cookies.load(draw.choice(sessions))
        chosen = {draw.choice(names): _value(draw) for _ in range(draw.randint(1, 6))}
        if draw.random() < 0.35:
            key, own = draw.choice(steps)
            place = f"/desk/cases/{record.pk}/do/{key}"
            chosen |= {name: _value(draw) for name in own}
            chosen["ticket"] = ticket(record.pk, record.head, key)
        else:
            place = draw.choice(places)
        how = draw.choice(("get", "post", "post", "json"))
        try:
            with transaction.atomic():
                status = _send(client, how, place, chosen)
                transaction.set_rollback(True)
        except Exception:
            status = 599
            faults.append(
                f"{number} {how} {place} {str(chosen)[:500]}\n{traceback.format_exc()[-1500:]}"
            )
        counted[status] += 1
        if 500 <= status < 599:
            faults.append(f"{number} {how} {place} {str(chosen)[:500]}: {status}")
    print(f"{many} cases on {connection.vendor}: {dict(sorted(counted.items()))}")
    assert not faults, f"{len(faults)} of {many}:\n" + "\n\n".join(faults[:8])


def _value(draw: random.Random) -> str:
    return draw.choice(FOUL if draw.random() < 0.02 else VALUES)


def _names_of(row: Any, record: Any, people: list[Client]) -> list[str]:
    form = registry.find(row.verb_key).form
    return [*form.base_fields, "happened_at", "late_reason", "uploads", "kept"]


def _send(client: Client, how: str, place: str, chosen: dict[str, str]) -> int:
    if how == "get":
        return client.get(place, chosen).status_code
    if how == "post":
        return client.post(place, chosen).status_code
    return client.post(place, json.dumps(chosen), content_type="application/json").status_code
