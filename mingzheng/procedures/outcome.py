"""What may come of taking a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mingzheng.core import clock
from mingzheng.records.models import Act, Record
from mingzheng.records.words import act_name

if TYPE_CHECKING:
    from mingzheng.procedures.forms import ActForm
    from mingzheng.procedures.models import Proposal


@dataclass(frozen=True)
class Outcome:
    """The act that was appended; `proposal` when it waits for approval; `repeated` for a second
    press.
    """

    act: Act
    proposal: Proposal | None
    repeated: bool = False


class Absent(Exception):
    """There is no such thing for this identity: not there, or not to be seen, answered alike."""


class Invalid(Exception):
    """The form's answers need mending; the form keeps what was typed."""

    def __init__(self, form: ActForm) -> None:
        super().__init__(f"invalid form: {', '.join(form.errors)}")
        self.form = form


# Acts that change nothing a form was filled in on: a form does not go stale because somebody
# looked.
QUIET = (
    "document.rendered",
    "publication.sealed",
    "evidence.stored",
    "case.read",
    "volume.read",
    "notice.read",
    "duty.urged",
    "duty.reminded",
    "countersign.answered",
)


def since_then(record: Record, seen: int) -> list[str]:
    """What was done after the act `seen`, in Chinese, for the reader of a stale form; empty when
    nothing that matters.
    """
    rows = Act.objects.filter(record=record, pk__gt=seen).exclude(kind__in=QUIET).order_by("pk")[:8]
    return [
        f"{clock.local(act.recorded_at):%-m月%-d日 %H:%M} {act_name(act.kind, act.of)}"
        for act in rows
    ]
