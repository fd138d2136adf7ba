"""Where a virus scanner is configured, what it finds is not kept, and without its word nothing is."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mingzheng.evidence.acts import transfers
from mingzheng.evidence.models import Upload
from mingzheng.records import scanning, store
from mingzheng.site import doctor
from tests.catalogue import hostile
from tests.evidence.sending import Sender

MOST = 5 << 20


class Scanner:
    """Speaks as clamd does: INSTREAM, finds the EICAR file, hangs up on what is too long."""

    def __init__(self, place: Path | None) -> None:
        self.ear = socket.socket(socket.AF_UNIX if place else socket.AF_INET)
        self.ear.bind(str(place) if place else ("127.0.0.1", 0))
        self.ear.listen()
        self.where = f"unix:{place}" if place else f"127.0.0.1:{self.ear.getsockname()[1]}"
        self.seen: list[int] = []
        self.says = b""
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.ear.accept()
            except OSError:
                return
            with line, line.makefile("rb") as heard:
                if heard.read(10) == b"zINSTREAM\0":
                    verdict = self._verdict(heard)
                    line.sendall(self.says or verdict)

    def _verdict(self, heard: Any) -> bytes:
        data = b""
        while size := struct.unpack(">I", heard.read(4))[0]:
            data += heard.read(size)
            if len(data) > MOST:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.seen.append(len(data))
        return b"stream: Eicar-Test FOUND\0" if scanning.EICAR in data else b"stream: OK\0"


@pytest.fixture(params=["unix", "tcp"])
def scanner(request: Any, tmp_path: Path, settings: Any) -> Iterator[Scanner]:
    """A stand-in, and a store of this test's own."""
    made = Scanner(tmp_path / "clamd" if request.param == "unix" else None)
    settings.CLAMAV, settings.STORE = made.where, str(tmp_path / "store")
    yield made
    made.ear.close()


def kept(data: bytes) -> Any:
    """What becomes of bytes that come in."""
    return store.put(scanning.watched((data[:100], data[100:])), "application/octet-stream")


def left() -> list[Path]:
    """What lies in the store."""
    return [each for each in store.root().rglob("*") if each.is_file()]


def test_what_is_clean_is_kept_as_it_came(scanner: Scanner) -> None:
    data = b"clean" * 500_000
    assert store.read(kept(data).sha256) == data and scanner.seen == [len(data)]


def test_what_the_scanner_finds_is_not_kept(scanner: Scanner) -> None:
    with pytest.raises(scanning.Infected, match="发现病毒（Eicar-Test），没有保存"):
        kept(b"x" * 300 + scanning.EICAR)
    assert left() == []


def test_without_a_scanner_the_same_file_is_kept(settings: Any, tmp_path: Path) -> None:
    settings.CLAMAV, settings.STORE = "", str(tmp_path)
    assert kept(scanning.EICAR).size == len(scanning.EICAR) == 68
    assert scanning.complaint() == ""


@pytest.mark.parametrize("where", ["unix:/nonexistent", "127.0.0.1:1", "127.0.0.1:x", "nothing"])
def test_while_the_scanner_is_silent_nothing_is_kept(
    where: str, settings: Any, tmp_path: Path
) -> None:
    settings.CLAMAV, settings.STORE = where, str(tmp_path)
    with pytest.raises(store.StoreError, match="没有答复，文件没有保存"):
        kept(b"clean")
    assert left() == [] and "上传的文件都不收" in scanning.complaint()


@pytest.mark.parametrize("says", [b"UNKNOWN COMMAND\0", b"\xff\0", b"stream: OK FOUND? ERROR\0"])
def test_a_word_that_is_no_verdict_keeps_nothing(scanner: Scanner, says: bytes) -> None:
    scanner.says = says
    with pytest.raises(store.StoreError, match="没有答复"):
        kept(b"clean")
    assert left() == []


def test_what_is_too_long_for_the_scanner_is_said(scanner: Scanner) -> None:
    with pytest.raises(store.StoreError, match="StreamMaxLength|没有答复"):
        kept(b"x" * (MOST + (8 << 20)))
    assert left() == []


def test_the_check_up_shows_it_the_test_file(scanner: Scanner) -> None:
    assert scanning.complaint() == ""
    scanner.says = b"stream: OK\0"
    assert "没有认出测试病毒" in scanning.complaint()


def test_the_check_up_says_so(monkeypatch: pytest.MonkeyPatch, db: Any) -> None:
    monkeypatch.setattr(scanning, "complaint", lambda: "病毒扫描服务没有答复")
    assert "病毒扫描服务没有答复" in list(doctor.complaints())


def test_a_list_with_a_virus_is_refused_on_its_page(
    bodies: dict[str, Any], scanner: Scanner, client: Client
) -> None:
    client.post("/login", {"login": "wg-09", "password": "mingzheng-demo"})
    sent = hostile.package() + scanning.EICAR
    said = client.post("/desk/pages/import/items", {"file": SimpleUploadedFile("a.xlsx", sent)})
    assert said.status_code == 409 and "发现病毒" in said.content.decode() and left() == []


def test_an_upload_with_a_virus_is_refused_and_one_without_word_waits(
    bodies: dict[str, Any], scanner: Scanner, settings: Any
) -> None:
    sender = Sender()
    bad = sender.begin(len(scanning.EICAR), filename="a.mp4", client="one")
    answer = sender.patch(bad.code, 0, scanning.EICAR)
    assert answer.status_code >= 400 and "发现病毒" in answer.content.decode()
    assert Upload.objects.get(code=bad.code).state == Upload.REFUSED and left() == []
    settings.CLAMAV = "127.0.0.1:1"
    good = sender.begin(5, filename="b.mp4", client="two")
    answer = sender.patch(good.code, 0, b"clean")
    assert answer.status_code >= 500 and "没有答复" in answer.content.decode()
    assert Upload.objects.get(code=good.code).state == Upload.OPEN and left() == []
    settings.CLAMAV = scanner.where
    transfers.finish_left()
    assert Upload.objects.get(code=good.code).state == Upload.STORED
