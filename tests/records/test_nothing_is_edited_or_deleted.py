"""What was appended stays as it was: the models refuse, and below them the database."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from mingzheng.records import acts as record_acts
from mingzheng.records import sql
from mingzheng.records.calendars import load_calendar
from mingzheng.records.guard import AppendOnly, Guarded, Unchangeable
from mingzheng.records.models import Act, ActContent, Duty, EffectiveAct, Leaf, Record
from mingzheng.site.demo.play import at, who
from tests.cases.telling import case, do
from tests.clause import rule

pytestmark = pytest.mark.sql
NOTICE = (
    'year = 2027\ntitle = "测试"\n[[holiday]]\nname = "元旦"\nfrom = 2027-01-01\nto = 2027-01-03\n'
)
HIGHER = (
    "documents_draft",
    "documents_document",
    "disclosure_channelreceipt",
    "disclosure_publication",
    "archive_volume",
    "procedures_proposal",
)


@pytest.fixture
def record(bodies: dict[str, Any]) -> Record:
    """A bound case with a link, a loaded calendar and a moved deadline: a row in nearly every
    table.
    """
    journey = case(bodies).go("bound")
    found: Record = journey.play.record
    found.refresh_from_db()
    with at(journey.day, 18):
        load_calendar(who(bodies["wg"], "房敏"), NOTICE)
        record_acts.link(
            found, bodies["wg"].record, "follow-up", Act.objects.filter(record=found).latest("pk")
        )
    return found


MEMOED = {sql.RENAMED.get(table, table): columns for table, columns in sql.MEMOED.items()}


def run(statement: str) -> None:
    """One statement in a savepoint of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def refuses(statement: str) -> bool:
    """Whether the database refuses the statement because the record is append-only."""
    try:
        run(statement)
    except DatabaseError as error:
        assert "append-only" in str(error), error
        return True
    return False


@rule("WG-B2", "LM-2", "CX-2")
def test_every_act_is_two_rows_and_the_first_holds_no_personal_data(record: Record) -> None:
    acts = Act.objects.filter(record=record)
    assert acts.count() > 30
    assert ActContent.objects.filter(act__record=record).count() == acts.count()
    assert (
        Leaf.objects.filter(entry__in=acts.values("pk")).count()
        == EffectiveAct.objects.filter(record=record).count()
        == acts.count()
    )
    rows = json.dumps(
        [{name: str(value) for name, value in row.items()} for row in acts.values()],
        ensure_ascii=False,
    )
    for person in ("张三", "李四", "陈局", "牛晋川", "1380000", "汶泉"):
        assert person not in rows
    assert "张三" in "".join(
        ActContent.objects.filter(act__record=record).values_list("body", flat=True)
    )


def test_the_database_refuses_to_change_or_delete_what_was_appended(record: Record) -> None:
    for table in (*sql.FROZEN, *MEMOED, "records_actcontent", *HIGHER):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            rows = cursor.fetchone()[0]
        if table == "records_retiming":
            continue
        assert rows, f"{table} is empty, so nothing would be proved"
        assert refuses(f"DELETE FROM {table}"), table
        column = {
            "records_blob": "size",
            "records_holidaynotice": "year",
            "records_actcontent": "body",
        }.get(table, "agency_id")
        assert refuses(f"UPDATE {table} SET {column} = '777'"), table


def test_the_database_refuses_every_fixed_column_of_a_row_with_memos(record: Record) -> None:
    for table, columns in MEMOED.items():
        for column in columns:
            value = "id + 1" if column == "id" else "NULL"
            assert refuses(f'UPDATE {table} SET "{column}" = {value}'), f"{table}.{column}"


def test_a_memo_may_follow_the_record(record: Record) -> None:
    run(f"UPDATE records_record SET state = 'closed' WHERE id = {record.pk}")
    assert Record.objects.get(pk=record.pk).state == "closed"


