"""Which rules judge a matter, and how its record reads to them; what they answer is asked of the
`Situation`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import TextField, Value
from django.db.models.functions import Cast

from mingzheng.core import workdays
from mingzheng.core.clock import local, today
from mingzheng.core.regimes import History, Major, PastAct, Regime, load_texts
from mingzheng.core.workdays import Calendar
from mingzheng.records.models import Act, AdoptedPack, Duty, EffectiveAct, HolidayNotice, Record
from mingzheng.records.refusal import Ground, Refused
from mingzheng.records.words import PLATFORM_ACTS


@dataclass(frozen=True)
class Rules:
    """The rules in force at an agency now, and the calendar by which they count days."""

    regime: Regime | None
    calendar: Calendar


def rules(record: Record) -> Rules:
    """The regime and the calendar that judge a record, in one statement; no regime for records
    that no pack governs.
    """
    if not record.pack:
        return Rules(None, calendar())
    newest = AdoptedPack.objects.filter(agency_id=record.agency_id, pack=record.pack)
    adopted = AdoptedPack.objects.filter(pk=newest.order_by("-pk").values("pk")[:1])
    rows = list(
        adopted.order_by()
        .values_list(Value(0), "pk", Cast("version", TextField()))
        .union(HolidayNotice.objects.order_by().values_list(Value(1), "pk", "text"), all=True)
    )
    versions = [text for notice, _, text in rows if not notice]
    if not versions:
        raise _none_adopted(record.pack)
    notices = tuple(text for _, _, text in sorted(row for row in rows if row[0]))
    return Rules(_loaded(record.agency_id, record.pack, versions[0]), _calendar(notices))


def governing(record: Record) -> Regime | None:
    """The adopted regime of the record's agency; None for records that no pack governs."""
    return regime(record) if record.pack else None


def regime(record: Record) -> Regime:
    """The adopted regime of the record's agency; Refused when none was adopted."""
    return regime_of(record.agency_id, record.pack)


def regime_of(agency_id: int, pack: str) -> Regime:
    """The newest adopted version of `pack` at this agency; Refused when none was adopted."""
    row = (
        AdoptedPack.objects.filter(agency_id=agency_id, pack=pack)
        .order_by("-pk")
        .values_list("version", flat=True)
        .first()
    )
    if row is None:
        raise _none_adopted(pack)
    return _loaded(agency_id, pack, row)


def regime_adopted(row: AdoptedPack) -> Regime:
    """The regime of an adoption that was read already."""
    return _loaded(row.agency_id, row.pack, row.version)


def _none_adopted(pack: str) -> Refused:
    return Refused("本机关还没有采用规则包", (Ground(f"请先由法制机构采用规则包 {pack}。"),))


@lru_cache(maxsize=64)
def _loaded(agency_id: int, pack: str, version: str) -> Regime:
    # Read from the adopted row itself, so an upgraded installation still judges by what was
    # adopted, and by nothing that a disk altered.
    adopted = AdoptedPack.objects.filter(agency_id=agency_id, pack=pack, version=version).latest(
        "pk"
    )
    return load_texts(adopted.files).regime(pack)


def calendar() -> Calendar:
    """The shipped State Council calendars with every notice loaded since."""
    notices = tuple(HolidayNotice.objects.order_by("pk").values_list("text", flat=True))
    return _calendar(notices)


@lru_cache(maxsize=4)
def _calendar(notices: tuple[str, ...]) -> Calendar:
    made = workdays.Calendar.shipped()
    for text in notices:
        made = made.with_notice(tomllib.loads(text))
    return made


class Holding(NamedTuple):
    """One act as the record holds it: what it was, whether it moved the matter on, and which later
    act took its effect away.
    """

    pk: int
    act: int
    kind: str
    of: str
    subject: str
    happened_at: datetime
    attrs: dict[str, Any]
    moved_to: str
    voided_by: int | None
    voiding: str | None
    voiding_of: str | None

    @property
    def stands(self) -> bool:
        """Whether nothing has taken its effect away."""
        return self.voided_by is None

    @property
    def on(self) -> date:
        """The day it happened."""
        return local(self.happened_at).date()


def holdings(record: Record) -> tuple[Holding, ...]:
    """Every act of a record in the order in which they happened, in one statement."""
    rows = (
        EffectiveAct.objects.filter(record=record)
        .order_by("happened_at", "act_id")
        .values_list(
            "pk",
            "act_id",
            "kind",
            "of",
            "subject",
            "happened_at",
            "attrs",
            "act__to_state",
            "voided_by_id",
            "voided_by__kind",
            "voided_by__of",
        )
    )
    return tuple(Holding(*row) for row in rows)


def story_of(
    held: Sequence[Holding], assuming: Sequence[tuple[str, str]] = (), on: date | None = None
) -> History:
    """What of these acts still stands, as the rule engine reads it.

    `assuming` adds acts that have not happened, to ask what else would be missing then.
    """
    # The platform's own acts (somebody looked, a sheet was read) are no words of any rule.
    return History(
        [
            PastAct(
                act=row.kind,
                on=row.on,
                at=local(row.happened_at),
                of=row.of,
                subject=row.subject,
                id=row.act,
                attrs=row.attrs,
            )
            for row in held
            if row.stands and row.kind not in PLATFORM_ACTS
        ]
        + [PastAct(act=kind, of=of, on=on or date.min) for kind, of in assuming]
    )


def history(
    record: Record, assuming: Sequence[tuple[str, str]] = (), on: date | None = None
) -> History:
    """The acts of a record that still stand, read now."""
    return story_of(holdings(record), assuming, on)


def asked(of: str, facts: Mapping[str, Any], held: History | None = None) -> dict[str, Any]:
    """The facts a rule is asked with: those of the matter, what the act is about, what the record
    holds.
    """
    # An act without a qualifier is about nothing in particular: known, not unknown.
    more: dict[str, Any] = {"of": of}
    if held is not None:
        more["holds"] = held.kinds()
    return {**facts, **more}


def major(record: Record, facts: Mapping[str, Any]) -> Major:
    """Whether the decision of this record is major today, and why (处罚法58 and the agency's own
    list).
    """
    return regime(record).major(today(), asked("", facts, history(record)))


def void(standing: EffectiveAct, by: Act) -> None:
    """Mark a standing as no longer holding, and void the duties that only it had opened."""
    standing.voided_by = by
    standing.save(update_fields=["voided_by"])
    Duty.objects.filter(opened_by=standing.act_id, state=Duty.OPEN).update(
        state=Duty.VOID, closed_by=by
    )
