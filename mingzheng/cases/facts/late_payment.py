"""What late payment has added up to today: rate and cap from the pack, without the days of a
remedy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from mingzheng.cases import money
from mingzheng.core import clock
from mingzheng.procedures import registry
from mingzheng.records import law
from mingzheng.records.models import Duty, EffectiveAct, Record


@dataclass(frozen=True)
class Accrued:
    """`amount` in 分; `days` that count; `stopped` days that do not; `capped` where the limit was
    reached.
    """

    amount: int
    days: int
    stopped: int
    capped: bool
    source: str


def accrued(record: Record, on: date | None = None) -> Accrued | None:
    """《行政处罚法》第七十二条、第七十三条: what may be added as of `on`; None while payment is
    not late or no rule says how much.
    """
    on = on or clock.today()
    answer = law.regime(record).rows("additional-fine", on, registry.facts_of(record))
    rows = {str(row["id"]): row for row in answer.rows}
    due = (
        Duty.objects.filter(record=record, topic="payment/limit")
        .exclude(light_due=None)
        .order_by("pk")
        .last()
    )
    fine = money.fine(record)
    if due is None or not rows.get("rate", {}).get("percent") or on <= due.light_due:
        return None
    stopped = _stopped(
        record,
        due.light_due,
        on,
        [(row["from"], row["until"]) for row in answer.rows if row.get("from")],
    )
    days = (on - due.light_due).days - stopped
    whole = max(fine - money.paid(record), 0) * int(rows["rate"]["percent"]) * days // 100
    most = fine * int(rows.get("cap", {}).get("percent", 100)) // 100
    return Accrued(
        min(whole, most), days, stopped, whole > most, "《行政处罚法》第七十二条、第七十三条"
    )


def _stopped(record: Record, after: date, until: date, pairs: list[tuple[str, str]]) -> int:
    """How many days after `after` and up to `until` lie in a remedy; a day in two remedies is one
    day.
    """
    out: set[date] = set()
    for begins, ends in pairs:
        rows = EffectiveAct.objects.filter(
            record=record, kind__in=(begins, ends), voided_by=None
        ).order_by("happened_at", "act_id")
        begun: date | None = None
        for kind, when in [
            *((row.kind, clock.local(row.happened_at).date()) for row in rows),
            (ends, until + timedelta(days=1)),
        ]:
            if kind == begins:
                begun = begun or when
            elif begun is not None:
                out |= {begun + timedelta(days=n) for n in range((when - begun).days)}
                begun = None
    return len([day for day in out if after < day <= until])
