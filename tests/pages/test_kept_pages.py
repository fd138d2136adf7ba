"""Kept pages: as quick as a file, and never older than the act that changed them."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections, transaction
from django.test import Client
from django.utils import timezone

from mingzheng.disclosure.models import Publication
from mingzheng.pages import front, store
from mingzheng.portal.cache_audit import sweep
from mingzheng.records.seal import sealing
from mingzheng.site.demo.play import at
from tests.cases.telling import case, do

CODE = "a" * 26


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Path]:
    """A page store of the test's own."""
    kept = settings.PAGES
    settings.PAGES = tmp_path / "pages"
    yield settings.PAGES
    settings.PAGES = kept


def put(code: str = CODE, body: bytes = b"old", seen: str | None = None) -> bool:
    """Keep a page made in this turn."""
    return store.keep(
        code,
        "normal",
        store.turn(code) if seen is None else seen,
        "200 OK",
        [("ETag", '"1"')],
        '"1"',
        body,
    )


def through_the_door(path: str, **environ: str) -> tuple[str, dict[str, str], bytes]:
    """An answer of the whole application as the server calls it."""
    said: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        said.update(status=status, headers=dict(headers))

    # The server would let go of the database after each answer; the test's transaction lives in it.
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    body = b"".join(
        front.before(WSGIHandler())(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": path,
                "QUERY_STRING": "",
                "SERVER_NAME": "127.0.0.1",
                "SERVER_PORT": "80",
                "wsgi.input": io.BytesIO(),
                "wsgi.url_scheme": "http",
                **environ,
            },
            start,
        )
    )
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)
    return said["status"], said["headers"], body


def test_a_page_made_before_a_withdrawal_is_not_kept_after_it(
    db: None, pages: Path, django_capture_on_commit_callbacks: Any
) -> None:
    seen = store.turn(CODE)
    with django_capture_on_commit_callbacks(execute=True):
        store.drop(CODE)
    assert not put(seen=seen) and store.read(CODE, "normal") is None
    assert put() and store.read(CODE, "normal") is not None


def test_while_a_transaction_drops_a_page_nothing_is_kept(
    db: None, pages: Path, django_capture_on_commit_callbacks: Any
) -> None:
    assert put()
    with django_capture_on_commit_callbacks(execute=True):
        store.drop(CODE)
        made: list[bool] = []
        thread = threading.Thread(target=lambda: made.append(put()))
        thread.start()
        thread.join()
        assert made == [False] and store.read(CODE, "normal") is None
    assert put(body=b"new")


