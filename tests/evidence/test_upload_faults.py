"""A disk that is full at any byte, a sync that fails, and senders that mean harm: always a
sentence, never a failure of ours.
"""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import Any

import pytest

from mingzheng.evidence import uploads
from mingzheng.evidence.models import Media, Rendition, Upload
from mingzheng.jobs.acts import drain
from mingzheng.records import store
from tests.evidence import corpus
from tests.evidence.sending import Sender, checksum

pytestmark = pytest.mark.django_db
BODY = bytes(range(256)) * 4096


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Any) -> Path:
    """Disk of this test's own."""
    settings.STORE, settings.DATA = str(tmp_path / "store"), tmp_path
    return tmp_path


@pytest.fixture
def sender(bodies: Any) -> Sender:
    """An officer of the county's bureau."""
    return Sender()


def small_disk(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """Writes succeed up to byte `room` of the file, the last one in part."""
    real = os.pwrite

    def write(handle: int, data: Any, at: int) -> int:
        if not os.readlink(f"/proc/self/fd/{handle}").endswith(".part"):
            return real(handle, data, at)
        if at >= room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, bytes(data)[: room - at], at)

    monkeypatch.setattr(os, "pwrite", write)


@pytest.mark.parametrize(
    "room",
    [0, 1, 4095, uploads.CHUNK - 1, uploads.CHUNK, uploads.CHUNK + 1, 700_001, len(BODY) - 1],
)
def test_a_disk_full_at_any_byte_keeps_what_is_durable(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    code = sender.begin(len(BODY)).code
    small_disk(monkeypatch, room)
    answer = sender.patch(code, 0, BODY)
    assert (
        answer.status_code == 507 and "存储空间已满，已收到的部分不会丢" in answer.content.decode()
    )
    assert answer["Upload-Offset"] == str(room) and uploads.part(code).read_bytes() == BODY[:room]
    monkeypatch.undo()
    assert sender.patch(code, room, BODY[room:]).status_code == 204
    assert store.read(Upload.objects.get(code=code).blob_id or "") == BODY


def test_a_disk_full_in_a_checked_chunk_counts_nothing_of_it(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = sender.begin(len(BODY)).code
    small_disk(monkeypatch, 1000)
    answer = sender.patch(code, 0, BODY, upload_checksum=checksum(BODY))
    assert (
        answer.status_code == 507
        and answer["Upload-Offset"] == "0"
        and uploads.part(code).stat().st_size == 0
    )


def test_a_sync_that_fails_acknowledges_nothing(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = sender.begin(len(BODY)).code
    sender.patch(code, 0, BODY[:1000])

    def broken(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    answer = sender.patch(code, 1000, BODY[1000:])
    monkeypatch.undo()
    assert (
        answer.status_code == 507
        and "磁盘出错" in answer.content.decode()
        and answer["Upload-Offset"] == "1000"
    )
    assert sender.patch(code, 1000, BODY[1000:]).status_code == 204
    assert store.read(Upload.objects.get(code=code).blob_id or "") == BODY


@pytest.mark.parametrize("call", ["link", "replace"])
def test_a_store_that_takes_nothing_leaves_the_file_waiting(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    code = sender.begin(len(BODY)).code
    real = getattr(os, call)

    def full(source: Any, target: Any, **more: Any) -> Any:
        if "store" in str(target):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(source, target, **more)

    monkeypatch.setattr(os, call, full)
    answer = sender.patch(code, 0, BODY)
    monkeypatch.undo()
    assert answer.status_code == 507 and "存储空间已满" in answer.content.decode()
    assert (
        Upload.objects.get(code=code).state == Upload.OPEN
        and uploads.part(code).read_bytes() == BODY
    )
    assert (
        sender.head(code)["Upload-Offset"] == str(len(BODY))
        and Upload.objects.get(code=code).state == Upload.STORED
    )


def test_a_store_on_another_disk_is_reached_by_copying(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(*_: Any, **__: Any) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    sender.send(b"first, so that the key of receipts is there")
    monkeypatch.setattr(os, "link", other)
    row = sender.send(BODY)
    assert store.read(row.blob_id or "") == BODY and not uploads.part(row.code).exists()


def test_acknowledged_bytes_that_are_gone_are_asked_for_again(sender: Sender) -> None:
    code = sender.begin(len(BODY)).code
    sender.patch(code, 0, BODY[:5000])
    os.truncate(uploads.part(code), 2000)
    answer = sender.patch(code, 5000, BODY[5000:])
    assert (
        answer.status_code == 409
        and answer["Upload-Offset"] == "2000"
        and "只有 2000 字节" in answer.content.decode()
    )
    assert sender.patch(code, 2000, BODY[2000:]).status_code == 204


def test_hostile_files_and_names_cause_no_failure_and_leave_their_place_nowhere(
    sender: Sender, place: Path, request: pytest.FixtureRequest
) -> None:
    """The long run sends all of them; the ordinary one those with a hostile name and a third of the
    others, which tests/evidence/test_media.py looks at one by one.
    """
    every = corpus.hostile()
    plain = [name for name in every if re.fullmatch(r"[a-z0-9]+\.[a-z0-9]+", name)]
    left = set() if request.config.getoption("--long") else {*plain} - {*plain[::3]}
    assert len(every) - len(plain) >= 7
    for given, body in every.items():
        if given in left:
            continue
        begun = sender.begin(
            len(body), filename=given, filetype="text/html\r\nX: y", client=given[:90]
        )
        answer = sender.patch(begun.code, 0, body)
        assert (begun.status_code, answer.status_code) == (201, 204), given
        told = sender.client.get(f"/desk/uploads/{begun.code}")
        assert (
            told.status_code == 200
            and told["Content-Type"].startswith("application/json")
            and "\u202e" not in told.json()["name"]
        )
    drain()
    assert (
        Media.objects.count() == Upload.objects.values("blob").distinct().count()
        and not Media.objects.filter(showable=True).exists()
    )
    assert not Rendition.objects.exists()
    assert {path.name for path in place.iterdir()} <= {"store", "uploads", "keys"}
    assert all(
        path.parent.parent.parent == place / "store"
        for path in (place / "store").rglob("*")
        if path.is_file()
    )
    assert not list((place / "uploads").iterdir())


@pytest.mark.parametrize(
    "header",
    ["HTTP_UPLOAD_METADATA", "HTTP_UPLOAD_LENGTH", "HTTP_UPLOAD_CHECKSUM", "HTTP_UPLOAD_OFFSET"],
)
def test_no_header_brings_the_server_down(sender: Sender, header: str) -> None:
    code = sender.begin(9).code
    for value in (
        "",
        "-1",
        "9" * 400,
        "9" * 5000,
        "²",
        "sha1",
        "sha256 ====",
        "\x00",
        "é",
        "a b,c d,,",
        "filename /w==",
        "１２",
        "1e9",
        "0x10",
        "record OQ==",
    ):
        extra = {
            "HTTP_TUS_RESUMABLE": "1.0.0",
            "HTTP_UPLOAD_LENGTH": "9",
            "HTTP_UPLOAD_OFFSET": "0",
            header: value,
        }
        for method, path in (("POST", "/desk/uploads"), ("PATCH", f"/desk/uploads/{code}")):
            answer = sender.client.generic(
                method, path, b"12", content_type="application/offset+octet-stream", **extra
            )
            assert answer.status_code < 500, (header, value, method)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_a_lease_that_cannot_be_written_is_let_go(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    code, real = sender.begin(len(BODY)).code, os.pwrite

    def write(handle: int, data: Any, at: int) -> int:
        if os.readlink(f"/proc/self/fd/{handle}").endswith(".lease"):
            raise OSError(number, os.strerror(number))
        return real(handle, data, at)

    monkeypatch.setattr(os, "pwrite", write)
    answer = sender.patch(code, 0, BODY)
    assert answer.status_code == 507 and "系统管理员" in answer.content.decode()
    monkeypatch.undo()
    assert sender.patch(code, 0, BODY).status_code == 204


def test_what_is_acknowledged_has_its_name_on_the_disk(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    code, real, synced = sender.begin(len(BODY)).code, os.fsync, []

    def sync(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}"))
        real(handle)

    monkeypatch.setattr(os, "fsync", sync)
    assert sender.patch(code, 0, BODY[:1000]).status_code == 204
    assert synced == [str(uploads.part(code)), str(place / "uploads"), str(place)]
