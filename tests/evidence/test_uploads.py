"""Resumable upload as its senders meet it: what is kept, what is refused, and the sentence they
read.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mingzheng.core import clock
from mingzheng.evidence import names, receipts, uploads
from mingzheng.evidence.acts import transfers
from mingzheng.evidence.models import Upload
from mingzheng.records import store
from mingzheng.records.refusal import Refused
from mingzheng.site.demo.play import who
from tests.cases.telling import case
from tests.evidence.sending import Sender, checksum

pytestmark = pytest.mark.django_db
FILM = bytes(range(256)) * 4000


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Any) -> Path:
    """Disk of this test's own."""
    settings.STORE, settings.DATA = str(tmp_path / "store"), tmp_path
    return tmp_path


@pytest.fixture
def sender(bodies: Any) -> Sender:
    """An officer of the county's bureau."""
    return Sender()


def test_what_is_spoken_here_is_said_to_anybody() -> None:
    answer = Client().options("/desk/uploads")
    assert answer.status_code == 204 and answer["Tus-Version"] == "1.0.0"
    assert (
        answer["Tus-Extension"] == "creation,creation-with-upload,checksum,termination,expiration"
    )
    assert answer["Tus-Checksum-Algorithm"] == "sha1,sha256" and "Tus-Max-Size" not in answer


def test_a_file_is_stored_whole_and_its_sender_gets_a_receipt_that_can_be_checked(
    sender: Sender,
) -> None:
    begun = sender.begin(len(FILM), filename="现场.mp4", sha256=hashlib.sha256(FILM).hexdigest())
    assert begun.status_code == 201 and begun["Upload-Expires"]
    done = sender.patch(begun.code, 0, FILM)
    assert done.status_code == 204 and done["Upload-Offset"] == str(len(FILM))
    row = Upload.objects.get(code=begun.code)
    assert row.state == Upload.STORED and store.read(row.blob_id or "") == FILM
    receipt = json.loads(base64.b64decode(done["Upload-Receipt"]))
    key = sender.client.get("/desk/uploads/receipts.pub").content.decode()
    assert (
        receipts.verify(receipt, key)
        and receipt["said"]["sha256"] == hashlib.sha256(FILM).hexdigest()
    )
    assert not receipts.verify({**receipt, "said": {**receipt["said"], "size": 1}}, key)
    told = sender.client.get(f"/desk/uploads/{begun.code}").json()
    assert (
        told["state"] == "stored" and told["receipt"] == receipt and told["state_name"] == "已收妥"
    )


def test_the_key_of_receipts_is_its_owners_alone_and_a_broken_one_loses_no_file(
    sender: Sender, place: Path
) -> None:
    sender.send(b"one")
    key = place / "keys" / "receipts.key"
    assert key.stat().st_mode & 0o777 == 0o600 and key.parent.stat().st_mode & 0o777 == 0o700
    good = key.read_bytes()
    key.write_bytes(b"torn")
    code = sender.begin(3).code
    answer = sender.patch(code, 0, b"two")
    assert answer.status_code == 507 and "回执密钥读不出" in answer.content.decode()
    key.write_bytes(good)
    assert sender.head(code)["Upload-Offset"] == "3"
    assert Upload.objects.get(code=code).state == Upload.STORED


def test_a_file_may_come_with_its_announcement(sender: Sender) -> None:
    begun = sender.begin(5, b"whole", filename="a.txt")
    assert begun.status_code == 201 and begun["Upload-Offset"] == "5"
    assert Upload.objects.get(code=begun.code).state == Upload.STORED


def test_a_cut_connection_keeps_what_arrived(sender: Sender) -> None:
    code = sender.begin(len(FILM)).code
    answer = sender.broken(code, 0, FILM[:700_001], len(FILM))
    assert answer.status_code == 400 and "连接中断" in answer.content.decode()
    assert sender.head(code)["Upload-Offset"] == "700001"
    assert uploads.part(code).read_bytes() == FILM[:700_001]
    assert sender.patch(code, 700_001, FILM[700_001:]).status_code == 204
    assert store.read(Upload.objects.get(code=code).blob_id or "") == FILM


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_a_wrong_checksum_cuts_the_chunk_off_again(sender: Sender, name: str) -> None:
    code = sender.begin(len(FILM)).code
    assert (
        sender.patch(code, 0, FILM[:1000], upload_checksum=checksum(FILM[:1000], name)).status_code
        == 204
    )
    answer = sender.patch(code, 1000, FILM[1000:5000], upload_checksum=checksum(b"other", name))
    assert (
        answer.status_code == 460
        and "校验不符" in answer.content.decode()
        and answer["Upload-Offset"] == "1000"
    )
    assert (
        uploads.part(code).stat().st_size == 1000 and sender.head(code)["Upload-Offset"] == "1000"
    )


