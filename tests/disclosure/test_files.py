"""公示附件: only what was made anew goes public; what a person must look at is asked; what cannot
be made says why.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook
from PIL import Image

from mingzheng.disclosure.models import Publication, PublicFile
from mingzheng.jobs.acts import drain
from mingzheng.records import store
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.play import at
from tests.cases.telling import case, do, refused


def sheet(secret: str) -> bytes:
    """A workbook with a secret in a cell, in its properties and in a hidden row."""
    book = Workbook()
    book.active.append([f"联系人 {secret}", "数量 3"])
    book.active.append([secret])
    book.active.row_dimensions[2].hidden = True
    book.properties.creator = secret
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def picture() -> bytes:
    """A photograph with a place in it."""
    out = io.BytesIO()
    image = Image.new("RGB", (40, 30), "white")
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def prepare(journey: Any, *files: bytes, looked: str = "yes", hour: int = 14) -> list[PublicFile]:
    """Files are handed in and the job is done."""
    kept = [
        (store.put_bytes(data, "application/octet-stream"), "赵某某身份证.xlsx", "附件")
        for data in files
    ]
    do(journey, "publication.file-prepared", hour=hour, looked=looked, files=kept)
    drain()
    return list(PublicFile.objects.filter(record=journey.play.record).order_by("number"))


def test_what_goes_public_is_made_anew_and_bound_by_the_approval(
    bodies: dict[str, Any], client: Client
) -> None:
    journey = case(bodies, "fc", fine="500").go("served")
    secret = journey.play.party["phone"]
    table, photo = prepare(journey, sheet(secret), picture())
    assert (table.state, photo.state) == (
        PublicFile.READY,
        PublicFile.READY,
    ) and table.name == "公示附件1.xlsx"
    with at(journey.day, 15):
        journey.play.propose(attached=[str(table.pk), str(photo.pk)])
        journey.play.step("publication.approved")
        journey.play.approve()
    do(journey, "publication.published:decision", hour=18, channel="own-site", receipt="")
    row = Publication.objects.get(record=journey.play.record, state=Publication.LIVE)
    assert "公示附件1.xlsx" in client.get(f"/p/{row.code}").content.decode()
    for number in (1, 2):
        answer = client.get(f"/p/{row.code}/file/{number}")
        assert (
            "attachment" in answer["Content-Disposition"]
            and answer["X-Content-Type-Options"] == "nosniff"
        )
        assert (
            hashlib.sha256(answer.content).hexdigest()
            == json.loads(row.body)["files"][number - 1]["sha256"]
        )
        parts = [answer.content]
        if number == 1:
            parts += [
                zipfile.ZipFile(io.BytesIO(answer.content)).read(name)
                for name in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
            ]
        assert not [part for part in parts if secret.encode() in part or b"secret place" in part]
    assert client.get(f"/p/{row.code}/file/3").status_code == 404 and list(verify_all()) == []
    journey.forward(1)
    do(journey, "publication.withdrawn", hour=10, cause="wrong", reason="公示内容有误。")
    with at(journey.day, 11):
        journey.play.approve()
    assert client.get(f"/p/{row.code}/file/1").status_code == 404


@pytest.mark.parametrize(
    ("data", "looked", "words"),
    [
        (picture(), "no", "人"),
        (b"PK\x03\x04 broken", "yes", "请"),
        (b"\0\1\2 nonsense", "yes", "请另存为"),
        (b"%PDF-1.7 torn", "yes", "PDF 已损坏"),
    ],
)
def test_what_cannot_be_made_says_what_to_do_and_cannot_be_attached(
    bodies: dict[str, Any], data: bytes, looked: str, words: str
) -> None:
    journey = case(bodies).go("served")
    row = prepare(journey, data, looked=looked)[0]
    assert row.state == PublicFile.REFUSED and words in row.notes[0] and row.public_id is None
    assert "请" in refused(
        journey,
        "publication.proposed",
        hour=16,
        exempt="none",
        confirmed="",
        attached=[str(row.pk)],
    )


def test_a_file_of_another_matter_cannot_be_attached(bodies: dict[str, Any]) -> None:
    first, second = case(bodies).go("served"), case(bodies, fine="9000").go("served")
    foreign, own = prepare(first, picture())[0], prepare(second, picture())[0]
    assert own.number == 1
    assert "只能从列出的选项中选择" in refused(
        second,
        "publication.proposed",
        hour=16,
        exempt="none",
        confirmed="on",
        attached=[str(foreign.pk)],
    )
