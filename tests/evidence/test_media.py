"""Looking at stored files: what is found, what is made from them, who may see it, and that nothing
reaches out.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from mingzheng.evidence import media
from mingzheng.evidence.acts import transfers
from mingzheng.evidence.models import Media, Rendition
from mingzheng.jobs.acts import drain
from mingzheng.records import sandbox, store
from mingzheng.records.guard import Unchangeable
from mingzheng.records.models import Act, Record
from mingzheng.site.demo.play import who
from tests.cases.telling import case
from tests.evidence import corpus
from tests.evidence.sending import Sender
from tests.scratch import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Any) -> Path:
    """Disk of this test's own."""
    settings.STORE, settings.DATA = str(tmp_path / "store"), tmp_path
    return tmp_path


def kept(body: bytes) -> str:
    """The hash of a registered file."""
    return str(store.register(store.put_bytes(body, "application/octet-stream")).pk)


@pytest.mark.parametrize(
    ("body", "kind", "codec", "length"),
    [
        (lambda: corpus.film(creation_time="2026-04-07T01:30:00Z"), "video", "h264+aac", 2000),
        (lambda: corpus.film("webm", "libvpx", "libopus"), "video", "vp8+opus", 2000),
        (lambda: corpus.film("mp4", ""), "audio", "aac", 2000),
        (lambda: corpus.film("wav", "", "pcm_s16le"), "audio", "pcm_s16le", 2000),
        (lambda: corpus.photo(), "photo", "jpeg", None),
        (lambda: corpus.photo(form="PNG"), "photo", "png", None),
    ],
)
def test_what_a_device_sends_is_recognised(
    body: Any, kind: str, codec: str, length: int | None
) -> None:
    seen = media.examine(kept(body()))
    assert (seen.kind, seen.codec, seen.showable, seen.note) == (kind, codec, True, "")
    assert abs((seen.duration_ms or 0) - (length or 0)) < 200


def test_time_and_place_of_the_device_are_read_and_do_not_leave_with_the_rendition() -> None:
    body = corpus.photo(located=True)
    assert b"SECRETDEVICE" in body
    seen = media.examine(kept(body))
    assert (
        seen.created_at
        and seen.created_at.isoformat() == "2026-04-07T09:30:00+08:00"
        and seen.place == "+35.72000+116.49000/"
    )
    drain()
    made = media.shown(seen.pk)
    assert set(made) == {"thumbnail", "playable"}
    for row in made.values():
        shown = store.read(row.made_id)
        assert b"SECRETDEVICE" not in shown and not Image.open(io.BytesIO(shown)).getexif()
    film = media.examine(kept(corpus.film(creation_time="2026-04-07T01:30:00Z")))
    assert film.created_at and film.created_at.isoformat() == "2026-04-07T09:30:00+08:00"


@pytest.mark.parametrize(
    ("body", "made"),
    [
        (
            lambda: corpus.film(),
            {"thumbnail": "image/jpeg", "waveform": "image/png", "playable": "video/mp4"},
        ),
        (
            lambda: corpus.film("webm", "libvpx", "libopus"),
            {"thumbnail": "image/jpeg", "waveform": "image/png", "playable": "video/webm"},
        ),
        (lambda: corpus.film("mp4", ""), {"waveform": "image/png", "playable": "audio/mp4"}),
        (
            lambda: corpus.film("avi", "mpeg4", "libmp3lame"),
            {"thumbnail": "image/jpeg", "waveform": "image/png"},
        ),
    ],
)
def test_renditions_are_made_and_play(body: Any, made: dict[str, str]) -> None:
    seen = media.examine(kept(body()))
    drain()
    rows = media.shown(seen.pk)
    assert {purpose: row.media_type for purpose, row in rows.items()} == made
    assert Image.open(io.BytesIO(store.read(rows["waveform"].made_id))).format == "PNG"
    if "playable" in made:
        copy = store.read(rows["playable"].made_id)
        assert made["playable"].endswith("webm") or b"moof" in copy
        with av.open(io.BytesIO(copy)) as container:
            assert sum(1 for _ in container.decode(container.streams[0])) >= 20
    assert seen.duration_ms and store.read(seen.pk) == body()


def test_a_file_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = media.examine(kept(corpus.photo()))
    monkeypatch.setattr(sandbox, "ask", lambda *_: pytest.fail("looked twice"))
    assert media.examine(first.pk).examined_at == first.examined_at
    with pytest.raises(Unchangeable):
        first.delete()


