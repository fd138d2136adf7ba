"""A file that is to go public with a text: handed in, made anew, or told why it cannot be."""

from __future__ import annotations

from collections.abc import Sequence

from mingzheng.disclosure.forms.proposing import FileForm
from mingzheng.disclosure.models import PublicFile
from mingzheng.jobs.acts import enqueue
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records import store
from mingzheng.records.models import Act
from mingzheng.records.unit import work


@verb("publication.file-prepared", FileForm)
def prepare(context: StepContext) -> Act:
    """《政府信息公开条例》第三十七条: files are taken in; what goes public is made from them anew
    by a job.
    """
    act = context.append(content={"looked": context.data["looked"]})
    have = PublicFile.objects.filter(record=context.record).count()
    for number, (blob, _, _) in enumerate(context.files, have + 1):
        row = PublicFile.objects.create(
            record=context.record,
            agency_id=context.record.agency_id,
            number=number,
            original=blob,
            looked=context.data["looked"] is True,
            act=act,
        )
        enqueue("disclosure.rebuild", str(row.pk), context.record.agency_id, file=row.pk)
    return act


def made(row: PublicFile, stored: store.Stored, name: str, notes: Sequence[str]) -> Act:
    """《政府信息公开条例》第三十七条: the public form of a file is there, with what a person
    should look at.
    """
    with work():
        record = record_acts.lock(row.record_id)
        act = record_acts.append(
            record,
            None,
            record_acts.Entry(
                kind="publication.file-made",
                subject=str(row.pk),
                content={**stored.fingerprint.said, "name": name},
            ),
        )
        row.public, row.name, row.notes, row.state = (
            store.register(stored),
            name,
            list(notes),
            PublicFile.READY,
        )
        row.save(update_fields=["public", "name", "notes", "state"])
        return act


def refused(row: PublicFile, why: str) -> None:
    """《政府信息公开条例》第三十七条: it cannot be made anew; the person is told what to do."""
    row.notes, row.state = [why], PublicFile.REFUSED
    row.save(update_fields=["notes", "state"])
