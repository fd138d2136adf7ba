"""Whoever changes, removes or adds a row of a kept table behind the platform's back is found, and the
table and the row are named: every table × every column. The triggers are dropped first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models, transaction

from mingzheng.records import effects, kept
from tests.cases.telling import case
from tests.clause import rule


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever happens within is undone, the dropped triggers too."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def drop_triggers() -> None:
    """As somebody would who may write to the file."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute(
                "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal"
            )
            for name, table in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name} ON {table}")


def another(field: Any, value: Any) -> Any:
    """Some other value that the column takes."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, models.JSONField):
        return {"changed": True} if value != {"changed": True} else []
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.BinaryField):
        return bytes(value or b"") + b"x"
    if isinstance(field, models.PositiveSmallIntegerField):
        return (value or 0) + 101
    if isinstance(field, models.IntegerField):
        # Far from any other row's, where the column is unique.
        return (value or 0) + 1_000_003
    if isinstance(field, models.DecimalField):
        return (value or 0) + 1
    if isinstance(field, (models.DateField, models.DateTimeField)):
        from mingzheng.core import clock

        now = clock.now() if isinstance(field, models.DateTimeField) else clock.today()
        return (value or now) - timedelta(days=1)
    text = str(value or "")
    if field.max_length and len(text) >= field.max_length:
        return text[:-1] + ("y" if text[-1] == "x" else "x")
    return text + "x"


def write(model: Any, key: Any, column: str, field: Any, value: Any) -> None:
    """Change one value, past every guard of the models."""
    made = field.get_db_prep_value(value, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{model._meta.db_table}" SET "{column}" = %s'
            f' WHERE "{model._meta.pk.column}" = %s',
            [made, model._meta.pk.get_db_prep_value(key, connection)],
        )
        assert cursor.rowcount == 1


def made_up(model: Any) -> Any:
    """A row of a table of which this story leaves none, written as the platform writes."""
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.AutoField) or field.has_default() or field.null:
            continue
        if isinstance(field, models.ForeignKey):
            target = field.related_model._base_manager.first() or made_up(field.related_model)
            values[field.attname] = target.pk
        else:
            values[field.attname] = another(field, None)
    row = model(**values)
    row.save(force_insert=True)
    return row


@pytest.fixture
def played(bodies: dict[str, Any]) -> Iterator[effects.Fold]:
    """A penalty from clue to archive, the triggers dropped, and what its effects say."""
    case(bodies, hearing=True).go("bound")
    drop_triggers()
    with effects.Fold() as fold:
        assert list(fold.follow()) == []
        yield fold


def trials(fold: effects.Fold) -> tuple[int, list[str]]:
    """How much was tried, and what was not found or named wrongly."""
    tried, missed = 0, []
    for model in kept.models_kept():
        name, pk = model._meta.db_table, model._meta.pk
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        assert list(effects.faults_of(fold, model)) == [], name
        if not keys:
            keys = [made_up(model).pk]
            list(fold.follow(fold.newest))
        key = keys[len(keys) // 2]
        row = model._base_manager.get(pk=key)
        for field in model._meta.concrete_fields:
            if field.primary_key:
                continue
            tried += 1
            with taken_back():
                write(model, key, field.column, field, another(field, getattr(row, field.attname)))
                found = [(each.table, each.id) for each in effects.faults_of(fold, model)]
            if found != [(name, key)]:
                missed.append(f"{name}.{field.column}: {found}")
        tried += 1
        with taken_back(), connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{name}" WHERE "{pk.column}" = %s', [key])
            found = [(each.table, each.id, each.what) for each in effects.faults_of(fold, model)]
            if found != [(name, key, effects.MISSING)]:
                missed.append(f"{name} removed: {found}")
        if isinstance(pk, models.IntegerField) and not isinstance(pk, models.ForeignKey):
            tried += 1
            with taken_back():
                fresh = max(keys) + 1
                write(model, key, pk.column, pk, fresh)
                found = {(each.id, each.what) for each in effects.faults_of(fold, model)}
            if found != {(key, effects.MISSING), (fresh, effects.ADDED)}:
                missed.append(f"{name} added: {found}")
    return tried, missed


@rule("LM-2", "WG-B2", "CX-2")
def test_every_value_of_every_kept_row_is_bound(played: effects.Fold) -> None:
    tried, missed = trials(played)
    assert missed == []
    assert tried > 700
