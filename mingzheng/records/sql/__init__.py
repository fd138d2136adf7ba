"""Triggers that hold the record below the application, for SQLite and PostgreSQL.

`frozen` tables take no UPDATE and no DELETE. `memoed` tables take no DELETE,
and an UPDATE only of their memo columns. `act_content` gives up a row only to
an `erasure.executed` act of the same record that names it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations

FROZEN = (
    "records_act",
    "records_link",
    "records_blob",
    "records_attachment",
    "records_adoptedpack",
    "records_holidaynotice",
    "records_retiming",
    "records_formuse",
)
MEMOED = {
    "records_record": (
        "id",
        "agency_id",
        "kind",
        "procedure",
        "pack",
        "classification",
        "code",
        "opened_at",
    ),
    "records_standing": (
        "id",
        "record_id",
        "agency_id",
        "act_id",
        "kind",
        "of",
        "subject",
        "happened_at",
    ),
    "records_duty": (
        "id",
        "record_id",
        "agency_id",
        "opened_by_id",
        "rule",
        "topic",
        "pack",
        "version",
        "by",
        "channel",
        "to",
        "party",
        "source",
        "text",
    ),
}
# Tables that later migrations gave another name.
RENAMED = {"records_standing": "records_effectiveact"}
_ERASED = (
    "EXISTS (SELECT 1 FROM records_act e JOIN records_act a ON a.record_id = e.record_id WHERE"
    " e.kind = 'erasure.executed' AND a.id = OLD.act_id AND e.subject = CAST(OLD.act_id AS {text}))"
)


class Statements(migrations.RunPython):
    """A migration step that speaks to the database alone. `run` is called with its editor; Django
    is spared its picture of all models, which takes a fifth of a second a step.
    """

    def __init__(self, run: Callable[[Any], None]) -> None:
        super().__init__(lambda apps, editor: run(editor), migrations.RunPython.noop)
        self.run = run

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Run it, without the models."""
        self.run(schema_editor)


def install() -> Statements:
    """A migration step: every trigger of the record's floor."""

    def run(editor: Any) -> None:
        make = _postgres if editor.connection.vendor == "postgresql" else _sqlite
        for statement in make():
            editor.execute(statement, params=None)

    return Statements(run)


def freeze(table: str) -> Statements:
    """A migration step that freezes one more table, for the floors above."""
    return _holding(table, ())


def keep(table: str, *columns: str) -> Statements:
    """A migration step: rows of `table` are never deleted, and these columns never change."""
    return _holding(table, columns)


def once(table: str, column: str, *fixed: str) -> Statements:
    """A migration step: `column` is set once and stays, the `fixed` ones never change, rows are
    never deleted.
    """

    def run(editor: Any) -> None:
        postgres = editor.connection.vendor == "postgresql"
        unlike = "IS DISTINCT FROM" if postgres else "IS NOT"
        changed = [f'OLD."{each}" {unlike} NEW."{each}"' for each in fixed]
        when = " OR ".join([f'OLD."{column}" IS NOT NULL', *changed])
        _hold(editor, table, when)

    return Statements(run)


def rising(table: str, column: str) -> Statements:
    """A migration step: `column` never goes down, rows are never deleted."""

    def run(editor: Any) -> None:
        _hold(editor, table, f'NEW."{column}" < OLD."{column}"')

    return Statements(run)


def never(table: str, when: str, name: str) -> Statements:
    """A migration step: a row of which `when` holds takes no UPDATE."""

    def run(editor: Any) -> None:
        make = _pg_trigger if editor.connection.vendor == "postgresql" else _lite_trigger
        editor.execute(make(table, "UPDATE", when, name), params=None)

    return Statements(run)


def undying(table: str) -> Statements:
    """A migration step: rows of `table` are never deleted; what changes is for others to say."""

    def run(editor: Any) -> None:
        postgres = editor.connection.vendor == "postgresql"
        make = _pg_trigger if postgres else _lite_trigger
        editor.execute(make(table, "DELETE", "", "delete"), params=None)
        if postgres:
            editor.execute(_pg_truncate(table), params=None)

    return Statements(run)


def watch(table: str, name: str, action: str, when: str, words: str) -> Statements:
    """A migration step: an INSERT or UPDATE of which `when` holds is refused with `words`. The
    condition may look at other rows, is the same text for both databases, and says dates as text.
    """

    def run(editor: Any) -> None:
        for statement in _watching(editor.connection.vendor, table, name, action, when, words):
            editor.execute(statement, params=None)

    return Statements(run)


def _watching(vendor: str, table: str, name: str, action: str, when: str, words: str) -> list[str]:
    called = f"{table}_{name}_{action.lower()}"
    before = f"CREATE TRIGGER {called} BEFORE {action} ON {table} FOR EACH ROW"
    if vendor != "postgresql":
        return [f"{before} WHEN {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"]
    # A WHEN of PostgreSQL looks at no other row, so the condition stands in a function.
    return [
        f"CREATE OR REPLACE FUNCTION mingzheng_{called}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {when} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation';"
        " END IF; RETURN NEW; END $$",
        f"{before} EXECUTE FUNCTION mingzheng_{called}()",
    ]


