"""Against the real server: a foreign client, cut lines, and memory that does not grow with the
file.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from tusclient.client import TusClient

from tests.evidence import serving
from tests.scenes.waiting import until

MIB = 1 << 20


@pytest.fixture(scope="module")
def served(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[serving.Served]:
    """One server for this file."""
    made = serving.start(tmp_path_factory.mktemp("served"))
    yield made
    made.stop()


def headers(who: requests.Session) -> dict[str, str]:
    """What a client library has to send along."""
    return {
        "Cookie": "; ".join(f"{name}={value}" for name, value in who.cookies.items()),
        "X-CSRFToken": who.cookies["csrftoken"],
    }


def test_a_foreign_client_uploads_in_checked_chunks(served: serving.Served, tmp_path: Path) -> None:
    who = serving.session(served)
    path = tmp_path / "记录.mp4"
    path.write_bytes(bytes(range(256)) * 40_000)
    sender = TusClient(f"{served.base}/desk/uploads", headers=headers(who)).uploader(
        str(path),
        chunk_size=MIB,
        upload_checksum=True,
        metadata={"filename": "记录.mp4", "client": "tuspy"},
    )
    sender.upload()
    told = who.get(sender.url).json()
    assert (
        told["state"] == "stored"
        and told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        and told["name"] == "记录.mp4"
    )
    kept = served.data / "store" / told["sha256"][:2] / told["sha256"][2:4] / told["sha256"]
    assert kept.read_bytes() == path.read_bytes()


def pieces(start: int, end: int) -> Iterator[bytes]:
    """Bytes of a file that nobody has to keep: MiB n is filled with its number."""
    at = start
    while at < end:
        step = min(MIB - at % MIB, end - at)
        yield (at // MIB).to_bytes(4, "big") * (step // 4)
        at += step


def broken_three_times(served: serving.Served, size: int) -> int:
    """Send `size` bytes with three cuts; the growth of the server's memory in KiB. Fails unless
    the hash is right.
    """
    who = serving.session(served)
    warm = who.post(f"{served.base}/desk/uploads", headers={"Upload-Length": "4"}).headers[
        "Location"
    ]
    who.patch(
        served.base + warm,
        data=b"warm",
        headers={"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
    )
    before = served.resident(afresh=True)
    name = base64.b64encode(f"{size}.bin".encode()).decode()
    place = who.post(
        f"{served.base}/desk/uploads",
        headers={"Upload-Length": str(size), "Upload-Metadata": f"filename {name}"},
    ).headers["Location"]
    offset = 0
    for turn in range(1, 4):
        upto = size * turn // 4 // 4 * 4
        serving.stream(served, who, place, offset, size, pieces(offset, upto), listen=False)
        offset = settled(served, who, place, upto)
        assert offset == upto
    assert serving.stream(served, who, place, offset, size, pieces(offset, size)).startswith(
        "HTTP/1.1 204"
    )
    digest = hashlib.sha256()
    for piece in pieces(0, size):
        digest.update(piece)
    told = who.get(served.base + place).json()
    assert (told["state"], told["sha256"]) == ("stored", digest.hexdigest())
    (served.data / "store" / told["sha256"][:2] / told["sha256"][2:4] / told["sha256"]).unlink()
    return served.resident() - before


def settled(served: serving.Served, who: requests.Session, place: str, upto: int) -> int:
    """The offset once the server has noticed that the line is dead and let the transfer go."""

    def offset() -> int:
        return int(who.head(served.base + place).headers["Upload-Offset"])

    until(lambda: offset() >= upto and not list((served.data / "uploads").glob("*.lease")))
    return offset()


def test_an_upload_broken_three_times_is_resumed_with_flat_memory(served: serving.Served) -> None:
    assert broken_three_times(served, 128 * MIB) < 32 * 1024


@pytest.mark.long
def test_a_gibibyte_broken_three_times_is_resumed_with_flat_memory(served: serving.Served) -> None:
    assert broken_three_times(served, 1024 * MIB) < 32 * 1024


def test_one_long_patch_needs_no_more_memory_than_a_short_one(served: serving.Served) -> None:
    who = serving.session(served)
    before = served.resident(afresh=True)
    place = who.post(
        f"{served.base}/desk/uploads", headers={"Upload-Length": str(200 * MIB)}
    ).headers["Location"]
    answer = serving.stream(served, who, place, 0, 200 * MIB, pieces(0, 200 * MIB))
    assert answer.startswith("HTTP/1.1 204") and "upload-receipt" in answer
    assert served.resident() - before < 32 * 1024


def test_a_body_without_a_length_is_taken_as_it_comes(served: serving.Served) -> None:
    who = serving.session(served)
    place = who.post(
        f"{served.base}/desk/uploads", headers={"Upload-Length": str(3 * MIB)}
    ).headers["Location"]
    before = served.resident(afresh=True)
    for offset, end in ((0, MIB), (MIB, 3 * MIB)):
        answer = who.patch(
            served.base + place,
            data=pieces(offset, end),
            headers={
                "Upload-Offset": str(offset),
                "Content-Type": "application/offset+octet-stream",
            },
        )
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(end))
    assert served.resident() - before < 32 * 1024


@pytest.mark.skipif(
    not Path("/dev/shm").is_dir() or shutil.which("mount") is None, reason="needs a small disk"
)
def test_a_full_disk_keeps_what_arrived_and_goes_on_once_there_is_room(
    django_db_setup: None, tmp_path: Path
) -> None:
    place = tmp_path / "small"
    place.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)], capture_output=True
    ).returncode:
        pytest.skip("no right to mount a small disk here")
    made = serving.start(place)
    try:
        who = serving.session(made)
        size = 20 * MIB
        address = (
            made.base
            + who.post(f"{made.base}/desk/uploads", headers={"Upload-Length": str(size)}).headers[
                "Location"
            ]
        )
        ballast = place / "ballast"
        with ballast.open("wb") as out:
            out.write(bytes(shutil.disk_usage(place).free - 6 * MIB))
        answer = who.patch(
            address,
            data=b"x" * size,
            headers={"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
        )
        assert answer.status_code in (503, 507) and (
            "存储空间已满" in answer.text or answer.status_code == 503
        )
        refused = who.post(f"{made.base}/desk/uploads", headers={"Upload-Length": str(size)})
        assert refused.status_code == 507 and "存储空间不够" in refused.content.decode()
        ballast.unlink()
        offset = int(who.head(address).headers["Upload-Offset"])
        answer = who.patch(
            address,
            data=b"x" * (size - offset),
            headers={
                "Upload-Offset": str(offset),
                "Content-Type": "application/offset+octet-stream",
            },
        )
        assert answer.status_code == 204
        assert who.get(address).json()["sha256"] == hashlib.sha256(b"x" * size).hexdigest()
    finally:
        made.stop()
        subprocess.run(["umount", str(place)], check=True)
