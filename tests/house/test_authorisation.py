"""Who gets what: every address, asked by everybody of the cast about things of each kind, against one
small table of rules. An address that the table does not name fails.

1 200 probes drawn from all; all of them, of the whole cast, with --long.
"""

from __future__ import annotations

import logging
import random
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from mingzheng.agencies.models import Account, Handler, Post
from mingzheng.documents.models import Document
from mingzheng.limits import counters
from mingzheng.procedures.models import Proposal
from mingzheng.records.models import Act, Attachment, Record
from mingzheng.records.refusal import Refused
from mingzheng.site.demo import parties
from tests.cases.telling import case

SAMPLE = 1200
# They compare whole rule packs anew each time, seconds each: of these a few probes say it.
SLOW, FEW = {"portal:rules", "portal:rules_of", "rulebook:rules"}, 2
# For everybody, word for word the same whoever asks.
PUBLIC = """healthz portal:home portal:about portal:agency portal:lists portal:bases portal:board
    portal:samples portal:sample portal:form portal:form_example portal:decisions portal:item
    portal:changes portal:sheet portal:item_proof portal:item_text portal:item_file
    portal:withdrawals portal:officers portal:verify portal:verified portal:paper_proof portal:open
    portal:decisions_jsonl portal:decisions_csv portal:double portal:feed portal:feedback
    portal:progress portal:rate portal:proofs portal:here portal:checkpoint portal:vkey
    portal:verifier portal:head portal:stamp portal:tile portal:witness_add portal:witness_key
    portal:witnessed portal:rules portal:rules_of desk:login desk:second desk:code desk:oidc
    desk:oidc_back desk:logout desk:demo capture:capture
    capture:plain capture:now capture:worker capture:manifest evidence:receipt_key"""
# For whoever is signed in; what it shows is his own, and nothing of a matter that he may not see.
# (evidence:receipt_key is a public key; the rest of the desk asks who it is.)
PERSONAL = """desk:home desk:identity desk:waiting desk:forget desk:resume desk:cases desk:begin desk:open
    catalogue:pages catalogue:register catalogue:bring catalogue:bases rulebook:rules
    cases:licences cases:property cases:count cases:handover disclosure:channels disclosure:double
    disclosure:again disclosure:platform disclosure:receipt disclosure:package archive:volume
    oversight:feedback oversight:assessment agencies:office agencies:equipment evidence:media
    desk:task desk:read catalogue:sheet agencies:account agencies:phone agencies:key"""
# The same, saying 401 to programs instead of leading to the sign-in.
PROGRAMS = """desk:keep capture:matters capture:matter capture:sync capture:sealed evidence:uploads
    evidence:upload"""
# About one matter: absent for whoever may not see it.
OF_A_MATTER = """desk:case desk:urge desk:step desk:preview desk:make desk:void desk:proof desk:proposal
    desk:proposal_file desk:chosen desk:paper desk:check desk:document desk:receipt desk:file evidence:evidence"""
ADMINS_ONLY = "agencies:people agencies:person agencies:audit"
GROUPS = {
    name: group
    for group, names in {
        "public": PUBLIC,
        "personal": PERSONAL,
        "programs": PROGRAMS,
        "matter": OF_A_MATTER,
        "admins": ADMINS_ONLY,
    }.items()
    for name in names.split()
}
# Who sees every ordinary matter of his own agency; all others see those of their unit.
WHOLE = """head deputy-head legal-reviewer review-head archivist publisher publishing-head
    supervision-commissioner""".split()
ADMINS = {"system-admin", "security-admin", "audit-admin"}


@dataclass(frozen=True)
class Thing:
    """A matter as the table knows it, with the numbers by which its parts are asked for."""

    name: str
    record: Record
    parts: dict[str, int]
    handlers: frozenset[int]
    mark: str
    region: str


@dataclass(frozen=True)
class Somebody:
    """Of the cast; None of a stranger."""

    name: str
    post: Post | None
    cookies: dict[str, str]

    def sees(self, thing: Thing) -> bool:
        """The table."""
        post, record = self.post, thing.record
        if post is None:
            return False
        if post.person_id in thing.handlers:
            return True
        if ADMINS & set(post.roles):
            return False
        own = post.agency_id == record.agency_id
        if thing.name == "sealed":
            return own and "head" in post.roles
        above = any(thing.region.startswith(each) for each in post.agency.supervises)
        if {"judicial-bureau", "superior"} & set(post.roles) and above:
            return True
        if not post.roles:
            return False
        return own and (bool(set(WHOLE) & set(post.roles)) or post.unit_id == record.unit_id)


