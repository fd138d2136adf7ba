"""Recordings of steps: their files in time, what was marked in them, where they break off."""

from __future__ import annotations

from django.db import models

from mingzheng.records.guard import AppendOnly, Guarded
from mingzheng.records.ids import next_id
from mingzheng.records.models import Act, Blob, Record


class Recording(Guarded):
    """The recording of one step. Held as incomplete until `taken_by` names the act that says it is
    whole.
    """

    memos = ("ended_at", "statement", "description", "informed", "informed_how", "taken_by")
    MODES = {
        "whole": "必须全程音像记录",
        "required": "应当音像记录",
        "as-needed": "按需要音像记录",
        "": "没有规定",
    }

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="recordings")
    agency_id = models.BigIntegerField()
    # The act kind of the step that was recorded, and how the rules of that day want it recorded.
    step = models.CharField(max_length=60)
    mode = models.CharField(max_length=12, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    device_id = models.BigIntegerField(null=True)
    clock_offset_ms = models.BigIntegerField(null=True)
    # What was said at the start, by the ids of the pack's list `recording-statement`.
    statement = models.JSONField(default=dict)
    description = models.TextField(blank=True)
    informed = models.BooleanField(null=True)
    informed_how = models.CharField(max_length=200, blank=True)
    stored_by = models.ForeignKey(Act, models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["record", "step"], name="recording_by_step")]


class Segment(AppendOnly):
    """One file of a recording: when it begins, how long it runs (ms), where it came from."""

    SOURCES = {
        "live": "现场拍摄",
        "gallery": "非现场拍摄",
        "import": "执法记录仪导入",
        "desk": "办公室上传",
    }

    recording = models.ForeignKey(Recording, models.PROTECT, related_name="segments")
    agency_id = models.BigIntegerField()
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    began_at = models.DateTimeField()
    duration_ms = models.BigIntegerField(null=True)
    medium = models.CharField(max_length=12)
    source = models.CharField(max_length=10, default="desk")
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")


class Marker(AppendOnly):
    """A point of a recording: ms from its beginning, which point of the pack's list, and a note."""

    recording = models.ForeignKey(Recording, models.PROTECT, related_name="markers")
    agency_id = models.BigIntegerField()
    at_ms = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True)
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")


class Gap(AppendOnly):
    """A break of a whole-process recording that was explained: from, until, ground of the pack's
    list, words.
    """

    recording = models.ForeignKey(Recording, models.PROTECT, related_name="gaps")
    agency_id = models.BigIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    ground = models.CharField(max_length=40)
    why = models.CharField(max_length=300)
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
