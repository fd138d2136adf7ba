"""The door: what nobody can mean is refused once, in Chinese, before anything is asked of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from mingzheng.agencies.models import Account, SignIn
from mingzheng.core import given
from mingzheng.oversight.models import Feedback
from mingzheng.records.models import Record

HUGE = "9" * 5000


@pytest.fixture
def officer(bodies: dict[str, Any], client: Client) -> Client:
    """An officer who is signed in."""
    account = Account.objects.get(login="wg-01")
    session = client.session
    session["login"], session["epoch"] = account.login, account.epoch
    session.save()
    client.raise_request_exception = False
    return client


@pytest.fixture
def stranger(bodies: dict[str, Any], client: Client) -> Client:
    """Nobody in particular; what fails is a page, as outside."""
    client.raise_request_exception = False
    return client


def refused(answer: Any) -> None:
    """400, in Chinese, and not Django's own page."""
    assert answer.status_code == 400
    assert "没有受理" in answer.content.decode() and "Bad Request" not in answer.content.decode()


@pytest.mark.sql
@pytest.mark.parametrize(
    "address",
    [
        "/open/decisions.jsonl?agency=%00",
        "/open/decisions.csv?agency=%00",
        "/open/publications.atom?agency=%00",
        "/open/publications.atom?item=%00",
        "/officers?agency=%00",
        "/officers?q=%00",
        "/feedback?agency=%00",
        "/feedback?about=%00",
        "/decisions?q=%0b",
        "/decisions?%00=1",
        "/q/%00",
        "/q/a%1bb",
        "/p/x/changes?from=%00",
    ],
)
def test_nul_in_an_address_is_refused_before_the_database(stranger: Client, address: str) -> None:
    refused(stranger.get(address))


@pytest.mark.sql
@pytest.mark.parametrize("bad", ["\x00", "a\x0bb", "\x7f", "\x85", "\uffff"])
@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/login", "login"),
        ("/login", "password"),
        ("/progress", "number"),
        ("/progress", "code"),
        ("/feedback", "text"),
        ("/feedback", "about"),
        ("/q/abc/rate", "overall"),
        ("/q/abc/here", "any"),
    ],
)
def test_control_characters_in_a_form_are_refused(
    stranger: Client, address: str, name: str, bad: str
) -> None:
    refused(stranger.post(address, {name: bad}))
    assert not Feedback.objects.exists() and not SignIn.objects.exists()


def test_line_ends_and_tabs_are_text(stranger: Client) -> None:
    assert stranger.post("/progress", {"number": "a\tb\r\nc", "code": "x"}).status_code == 404


@pytest.mark.parametrize("charset", ["hex", "utf-16", "utf-7", "rot13", "gb18030", '"hex"'])
def test_a_form_comes_in_utf_8_or_not_at_all(stranger: Client, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    refused(stranger.generic("POST", "/login", b"login=a&password=b", content_type=kind))
    plain = kind.replace(charset, "UTF-8")
    answer = stranger.generic("POST", "/login", b"login=a&password=b", content_type=plain)
    assert answer.status_code == 403


def test_a_broken_form_gets_a_page_in_chinese(stranger: Client) -> None:
    refused(
        stranger.post("/progress", b"--x\r\nrubbish", content_type="multipart/form-data; boundary=")
    )


@pytest.mark.sql
@pytest.mark.parametrize("text", ["²", HUGE, "٣", "-1", "1e999", "9223372036854775808", " 1", ""])
def test_what_is_no_plain_number_chooses_nothing(officer: Client, text: str) -> None:
    assert given.number(text) is None
    head = _as(officer, "head")
    answers = [
        officer.post("/desk/identity", {"post": text}),
        head.get("/desk/handover", {"person": text}),
        head.post("/desk/handover", {"verb": "accept", "handover": text}),
        head.post("/desk/handover", {"verb": "offer", "giver": text, "taker": text}),
        head.post("/desk/pages", {"kind": "guide", "about": f"item:{text}"}),
        head.get("/desk/assessment", {"year": text}),
        head.post("/desk/assessment", {"unit": text, "about": text}),
        head.post("/desk/equipment", {"verb": "lend", "device": text}),
        head.post("/desk/office", {"since": "2026-01-01", "until": "2026-01-02", "taker": text}),
        head.get("/desk/cases", {"after": f"none_{text}"}),
    ]
    assert not [answer.status_code for answer in answers if answer.status_code >= 500]


@pytest.mark.parametrize("number", [HUGE, "9223372036854775808"])
def test_an_over_long_number_in_an_address_leads_nowhere(officer: Client, number: str) -> None:
    assert officer.get(f"/desk/cases/{number}").status_code in (400, 404)
    assert officer.get(f"/desk/documents/{number}").status_code in (400, 404)


@pytest.mark.sql
@pytest.mark.parametrize(
    "day",
    ["0001-01-01", "9999-12-31", "0001-01-01T00:00:00+23:59", "2026-02-30", "20260101", "²", HUGE],
)
def test_an_impossible_day_is_no_day(officer: Client, day: str) -> None:
    head = _as(officer, "head")
    answers = [
        officer.get("/desk/cases", {"from": day, "to": day}),
        head.get("/desk/channels/platform", {"from": day, "until": day}),
        head.post("/desk/bases", {"verb": "register", "name": "x", "on": day}),
        head.post("/desk/equipment", {"verb": "book", "since": day, "until": day}),
        head.post("/desk/office", {"since": day, "until": day, "taker": "1"}),
        head.post("/desk/proposals/1/paper", {"signed_at": day, "signer": "1"}),
        officer.get("/decisions", {"since": day, "until": day}),
        officer.get("/decisions", {"after": f"{day}.1"}),
        officer.get("/open/decisions.jsonl", {"since": day}),
    ]
    assert not [answer.status_code for answer in answers if answer.status_code >= 500]
    assert given.moment("0001-01-01T00:00:00+23:59") is None and given.day("9999-12-31") is None


@pytest.mark.sql
@pytest.mark.parametrize("text", ["\ud800", "\x00", "a\x0b"])
def test_a_phone_sends_no_half_characters(officer: Client, text: str) -> None:
    body = {
        "client": "c" * 20,
        "record": "1",
        "kind": "note",
        "at": "2026-11-28T09:00:00+08:00",
        "sent": "2026-11-28T09:00:00+08:00",
        "fields": {"text": text},
    }
    answer = officer.post("/capture/sync", json.dumps(body), content_type="application/json")
    assert answer.status_code == 400 and "没有收下" in answer.json()["say"]


def test_a_name_that_no_workbook_holds_never_comes_in(officer: Client) -> None:
    before = Record.objects.count()
    refused(officer.post("/desk/cases/new/penalty", {"party_name": "甲\x0b公司"}))
    assert Record.objects.count() == before
    assert officer.get("/desk/cases", {"export": "xlsx"}).status_code == 200


def _as(client: Client, role: str) -> Client:
    """Another client of the same agency whose person has the role."""
    from mingzheng.agencies.models import Post

    post = next(
        each for each in Post.objects.filter(agency__code="wg").order_by("pk") if role in each.roles
    )
    account = Account.objects.get(person=post.person_id)
    other = Client(raise_request_exception=False)
    session = other.session
    session["login"], session["epoch"] = account.login, account.epoch
    session.save()
    other.cookies["sessionid"] = session.session_key
    return other