def test_a_truncated_video_is_kept_and_not_shown() -> None:
    whole = corpus.film()
    seen = media.examine(kept(whole[:-2000]))
    assert (seen.kind, seen.showable) == ("video", False) and "没有传完整" in seen.note
    drain()
    assert not Rendition.objects.exists() and store.read(seen.pk) == whole[:-2000]


class Listener:
    """A port that counts who calls."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.calls: list[Any] = []
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        while True:
            try:
                self.calls.append(self.socket.accept())
            except OSError:
                return

    @property
    def address(self) -> str:
        """What a playlist would name."""
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/x.ts"


def test_a_playlist_named_mp4_opens_nothing() -> None:
    ear = Listener()
    seen = media.examine(kept(corpus.playlist(ear.address)))
    assert (seen.kind, seen.showable) == ("other", False) and "不是平台认得的" in seen.note
    # The control: whoever reads it as a playlist does call.
    with pytest.raises(Exception):  # noqa: B017
        av.open(
            io.BytesIO(corpus.playlist(ear.address)),
            format="hls",
            container_options={
                "protocol_whitelist": "http,tcp",
                "allowed_extensions": "ALL",
                "extension_picky": "0",
            },
            timeout=2,
        )
    assert len(ear.calls) >= 1
    before = len(ear.calls)
    media.examine(kept(corpus.playlist(ear.address) + b"\n"))
    assert len(ear.calls) == before
    ear.socket.close()


# Those that mean to be large once they are opened: the ordinary run measures these.
GREEDY = {"laughs.svg", "bomb.png", "deep.zip", "boxes.mp4", "huge.mp4", "riff.wav"}


def test_hostile_files_are_kept_inert_within_their_limits(
    place: Path, request: pytest.FixtureRequest
) -> None:
    ear = Listener()
    every = request.config.getoption("--long")
    shown: list[str] = []
    paths: list[str] = []
    for name, body in corpus.hostile(ear.address).items():
        seen = media.examine(kept(body))
        if seen.showable:
            shown.append(name)
        else:
            assert seen.note.strip(), name
        assert store.read(seen.pk) == body
        if every or name in GREEDY:
            paths.append(str(store.path_of(seen.pk)))
    assert len(paths) >= len(GREEDY) and shown == [] and ear.calls == []
    drain()
    assert not Rendition.objects.exists()
    # Asked from a small process: a child inherits the peak of whoever started it.
    look = (
        "import django, resource, sys; django.setup(); from pathlib import Path; from"
        " mingzheng.records import sandbox\nfor path in sys.argv[1:]:"
        f" sandbox.ask({media.READER!r}, 'examine',"
        " Path(path))\nprint(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    said = subprocess.run(
        [sys.executable, "-c", look, *paths],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ).stdout
    assert 0 < int(said) < 512 * 1024, "kilobytes of the largest child"
    ear.socket.close()


def test_a_picture_with_a_page_behind_it_is_shown_without_the_page() -> None:
    body = corpus.photo() + b"<script>alert(1)</script>" + corpus.archive(x=b"PK")
    seen = media.examine(kept(body))
    drain()
    assert seen.showable
    assert all(b"<script" not in store.read(row.made_id) for row in Rendition.objects.all())


def test_a_process_that_takes_too_long_is_ended_and_the_file_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.05)
    seen = media.examine(kept(corpus.photo()))
    assert not seen.showable and "用时过长" in seen.note


def test_a_process_that_dies_leaves_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_START", "import os; os.kill(os.getpid(), 9)")
    seen = media.examine(kept(corpus.photo()))
    assert not seen.showable and "不能安全地打开" in seen.note


def test_where_readers_cannot_be_shut_in_a_file_waits_unread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unconfined(*_: Any, **__: Any) -> sandbox.Answer:
        raise sandbox.Unconfined("文件没有打开")

    waiting = kept(corpus.photo())
    with monkeypatch.context() as patched:
        patched.setattr(sandbox, "ask", unconfined)
        media.glance(waiting)
        assert not Media.objects.filter(pk=waiting).exists()
    media.glance(waiting)
    assert Media.objects.get(pk=waiting).showable


def test_what_the_process_says_is_not_believed_blindly(monkeypatch: pytest.MonkeyPatch) -> None:
    lies = {
        "kind": "root",
        "codec": 7,
        "duration_ms": -5,
        "width": 10**30,
        "created_at": "1904-01-01T00:00:00Z",
        "place": "x\0\n" * 900,
        "showable": "yes",
        "note": ["x"],
    }
    monkeypatch.setattr(sandbox, "ask", lambda *_: sandbox.Answer(lies))
    seen = media.examine(kept(b"lie"))
    assert (
        seen.kind,
        seen.codec,
        seen.duration_ms,
        seen.width,
        seen.created_at,
        seen.showable,
    ) == ("other", "", None, None, None, False)
    assert seen.place == "x" * 60


@pytest.fixture
def film(bodies: Any) -> tuple[Record, Rendition]:
    """A film taken up in a matter of the county's bureau, and the copy that plays."""
    record = case(bodies, "wg").go("opened").play.record
    row = Sender().send(corpus.film(), filename="现场.mp4")
    drain()
    transfers.claim(row.code, who(bodies["wg"], "张三"), record)
    return record, Rendition.objects.get(purpose="playable")