def test_what_was_voided_stays_voided(record: Record) -> None:
    one, two = EffectiveAct.objects.filter(record=record, voided_by=None).order_by("pk")[:2]
    assert not refuses(
        f"UPDATE records_effectiveact SET voided_by_id = {two.act_id} WHERE id = {one.pk}"
    )
    assert refuses(f"UPDATE records_effectiveact SET voided_by_id = NULL WHERE id = {one.pk}")
    assert refuses(
        f"UPDATE records_effectiveact SET voided_by_id = {one.act_id} WHERE id = {one.pk}"
    )


def test_postgresql_refuses_to_truncate_too(record: Record) -> None:
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
        tables = (*sql.FROZEN, *MEMOED, "records_actcontent", *HIGHER)
        assert [table for table in tables if not refuses(f"TRUNCATE {table} CASCADE")] == []
    else:
        assert refuses("DELETE FROM records_act WHERE 1 = 1")


def test_content_leaves_only_with_an_erasure_that_names_it(record: Record) -> None:
    victim, other = Act.objects.filter(record=record).order_by("pk")[:2]
    assert refuses(f"DELETE FROM records_actcontent WHERE act_id = {victim.pk}")
    record_acts.append(
        record_acts.lock(record.pk),
        None,
        record_acts.Entry(kind="erasure.executed", subject=str(victim.pk)),
    )
    assert not refuses(f"DELETE FROM records_actcontent WHERE act_id = {victim.pk}")
    assert refuses(f"DELETE FROM records_actcontent WHERE act_id = {other.pk}")


def test_an_erasure_in_another_record_erases_nothing_here(
    record: Record, bodies: dict[str, Any]
) -> None:
    victim = Act.objects.filter(record=record).earliest("pk")
    elsewhere = record_acts.lock(bodies["wg"].record_id)
    record_acts.append(
        elsewhere, None, record_acts.Entry(kind="erasure.executed", subject=str(victim.pk))
    )
    assert refuses(f"DELETE FROM records_actcontent WHERE act_id = {victim.pk}")


def guarded() -> list[type[models.Model]]:
    """Every model that keeps rows for good."""
    return [model for model in apps.get_models() if issubclass(model, Guarded)]


def test_models_refuse_before_the_database_has_to(record: Record) -> None:
    seen = 0
    for model in guarded():
        row = model._default_manager.order_by("pk").first()
        if row is None:
            continue
        seen += 1
        with pytest.raises(Unchangeable):
            row.delete()
        with pytest.raises(Unchangeable):
            row.save()
        with pytest.raises(Unchangeable):
            model._default_manager.all().delete()
        fixed = next(
            field.name
            for field in model._meta.concrete_fields
            if not field.primary_key and field.name not in getattr(model, "memos", ())
        )
        with pytest.raises(Unchangeable):
            model._default_manager.update(**{fixed: None})
        with pytest.raises(Unchangeable):
            row.save(update_fields=[fixed])
        with pytest.raises(Unchangeable):
            model._default_manager.bulk_update([row], [fixed])
    assert seen >= 12


def held(action: str) -> set[str]:
    """Tables on which a trigger of the database stands against an action."""
    asked = {
        "sqlite": (
            "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%BEFORE"
            f" {action}%'"
        ),
        "postgresql": (
            "SELECT event_object_table FROM information_schema.triggers WHERE event_manipulation ="
            f" '{action}'"
        ),
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def test_every_append_only_table_is_frozen_in_the_database_too(db: None) -> None:
    tables = {model._meta.db_table for model in guarded() if issubclass(model, AppendOnly)}
    assert {"records_act", "records_head", "records_cosignature", "records_timestamp"} <= tables
    assert tables - held("UPDATE") == set() == tables - held("DELETE")
    assert "records_leaf" in held("UPDATE") and "jobs_job" not in held("DELETE")


def test_a_duty_row_is_never_removed_only_done_or_void(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    before = Duty.objects.filter(record=journey.play.record).count()
    do(
        journey,
        "officer.identified",
        officers=journey.play.officers_ids(),
        mode="shown",
        to="牛晋川",
        place="现场",
    )
    assert Duty.objects.filter(record=journey.play.record).count() >= before > 0
