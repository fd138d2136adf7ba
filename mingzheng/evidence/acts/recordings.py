"""Recordings: always stored, and taken in as the recording of a step once the rules' demands
hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from mingzheng.core import clock, given
from mingzheng.evidence import forms, recording_requirements
from mingzheng.evidence.acts import opening
from mingzheng.evidence.acts.transfers import claim
from mingzheng.evidence.models import Gap, Marker, Media, Recording, Segment
from mingzheng.notices import acts as notice_acts
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act, Blob
from mingzheng.records.refusal import Ground, refuse

GB118 = "国办发〔2018〕118号 三（二）"


@verb("recording.taken", forms.RecordingForm)
def take(context: StepContext) -> Act:
    """国办发〔2018〕118号 三（二）: files of a step are kept at once, and count as its recording
    when they are whole.
    """
    data, demand = context.data, _demand(context, context.data["step"])
    received = _received(context)
    stored = _store(context, demand.step)
    recording: Recording = Recording.objects.create(
        record=context.record,
        agency_id=context.record.agency_id,
        step=demand.step,
        mode=demand.mode,
        began_at=context.happened_at,
        ended_at=data["ended_at"],
        device_id=int(data["device"]) if data["device"] else None,
        clock_offset_ms=None if data["clock_offset"] is None else data["clock_offset"] * 1000,
        stored_by=stored,
    )
    _add(context, recording, stored, received)
    return _settle(context, recording, demand, stored)


@verb("recording.taken:completing", forms.CompleteForm)
def complete(context: StepContext) -> Act:
    """国办发〔2018〕118号 三（二）: what a held recording lacked is supplied; nothing that was
    stored is touched.
    """
    recording = Recording.objects.select_for_update().get(
        pk=int(context.data["recording"]), record=context.record
    )
    demand = recording_requirements.kept(
        context.regime,
        recording.step,
        recording.mode,
        clock.local(recording.began_at).date(),
        context.facts(),
    )
    received = _received(context)
    stored = _store(context, recording.step, str(recording.pk))
    _add(context, recording, stored, received)
    return _settle(context, recording, demand, stored)


@verb("recording.waived", forms.WaiveForm)
def waive(context: StepContext) -> Act:
    """国办发〔2018〕118号 三（二）: text records the step fully, on a reason that was approved,
    where the pack allows it.
    """
    demand = _demand(context, context.data["step"])
    if not demand.waivable:
        raise refuse("这一环节不能只用文字记录。", demand.source or GB118)
    return context.plainly()


def _demand(context: StepContext, step: str) -> recording_requirements.Demand:
    return recording_requirements.of(
        context.regime, step, context.happened_at.date(), context.facts()
    )


def _received(context: StepContext) -> list[tuple[Blob, str, dict[str, Any]]]:
    """The files of the form and the uploads that it names, claimed for this record, each with what
    its sender said of it.
    """
    usual = {"source": context.data.get("source") or "desk"}
    out = [(blob, name, usual) for blob, name, _ in context.files]
    for code in context.form.sent():
        upload = claim(code, context.by, context.record)
        assert upload.blob is not None
        out.append((upload.blob, upload.name, {**usual, **upload.meta}))
    unseen = [name for blob, name, _ in out if not Media.objects.filter(blob=blob).exists()]
    if unseen:
        raise refuse(f"“{unseen[0]}”已经收到，还在检查能不能播放。请稍等几秒再提交，不用重新上传。")
    context.files = [(blob, name, "音像记录") for blob, name, _ in out]
    return out


def _store(context: StepContext, step: str, subject: str = "") -> Act:
    """The platform's own act that files came in: never refused by any gate."""
    kept = ("text", "ended_at", "gap_ground", "gap_why", "informed", "informed_how", "marks")
    act = context.append(
        kind="recording.stored",
        of=step,
        subject=subject,
        to_state="",
        content={
            "step": step,
            "statement": context.form.statement(),  # type: ignore[attr-defined]
            **{name: context.data.get(name) for name in kept},
        },
    )
    opening.stored(context, act, [blob for blob, _, _ in context.files])
    return act


