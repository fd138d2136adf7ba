"""Rules meet the record: which regime judges a matter, its gates, what an act voids."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mingzheng.core import regimes, workdays
from mingzheng.core.clock import local, today
from mingzheng.records.models import Act, AdoptedPack, Duty, HolidayNotice, Record, Standing
from mingzheng.records.refusal import Ground, Refused
from mingzheng.records.words import OWN, unit_name

if TYPE_CHECKING:
    from mingzheng.records.acts import Entry


def regime(record: Record) -> Any:
    """The adopted regime of the record's agency; None for records that no pack governs."""
    return regime_of(record.agency_id, record.pack) if record.pack else None


def regime_of(agency_id: int, pack: str) -> Any:
    """The newest adopted version of `pack` at this agency; Refused when none was adopted."""
    row = (
        AdoptedPack.objects.filter(agency_id=agency_id, pack=pack)
        .order_by("-pk")
        .values_list("version", flat=True)
        .first()
    )
    if row is None:
        raise Refused("本机关还没有采用规则包", (Ground(f"请先由法制机构采用规则包 {pack}。"),))
    return _loaded(agency_id, pack, row)


@lru_cache(maxsize=64)
def _loaded(agency_id: int, pack: str, version: str) -> Any:
    # Read from the adopted row itself, so an upgraded installation still judges by what was
    # adopted, and by nothing that a disk altered.
    adopted = AdoptedPack.objects.filter(agency_id=agency_id, pack=pack, version=version).latest(
        "pk"
    )
    return regimes.load_texts(adopted.files).regime(pack)


def calendar() -> Any:
    """The shipped State Council calendars with every notice loaded since."""
    notices = tuple(HolidayNotice.objects.order_by("pk").values_list("text", flat=True))
    return _calendar(notices)


@lru_cache(maxsize=4)
def _calendar(notices: tuple[str, ...]) -> Any:
    made = workdays.Calendar.shipped()
    for text in notices:
        made = made.with_notice(tomllib.loads(text))
    return made


def story(record: Record, assuming: Sequence[tuple[str, str]] = (), on: date | None = None) -> Any:
    """The acts that still stand, as the rule engine reads them.

    `assuming` adds acts that have not happened, to ask what else would be missing then.
    """
    # The platform's own acts (somebody looked, a sheet was read) are no words of any rule.
    rows = (
        Standing.objects.filter(record=record, voided_by=None)
        .exclude(kind__in=OWN)
        .order_by("happened_at", "act_id")
    )
    return regimes.Story(
        [
            regimes.Past(
                act=row.kind,
                on=local(row.happened_at).date(),
                at=local(row.happened_at),
                of=row.of,
                subject=row.subject,
                id=row.act_id,
                attrs=row.attrs,
            )
            for row in rows
        ]
        + [regimes.Past(act=kind, of=of, on=on or date.min) for kind, of in assuming]
    )


def check_gates(
    regime: Any,
    record: Record,
    entry: Entry,
    happened: datetime,
    facts: Mapping[str, Any],
    attrs: Mapping[str, Any],
) -> list[str]:
    """The ids of the gates that were held; Refused with every gate that does not hold."""
    if regime is None:
        return []
    refusals = refusals_of(regime, record, entry.kind, entry.of, happened, facts, attrs)
    if refusals:
        raise Refused("缺少下列条件，现在不能办理", tuple(refusals))
    return [
        gate.rule.id for gate in regime.gates(entry.kind, happened.date(), asked(entry.of, facts))
    ]


def refusals_of(
    regime: Any,
    record: Record,
    kind: str,
    of: str,
    happened: datetime,
    facts: Mapping[str, Any],
    attrs: Mapping[str, Any],
    assuming: Sequence[tuple[str, str]] = (),
) -> list[Ground]:
    """Every gate that would refuse this act now, in Chinese, with its article.

    `assuming` asks what would still be missing after those acts; it never lets an act through.
    """
    found = regime.refusals(
        kind,
        happened.date(),
        asked(of, facts),
        story(record, assuming, happened.date()),
        calendar(),
        attrs=dict(attrs),
    )
    return [
        Ground(
            say=item.text or "、".join(m.words for m in item.missing),
            source=item.source,
            missing=tuple(m.words for m in item.missing)
            + tuple(f"尚未填明：{regime.words.fact_name(name)}" for name in item.unknown),
            supply=_supply(item),
            rule=item.gate,
            earliest=item.earliest.isoformat() if item.earliest else "",
        )
        for item in found
        if not item.soft
    ] + _without_basis(regime, record, kind, of, attrs, facts)


