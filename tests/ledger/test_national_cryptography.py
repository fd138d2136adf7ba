"""National cryptography: a second line on each head by SM2, SM3 beside SHA-256; `openssl` is the
other implementation.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from mingzheng.core.command_line import run_ledger
from mingzheng.core.digests import fingerprint
from mingzheng.core.ledger import sm2
from mingzheng.core.ledger.notes import NATIONAL, PLAIN, Note, NoteFault, Signer, Verifier, b64
from mingzheng.jobs.acts import drain
from mingzheng.portal import checking
from mingzheng.records import acts as record_acts
from mingzheng.records import store
from mingzheng.records.models import Act, Blob, Head, Leaf, Record
from mingzheng.records.seal import keys, reading, scrutiny, seal_pending
from mingzheng.records.seal.keys import KeyFault
from mingzheng.records.verify import verify_all
from mingzheng.site.doctor import remarks
from tests.cases.telling import case
from tests.evidence.sending import Sender
from tests.ledger import independent
from tests.ledger.building import act
from tests.portal import test_proofs_bare as bare
from tests.records.test_the_record_checks_itself import tamper

# A SubjectPublicKeyInfo of an uncompressed point on the SM2 curve (GM/T 0006), up to the point
# itself.
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
NAME = "sm.test/log"


@pytest.fixture
def national(monkeypatch: pytest.MonkeyPatch) -> None:
    """MINGZHENG_SM=1."""
    monkeypatch.setattr(settings, "SM", True)


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is not installed."""
    monkeypatch.setitem(sys.modules, "gmssl_pyx", None)


@pytest.fixture
def record(bodies: dict[str, Any], ledger: Path, national: None) -> Record:
    """A record in a ledger whose heads carry both lines."""
    found: Record = bodies["wg"].record
    seal_pending()
    return found


def vkeys() -> list[str]:
    """The public keys as outsiders read them."""
    return Client().get("/log/vkey").content.decode().splitlines()


def published() -> Note:
    """The checkpoint as it lies there."""
    return Note.read((Path(settings.LOG) / "checkpoint").read_bytes())


def verified(*names: str, what: str = "") -> int:
    """Exit code of `mingzheng ledger verify` with these keys."""
    return run_ledger(
        [
            "verify",
            what or str(settings.LOG),
            *(word for name in names for word in ("--vkey", name)),
        ]
    )


