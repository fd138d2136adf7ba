"""Kept rows: whatever a person reads, or a gate or duty compares. Each change of one is part of the
effect of its transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any, TypeVar

from django.apps import apps
from django.db import models
from django.utils import timezone

from mingzheng.records import unit

M = TypeVar("M", bound=models.Model, covariant=True)
_NOTHING = object()


class KeptQuerySet(models.QuerySet[M]):
    """Writes of many rows at once, each of which is seen."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        if kwargs.get("ignore_conflicts") or kwargs.get("update_conflicts"):
            raise NotImplementedError("which rows were written would not be known")
        with unit.joined() as open_unit:
            made: list[Any] = super().bulk_create(objs, *args, **kwargs)
            if not _works(self):
                for row in made:
                    wrote(open_unit, row)
            return made

    def update(self, **changes: Any) -> int:
        if _works(self):
            return super().update(**changes)
        with unit.work() as open_unit:
            keys = list(
                self.order_by().select_for_update(of=("self",)).values_list("pk", flat=True)
            )
            if not keys:
                return 0
            changed: int = super().update(**changes)
            open_unit.rows.update(((self.model, key), unit.READ) for key in keys)
            return changed

    def delete(self) -> Any:
        if _works(self):
            return super().delete()
        with unit.work() as open_unit:
            keys = list(self.order_by().values_list("pk", flat=True))
            answer = super().delete()
            open_unit.rows.update(((self.model, key), unit.GONE) for key in keys)
            return answer


def _works(rows: models.QuerySet[Any]) -> bool:
    return bool(getattr(rows.model, "working", ""))


class Kept(models.Model):
    """A row that is kept. `by_itself` is the reason for which its table may be written without an
    act, `born_alone` the one for which rows may be made, but not changed, without; empty where they
    may not. `working` is the reason for which its rows are no part of effects.
    What is `covered` is proved by its signature and written after the leaves: an effect once a day
    binds what has come. `digested_as` are columns that had another name when old rows were digested.
    """

    by_itself = ""
    born_alone = ""
    working = ""
    covered = False
    digested_as: Mapping[str, str] = {}
    objects = KeptQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.working:
            super().save(*args, **kwargs)
            return
        with unit.joined() as open_unit:
            new = self._state.adding
            super().save(*args, **kwargs)
            if new:
                wrote(open_unit, self)
            else:
                open_unit.rows[type(self), self.pk] = unit.READ

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with unit.work() as open_unit:
            key = self.pk
            answer = super().delete(*args, **kwargs)
            open_unit.rows[type(self), key] = unit.GONE
            return answer


def wrote(open_unit: unit.Unit, row: Any) -> None:
    """A row was written as memory has it."""
    values = []
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if hasattr(value, "resolve_expression"):
            open_unit.rows[type(row), row.pk] = unit.READ
            return
        if isinstance(field, models.JSONField) and value is not None:
            # As the database gives it back: tuples are lists there, and keys are text.
            value = json.loads(json.dumps(value, cls=field.encoder))
        values.append(value)
    open_unit.rows[type(row), row.pk] = text_of(type(row), values)


def save_whole(row: Any, fields: list[str]) -> None:
    """Change fields of a row that was read whole under the lock: memory says what is written, unless
    somebody else changed the row meanwhile.
    """
    with unit.joined() as open_unit:
        key = (type(row), row.pk)
        elsewhere = open_unit.rows.get(key) is unit.READ
        row.save(update_fields=fields)
        if not elsewhere:
            wrote(open_unit, row)


def removed(model: type[Any], key: Any) -> None:
    """A row was removed by a statement of the room's own."""
    with unit.joined() as open_unit:
        open_unit.rows[model, key] = unit.GONE


def models_kept() -> list[type[Kept]]:
    """Every model whose rows are kept, by the name of its table."""
    found = [model for model in apps.get_models() if issubclass(model, Kept) and not model.working]
    return sorted(found, key=lambda model: model._meta.db_table)


def models_covered() -> list[type[Kept]]:
    """Those that an effect binds once a day."""
    return [model for model in apps.get_models() if issubclass(model, Kept) and model.covered]


def read(model: type[Any], keys: list[Any]) -> dict[Any, str]:
    """The texts of rows as the database has them now, by key."""
    return dict(_texts(model, model._base_manager.filter(pk__in=keys)))


def every(model: type[Any], after: Any = None) -> Iterator[tuple[Any, str]]:
    """Key and text of every row beyond `after`, in the order of keys."""
    rows = model._base_manager.order_by("pk")
    return _texts(model, rows if after is None else rows.filter(pk__gt=after))


def _texts(model: type[Any], rows: models.QuerySet[Any]) -> Iterator[tuple[Any, str]]:
    names = [field.attname for field in model._meta.concrete_fields]
    at = names.index(model._meta.pk.attname)
    for row in rows.values_list(*names).iterator(chunk_size=2000):
        yield row[at], text_of(model, row)


def text_of(model: type[Any], values: Iterable[Any]) -> str:
    """The JSON of a row: its table, and every column that is neither empty nor at its default, so
    that a column added later leaves old texts as they were. Keys in the order of their code points.
    """
    said: dict[str, Any] = {}
    for (name, plain, empty), value in zip(_columns(model), values, strict=True):
        if value is not None and (made := plain(value)) != empty:
            said[name] = made
    table = model._meta.db_table
    return json.dumps([table, said], ensure_ascii=False, sort_keys=True, separators=(",", ":"))


_known: dict[Any, list[tuple[str, Callable[[Any], Any], Any]]] = {}


def _columns(model: Any) -> list[tuple[str, Callable[[Any], Any], Any]]:
    """Of each column its name in the text, how a value is said, and what is left out."""
    if model not in _known:
        _known[model] = [
            (model.digested_as.get(field.column, field.column), _plain(field), _empty(field))
            for field in model._meta.concrete_fields
        ]
    return _known[model]


def _empty(field: Any) -> Any:
    """What counts as not said. Where a column may be null nothing else does: nothing and empty are
    two values there.
    """
    if field.null:
        return _NOTHING
    if field.primary_key or not field.has_default():
        return ""
    made = field.default() if field.default in (list, dict) else field.default
    return made if isinstance(made, (str, int, list, dict)) else ""


def _plain(field: Any) -> Callable[[Any], Any]:
    """How a value of this column is said, the same however it came: from memory, from SQLite or from
    PostgreSQL.
    """
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, models.JSONField):
        return lambda value: value
    if isinstance(field, models.BinaryField):
        return lambda value: bytes(value).hex()
    if isinstance(field, models.BooleanField):
        return lambda value: bool(field.to_python(value))
    if isinstance(field, models.IntegerField):
        return int
    if isinstance(field, models.DecimalField):
        return lambda value: f"{field.to_python(value):.{field.decimal_places}f}"
    if isinstance(field, models.DateTimeField):
        return lambda value: _moment(field.to_python(value))
    if isinstance(field, (models.DateField, models.TimeField)):
        return lambda value: field.to_python(value).isoformat()
    return str


def _moment(value: Any) -> str:
    aware = value if timezone.is_aware(value) else timezone.make_aware(value)
    return str(aware.astimezone(UTC).isoformat())