def test_a_checked_chunk_that_broke_off_counts_for_nothing(sender: Sender) -> None:
    code = sender.begin(len(FILM)).code
    sender.broken(code, 0, FILM[:500], 1000, upload_checksum=checksum(FILM[:1000]))
    assert sender.head(code)["Upload-Offset"] == "0"


def test_a_checksum_nobody_knows_is_refused(sender: Sender) -> None:
    answer = sender.patch(sender.begin(5).code, 0, b"whole", upload_checksum="md5 AAAA")
    assert answer.status_code == 400 and "sha256" in answer.content.decode()


def test_a_wrong_offset_is_refused_and_says_where_to_go_on(sender: Sender) -> None:
    code = sender.begin(len(FILM)).code
    answer = sender.patch(code, 5, FILM[5:])
    assert (
        answer.status_code == 409
        and "从这里接着传" in answer.content.decode()
        and answer["Upload-Offset"] == "0"
    )


def test_more_than_was_announced_is_refused(sender: Sender) -> None:
    answer = sender.patch(sender.begin(5).code, 0, b"whole and more")
    assert answer.status_code == 413 and "比说好的长" in answer.content.decode()


def test_an_empty_file_is_refused(sender: Sender) -> None:
    answer = sender.begin(0, filename="空.mp4")
    assert answer.status_code == 400 and "文件是空的（0 字节）" in answer.content.decode()


@pytest.mark.parametrize("length", ["", "-1", "abc", "1.5", "９", str(1 << 64)])
def test_a_length_that_is_none_is_refused(sender: Sender, length: str) -> None:
    answer = sender.ask("POST", "/desk/uploads", upload_length=length)
    assert answer.status_code == 400 and "有多大" in answer.content.decode()


def test_a_file_that_is_not_what_the_device_hashed_is_not_acknowledged(sender: Sender) -> None:
    code = sender.begin(len(FILM), sha256="0" * 64).code
    answer = sender.patch(code, 0, FILM)
    assert answer.status_code == 460 and "指纹不一致" in answer.content.decode()
    row = Upload.objects.get(code=code)
    assert (
        row.state == Upload.REFUSED and row.blob is None and uploads.part(code).read_bytes() == FILM
    )
    assert sender.head(code).status_code == 410
    Upload.objects.update(expires_at=clock.now() - timedelta(hours=1))
    transfers.expire()
    assert not uploads.part(code).exists()


def test_an_expired_transfer_is_gone_and_says_so(sender: Sender) -> None:
    code = sender.begin(len(FILM)).code
    sender.patch(code, 0, FILM[:100])
    Upload.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    answer = sender.patch(code, 100, FILM[100:])
    assert (
        answer.status_code == 410
        and "已经过期" in answer.content.decode()
        and sender.head(code).status_code == 410
    )
    transfers.expire()
    assert Upload.objects.get(code=code).state == Upload.EXPIRED and not uploads.part(code).exists()


def test_a_stored_file_never_expires(sender: Sender) -> None:
    row = sender.send(FILM)
    Upload.objects.update(expires_at=clock.now() - timedelta(days=900))
    transfers.expire()
    row.refresh_from_db()
    assert row.state == Upload.STORED and store.read(row.blob_id or "") == FILM


def test_a_sender_may_give_up_what_is_not_stored_yet(sender: Sender) -> None:
    code = sender.begin(len(FILM)).code
    sender.patch(code, 0, FILM[:100])
    assert sender.ask("DELETE", f"/desk/uploads/{code}").status_code == 204
    assert not uploads.part(code).exists() and sender.head(code).status_code == 410
    kept = sender.send(FILM)
    answer = sender.ask("DELETE", f"/desk/uploads/{kept.code}")
    assert answer.status_code == 409 and "已经收妥" in answer.content.decode()