def openssl(folder: Path, *line: str, say: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """One command of another implementation."""
    return subprocess.run(
        ["openssl", *line], cwd=folder, input=say, capture_output=True, timeout=30
    )


def sm3(folder: Path, data: bytes) -> str:
    """The digest as openssl has it."""
    return openssl(folder, "dgst", "-sm3", say=data).stdout.decode().split()[-1]


def accepted(folder: Path, public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether openssl takes the signature."""
    pem = (
        f"-----BEGIN PUBLIC KEY-----\n{base64.encodebytes(SPKI + public).decode()}-----END PUBLIC"
        " KEY-----\n"
    )
    (folder / "pub.pem").write_text(pem)
    (folder / "signature").write_bytes(signature)
    (folder / "message").write_bytes(message)
    return (
        openssl(
            folder,
            "pkeyutl",
            "-verify",
            "-pubin",
            "-inkey",
            "pub.pem",
            "-in",
            "message",
            "-rawin",
            "-digest",
            "sm3",
            "-pkeyopt",
            "distid:1234567812345678",
            "-sigfile",
            "signature",
        ).returncode
        == 0
    )


def test_openssl_accepts_our_line_and_no_other_text(record: Record, tmp_path: Path) -> None:
    note, key = published(), Verifier.read(vkeys()[1])
    line = next(line for line in note.lines if line.id == key.id)
    assert accepted(tmp_path, key.public, line.signature, note.text.encode())
    assert not accepted(tmp_path, key.public, line.signature, note.text.encode() + b"x")


def test_we_accept_what_openssl_signed_and_nothing_else(tmp_path: Path) -> None:
    openssl(tmp_path, "genpkey", "-algorithm", "SM2", "-out", "key.pem")
    der = openssl(tmp_path, "pkey", "-in", "key.pem", "-pubout", "-outform", "DER").stdout
    text = "sm.test/log\n7\nAAAA\n"
    (tmp_path / "message").write_text(text)
    signature = openssl(
        tmp_path,
        "pkeyutl",
        "-sign",
        "-inkey",
        "key.pem",
        "-in",
        "message",
        "-rawin",
        "-digest",
        "sm3",
        "-pkeyopt",
        "distid:1234567812345678",
    ).stdout
    key = Verifier(NAME, NATIONAL, der[len(SPKI) :])
    assert der[: len(SPKI)] == SPKI and sm2.holds(key.public, signature, text.encode())
    for at in range(0, len(signature), 7):
        assert not sm2.holds(
            key.public,
            signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :],
            text.encode(),
        )
    for wrong in (b"", signature[:-1], signature + b"\0", bytes(72)):
        assert not sm2.holds(key.public, wrong, text.encode())
    assert not sm2.holds(bytes(64), signature, text.encode()) and not sm2.holds(
        key.public, signature, b"other"
    )


def test_our_sm3_is_openssls(tmp_path: Path) -> None:
    data = bytes(range(256)) * 9000
    assert fingerprint([data[:70_000], data[70_000:]], national=True).sm3 == sm3(tmp_path, data)
    assert fingerprint([data], national=False).said == {
        "sha256": fingerprint([data], national=True).sha256
    }


def test_keys_are_written_as_signed_notes_have_it() -> None:
    signer = Signer.make(NAME, NATIONAL)
    name, identity, kind, rest = independent.key(str(signer.verifier))
    assert (name, identity, kind) == (NAME, signer.verifier.id, 0xFF)
    assert (
        rest == b"mingzheng/sm2-sm3/v1" + signer.verifier.public
        and len(signer.verifier.public) == 64
    )
    assert (
        Verifier.read(str(signer.verifier)) == signer.verifier
        and Signer.read(str(signer)) == signer
    )
    for data in (
        b"\xff" + bytes(64),
        b"\xff" + sm2.IDENTIFIER + bytes(63),
        b"\x01" + bytes(64),
        b"\xffother" + bytes(64),
    ):
        with pytest.raises(NoteFault, match="只认"):
            Verifier.read(f"{NAME}+00000000+{b64(data)}")


def test_outsiders_who_know_ed25519_alone_read_on(record: Record, tmp_path: Path) -> None:
    one = act(record)
    seal_pending()
    assert [line.name for line in published().lines] == [Verifier.read(vkeys()[0]).name] * 2
    size, _ = independent.check_log(independent.directory(Path(settings.LOG)), vkeys()[:1])
    assert size == Leaf.objects.count() and verified(vkeys()[0]) == 0
    code, said = bare.run(tmp_path, reading.proof(one), "--vkey", vkeys()[0])
    assert code == 0 and "结论：证明成立" in said


def test_ledger_verify_takes_either_key_or_both(
    record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.tlog-proof"
    one = act(record)
    seal_pending()
    file.write_text(reading.proof(one), encoding="utf-8")
    for chosen in (vkeys(), vkeys()[1:], vkeys()[:1]):
        assert verified(*chosen) == 0 and verified(*chosen, what=str(file)) == 0
    stranger = str(Signer.make(published().lines[0].name, NATIONAL).verifier)
    assert verified(vkeys()[0], stranger) == 1 and verified(stranger, what=str(file)) == 1
    assert "没有" in capsys.readouterr().out


def test_a_wrong_sm2_line_is_found(record: Record, capsys: pytest.CaptureFixture[str]) -> None:
    note, other = published(), Signer.make(published().lines[0].name, NATIONAL)
    forged = replace(note.lines[1], signature=other.sign(note.text).signature)
    (Path(settings.LOG) / "checkpoint").write_text(
        str(Note(note.text, (note.lines[0], forged))), encoding="utf-8"
    )
    assert verified(vkeys()[0]) == 0
    assert verified(*vkeys()) == 1 and "签名不对" in capsys.readouterr().out
    assert any("签名不对" in fault for fault in scrutiny.ledger_faults())


def test_a_wrong_sm2_line_of_an_older_head_is_found(record: Record) -> None:
    first = Head.objects.latest("size")
    note = Note.read(first.note)
    act(record)
    seal_pending()
    assert list(scrutiny.ledger_faults()) == []
    forged = str(
        Note(
            note.text,
            (note.lines[0], replace(note.lines[1], signature=published().lines[1].signature)),
        )
    )
    tamper("records_head", f"UPDATE records_head SET note = '{forged}' WHERE size = {first.size}")
    assert list(scrutiny.ledger_faults()) == [
        f"数据库里 {first.size} 条的检查点：{note.lines[0].name} 的签名不对。"
    ]


def test_a_log_goes_on_when_it_is_switched_on_and_off_again(
    bodies: dict[str, Any], ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for switched in (False, True, False, True):
        monkeypatch.setattr(settings, "SM", switched)
        act(bodies["wg"].record)
        seal_pending()
        counts.append(len(published().lines))
        assert list(scrutiny.ledger_faults()) == [] and verified(*vkeys()[: 1 + switched]) == 0
        assert len(vkeys()) == min(2, len(counts))
    assert counts == [1, 2, 1, 2]
    independent.check_log(independent.directory(Path(settings.LOG)), vkeys()[:1])


def test_the_sealer_refuses_without_the_extra_and_signs_nothing(
    bodies: dict[str, Any], ledger: Path, national: None, lacking: None
) -> None:
    with pytest.raises(KeyFault, match="MINGZHENG_SM=1.*requirements/sm.txt"):
        seal_pending()
    assert (
        not Head.objects.exists()
        and not (ledger / "log/checkpoint").exists()
        and not (ledger / "keys" / keys.SM2_KEY).exists()
    )


def test_verifying_by_sm2_without_the_extra_says_what_to_install(
    record: Record, lacking: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verified(vkeys()[0]) == 0
    assert verified(*vkeys()) == 2 and "requirements/sm.txt" in capsys.readouterr().err
    assert ["requirements/sm.txt" in fault for fault in scrutiny.ledger_faults()] == [True]


def test_everything_starts_and_seals_without_the_extra(
    bodies: dict[str, Any], ledger: Path, lacking: None, tmp_path: Path
) -> None:
    act(bodies["wg"].record)
    assert (
        seal_pending() == Leaf.objects.count()
        and list(scrutiny.ledger_faults()) == []
        and list(scrutiny.complaints()) == []
    )
    assert Client().get("/verify").status_code == 200 and verified(*vkeys()) == 0
    script = (
        "import sys; sys.modules['gmssl_pyx'] = None; from mingzheng.site.command_line import"
        " start_django; start_django(); import mingzheng.site.urls, mingzheng.records.seal.running;"
        " from django.conf import settings; assert settings.SM is False"
    )
    env = {"MINGZHENG_DATA": str(tmp_path / "data"), "PYTHONPATH": str(bare.ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=env,
        cwd=bare.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.unlink(), "找不到存证签名密钥 keys/ledger-sm2.key"),
        (lambda path: path.chmod(0o644), "chmod 600"),
        (lambda path: path.write_text("x"), "已损坏"),
        (lambda path: (path.unlink(), path.mkdir(mode=0o700)), "读不出来"),
        (
            lambda path: path.write_text(str(Signer.make(published().lines[0].name, NATIONAL))),
            "不符",
        ),
        (lambda path: path.write_text((path.parent / "ledger.key").read_text()), "不符"),
        (lambda path: path.write_text(str(halves(Signer.read(path.read_text())))), "已损坏"),
    ],
)
def test_a_key_that_cannot_be_used_stops_the_sealer(
    record: Record, ledger: Path, spoil: Any, words: str
) -> None:
    before = (ledger / "log/checkpoint").read_bytes()
    spoil(ledger / "keys" / keys.SM2_KEY)
    act(record)
    with pytest.raises(KeyFault, match=words):
        seal_pending()
    assert (ledger / "log/checkpoint").read_bytes() == before


def halves(signer: Signer) -> Signer:
    """The public half of one key with the private half of another."""
    return replace(signer, secret=sm2.generate()[:32] + sm2.public_of(signer.secret))


def test_the_doctor_says_how_it_stands(
    record: Record, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (ledger / "keys" / keys.SM2_KEY).stat().st_mode & 0o777 == 0o600
    key = Verifier.read(vkeys()[1])
    assert f"国密：已开启，SM2 公钥 {key.id.hex()}，最近的检查点有 SM2 签名。" in list(remarks())
    path = ledger / "keys" / keys.SM2_KEY
    path.chmod(0o640)
    assert any("chmod 600" in line and keys.SM2_KEY in line for line in scrutiny.complaints())
    path.unlink()
    assert any(f"没有 {keys.SM2_KEY}" in line for line in scrutiny.complaints())
    monkeypatch.setattr(settings, "SM", False)
    assert any(line.startswith("国密：没有开启") for line in remarks())
    assert not any(keys.SM2_KEY in line for line in scrutiny.complaints())


def test_the_public_page_names_the_second_key_only_where_there_is_one(
    bodies: dict[str, Any], ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_pending()
    assert "SM2" not in Client().get("/verify").content.decode() and len(vkeys()) == 1
    monkeypatch.setattr(settings, "SM", True)
    act(bodies["wg"].record)
    seal_pending()
    page = Client().get("/verify").content.decode()
    assert "SM2 公钥" in page and vkeys()[1].replace("+", "&#x2B;") in page or vkeys()[1] in page
    assert [Verifier.read(text).kind for text in vkeys()] == [PLAIN, NATIONAL]


def test_each_act_that_opens_a_file_names_its_sm3_too(
    bodies: dict[str, Any], national: None, tmp_path: Path
) -> None:
    journey = case(bodies).go("published")
    drain()
    said = {
        kind: [
            json.loads(found.content.body)
            for found in Act.objects.filter(record=journey.play.record, kind=kind)
        ]
        for kind in ("evidence.stored", "document.rendered", "publication.sealed")
    }
    assert all(said.values())
    files = [
        each
        for kind in ("evidence.stored", "document.rendered")
        for content in said[kind]
        for each in content.get("files", [content])
    ]
    for each in files:
        assert each["sm3"] == sm3(tmp_path, store.read(each["sha256"]))
    assert all(len(content["sm3"]) == 64 for content in said["publication.sealed"])
    assert list(verify_all()) == [] and list(checking.disagreements()) == []
    tamper("disclosure_publication", "UPDATE disclosure_publication SET body = body || ' '")
    assert any("公示" in line for line in checking.disagreements())


def test_an_upload_is_hashed_twice_on_its_way_whole_or_resumed(
    bodies: dict[str, Any], national: None, tmp_path: Path
) -> None:
    sender = Sender()
    for cuts in ([0], [0, 1000]):
        data = b"national" * (50_000 + len(cuts))
        code = sender.begin(len(data), client=f"sm-{len(cuts)}").code
        for begin, end in zip(cuts, [*cuts[1:], len(data)], strict=True):
            sender.patch(code, begin, data[begin:end])
        assert Blob.objects.get(pk=fingerprint([data], national=False).sha256).sm3 == sm3(
            tmp_path, data
        )


def test_a_changed_sm3_digest_is_found(bodies: dict[str, Any], national: None) -> None:
    blob = store.register(store.put_bytes(b"paper", "application/pdf"))
    assert blob.sm3 and list(verify_all()) == []
    point = transaction.savepoint()
    tamper("records_blob", f"UPDATE records_blob SET sm3 = '{'0' * 64}' WHERE sha256 = '{blob.pk}'")
    assert f"文件 {blob.pk} 缺失或者与登记的指纹不一致。" in list(verify_all())
    transaction.savepoint_rollback(point)
    record_acts.append(
        record_acts.lock(bodies["wg"].record.pk),
        None,
        record_acts.Entry(
            kind="document.rendered", subject="0", content={"sha256": blob.pk, "sm3": "1" * 64}
        ),
    )
    assert f"文件 {blob.pk} 缺失或者与登记的指纹不一致。" in list(verify_all())


def test_without_the_setting_there_is_no_sm3_and_none_is_asked_for(bodies: dict[str, Any]) -> None:
    stored = store.put_bytes(b"plain paper", "application/pdf")
    assert store.register(stored).sm3 is None and stored.fingerprint.said == {
        "sha256": stored.sha256
    }
    assert list(store.damaged()) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name ="
            " 'records_blob'"
        )
        assert cursor.fetchone()[0] > 0