def test_two_transactions_that_drop_it_free_it_only_when_both_are_over(
    db: None, pages: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as first:
        store.drop(CODE)
    with django_capture_on_commit_callbacks() as second:
        store.drop(CODE)
    first[0]()
    assert not put(), "the second transaction is still open"
    second[0]()
    assert put()


def test_a_transaction_that_fails_leaves_the_page_to_the_database(db: None, pages: Path) -> None:
    assert put()
    with pytest.raises(RuntimeError), transaction.atomic():
        store.drop(CODE)
        raise RuntimeError
    assert store.read(CODE, "normal") is None and not put()
    os.utime(pages / "turns" / CODE[:2] / CODE, (0, 0))
    assert put(), "a turn that a dead process held is freed in the end"


def test_only_plain_addresses_are_answered_from_the_store(pages: Path) -> None:
    assert front.asked(f"/p/{CODE}", "", "") == (CODE, "normal")
    assert front.asked(f"/p/{CODE}", "", "size=large") == (CODE, "large")
    for path, query in (
        (f"/p/{CODE}", "size=large"),
        (f"/p/{CODE}/proof", ""),
        ("/p/../../etc/passwd", ""),
        (f"/p/{CODE.upper()}", ""),
        ("/", ""),
    ):
        assert front.asked(path, query, "") is None


def sealed_page(bodies: dict[str, Any]) -> tuple[Any, Publication]:
    """A published decision whose act is under a signed head."""
    journey = case(bodies).go("published")
    sealing.seal_all()
    for turn in settings.PAGES.glob("turns/*/*"):
        # The test's own transaction never ends, so nothing frees what its acts held.
        turn.write_text("free 1")
    return journey, Publication.objects.get(record=journey.play.record, state=Publication.LIVE)


def test_a_sealed_page_is_kept_and_answered_alike_with_304(
    bodies: dict[str, Any], ledger: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["127.0.0.1"])
    _, row = sealed_page(bodies)
    first = through_the_door(f"/p/{row.code}")
    assert first[0] == "200 OK" and store.read(row.code, "normal") is not None
    again = through_the_door(f"/p/{row.code}")
    assert (
        again[2] == first[2]
        and again[1]["Content-Security-Policy"] == first[1]["Content-Security-Policy"]
    )
    assert (
        through_the_door(f"/p/{row.code}", HTTP_IF_NONE_MATCH=again[1]["ETag"])[0]
        == "304 Not Modified"
    )
    large = through_the_door(f"/p/{row.code}", HTTP_COOKIE="size=large")
    assert b'data-size="large"' in large[2] and b'data-size="large"' not in again[2]


def test_a_page_that_waits_for_its_seal_is_not_kept(
    bodies: dict[str, Any], ledger: Path, pages: Path, client: Client
) -> None:
    journey = case(bodies).go("published")
    row = Publication.objects.get(record=journey.play.record, state=Publication.LIVE)
    assert (
        "存证中" in client.get(f"/p/{row.code}").content.decode()
        and store.read(row.code, "normal") is None
    )


def test_a_withdrawn_page_never_comes_back(
    bodies: dict[str, Any], ledger: Path, pages: Path, client: Client
) -> None:
    journey, row = sealed_page(bodies)
    client.get(f"/p/{row.code}")
    assert store.read(row.code, "normal") is not None
    journey.forward(1)
    do(journey, "publication.withdrawn", hour=10, cause="wrong", reason="公示内容有误。")
    with at(journey.day, 11):
        journey.play.approve()
    assert store.read(row.code, "normal") is None
    assert client.get(f"/p/{row.code}").status_code == 410


def test_the_sweeper_drops_what_does_not_fit_the_database(
    bodies: dict[str, Any], ledger: Path, pages: Path, client: Client
) -> None:
    _, row = sealed_page(bodies)
    client.get(f"/p/{row.code}")
    assert sweep() == 0
    Publication.objects.filter(pk=row.pk).update(state=Publication.WITHDRAWN)
    assert sweep() == 1 and store.read(row.code, "normal") is None
    put(CODE)
    assert sweep() == 1


@pytest.mark.parametrize("how", ["body", "empty", "zeroed", "torn", "moved", "another's mark"])
def test_a_page_that_was_changed_behind_the_platform_is_made_anew_and_told(
    pages: Path, how: str
) -> None:
    assert put(body=b"what was approved")
    kept = store.read(CODE, "normal")
    assert kept is not None and kept.body == b"what was approved"
    place = pages / "aa" / f"{CODE}.normal"
    data = place.read_bytes()
    other = "b" * 26
    spoilt = {
        "body": data.replace(b"approved", b"forged!!"),
        "empty": b"",
        "zeroed": bytes(len(data)),
        "torn": data[: len(data) // 2],
        "moved": data,
        "another's mark": b"0" * 64 + data[64:],
    }[how]
    if how == "moved":
        # A whole page of ours at the place of another.
        place = pages / "bb" / f"{other}.normal"
        place.parent.mkdir()
    place.write_bytes(spoilt)
    code = other if how == "moved" else CODE
    assert store.read(code, "normal") is None and not place.exists()
    assert store.foreign(timezone.now() - timedelta(hours=1)) == [code]
    if how != "moved":
        assert put(body=b"made anew") and store.read(CODE, "normal") is not None


def test_a_page_that_was_kept_before_marks_is_made_anew_without_a_word(pages: Path) -> None:
    assert put()
    place = pages / "aa" / f"{CODE}.normal"
    place.write_bytes(place.read_bytes().partition(b"\n")[2])
    assert store.read(CODE, "normal") is None and not place.exists()
    assert store.foreign(timezone.now() - timedelta(hours=1)) == []
