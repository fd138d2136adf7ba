"""How far one's own matter is, by the number and the code of a paper that one was given."""

from __future__ import annotations

from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.documents.models import Document
from mingzheng.oversight.access import Progress
from mingzheng.portal.reading import MILESTONES
from mingzheng.portal.verifying import code_in
from mingzheng.procedures import registry
from mingzheng.records.models import EffectiveAct


def of_paper(number: str, code: str) -> Progress | None:
    """The days of the stages of the matter that this paper belongs to; no content, no party. None
    unless number and code fit.
    """
    made = (
        Document.objects.select_related("record").filter(code=code_in(code), voided_by=None).first()
    )
    if (
        made is None
        or not made.number
        or _plain(made.full_number) != _plain(number)
        or made.record.classification
    ):
        return None
    record = made.record
    days: dict[str, object] = {}
    steps = []
    for row in EffectiveAct.objects.filter(record=record, voided_by=None).order_by("happened_at"):
        name = next(
            (
                name
                for kind, ofs, name in MILESTONES
                if row.kind == kind and (not ofs or row.of in ofs)
            ),
            "",
        )
        if name and name not in days:
            days[name] = True
            steps.append((name, clock.local(row.happened_at).date()))
    table = registry.procedure(record.procedure)
    return Progress(
        made.full_number,
        table.name,
        Agency.objects.get(pk=record.agency_id).name,
        made.issued_on,
        table.state(record.state).name,
        tuple(steps),
        "",
        "",
        record.due,
    )


def _plain(number: str) -> str:
    """The number without the brackets that telephones have in many shapes."""
    return "".join(letter for letter in number if letter.isalnum())
