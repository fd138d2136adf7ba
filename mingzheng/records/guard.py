"""Model guards: nothing appended is edited or deleted. Database triggers hold the same line."""

from __future__ import annotations

from typing import Any

from mingzheng.records.kept import Kept, KeptQuerySet


class Unchangeable(Exception):
    """Somebody tried to change what the record has already said."""


class GuardedQuerySet(KeptQuerySet[Any]):
    """A query set that can neither delete nor change what is not a memo."""

    def delete(self) -> Any:
        raise Unchangeable(
            f"{self.model.__name__}：记录只增不删。要纠正，请另作一个更正或者作废行为。"
        )

    def update(self, **changes: Any) -> int:
        refuse_changes(self.model, changes)
        return super().update(**changes)

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        refuse_changes(self.model, fields)
        return super().bulk_update(objs, fields, batch_size)


class Guarded(Kept):
    """A row of which only the named memos may change after it was written."""

    memos: tuple[str, ...] = ()
    objects = GuardedQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            fields = kwargs.get("update_fields")
            if not fields:
                raise Unchangeable(f"{type(self).__name__}：写入后不得整行改写。")
            refuse_changes(type(self), fields)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise Unchangeable(
            f"{type(self).__name__}：记录只增不删。要纠正，请另作一个更正或者作废行为。"
        )


class AppendOnly(Guarded):
    """A row that never changes at all."""

    class Meta:
        abstract = True


def refuse_changes(model: type[Any], fields: Any) -> None:
    """Raise Unchangeable when a field that is not a memo would change."""
    memos = set(getattr(model, "memos", ()))
    touched = {name.removesuffix("_id") for name in fields}
    kept = {name.removesuffix("_id") for name in memos}
    if touched - kept:
        names = "、".join(sorted(touched - kept))
        raise Unchangeable(f"{model.__name__}：{names} 写入后不得改写。")
