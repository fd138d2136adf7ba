"""Acts become sealed, and nothing older is ever signed over."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from mingzheng.core import clock
from mingzheng.core.command_line import run_ledger
from mingzheng.records.models import Act, Head, Leaf, Record, WitnessState
from mingzheng.records.seal import keys, reading, scrutiny, seal_pending
from mingzheng.records.seal.keys import KeyFault
from mingzheng.records.seal.rollback_guard import SealRefused
from tests.clause import rule
from tests.ledger import independent
from tests.ledger.building import act


@pytest.fixture
def record(bodies: dict[str, Any], ledger: Path) -> Record:
    """A record whose acts are all sealed."""
    found: Record = bodies["wg"].record
    seal_pending()
    return found


def vkey() -> str:
    """The public key as outsiders have it."""
    return (Path(settings.LOG) / "vkey").read_text(encoding="ascii")


def copy(folder: Path, name: str) -> Path:
    """A backup of a directory of the installation."""
    return Path(shutil.copytree(folder / name, folder / f"{name}-backup"))


def restore(folder: Path, name: str) -> None:
    """The backup again in its place."""
    shutil.rmtree(folder / name)
    shutil.copytree(folder / f"{name}-backup", folder / name)


@rule("LM-2", "WG-B2", "CX-2")
def test_an_act_waits_and_then_is_sealed(record: Record, django_assert_num_queries: Any) -> None:
    one, two = act(record), act(record)
    assert reading.seals([one.pk]) == {one.pk: None}
    assert seal_pending() == Leaf.objects.count()
    with django_assert_num_queries(1):
        found = reading.seals([one.pk, two.pk, 7])
    first, second = found[one.pk], found[two.pk]
    # Between them lies the effect of the first.
    assert first and second and second.index == first.index + 2 and found[7] is None
    assert first.signed_at == Head.objects.latest("size").signed_at


def test_every_act_is_an_entry_that_another_implementation_reads(record: Record) -> None:
    for _ in range(3):
        act(record)
        seal_pending()
    size, entries = independent.check_log(independent.directory(Path(settings.LOG)), [vkey()])
    rows = Leaf.objects.order_by("leaf_index").values_list("leaf_index", "commitment")
    assert size == len(rows) and list(enumerate(entries)) == [
        (number, bytes(found)) for number, found in rows
    ]
    assert list(scrutiny.ledger_faults()) == []


def test_the_proof_of_an_act_opens_it_and_only_it(
    record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = act(record)
    with pytest.raises(reading.NotProvable, match="正在存证"):
        reading.proof(one)
    act(record)
    seal_pending()
    text = reading.proof(one)

    def entry(extra: bytes) -> bytes:
        held = json.loads(extra)
        return hashlib.sha256(base64.b64decode(held["salt"]) + held["json"].encode()).digest()

    seal = reading.seals([one.pk])[one.pk]
    assert seal is not None and independent.check_proof(text, entry, [vkey()]) == seal.index
    file = tmp_path / reading.proof_file_name(one)
    file.write_text(text, encoding="utf-8")
    assert run_ledger(["verify", str(file), "--vkey", vkey()]) == 0
    assert "duty.urged" in capsys.readouterr().out
    rows = text.split("\n")
    rows[1] = (
        "extra "
        + base64.b64encode(
            base64.b64decode(rows[1][6:]).replace(b"duty.urged", b"duty.moved")
        ).decode()
    )
    file.write_text("\n".join(rows), encoding="utf-8")
    assert run_ledger(["verify", str(file), "--vkey", vkey()]) == 1
    assert "原文与封存的不一致" in capsys.readouterr().out


def test_a_proof_is_right_though_the_shelf_is_wrong(record: Record) -> None:
    one = act(record)
    seal_pending()
    good = reading.proof(one)
    for path in (Path(settings.LOG) / "nodes").iterdir():
        path.write_bytes(bytes(path.stat().st_size))
    assert reading.proof(one) == good


@pytest.mark.sql
def test_a_number_is_given_once_and_never_taken_back(record: Record) -> None:
    for statement in (
        "UPDATE records_leaf SET leaf_index = leaf_index + 100000",
        "UPDATE records_leaf SET leaf_index = NULL",
        "DELETE FROM records_leaf",
        "DELETE FROM records_head",
        "UPDATE records_head SET note = ''",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_an_old_database_is_refused(record: Record) -> None:
    before = transaction.savepoint()
    act(record)
    seal_pending()
    transaction.savepoint_rollback(before)
    with pytest.raises(SealRefused, match="数据库.*旧备份"):
        seal_pending()


def test_a_database_of_another_past_is_refused_though_it_is_as_long(record: Record) -> None:
    before = transaction.savepoint()
    act(record)
    seal_pending()
    transaction.savepoint_rollback(before)
    other = act(record)
    Leaf.objects.filter(entry=other.pk).update(leaf_index=Leaf.objects.count() - 1)
    with pytest.raises(SealRefused, match="数据库"):
        seal_pending()


def test_old_tiles_are_refused(record: Record, ledger: Path) -> None:
    copy(ledger, "log")
    act(record)
    seal_pending()
    restore(ledger, "log")
    with pytest.raises(SealRefused, match="日志文件.*旧备份"):
        seal_pending()
    assert any("说法不一" in fault or "不一致" in fault for fault in scrutiny.ledger_faults())


def test_an_old_database_with_old_tiles_is_refused(record: Record, ledger: Path) -> None:
    copy(ledger, "log")
    before = transaction.savepoint()
    act(record)
    seal_pending()
    transaction.savepoint_rollback(before)
    restore(ledger, "log")
    with pytest.raises(SealRefused, match="数据库.*和日志文件"):
        seal_pending()


def test_an_old_key_directory_is_refused(record: Record, ledger: Path) -> None:
    copy(ledger, "keys")
    act(record)
    seal_pending()
    restore(ledger, "keys")
    with pytest.raises(SealRefused, match="密钥目录可能是旧备份"):
        seal_pending()


def test_everything_old_is_refused_when_a_witness_shows_what_we_signed(
    record: Record, ledger: Path
) -> None:
    copy(ledger, "log")
    copy(ledger, "keys")
    before = transaction.savepoint()
    act(record)
    seal_pending()
    shown = (Path(settings.LOG) / "checkpoint").read_text(encoding="utf-8")
    transaction.savepoint_rollback(before)
    restore(ledger, "log")
    restore(ledger, "keys")
    WitnessState.objects.create(witness="市司法局", asked_at=record.opened_at, shown=shown)
    with pytest.raises(SealRefused, match="见证方“市司法局”出示了本机签过的"):
        seal_pending()


def test_a_changed_tile_is_refused_before_anything_is_signed(record: Record) -> None:
    act(record)
    tile = next(Path(settings.LOG).glob("tile/0/000*/*"))
    size = Leaf.objects.count() - 2
    tile = Path(settings.LOG) / f"tile/0/{size // 256:03d}.p/{size % 256}" if size % 256 else tile
    data = bytearray(tile.read_bytes())
    data[0] ^= 1
    (Path(settings.LOG) / "edge").write_bytes(size.to_bytes(8, "big"))
    tile.write_bytes(data)
    with pytest.raises(SealRefused, match="改过"):
        seal_pending()


def test_a_missing_key_is_not_replaced_by_a_new_one(record: Record, ledger: Path) -> None:
    (ledger / "keys/ledger.key").unlink()
    with pytest.raises(KeyFault, match="找不到存证签名密钥"):
        seal_pending()
    assert not (ledger / "keys/ledger.key").exists()
    assert any("ledger.key" in line for line in scrutiny.complaints())


def test_a_missing_head_beside_the_key_is_refused(record: Record, ledger: Path) -> None:
    (ledger / "keys/head").unlink()
    with pytest.raises(SealRefused, match="密钥目录可能是旧备份"):
        seal_pending()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.chmod(0o644), "chmod 600"),
        (lambda path: path.write_text("x"), "已损坏"),
        (lambda path: (path.unlink(), path.mkdir(mode=0o700)), "读不出来"),
    ],
)
def test_a_key_that_cannot_be_used_says_what_to_do(
    record: Record, ledger: Path, spoil: Any, words: str
) -> None:
    spoil(ledger / "keys/ledger.key")
    with pytest.raises(KeyFault, match=words):
        seal_pending()


def test_keys_are_for_their_owner_only(record: Record, ledger: Path) -> None:
    assert (ledger / "keys").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (ledger / "keys").iterdir()} == {0o600}
    (ledger / "keys").chmod(0o755)
    with pytest.raises(KeyFault, match="chmod 700"):
        keys.folder()


def test_the_name_of_a_begun_log_cannot_be_changed(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ORIGIN", "elsewhere.example/log")
    with pytest.raises(KeyFault, match="MINGZHENG_ORIGIN"):
        seal_pending()


def test_verify_names_the_act_whose_row_is_not_the_sealed_one(record: Record) -> None:
    one = act(record)
    seal_pending()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'records_act'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("UPDATE records_act SET commitment = %s WHERE id = %s", [bytes(32), one.pk])
    seal = reading.seals([one.pk])[one.pk]
    assert seal and list(scrutiny.ledger_faults()) == [
        f"行为 {one.pk} 与第 {seal.index} 号存证不一致。"
    ]
    with pytest.raises(reading.NotProvable, match="不一致"):
        reading.proof(Act.objects.get(pk=one.pk))


def test_after_erasure_the_leaf_stays_and_opens_nothing(record: Record) -> None:
    from mingzheng.records import acts as record_acts

    one = act(record)
    record_acts.append(
        record_acts.lock(record.pk),
        None,
        record_acts.Entry(kind="erasure.executed", subject=str(one.pk)),
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_actcontent WHERE act_id = %s", [one.pk])
    seal_pending()
    assert reading.seals([one.pk])[one.pk] is not None and list(scrutiny.ledger_faults()) == []
    with pytest.raises(reading.NotProvable, match="依法销毁"):
        reading.proof(Act.objects.get(pk=one.pk))


def test_an_entry_that_waits_too_long_is_told(record: Record) -> None:
    act(record)
    assert not [each for each in scrutiny.complaints() if "等待存证" in each]
    with clock.fixed(clock.now() + timedelta(minutes=5)):
        assert [each for each in scrutiny.complaints() if "等待存证" in each]
