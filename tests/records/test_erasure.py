"""What may be destroyed, by whom, on which ground; what stays; and what is never destroyed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from mingzheng.agencies.models import Agency
from mingzheng.core.ledger.opening import Opening
from mingzheng.desk import case_page
from mingzheng.documents.models import Document
from mingzheng.evidence.models import Recording
from mingzheng.jobs.acts import drain
from mingzheng.procedures.models import Proposal
from mingzheng.procedures.situation import Matter
from mingzheng.records import acts as record_acts
from mingzheng.records import erasing, store
from mingzheng.records.models import Act, ActContent, Attachment, Blob, Record
from mingzheng.records.seal import keys, reading, seal_pending
from mingzheng.records.seal.scrutiny import ledger_faults
from mingzheng.records.store import StoreError
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.journey import ROAD, Journey
from mingzheng.site.demo.play import at, who
from tests.cases.telling import case, do, heard
from tests.clause import rule


@pytest.fixture(scope="module")
def told(
    django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[Journey, dict[Path, bytes]]]:
    """A closed case with a photograph taken at the site, and the bytes that lie in the store;
    undone after the module.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        journey = case({body.code: body for body in Agency.objects.all()}).go("investigated")
        with at(journey.day, 17):
            journey.play.record_step("party.questioned", text="现场照片")
        for stage in ROAD[ROAD.index("investigated") + 1 : ROAD.index("closed") + 1]:
            getattr(journey, stage)()
        drain()
        held = {
            store.path_of(each): store.read(each)
            for each in [photo(journey), *erasing.made_from(photo(journey))]
        }
        yield journey, held
        transaction.set_rollback(True)


@pytest.fixture
def closed(db: None, told: tuple[Journey, dict[Path, bytes]]) -> Journey:
    """The case with every file in its place: a database goes back after a test, a store does
    not.
    """
    journey, held = told
    for path, data in held.items():
        path.write_bytes(data)
    journey.play.record.refresh_from_db()
    return journey


def photo(journey: Journey) -> str:
    """The SHA-256 of the photograph."""
    found = Attachment.objects.filter(
        record=journey.play.record, act__kind="recording.stored"
    ).latest("pk")
    return str(found.blob_id)


def content(journey: Journey, kind: str = "recording.stored") -> Act:
    """The newest act of a kind."""
    return Act.objects.filter(record=journey.play.record, kind=kind).latest("pk")


def wanted(journey: Journey, **other: Any) -> dict[str, Any]:
    """The answers of the form: the photograph and what was said of it."""
    return {
        "ground": "personal",
        "contents": [str(content(journey).pk)],
        "attached": [photo(journey)],
        "reason": "拍到与本案无关的人",
        **other,
    }


def erase(journey: Journey, **other: Any) -> None:
    """Proposed, reviewed, approved, and the job done."""
    do(journey, "erasure.executed", by=journey.role("archivist"), **wanted(journey, **other))
    with at(journey.day, 18):
        journey.play.approve()
        drain()


def refused(journey: Journey, **other: Any) -> str:
    """The words with which the step is refused."""
    with at(journey.day, 17):
        return heard(
            lambda: journey.play.step(
                "erasure.executed", by=journey.role("archivist"), **wanted(journey, **other)
            )
        )


@rule("LM-2", "CX-2")
def test_an_approved_erasure_destroys_content_and_file_and_leaves_every_proof_standing(
    closed: Journey, ledger: Path
) -> None:
    act, sha256, record = content(closed), photo(closed), closed.play.record
    neighbour = Act.objects.filter(record=record, pk__lt=act.pk).latest("pk")
    seal_pending()
    made = [row.made_id for row in Blob.objects.get(pk=sha256).renditions.all()]
    assert made and all(store.path_of(each).exists() for each in (sha256, *made))
    number = reading.seals([act.pk])[act.pk]
    erase(closed)
    seal_pending()
    assert (
        not ActContent.objects.filter(act=act).exists() and Blob.objects.filter(pk=sha256).exists()
    )
    assert not any(store.path_of(each).exists() for each in (sha256, *made))
    assert list(verify_all()) == [] and list(ledger_faults()) == []
    assert reading.seals([act.pk])[act.pk] == number
    with pytest.raises(reading.NotProvable, match="已依法销毁"):
        reading.proof(act)
    key = keys.verifier()
    assert key is not None and Opening.read(reading.proof(neighbour)).check(key)
    with pytest.raises(StoreError, match="已依法销毁，封存记录仍在"):
        store.read(sha256)