def test_a_film_is_played_in_pieces(film: tuple[Record, Rendition]) -> None:
    client, row = Sender().client, film[1]
    whole = store.read(row.made_id)
    address = f"/desk/media/{row.pk}"
    full = client.get(address)
    assert (
        full.status_code == 200
        and b"".join(full.streaming_content) == whole
        and full["Content-Type"] == "video/mp4"
    )
    assert (
        full["Content-Disposition"].startswith("inline")
        and full["X-Content-Type-Options"] == "nosniff"
    )
    for asked, first, last in (
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, len(whole) - 1),
        ("bytes=-50", len(whole) - 50, len(whole) - 1),
        ("bytes=5-99999999999", 5, len(whole) - 1),
    ):
        part = client.get(address, HTTP_RANGE=asked)
        assert (
            part.status_code == 206
            and part["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"
        )
        assert b"".join(part.streaming_content) == whole[first : last + 1]
    assert client.get(address, HTTP_RANGE="bytes=99999999-").status_code == 416
    assert client.get(address, HTTP_RANGE="bytes=9-5,x").status_code == 200


def test_a_film_is_seen_by_those_who_see_the_matter_and_by_nobody_else(
    film: tuple[Record, Rendition],
) -> None:
    address = f"/desk/media/{film[1].pk}"
    assert Sender("lm-01").client.get(address).status_code == 404
    assert (
        Sender("lm-01").client.get("/desk/media/999999").content
        == Sender("lm-01").client.get(address).content
    )
    assert Sender().client.get(f"{address}?record=1").status_code == 404


def test_ones_own_new_file_is_seen_before_it_is_handed_in(bodies: Any) -> None:
    Sender().send(corpus.photo(), filename="门头.jpg")
    drain()
    address = f"/desk/media/{Rendition.objects.get(purpose='thumbnail').pk}"
    assert (
        Sender().client.get(address).status_code == 200
        and Sender("wg-02").client.get(address).status_code == 404
    )


def test_looking_into_a_sealed_matter_is_an_act_before_the_first_byte(
    film: tuple[Record, Rendition],
) -> None:
    record, row = film
    _seal(record)
    client, address = Sender().client, f"/desk/media/{row.pk}"
    reads = Act.objects.filter(record=record, kind="case.read")
    opened = client.get(address, HTTP_RANGE="bytes=100-199")
    # Before anything was fetched, and also where somebody begins in the middle.
    assert reads.count() == 1
    assert b"".join(opened.streaming_content) == store.read(row.made_id)[100:200]
    client.get(address, HTTP_RANGE="bytes=200-299")
    assert reads.count() == 1
    client.get(address)
    assert reads.count() == 2


def _seal(record: Record) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        names = [
            row[0]
            for row in cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name ="
                " 'records_record'"
            ).fetchall()
        ]
        for name in names:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("UPDATE records_record SET classification = 2 WHERE id = %s", [record.pk])


def test_media_rows_are_frozen_in_the_database_too() -> None:
    from django.db import DatabaseError, connection, transaction

    seen = media.examine(kept(corpus.photo()))
    for statement in ("UPDATE evidence_media SET showable = 0", "DELETE FROM evidence_media"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Media.objects.get(pk=seen.pk).showable
