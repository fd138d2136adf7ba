"""The hearing on a licence: what the applicant is told of it also stops the clock."""

from __future__ import annotations

from mingzheng.cases.forms.hearing import LicenceHearingForm
from mingzheng.cases.forms.service import service
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


@verb("party.notified:licence-hearing", LicenceHearingForm)
def notify_hearing(context: StepContext) -> Act:
    """《行政许可法》第四十八条第一款第一项: time and place of the hearing, so long before it, and
    how long it takes.
    """
    context.append(
        kind="party.told-of-suspension",
        of="hearing",
        to_state="",
        content={"expected": context.data["expected"], **service(context.data)},
    )
    return context.plainly()
