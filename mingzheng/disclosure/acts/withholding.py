"""Not published, lawfully: a listed ground, approved, counted in public."""

from __future__ import annotations

from mingzheng.core import clock
from mingzheng.disclosure.forms.publishing import WithholdForm
from mingzheng.disclosure.models import Withholding
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act, EffectiveAct, Record
from mingzheng.records.refusal import refuse


@verb("publication.withheld", WithholdForm)
def withhold(context: StepContext) -> Act:
    """《政府信息公开条例》第十四条至第十七条: not published, on a listed ground, approved and
    counted.
    """
    row = context.form.grounds[context.data["ground"]]  # type: ignore[attr-defined]
    act = context.append(
        of=context.data["ground"],
        content={
            "ground": context.data["ground"],
            "name": row.get("name", ""),
            "reason": context.data["reason"],
        },
    )
    Withholding.objects.create(
        record=context.record,
        agency_id=context.record.agency_id,
        ground=str(row.get("name") or row["id"]),
        source=str(row.get("source", "")),
        on=clock.today(),
        act=act,
    )
    return act


def require_not_withheld(record: Record) -> None:
    """Refused while a withholding of this matter stands."""
    if EffectiveAct.objects.filter(
        record=record, kind="publication.withheld", voided_by=None
    ).exists():
        raise refuse("本案已经批准不予公开，不能再发布。", "《政府信息公开条例》第十四条至第十六条")
