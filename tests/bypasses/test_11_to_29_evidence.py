"""Lines 11, 16, 22, 23, 28 where files are concerned. Line 29, an old backup, is
tests/ledger/test_sealing.py: it is refused in seven ways.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from mingzheng.agencies.models import Account, Agency
from mingzheng.core import clock
from mingzheng.desk.identity import enter
from mingzheng.evidence import receipts
from mingzheng.evidence.models import Recording, Rendition, Segment, Upload
from mingzheng.records import store
from mingzheng.records.models import Act, ActContent, Attachment
from mingzheng.site.demo import clips, stories
from mingzheng.site.demo.play import at, finish_papers, person_id
from tests.cases.telling import case
from tests.cases.test_coercion import approved
from tests.evidence.filming import CALM, WG_MARKS, counts, film, photo, record


def sent(journey: Any, captured_at: str, name: str = "现场.mp4", kind: str = "video") -> str:
    """A finished upload of the first officer, of which his phone says when it was filmed."""
    stored = clips.kept(kind, 600)
    now = clock.now()
    body = journey.play.body
    row = Upload.objects.create(
        agency_id=body.pk,
        person_id=person_id(body, journey.play.officers[0]),
        client=f"c-{captured_at}",
        length=stored.size,
        offset=stored.size,
        name=name,
        meta={"captured_at": captured_at, "source": "live"},
        state=Upload.STORED,
        blob=store.register(stored),
        created_at=now,
        expires_at=now + timedelta(days=1),
        stored_at=now,
    )
    return str(row.code)


def browser(name: str) -> Client:
    """The desk as this person sees it."""
    client = Client()
    session = client.session
    enter(type("R", (), {"session": session, "META": {}})(), Account.objects.get(person__name=name))  # type: ignore[arg-type]
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    return client


def test_11_a_phone_s_clock_moves_no_act_and_covers_no_hour_that_was_not_filmed(
    bodies: dict[str, Agency],
) -> None:
    """The film says that it is from last week: today stays uncovered, and the act is of today."""
    journey = approved(bodies)
    film()
    with at(journey.day, 15):
        code = sent(journey, (clock.now() - timedelta(days=7)).isoformat())
    record(journey, files=[], uploads=code)
    assert not counts(journey.play.record)
    row = Recording.objects.get(record=journey.play.record, taken_by=None)
    assert clock.local(row.stored_by.recorded_at).date() == journey.day
    assert clock.local(row.began_at).date() == journey.day


def test_16_what_a_phone_says_in_utc_is_the_local_day(bodies: dict[str, Agency]) -> None:
    """Half past midnight in Shanghai is still yesterday in UTC."""
    journey = case(bodies).go("investigated")
    photo()
    day = journey.day + timedelta(days=1)
    local = clock.local(datetime(day.year, day.month, day.day, 0, 30))
    with at(day, 9):
        code = sent(journey, local.astimezone(UTC).isoformat(), kind="photo")
        journey.play.step(
            "recording.taken",
            step="party.questioned",
            uploads=code,
            text="夜间",
            marks=WG_MARKS,
            happened_at=local.strftime("%Y-%m-%dT%H:%M"),
            **CALM,
        )
    part = Segment.objects.filter(recording__record=journey.play.record, name="现场.mp4").latest(
        "pk"
    )
    assert clock.local(part.began_at).date() == day


@pytest.mark.parametrize("name", ["举报人周某的录音.mp4"])
def test_22_a_name_in_a_file_name_leaves_by_no_address_header_or_public_leaf(
    bodies: dict[str, Agency], name: str
) -> None:
    journey = case(bodies).go("investigated")
    film()
    with at(journey.day, 18):
        code = sent(journey, clock.now().isoformat(), name=name)
        journey.play.step(
            "recording.taken",
            step="party.questioned",
            uploads=code,
            text="询问",
            marks=WG_MARKS,
            **CALM,
        )
        journey.play.step(
            "original.released",
            file=Attachment.objects.get(record=journey.play.record, name=name).blob_id,
            to="法院",
            why="举证",
        )
        journey.play.approve()
        answer = browser(journey.play.officers[0]).get(
            f"/desk/files/{Attachment.objects.get(record=journey.play.record, name=name).pk}"
        )
    assert answer.status_code == 200 and "周某" not in str(answer.headers)
    opened = [
        json.loads(body)
        for body in ActContent.objects.filter(
            act__record=journey.play.record, act__actor_id=None
        ).values_list("body", flat=True)
    ]
    assert opened and not [
        said for said in opened if "周某" in json.dumps(said, ensure_ascii=False)
    ]


def test_23_a_receipt_fits_the_bytes_that_were_sent_and_no_others(
    bodies: dict[str, Agency],
) -> None:
    said = {
        "code": "a" * 26,
        "sha256": "0" * 64,
        "size": 3,
        "at": clock.now().isoformat(),
        "name": "a.mp4",
    }
    receipt = receipts.sign(said)
    assert receipts.verify(receipt, receipt["key"])
    assert not receipts.verify({**receipt, "said": {**said, "sha256": "1" * 64}}, receipt["key"])


def test_28_no_thumbnail_film_or_original_of_another_agency_is_served(
    bodies: dict[str, Agency],
) -> None:
    journey = case(bodies).go("investigated")
    with at(journey.day, 18):
        record_of = journey.play
        record_of.record_step("party.questioned", "询问", "video")
        finish_papers()
        made = Rendition.objects.filter(
            blob__in=Segment.objects.filter(recording__record=record_of.record).values("blob")
        ).first()
        assert made is not None
        own, foreign = browser(record_of.officers[0]), browser(stories.OFFICERS["lm"][0])
        address = f"/desk/media/{made.pk}?record={record_of.record.pk}"
        assert own.get(address).status_code == 200
        assert (
            foreign.get(address).status_code == 404
            and foreign.get(f"/desk/media/{made.pk}").status_code == 404
        )
        act = Act.objects.filter(record=record_of.record).latest("pk")
        assert foreign.get(f"/desk/proof/{act.pk}").status_code == 404