def test_the_timeline_says_that_it_was_destroyed_and_why(closed: Journey) -> None:
    act = content(closed)
    erase(closed)
    record = Record.objects.get(pk=closed.play.record.pk)
    lines = case_page.timeline(Matter(record), who(closed.body, closed.play.officers[0]))
    assert (
        next(line for line in lines if line.act.pk == act.pk).note == "内容已依法销毁，封存记录仍在"
    )
    assert any(line.name.startswith("依法销毁") and "无关的人" in line.note for line in lines)
    row = Recording.objects.get(stored_by=act)
    assert row.description == "" and row.statement == {}


def test_nothing_is_destroyed_before_the_head_has_agreed(closed: Journey) -> None:
    act, sha256 = content(closed), photo(closed)
    do(closed, "erasure.executed", by=closed.role("archivist"), **wanted(closed))
    drain()
    assert ActContent.objects.filter(act=act).exists() and store.path_of(sha256).exists()
    assert Proposal.objects.filter(record=closed.play.record, state=Proposal.OPEN).exists()


@pytest.mark.parametrize(
    "kind",
    ["decision.made", "party.notified", "decision.served", "case.opened", "publication.published"],
)
def test_what_the_law_wants_kept_is_never_destroyed(closed: Journey, kind: str) -> None:
    act = Act.objects.filter(record=closed.play.record, kind=kind).first()
    if act is None:
        act = (
            Act.objects.filter(record=closed.play.record)
            .exclude(kind__in=("recording.stored", "recording.taken"))
            .first()
        )
    assert act is not None and "只能从列出的选项中选择" in refused(closed, contents=[str(act.pk)])


BAD: dict[str, Callable[[Journey], dict[str, Any]]] = {
    "a ground that is not listed": lambda _: {"ground": "other"},
    "nothing chosen": lambda _: {"contents": [], "attached": []},
    "no reason": lambda _: {"reason": ""},
    "a file of another matter": lambda _: {"attached": ["0" * 64]},
    "the printed decision": lambda journey: {
        "attached": [
            Document.objects.filter(record=journey.play.record)
            .exclude(blob=None)
            .latest("pk")
            .blob_id
        ]
    },
}


@pytest.mark.parametrize("name", BAD)
def test_the_form_refuses(closed: Journey, name: str) -> None:
    assert refused(closed, **BAD[name](closed))


def test_the_same_is_not_destroyed_twice(closed: Journey) -> None:
    sha256, act = photo(closed), content(closed)
    erase(closed)
    with at(closed.day, 18):
        words = heard(
            lambda: closed.play.step(
                "erasure.executed",
                by=closed.role("archivist"),
                ground="personal",
                contents=[str(act.pk)],
                attached=[sha256],
                reason="再次",
            )
        )
    assert "只能从列出的选项中选择" in words


def agreed(journey: Journey) -> str:
    """Proposed; then the last agreement is refused."""
    do(journey, "erasure.executed", by=journey.role("archivist"), **wanted(journey))
    with at(journey.day, 18):
        while True:
            before = Proposal.objects.get(record=journey.play.record, state=Proposal.OPEN)
            try:
                journey.play.approve()
            except record_acts.Refused as refusal:
                return str(refusal)
            assert (
                not Proposal.objects.filter(pk=before.pk).exclude(state=Proposal.OPEN).exists()
            ), "办成了，本应拒绝"


def test_a_file_that_another_matter_keeps_is_not_destroyed(
    closed: Journey, bodies: dict[str, Agency]
) -> None:
    blob = Blob.objects.get(pk=photo(closed))
    record_acts.append(
        record_acts.lock(bodies["fc"].record.pk),
        None,
        record_acts.Entry(kind="evidence.stored", files=[(blob, "同一张照片.jpg", "证据")]),
    )
    assert "另有案件在用" in agreed(closed)
    assert store.path_of(blob.pk).exists()


def test_nothing_is_destroyed_while_a_remedy_is_under_way(closed: Journey) -> None:
    record_acts.append(
        record_acts.lock(closed.play.record.pk), None, record_acts.Entry(kind="litigation.accepted")
    )
    assert "行政诉讼还没有结束" in agreed(closed)


def test_bytes_go_only_with_an_erasure_that_names_them(closed: Journey) -> None:
    with pytest.raises(ValueError, match="no erasure"):
        erasing.destroy_file(photo(closed))


def test_a_file_lost_without_an_erasure_is_found(closed: Journey) -> None:
    store.path_of(photo(closed)).unlink()
    assert any(photo(closed) in fault for fault in verify_all())
