"""Whoever may not, brings nothing in: a request that is refused leaves no file in the store, whatever
the address.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, get_resolver

from mingzheng.agencies.models import Account, Person
from mingzheng.evidence.models import Upload
from mingzheng.records.models import Act, Blob
from mingzheng.site import door
from tests.cases.telling import case
from tests.site.test_bad_input import addresses


class Unread:
    """A body that must not be asked for."""

    def read(self, *_: Any) -> bytes:
        """Fail whoever asks."""
        raise AssertionError("the body of a request that is refused was read")

    readline = read


def lying() -> list[Path]:
    """Every file that the store or a transfer holds."""
    return [
        each
        for place in (Path(settings.STORE), Path(settings.DATA) / "uploads")
        for each in place.rglob("*")
        if each.is_file()
    ]


def entered(login: str) -> Client:
    """A client of somebody."""
    client, account = Client(), Account.objects.get(login=login)
    session = client.session
    session["login"], session["epoch"] = account.login, account.epoch
    session.save()
    return client


@pytest.fixture
def places(bodies: dict[str, Any]) -> list[str]:
    """Every address, with a matter of the economy bureau where one is named; a step of it too."""
    record = case(bodies).go("investigated").play.record
    own = [
        f"/desk/cases/{record.pk}/do/{key}"
        for key in ("evidence.taken:documentary", "recording.stored", "draft.made")
    ]
    return [*addresses(record.pk), *own]


def sent(client: Client, place: str) -> int:
    """A form with a file in every place where one could be looked for."""
    files = {
        name: SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.4 denied " + name.encode() * 20)
        for name in ("files", "file", "notice", "scan")
    }
    data = {**files, "signer": "1", "signed_at": "2026-11-28T09:00", "verb": "x", "ticket": "x"}
    return int(client.post(place, data).status_code)


def test_a_stranger_leaves_nothing(places: list[str], client: Client) -> None:
    held, blobs = lying(), Blob.objects.count()
    acts, transfers = Act.objects.count(), Upload.objects.count()
    taken = {place: sent(client, place) for place in places}
    for place in ("/desk/uploads", "/desk/uploads/abc"):
        for method in ("POST", "PATCH", "DELETE"):
            headers = {"HTTP_TUS_RESUMABLE": "1.0.0", "HTTP_UPLOAD_LENGTH": "6"}
            kind = "application/offset+octet-stream"
            assert client.generic(method, place, b"denied", kind, **headers).status_code == 401
            override = {**headers, "HTTP_X_HTTP_METHOD_OVERRIDE": method}
            assert client.get(place, **override).status_code in (401, 405)
    assert (lying(), Blob.objects.count()) == (held, blobs)
    assert (Act.objects.count(), Upload.objects.count()) == (acts, transfers)
    assert not {place: code for place, code in taken.items() if code >= 500 and place != "/healthz"}


def test_an_officer_of_another_agency_leaves_nothing(places: list[str]) -> None:
    client = entered("lm-01")
    held, blobs = lying(), Blob.objects.count()
    taken = {place: sent(client, place) for place in places if "/cases/" in place}
    assert (lying(), Blob.objects.count()) == (held, blobs)
    matters = {code for place, code in taken.items() if re.search(r"cases/\d{3,}", place)}
    assert matters <= {404, 405}


def test_a_body_that_is_refused_is_not_read(places: list[str], client: Client) -> None:
    """Not even unpacked: reading it fails the test."""
    read = []
    kind = "multipart/form-data; boundary=x"
    for who in (client, entered("lm-01")):
        for place in places:
            if who is not client and not re.search(r"cases/\d{3,}", place):
                continue
            name = _name(place)
            if who is client and name in door.OPEN:
                continue
            answer = who.generic(
                "POST", place, b"", kind, CONTENT_LENGTH="300000", **{"wsgi.input": Unread()}
            )
            read.append(answer.status_code)
    assert set(read) <= {302, 401, 404, 405, 415}


def test_three_hundred_megabytes_for_the_sign_in_are_not_read(client: Client, db: None) -> None:
    answer = client.generic(
        "POST",
        "/login",
        b"",
        "multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(300 << 20),
        **{"wsgi.input": Unread()},
    )
    assert answer.status_code == 413 and "16 KB" in answer.content.decode()
    chunked = client.generic(
        "POST",
        "/login",
        b"",
        "multipart/form-data; boundary=x",
        HTTP_TRANSFER_ENCODING="chunked",
        **{"wsgi.input": Unread()},
    )
    assert chunked.status_code == 411


def test_paper_of_somebody_elses_proposal_is_not_kept(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("drafted")
    from mingzheng.procedures.models import Proposal

    held = lying()
    proposal = Proposal.objects.filter(record=journey.play.record).order_by("-pk").first()
    number = proposal.pk if proposal else 1
    for login in ("wg-01", "lm-01"):
        signer = Person.objects.order_by("pk").first()
        assert signer is not None
        data = {
            "signer": str(signer.pk),
            "signed_at": "2026-11-28T09:00",
            "files": SimpleUploadedFile("x.pdf", b"%PDF-1.4 paper"),
        }
        answer = entered(login).post(f"/desk/proposals/{number}/paper", data)
        assert answer.status_code in (404, 409)
    assert lying() == held


def _name(place: str) -> str:
    try:
        return get_resolver().resolve(place).view_name
    except Exception:
        return ""


def test_every_open_address_is_there() -> None:
    """The list of what strangers may send names addresses that exist, and each of them is counted or
    says why not.
    """
    known = set()

    def walk(patterns: Any, before: str) -> None:
        for each in patterns:
            if isinstance(each, URLPattern):
                known.add(before + (each.name or ""))
            else:
                walk(each.url_patterns, f"{each.app_name}:" if each.app_name else before)

    walk(get_resolver().url_patterns, "")
    assert set(door.OPEN) | door.OWN_WORDS <= known