def _add(
    context: StepContext,
    recording: Recording,
    act: Act,
    received: Sequence[tuple[Blob, str, dict[str, Any]]],
) -> None:
    data, at = context.data, recording.began_at
    last = recording.segments.order_by("began_at").last()
    if last is not None:
        at = last.began_at + timedelta(milliseconds=last.duration_ms or 0)
    for blob, name, said in received:
        seen = Media.objects.get(blob=blob)
        began = _moment(said.get("captured_at")) or at
        Segment.objects.create(
            recording=recording,
            agency_id=recording.agency_id,
            blob=blob,
            name=name,
            began_at=began,
            act=act,
            duration_ms=seen.duration_ms,
            medium=seen.kind if seen.showable else "other",
            source=str(said["source"])[:10],
        )
        at = began + timedelta(milliseconds=seen.duration_ms or 0)
    rows = {str(row["name"]): str(row["id"]) for row in _demand(context, recording.step).markers}
    Marker.objects.bulk_create(
        [
            Marker(
                recording=recording,
                agency_id=recording.agency_id,
                act=act,
                kind=rows.get(mark["name"], "other"),
                **mark,
            )
            for mark in data["marks"]
        ]
    )
    recording.statement = {**recording.statement, **context.form.statement()}  # type: ignore[attr-defined]
    recording.description = data["text"] or recording.description
    if data["informed"]:
        recording.informed, recording.informed_how = data["informed"] == "yes", data["informed_how"]
    if data["ended_at"] and recording.ended_at is None:
        recording.ended_at = data["ended_at"]
    recording.save(
        update_fields=["statement", "description", "informed", "informed_how", "ended_at"]
    )


def _moment(text: Any) -> datetime | None:
    return given.moment(str(text))


def _settle(
    context: StepContext, recording: Recording, demand: recording_requirements.Demand, stored: Act
) -> Act:
    """Explain breaks, then either take the recording in or hold it and say what it lacks."""
    if context.data.get("gap_ground"):
        for each in open_breaks(recording, demand):
            Gap.objects.create(
                recording=recording,
                agency_id=recording.agency_id,
                since=each.since,
                until=each.until,
                ground=context.data["gap_ground"],
                why=context.data["gap_why"],
                act=stored,
            )
    missing = lacking(recording, demand)
    if missing:
        notice_acts.give(
            context.record,
            stored,
            f"音像记录还不完整：{missing[0].say}"[:200],
            person_id=context.by.person_id,
        )
        return stored
    act = context.append(
        subject=str(recording.pk),
        of=recording.step,
        content={
            "step": recording.step,
            "text": recording.description,
            "statement": recording.statement,
            "mode": recording.mode,
            "files": list(recording.segments.order_by("pk").values_list("blob_id", flat=True)),
        },
        files=(),
    )
    recording.taken_by = act
    recording.save(update_fields=["taken_by"])
    return act


def open_breaks(
    recording: Recording, demand: recording_requirements.Demand
) -> list[recording_requirements.Break]:
    """The breaks of a whole-process recording that nobody has explained."""
    if demand.mode != "whole":
        return []
    parts = [
        (row.began_at, row.duration_ms)
        for row in recording.segments.all()
        if row.medium in recording_requirements.MOVING
    ]
    explained = [(gap.since, gap.until) for gap in recording.gaps.all()]
    return [
        each
        for each in recording_requirements.breaks(
            recording.began_at, recording.ended_at, parts, demand.tolerance
        )
        if not any(since <= each.since and each.until <= until for since, until in explained)
    ]


def lacking(recording: Recording, demand: recording_requirements.Demand) -> list[Ground]:
    """What keeps this recording from counting under these demands."""
    return recording_requirements.lacking(
        demand,
        recording_requirements.Seen(
            media=[row.medium for row in recording.segments.all()],
            statement=recording.statement,
            markers=[row.kind for row in recording.markers.all()],
            description=recording.description,
            ended=recording.ended_at is not None,
            unexplained=open_breaks(recording, demand),
        ),
    )