def test_two_connections_do_not_write_the_same_file(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = sender.begin(len(FILM)).code
    with uploads.leased(code) as old:
        answer = sender.patch(code, 0, FILM)
        assert answer.status_code == 423 and "另一个连接" in answer.content.decode()
        writer = uploads.Writer(code, 0, old)
        monkeypatch.setattr(uploads, "IDLE", -1.0)
        assert sender.patch(code, 0, FILM[:10]).status_code == 204
        with pytest.raises(uploads.Busy):
            writer.write(b"late")
        writer.close()
    assert uploads.part(code).read_bytes() == FILM[:10]


def test_the_same_transfer_asked_for_twice_is_one(sender: Sender) -> None:
    first, again = sender.begin(9, client="phone-7"), sender.begin(9, client="phone-7")
    assert first.code == again.code and Upload.objects.count() == 1
    other = sender.begin(10, client="phone-7")
    assert other.status_code == 409 and "另一个文件" in other.content.decode()
    assert Sender("wg-02").begin(10, client="phone-7").code != first.code


def test_another_persons_transfer_looks_absent(sender: Sender) -> None:
    code, other = sender.begin(9).code, Sender("wg-02")
    for method in ("HEAD", "PATCH", "DELETE", "GET"):
        answer = other.ask(method, f"/desk/uploads/{code}", upload_offset=0)
        nothing = other.ask(method, f"/desk/uploads/{'a' * 26}", upload_offset=0)
        assert answer.status_code == 404 and answer.content == nothing.content


def test_nobody_uploads_without_signing_in_or_from_another_site(bodies: Any) -> None:
    kind = "application/offset+octet-stream"
    answer = Client().post(
        "/desk/uploads", b"", kind, HTTP_TUS_RESUMABLE="1.0.0", HTTP_UPLOAD_LENGTH="9"
    )
    assert answer.status_code == 401 and "已传的部分不会丢" in answer.content.decode()
    strict = Sender()
    strict.client.handler.enforce_csrf_checks = True
    assert strict.begin(9).status_code == 403
    token = strict.client.get("/login").cookies["csrftoken"].value
    assert (
        strict.ask("POST", "/desk/uploads", upload_length=9, x_csrftoken=token).status_code == 201
    )


def test_a_file_for_a_matter_of_another_agency_is_refused_as_if_there_were_none(
    sender: Sender, bodies: Any
) -> None:
    own, foreign = (
        case(bodies, "wg").go("opened").play.record,
        case(bodies, "lm").go("opened").play.record,
    )
    assert sender.begin(9, record=str(own.pk)).status_code == 201
    answers = [sender.begin(9, record=number) for number in (str(foreign.pk), "1", "x", "9" * 19)]
    assert {answer.status_code for answer in answers} == {404} and len(
        {answer.content for answer in answers}
    ) == 1


def test_a_stored_file_is_taken_up_once_by_its_sender(sender: Sender, bodies: Any) -> None:
    journey, other = case(bodies, "wg").go("opened"), case(bodies, "wg").go("opened")
    by, colleague = who(bodies["wg"], "张三"), who(bodies["wg"], "李四")
    row = sender.send(FILM, filename="现场.mp4")
    assert row.person_id == by.person_id
    assert transfers.claim(row.code, by, journey.play.record).claimed_at
    assert transfers.claim(row.code, by, journey.play.record).pk == row.pk
    for code, person, record, words in (
        (row.code, by, other.play.record, "为另一件事上传的"),
        (row.code, colleague, journey.play.record, "没有找到这次上传"),
        (
            sender.begin(9, filename="半.mp4").code,
            by,
            journey.play.record,
            "“半.mp4”还没有收妥（正在上传）",
        ),
    ):
        with pytest.raises(Refused, match=words):
            transfers.claim(code, person, record)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\账本\\照片.jpg", "照片.jpg"),
        ("exe\u202egpj.exe", "exegpj.exe"),
        ("..", "未命名文件"),
        ("=HYPERLINK(1).jpg", "_=HYPERLINK(1).jpg"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie x.png".replace("Cookie x", "Cookie: x")),
        ("长" * 300 + ".mp4", "长" * 251 + ".mp4"),
        ("\u200b\ufeff", "未命名文件"),
        (".htaccess", "htaccess"),
        ("正常 名字.MP4", "正常 名字.MP4"),
    ],
)
def test_names_are_cleaned_and_kept_as_given(sender: Sender, given: str, shown: str) -> None:
    assert names.clean(given) == shown
    begun = sender.begin(9, filename=given)
    assert begun.status_code == 201
    row = Upload.objects.get(code=begun.code)
    assert row.name == shown and row.given_name == given


def test_what_the_device_says_is_kept_but_not_believed(sender: Sender) -> None:
    code = sender.begin(
        9,
        captured_at="2026-04-07T09:30:00+08:00",
        device="记录仪\x007",
        clock_offset_ms="-1500",
        source="live",
    ).code
    assert Upload.objects.get(code=code).meta == {
        "captured_at": "2026-04-07T09:30:00+08:00",
        "device": "记录仪7",
        "clock_offset_ms": -1500,
        "source": "live",
    }
    code = sender.begin(9, captured_at="9999-99-99", clock_offset_ms="x", source="heaven").code
    assert Upload.objects.get(code=code).meta == {
        "captured_at_given": "9999-99-99",
        "source": "desk",
    }


@pytest.mark.parametrize("header", ["filename", "filename ***", "filename \x80"])
def test_a_broken_description_is_refused(sender: Sender, header: str) -> None:
    answer = sender.ask(
        "POST",
        "/desk/uploads",
        upload_length=9,
        upload_metadata=header.replace("filename", "filename x"),
    )
    assert answer.status_code == 400 and "写法不对" in answer.content.decode()


def test_another_version_of_the_protocol_is_refused(sender: Sender) -> None:
    answer = sender.ask("POST", "/desk/uploads", upload_length=9, tus_resumable="0.2.2")
    assert answer.status_code == 412 and answer["Tus-Version"] == "1.0.0"
