"""What people tell the agency: complaints, reports, advice sought, requests for correction; and
how visits are rated.
"""

from __future__ import annotations

from django.db import models

from mingzheng.agencies.models import Agency
from mingzheng.records.guard import AppendOnly
from mingzheng.records.models import Act, Record


class Feedback(AppendOnly):
    """One thing that somebody told an agency. Who it was and what he wrote is in the act's content
    only, never here.

    `about` is the public code of the publication that a correction asks about; `number` is what
    the sender is told, together with the record's own 128-bit code.
    """

    COMPLAINT, REPORT, ADVICE, CORRECTION = "complaint", "report", "advice", "correction"
    KINDS = {COMPLAINT: "投诉", REPORT: "举报", ADVICE: "咨询", CORRECTION: "更正申请"}
    # Letters that can be typed on any telephone: 投诉、举报、咨询、更正.
    MARKS = {COMPLAINT: "TS", REPORT: "JB", ADVICE: "ZX", CORRECTION: "GZ"}

    record = models.OneToOneField(Record, models.PROTECT, related_name="feedback")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    number = models.CharField(max_length=40, unique=True)
    about = models.CharField(max_length=32, blank=True)
    received_on = models.DateField()
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["agency", "kind", "received_on"], name="feedback_by_agency")
        ]


class Rating(AppendOnly):
    """How an enterprise rated a visit: the month and the marks, not which visit. A unit sees sums
    only (`oversight.ratings`).
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    month = models.DateField()
    marks = models.JSONField(default=dict)


class Rated(AppendOnly):
    """That a visit was rated, so that it is rated once; says nothing of how."""

    code = models.CharField(max_length=32, primary_key=True)
