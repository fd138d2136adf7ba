"""开放数据: the same words as the pages, nothing that is only reported, and a feed that tells of
removals without content.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from mingzheng.disclosure.models import Publication
from mingzheng.portal import tombs
from mingzheng.records.words import plain
from mingzheng.site.demo.play import at
from tests.cases.telling import case, do
from tests.clause import clause

ATOM = "{http://www.w3.org/2005/Atom}"


def body(answer: Any) -> str:
    """What was sent, whole."""
    assert answer.status_code == 200
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(
        "utf-8-sig"
    )


def entries(client: Client, address: str) -> list[str]:
    """The titles of a feed."""
    return [
        each.findtext(f"{ATOM}title") or ""
        for each in ElementTree.fromstring(body(client.get(address))).iter(f"{ATOM}entry")
    ]


def test_decisions_are_the_same_in_every_form(bodies: dict[str, Any], client: Client) -> None:
    journey = case(bodies).go("published")
    row = Publication.objects.get(record=journey.play.record, state=Publication.LIVE)
    line = json.loads(body(client.get("/open/decisions.jsonl")))
    table = list(csv.DictReader(io.StringIO(body(client.get("/open/decisions.csv?agency=wg")))))
    assert line == table[0] and line["code"] == row.code and line["sha256"] == row.text_hash
    assert (
        not body(client.get("/open/decisions.jsonl?agency=lm"))
        and client.get("/open/decisions.csv?agency=nobody").status_code == 404
    )
    assert not body(client.get("/open/decisions.jsonl?since=2099-01-01")) and body(
        client.get("/open/decisions.jsonl?since=nonsense")
    )


def test_what_is_only_reported_stays_out_of_the_open_columns(
    bodies: dict[str, Any], client: Client
) -> None:
    journey = case(bodies, "fc", fine="500").go("published")
    person = journey.play.party
    with at(journey.day, 18):
        text = body(client.get("/open/double/fc/penalty.csv"))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 1 and rows[0]["CF_NR_FK"] == "0.05" and "CF_XDR_ZJHM" not in rows[0]
    assert rows[0]["CF_XDR_MC"] == f"{person['name'][0]}某"
    for secret in (person["name"], person["identifier"], person["phone"], person["address"]):
        assert secret not in text


@clause("LG-1.3", "WG-A7.3")
def test_a_removal_leaves_its_trace_in_the_feeds_without_content(
    bodies: dict[str, Any], client: Client
) -> None:
    journey = case(bodies).go("published")
    row = Publication.objects.get(record=journey.play.record, state=Publication.LIVE)
    assert entries(client, "/open/publications.atom?agency=wg") == [row.title] and not entries(
        client, "/open/withdrawals.atom"
    )
    journey.forward(1)
    do(journey, "publication.withdrawn", hour=10, cause="wrong", reason="公示内容有误。")
    with at(journey.day, 11):
        journey.play.approve()
    assert not entries(client, "/open/publications.atom")
    for address in (
        "/open/withdrawals.atom",
        "/open/withdrawals.atom?agency=wg",
        f"/open/withdrawals.atom?item={row.code}",
    ):
        text = body(client.get(address))
        assert row.number in text and "公示内容有误" in text
        assert (
            journey.play.party["name"] not in text
            and json.loads(row.body)["facts"][:12] not in text
        )


def test_a_tombstone_names_its_source_without_the_marks_of_those_who_keep_the_rules(
    bodies: dict[str, Any], client: Client
) -> None:
    journey = case(bodies).go("published")
    row = Publication.objects.get(record=journey.play.record, state=Publication.LIVE)
    journey.forward(1)
    do(journey, "publication.withdrawn", hour=10, cause="wrong", reason="公示内容有误。")
    with at(journey.day, 11):
        journey.play.approve()
        row.refresh_from_db()
        marked = [text for rule in tombs.rules(row, None) for text in rule if plain(text) != text]
        page = client.get(f"/p/{row.code}").content.decode()
    assert marked and all(plain(text) in page for text in marked)
    assert "待确认" not in page and "为推断" not in page


@pytest.mark.parametrize(
    "address",
    [
        "/open/nothing.atom",
        "/open/withdrawals.atom?agency=nobody",
        "/open/withdrawals.atom?item=nothing",
        "/open/double/wg/coercion.csv",
        "/open/double/nobody/penalty.csv",
    ],
)
def test_what_is_not_there_is_not_found(
    bodies: dict[str, Any], client: Client, address: str
) -> None:
    assert client.get(address).status_code == 404


def test_a_feed_that_has_not_changed_says_so(bodies: dict[str, Any], client: Client) -> None:
    first = client.get("/open/publications.atom")
    assert (
        client.get("/open/publications.atom", headers={"if-none-match": first["ETag"]}).status_code
        == 304
    )
    assert client.get("/open").status_code == 200