def rename_table(old: str, new: str, state: list[Any]) -> Any:
    """A migration step: a table takes another name, and Django is told by the operations `state`.

    Only the name: Django's own renaming of a model builds every table that points to it anew on
    SQLite, and a table built anew has lost its triggers. The database itself moves what points to
    the table.
    """
    return migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RunSQL(f"ALTER TABLE {old} RENAME TO {new}")],
        state_operations=state,
    )


def release(table: str, *more: str) -> Statements:
    """A migration step: let go of a table while its columns or its name change; the same migration
    holds it again. `more` are triggers beyond those against update, delete and truncate.
    """

    def run(editor: Any) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for name in ("update", "delete", "truncate", *more):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{name}{on}", params=None)

    return Statements(run)


def _hold(editor: Any, table: str, when: str) -> None:
    postgres = editor.connection.vendor == "postgresql"
    make = _pg_trigger if postgres else _lite_trigger
    editor.execute(make(table, "UPDATE", when, "update"), params=None)
    editor.execute(make(table, "DELETE", "", "delete"), params=None)
    if postgres:
        editor.execute(_pg_truncate(table), params=None)


def _holding(table: str, columns: tuple[str, ...]) -> Statements:
    def run(editor: Any) -> None:
        postgres = editor.connection.vendor == "postgresql"
        unlike = "IS DISTINCT FROM" if postgres else "IS NOT"
        _hold(
            editor,
            table,
            " OR ".join(f'OLD."{column}" {unlike} NEW."{column}"' for column in columns),
        )

    return Statements(run)


def _sqlite() -> list[str]:
    out = []
    for table in FROZEN:
        out += [_lite_trigger(table, action, "", action.lower()) for action in ("UPDATE", "DELETE")]
    for table, columns in MEMOED.items():
        changed = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in columns)
        out += [
            _lite_trigger(table, "UPDATE", changed, "update"),
            _lite_trigger(table, "DELETE", "", "delete"),
        ]
    out.append(
        _lite_trigger("records_standing", "UPDATE", "OLD.voided_by_id IS NOT NULL", "unvoid")
    )
    out.append(_lite_trigger("records_actcontent", "UPDATE", "", "update"))
    out.append(
        _lite_trigger(
            "records_actcontent", "DELETE", "NOT " + _ERASED.format(text="TEXT"), "delete"
        )
    )
    return out


def _lite_trigger(table: str, action: str, when: str, name: str) -> str:
    clause = f"WHEN {when} " if when else ""
    return (
        f"CREATE TRIGGER {table}_no_{name} BEFORE {action} ON {table} FOR EACH ROW {clause}"
        f"BEGIN SELECT RAISE(ABORT, '{table}: the record is append-only'); END"
    )


def _postgres() -> list[str]:
    out = [
        "CREATE OR REPLACE FUNCTION mingzheng_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '%: the record is append-only', TG_TABLE_NAME; END $$"
    ]
    for table in FROZEN:
        out += [_pg_trigger(table, action, "", action.lower()) for action in ("UPDATE", "DELETE")]
        out.append(_pg_truncate(table))
    for table, columns in MEMOED.items():
        changed = " OR ".join(
            f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns
        )
        out += [
            _pg_trigger(table, "UPDATE", changed, "update"),
            _pg_trigger(table, "DELETE", "", "delete"),
        ]
        out.append(_pg_truncate(table))
    out.append(_pg_trigger("records_standing", "UPDATE", "OLD.voided_by_id IS NOT NULL", "unvoid"))
    out.append(_pg_trigger("records_actcontent", "UPDATE", "", "update"))
    out.append(_pg_truncate("records_actcontent"))
    # PostgreSQL allows no subquery in a trigger's WHEN, so the erasure test is a function.
    out.append(
        "CREATE OR REPLACE FUNCTION mingzheng_refuse_unerased() RETURNS trigger LANGUAGE plpgsql"
        f" AS $$ BEGIN IF {_ERASED.format(text='TEXT')} THEN RETURN OLD; END IF; RAISE EXCEPTION"
        " '%: the record is append-only', TG_TABLE_NAME; END $$"
    )
    out.append(
        "CREATE TRIGGER records_actcontent_no_delete BEFORE DELETE ON records_actcontent "
        "FOR EACH ROW EXECUTE FUNCTION mingzheng_refuse_unerased()"
    )
    return out


def _pg_trigger(table: str, action: str, when: str, name: str) -> str:
    clause = f"WHEN ({when}) " if when else ""
    return (
        f"CREATE TRIGGER {table}_no_{name} BEFORE {action} ON {table} "
        f"FOR EACH ROW {clause}EXECUTE FUNCTION mingzheng_refuse()"
    )


def _pg_truncate(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION mingzheng_refuse()"
    )
