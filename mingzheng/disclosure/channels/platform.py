"""省行政执法监督平台: what matters say about themselves as checked rows of the platform's tables,
and the file that it takes.

Tables, columns and codes are lists of the agency's pack (`platform/…`); which words fill them
is said by the chapters (`procedures.reporting`). A faulty row is told and left out, and what
belongs to it with it.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.core.redaction import cover
from mingzheng.disclosure import redaction
from mingzheng.disclosure.channels import platform_checks, tables
from mingzheng.disclosure.channels.packages import STILL, Package
from mingzheng.procedures import reporting
from mingzheng.records import law
from mingzheng.records.models import Record

NAME = "省行政执法监督平台"
PREFIX, LISTED, CODED, SEVERAL = "platform/", "platform/tables", "code:", "codes:"
STANDING = "standing"
# The word of a code list for what has no code of its own; its row may name a column for the own
# words.
OTHER = "other"
INFORMANT = "informant"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Table:
    """A table of the platform: `title` is its own name, `of` the table that it belongs to, `field`
    the column that ties it there.
    """

    id: str
    name: str
    title: str
    kind: str
    of: str
    field: str


@dataclass(frozen=True)
class Row:
    """One row: whose, of which table, column → text as the platform wants it, what is wrong with
    it.

    `follows` says that it stays only because the row that it belongs to does.
    """

    record: Record | None
    table: Table
    columns: Mapping[str, str]
    faults: tuple[str, ...]
    follows: bool = False

    @property
    def goes(self) -> bool:
        """Whether it goes out."""
        return not self.faults and not self.follows


class Lists:
    """The platform's tables, columns and codes as an agency's pack has them on a day."""

    def __init__(self, agency: Agency, on: date) -> None:
        self.regime, self.on = law.regime_of(agency.pk, agency.pack), on
        self.tables = {
            str(row["id"]): Table(
                str(row["id"]),
                str(row["name"]),
                str(row["title"]),
                str(row["kind"]),
                str(row.get("of", "")),
                str(row["field"]),
            )
            for row in self._rows(LISTED, {})
        }
        self._codes: dict[str, dict[str, Mapping[str, Any]]] = {}
        self._columns: dict[tuple[str, str, str], Sequence[Mapping[str, Any]]] = {}

    def _rows(self, id: str, facts: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.regime.rows(id, self.on, facts).rows
        return found

    def columns(self, table: str, kind: str = "", party: str = "") -> Sequence[Mapping[str, Any]]:
        """The columns of a table in order; those that such a matter of such a counterpart has to
        fill say so in `need`.
        """
        key = (table, kind, party)
        if key not in self._columns:
            self._columns[key] = self._rows(
                PREFIX + table,
                {name: word for name, word in (("kind", kind), ("party", party)) if word},
            )
        return self._columns[key]

    def codes(self, shape: str) -> dict[str, Mapping[str, Any]]:
        """Our word → row of the code list that a coded column names."""
        id = shape.partition(":")[2]
        if id not in self._codes:
            self._codes[id] = {str(row["id"]): row for row in self._rows(id, {})}
        return self._codes[id]

    def coded(
        self, wanted: Sequence[Mapping[str, Any]], words: Mapping[str, str]
    ) -> dict[str, str]:
        """Our words as the platform's codes; what has no code is 其他 with its own words, where
        the list has such a row.
        """
        out = {name: _UNWRITABLE.sub("", text).strip() for name, text in words.items()}
        for each in wanted:
            shape, id = str(each.get("text", "")), str(each["id"])
            if not shape.startswith((CODED, SEVERAL)) or not out.get(id):
                continue
            held, given = (
                self.codes(shape),
                (out[id].split(";") if shape.startswith(SEVERAL) else [out[id]]),
            )
            out[id] = ",".join(
                dict.fromkeys(
                    str(row["text"]) for word in given if (row := held.get(word) or held.get(OTHER))
                )
            )
            own = [word for word in given if word not in held]
            if own and held.get(OTHER, {}).get("field"):
                out[str(held[OTHER]["field"])] = "；".join(own)
        return out


@dataclass(frozen=True)
class Told:
    """What would go out: every table of the platform, every row of the matters, sound or not."""

    lists: Lists
    rows: tuple[Row, ...]

    def sound(self, table: Table) -> list[Row]:
        """The rows of a table that go out."""
        return [row for row in self.rows if row.table == table and row.goes]

    def staying(self) -> list[Row]:
        """The rows that stay here."""
        return [row for row in self.rows if not row.goes]

    def faulty(self) -> list[tuple[Row, list[Row], int]]:
        """Matter by matter: (its first row that stays, those at fault themselves, how many stay
        with them).
        """
        found: dict[int | str, list[Row]] = {}
        for row in self.staying():
            found.setdefault(row.record.pk if row.record else row.table.id, []).append(row)
        return [
            (rows[0], [row for row in rows if row.faults], sum(not row.faults for row in rows))
            for rows in found.values()
        ]

    def counts(self) -> list[tuple[Table, int, int]]:
        """(table, rows that go, rows that stay) of every table that has any."""
        found = [
            (
                table,
                len(self.sound(table)),
                sum(row.table == table and not row.goes for row in self.rows),
            )
            for table in self.lists.tables.values()
        ]
        return [each for each in found if each[1] or each[2]]

    @property
    def good(self) -> int:
        """How many rows go out."""
        return sum(row.goes for row in self.rows)


def gather(
    agency: Agency, records: Iterable[Record], standing: reporting.Tables | None = None
) -> Told:
    """Checked rows of these records, in order; with `standing`, those of the agency itself too."""
    today = clock.today()
    lists, seen, rows = Lists(agency, today), platform_checks.Seen(), []
    for record in records:
        if said := reporting.tables(record, today):
            rows += _of(lists, said, record, seen)
    rows += _of(lists, standing or {}, None, seen)
    return Told(lists, tuple(rows))


def _of(
    lists: Lists, said: reporting.Tables, record: Record | None, seen: platform_checks.Seen
) -> list[Row]:
    out: list[Row] = []
    unsound: set[tuple[str, str]] = set()
    # The platform knows one counterpart a case, the first.
    party = (
        record.parties.filter(until=None).exclude(role="interested").order_by("pk").first()
        if record
        else None
    )
    asked = (record.kind if record else "", party.kind if party else "")
    secret = record is not None and any(
        each.role == INFORMANT for each in redaction.known_of(record)
    )
    for table in (each for each in lists.tables.values() if each.id in said):
        wanted = lists.columns(table.id, *asked)
        for words in said[table.id]:
            columns = lists.coded(lists.columns(table.id), words)
            columns = unnamed(record, columns) if record and secret else columns
            faults = (
                *platform_checks.faults(wanted, columns, lists.codes, lists.on),
                *seen.twice(table.id, wanted, columns),
            )
            tie = columns.get(table.field, "")
            if faults:
                unsound.add((table.id, tie))
            out.append(Row(record, table, columns, faults, follows=(table.of, tie) in unsound))
    return out


def unnamed(record: Record, columns: dict[str, str]) -> dict[str, str]:
    """The same row with whoever reported the matter covered, wherever his name or number was
    written.
    """
    sources = redaction.sources_of(record, **columns)
    found = [each for each in sources.passages() if each.span.kind == INFORMANT]
    faces = sources.faces(found)
    return {
        name: cover(text, [each.span for each in found if each.part == name], sources.reads, faces)
        for name, text in columns.items()
    }


def package(
    told: Told, agency: Agency, what: Mapping[str, str], name: str
) -> tuple[Package, dict[str, Any]]:
    """One ZIP with a workbook a table and a manifest (also returned): `what` says the period or
    the case.
    """
    out, entries = io.BytesIO(), []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for table in told.lists.tables.values():
            rows = told.sound(table)
            if not rows:
                continue
            data = tables.workbook(
                table.title, told.lists.columns(table.id), [row.columns for row in rows]
            )
            book.writestr(zipfile.ZipInfo(f"{table.title}.xlsx", STILL), data, zipfile.ZIP_DEFLATED)
            entries.append(
                {
                    "table": table.title,
                    "name": table.name,
                    "file": f"{table.title}.xlsx",
                    "rows": len(rows),
                    "sha256": hashlib.sha256(data).hexdigest(),
                }
            )
        manifest = {
            "platform": NAME,
            "agency": agency.name,
            "agency_code": agency.uscc,
            **what,
            "made_at": clock.now().isoformat(timespec="seconds"),
            "left_out": len(told.staying()),
            "tables": entries,
        }
        book.writestr(
            zipfile.ZipInfo("manifest.json", STILL),
            json.dumps(manifest, ensure_ascii=False, indent=1),
            zipfile.ZIP_DEFLATED,
        )
    return Package(name, "application/zip", out.getvalue()), manifest
