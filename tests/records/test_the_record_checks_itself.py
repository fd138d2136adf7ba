"""`mingzheng verify` is silent when all is well, and names each kind of tampering."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection

from mingzheng.core.canonical import canonical, commitment
from mingzheng.records import acts as record_acts
from mingzheng.records import erasing, store
from mingzheng.records.acts import committed
from mingzheng.records.models import Act, Blob, EffectiveAct, Record
from mingzheng.records.unit import work
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.play import at
from tests.cases.telling import case
from tests.clause import rule


@pytest.fixture
def record(bodies: dict[str, Any]) -> Record:
    """A case with evidence on file."""
    journey = case(bodies).go("ended")
    found: Record = journey.play.record
    found.refresh_from_db()
    return found


def tamper(table: str, statement: str) -> None:
    """What somebody with the database's own password could do: the triggers first, then the row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(statement)


def found() -> str:
    """Everything that verify says."""
    return "\n".join(verify_all())


@rule("WG-B2", "LM-2", "CX-2")
def test_an_untouched_record_agrees_with_itself(record: Record) -> None:
    assert found() == ""


def test_commitments_are_recomputed_from_row_salt_and_content(record: Record) -> None:
    for act in Act.objects.filter(record=record).select_related("content"):
        again = commitment(
            bytes(act.content.salt), canonical(committed(act, json.loads(act.content.body)))
        )
        assert again == bytes(act.commitment) and len(again) == 32


def test_an_edited_content_is_found(record: Record) -> None:
    act = Act.objects.filter(record=record, kind="party.questioned").latest("pk")
    tamper(
        "records_actcontent",
        "UPDATE records_actcontent SET body = replace(body, '张三', '王五') WHERE act_id ="
        f" {act.pk}",
    )
    assert f"行为 {act.pk} 的内容与登记的指纹不一致" in found()


def test_an_edited_time_or_kind_is_found(record: Record) -> None:
    act = Act.objects.filter(record=record, kind="party.questioned").latest("pk")
    tamper(
        "records_act",
        f"UPDATE records_act SET happened_at = '2026-04-01 01:00:00' WHERE id = {act.pk}",
    )
    assert f"行为 {act.pk} 的内容与登记的指纹不一致" in found()


def test_a_flipped_state_is_found(record: Record) -> None:
    Record.objects.filter(pk=record.pk).update(state="served")
    assert "按记录重放应为“deciding”" in found()


def test_a_hidden_deadline_is_found(record: Record) -> None:
    Record.objects.filter(pk=record.pk).update(due=None)
    assert "最近期限与期限表不符" in found()


def test_a_removed_content_without_erasure_is_found(record: Record) -> None:
    act = Act.objects.filter(record=record).latest("pk")
    tamper("records_actcontent", f"DELETE FROM records_actcontent WHERE act_id = {act.pk}")
    assert f"行为 {act.pk} 的内容不见了" in found()


def test_a_lawful_erasure_is_no_disagreement(record: Record) -> None:
    act = Act.objects.filter(record=record).earliest("pk")
    with work():
        record_acts.append(
            record_acts.lock(record.pk),
            None,
            record_acts.Entry(kind="erasure.executed", subject=str(act.pk)),
        )
        erasing.destroy_content(act)
    assert found() == ""


def test_a_forged_standing_is_found(record: Record) -> None:
    row = EffectiveAct.objects.filter(record=record, kind="party.questioned").latest("pk")
    tamper(
        "records_effectiveact",
        f"UPDATE records_effectiveact SET kind = 'review.passed' WHERE id = {row.pk}",
    )
    assert f"行为 {row.act_id} 的效力登记与行为不符" in found()


def test_a_removed_file_is_found(record: Record) -> None:
    blob = Blob.objects.earliest("pk")
    path = store.path_of(blob.pk)
    kept = path.read_bytes()
    path.unlink()
    try:
        assert f"文件 {blob.pk} 缺失" in found()
    finally:
        path.write_bytes(kept)


def test_one_flipped_byte_of_a_file_is_found(record: Record) -> None:
    blob = Blob.objects.earliest("pk")
    path = store.path_of(blob.pk)
    kept = path.read_bytes()
    path.write_bytes(bytes([kept[0] ^ 1]) + kept[1:])
    try:
        assert f"文件 {blob.pk} 缺失或者与登记的指纹不一致" in found()
        with pytest.raises(store.StoreError, match="已停止提供"):
            store.read(blob.pk)
    finally:
        path.write_bytes(kept)


def test_acts_of_one_record_follow_each_other_though_the_clock_is_set_back(record: Record) -> None:
    heads = []
    for day in ("2026-06-02", "2026-06-03", "2026-06-02"):
        with at(day, 9):
            for _ in range(3):
                record.refresh_from_db()
                heads.append(
                    record_acts.append(
                        record_acts.lock(record.pk), None, record_acts.Entry(kind="duty.urged")
                    ).pk
                )
    assert heads == sorted(heads) and found() == ""


def test_an_act_that_comes_in_meanwhile_is_no_disagreement(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row read before its newest act is read again, alone, before anything is said."""
    from mingzheng.records import verify

    journey = case(bodies).go("opened")
    stale = Record.objects.get(pk=journey.play.record.pk)
    stale.head = stale.head - 1
    assert list(verify._replay(stale)) != []
    seen: list[int] = []
    real = verify._replay

    def first_is_stale(record: Record) -> Any:
        if record.pk == stale.pk and not seen:
            seen.append(record.pk)
            return real(stale)
        return real(record)

    monkeypatch.setattr(verify, "_replay", first_is_stale)
    assert list(verify.verify_all()) == [] and seen == [stale.pk]