def thing(bodies: dict[str, Any], code: str, name: str) -> Thing:
    """A matter at the stage where a decision is drafted, with a mark for a title."""
    journey = case(bodies, code, party=parties.company(code, 1 if name == "sealed" else 0))
    try:
        journey.go("drafted")
    except Refused:
        pass
    record, mark = journey.play.record, f"密{name}{code}章"
    with connection.cursor() as cursor:
        # Nobody can make a matter secret afterwards; the test goes around the guard of the database,
        # whose schema comes back with it.
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'records_record'"
        )
        for (trigger,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {trigger}")
        cursor.execute(
            "UPDATE records_record SET title = %s, classification = %s WHERE id = %s",
            [mark, 2 if name == "sealed" else 0, record.pk],
        )
    record.refresh_from_db()
    act = Act.objects.filter(record=record).order_by("pk")
    found = {
        "record_id": record.pk,
        "act_id": act.first().pk if act else 0,
        "document_id": _first(Document.objects.filter(record=record)),
        "attachment_id": _first(Attachment.objects.filter(act__record=record)),
        "proposal_id": _first(Proposal.objects.filter(record=record)),
    }
    handlers = frozenset(Handler.objects.filter(record=record).values_list("person_id", flat=True))
    return Thing(name, record, found, handlers, mark, bodies[code].region)


def _first(rows: Any) -> int:
    return int(rows.order_by("pk").values_list("pk", flat=True).first() or 0)


def cast(agencies: list[str]) -> list[Somebody]:
    """A stranger, and everybody of these agencies."""
    found = [Somebody("stranger", None, {})]
    for post in Post.objects.filter(agency__code__in=agencies).select_related("agency", "person"):
        account = Account.objects.filter(person=post.person_id).first()
        if account is None:
            continue
        session = Client().session
        session["login"], session["epoch"], session["post"] = account.login, account.epoch, post.pk
        session.save()
        name = f"{post.agency.code} {post.person.name}"
        found.append(Somebody(name, post, {"sessionid": str(session.session_key)}))
    return found


def routes() -> dict[str, str]:
    """Every address by its name."""
    found = {}

    def walk(patterns: Any, before: str, space: str) -> None:
        for each in patterns:
            here = before + str(each.pattern)
            if hasattr(each, "url_patterns"):
                walk(each.url_patterns, here, f"{each.app_name}:" if each.app_name else space)
            else:
                found[space + each.name] = here

    walk(get_resolver().url_patterns, "/", "")
    return found


def filled(route: str, parts: dict[str, int]) -> str:
    """The address of a thing."""
    usual = {
        "slug code": "wg",
        "str code": "wg",
        "slug kind": "penalty",
        "path key": "evidence.taken:documentary",
    }

    def part(found: re.Match[str]) -> str:
        other = usual.get(f"{found[1]} {found[2]}", 1 if found[1] == "int" else "x")
        return str(parts.get(found[2], other))

    return re.sub(r"<(?:(\w+):)?(\w+)>", part, route)


def test_every_address_has_a_rule() -> None:
    assert set(routes()) == set(GROUPS)


def test_everybody_gets_what_the_table_says(
    bodies: dict[str, Any], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = request.config.getoption("--long")
    monkeypatch.setattr(counters, "spend", lambda *_, **__: 0)
    logging.disable(logging.ERROR)
    request.addfinalizer(lambda: logging.disable(logging.NOTSET))
    things = [
        thing(bodies, code, name)
        for code, name in [("wg", "own"), ("wg", "sealed"), ("lm", "own"), ("lm", "sealed")]
    ]
    people = cast(list(bodies) if long else ["wg", "lm", "ws-justice"])
    probes = [
        (somebody, name, each, method)
        for somebody in people
        for name in routes()
        for each in (things if GROUPS[name] == "matter" else things[:1])
        for method in ("GET", "HEAD", "POST")
    ]
    random.Random(13).shuffle(probes)
    few = Counter[str]()
    probes = [probe for probe in probes if probe[1] not in SLOW or _few(few, probe[1])]
    counted, wrong, addresses = Counter[str](), [], routes()
    acts = Act.objects.count()
    # One for all: a new client loads the middleware anew.
    client = Client(raise_request_exception=False)
    for somebody, name, each, method in probes if long else probes[:SAMPLE]:
        place = filled(addresses[name], each.parts)
        with transaction.atomic():
            client.cookies.clear()
            client.cookies.load(somebody.cookies)
            answer = client.generic(method, place, b"")
            body = b"" if answer.streaming else answer.content
            new = Act.objects.count() - acts
            transaction.set_rollback(True)
        counted[GROUPS[name]] += 1
        said = f"{somebody.name} {method} {name} of {each.name} {each.record.agency_id}"
        if fault := judge(somebody, name, each, method, answer, new):
            wrong.append(f"{said}: {answer.status_code}, {fault}")
        seen = {one.mark for one in things if one.mark.encode() in body}
        if hidden := seen - {one.mark for one in things if somebody.sees(one)}:
            wrong.append(f"{said}: shows {hidden}")
    print(
        f"{sum(counted.values())} probes, {len(people)} people, {dict(counted)}, {len(wrong)} wrong"
    )
    assert not wrong, f"{len(wrong)} wrong:\n" + "\n".join(wrong[:30])


def _few(few: Counter[str], name: str) -> bool:
    few[name] += 1
    return few[name] <= FEW


def judge(somebody: Somebody, name: str, each: Thing, method: str, answer: Any, new: int) -> str:
    """What is wrong with an answer; empty when nothing is."""
    status, group = answer.status_code, GROUPS[name]
    sent_away = status == 302 and answer["Location"].startswith("/login")
    if status >= 500 and name != "healthz":
        return "a fault"
    if somebody.post is None:
        if new:
            return "a stranger acted"
        if group == "programs" and status not in (401, 405):
            return "no stranger is answered here"
        if group in ("personal", "matter", "admins") and not (sent_away or status == 405):
            return "a stranger is led to the sign-in"
        return ""
    if sent_away or status == 401:
        return "is signed in"
    if group == "admins" and not ADMINS & set(somebody.post.roles):
        return "" if status in (404, 405) else "only for administrators"
    if group == "matter" and not somebody.sees(each):
        return "" if status in (404, 405) and not new else "looks absent to him"
    if name in ("desk:case", "evidence:evidence") and method == "GET" and status != 200:
        return "is his to see"
    return ""