def _without_basis(
    regime: Any,
    record: Record,
    kind: str,
    of: str,
    attrs: Mapping[str, Any],
    facts: Mapping[str, Any],
) -> list[Ground]:
    """Why a period may not be extended (again) or suspended: only as often as a rule says that it
    may.
    """
    if kind == "period.suspended" and not any(
        ref.fits(kind, of)
        for topic in topics_open(record)
        for rule in regime.suspensions(topic)
        for ref in rule.start
    ):
        return [
            Ground(
                "采用的规则里没有哪一条写明这类期限可以中止，中止不会改变期限。有法律、法规、"
                "规章依据的，请先由法制机构写进本机关规则包。"
            )
        ]
    if kind != "limit.extended":
        return []
    rules = regime.extensions(of, today(), asked(of, facts))
    if not rules:
        return [
            Ground(
                "采用的规则里没有哪一条写明这项期限可以延长。有法律、法规、规章依据的，"
                "请先由法制机构写进本机关规则包。"
            )
        ]
    given = Standing.objects.filter(record=record, kind=kind, of=of, voided_by=None).count()
    left = [rule for rule in rules if rule.times == "unlimited" or given < int(rule.times)]
    most = max((rule.by for rule in left if isinstance(rule.by, int)), default=None)
    if (
        left
        and most is not None
        and attrs.get("n")
        and int(attrs["n"]) > most
        and all(rule.by != "as-approved" for rule in left)
    ):
        return [
            Ground(
                f"这项期限最多延长 {most} {unit_name(left[0].unit)}。",
                left[0].source,
                rule=left[0].id,
                field="days",
            )
        ]
    if left:
        return []
    return [
        Ground(
            f"这项期限只能延长 {rules[0].times} 次，已经延长过 {given} 次。",
            rules[0].source,
            rule=rules[0].id,
        )
    ]


def topics_open(record: Record) -> set[str]:
    """The topics of the duties that are still open."""
    return set(Duty.objects.filter(record=record, state=Duty.OPEN).values_list("topic", flat=True))


def asked(of: str, facts: Mapping[str, Any], held: Any = None) -> dict[str, Any]:
    """The facts a rule is asked with: those of the matter, what the act is about, what the record
    holds.
    """
    # An act without a qualifier is about nothing in particular: known, not unknown.
    more: dict[str, Any] = {"of": of}
    if held is not None:
        more["holds"] = held.kinds()
    return {**facts, **more}


def major(record: Record, facts: Mapping[str, Any]) -> Any:
    """Whether the decision of this record is major today, and why (处罚法58 and the agency's own
    list).
    """
    return regime(record).major(today(), asked("", facts, story(record)))


def _supply(refusal: Any) -> str:
    for missing in refusal.missing:
        if missing.act:
            return f"{missing.act}:{missing.of}" if missing.of else str(missing.act)
    return ""


def void_undone(regime: Any, record: Record, act: Act, facts: Mapping[str, Any]) -> None:
    """Void every earlier act that this one undoes under the rules."""
    if regime is None:
        return
    for undo in regime.undone_by(act.kind, local(act.happened_at).date(), asked(act.of, facts)):
        if undo.holds is False:
            continue
        for ref in undo.acts:
            rows = Standing.objects.filter(record=record, kind=ref.act, voided_by=None).exclude(
                act=act
            )
            for standing in rows.filter(of=ref.of) if ref.of else rows:
                if _same_channel(act, standing):
                    void(standing, act)


def _same_channel(act: Act, standing: Standing) -> bool:
    """What is done on a channel (taken off it) undoes only what was done on that channel, or on
    none.
    """
    here, there = act.standing.attrs.get("channel"), standing.attrs.get("channel")
    return not here or not there or here == there


def void(standing: Standing, by: Act) -> None:
    """Mark a standing as no longer holding, and void the duties that only it had opened."""
    standing.voided_by = by
    standing.save(update_fields=["voided_by"])
    Duty.objects.filter(opened_by=standing.act, state=Duty.OPEN).update(
        state=Duty.VOID, closed_by=by
    )
