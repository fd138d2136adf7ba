"""Drafts, numbered documents and number series."""

from __future__ import annotations

from django.db import models

from mingzheng.records.guard import AppendOnly, Guarded
from mingzheng.records.ids import next_id, public_code
from mingzheng.records.kept import Kept
from mingzheng.records.models import Act, Blob, Record


class NumberSeries(Kept):
    """The last number used of one agency, mark and year: gapless, adopters enter the last paper
    one.
    """

    agency_id = models.BigIntegerField()
    mark = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        unique_together = [("agency_id", "mark", "year")]


class Draft(AppendOnly):
    """A text that is reviewed, discussed and approved before it is issued; a change is a new
    draft.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="drafts")
    agency_id = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    body = models.TextField()
    text_hash = models.CharField(max_length=64)
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")


class Document(Guarded):
    """An issued document: body, number and date frozen in the act's transaction, rendered by a
    job.
    """

    memos = ("blob", "rendered_at", "voided_by", "corrected_by", "pages")

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="documents")
    agency_id = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=100)
    template = models.CharField(max_length=20)
    mark = models.CharField(max_length=40, blank=True)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(null=True)
    issued_on = models.DateField()
    body = models.TextField()
    text_hash = models.CharField(max_length=64)
    code = models.CharField(max_length=32, unique=True, default=public_code)
    act = models.ForeignKey(Act, models.PROTECT, related_name="documents")
    voided_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")
    # The newest notice that put a slip of this paper right; the paper itself never changes.
    corrected_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    pages = models.PositiveSmallIntegerField(null=True)
    rendered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "mark", "year", "number"],
                name="document_number_once",
                condition=models.Q(number__isnull=False),
            )
        ]

    def left_by(self, act_id: int) -> bool:
        """Whether an act left this paper, or took it up where it was made beforehand."""
        before = getattr(self, "made_before", None)
        return self.act.subject == str(act_id) or (
            before is not None and before.used_by_id == act_id
        )

    @property
    def full_number(self) -> str:
        """The number as it is written: mark〔year〕number号; empty when the kind carries none."""
        return f"{self.mark}〔{self.year}〕{self.number}号" if self.number else ""


class MadeBefore(Guarded):
    """A paper that was made before the step which leaves it, to be handed over or signed first; the
    step takes it up, and is then its `used_by`.
    """

    memos = ("used_by",)

    document = models.OneToOneField(
        Document, models.PROTECT, primary_key=True, related_name="made_before"
    )
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    # The key of the step in the matter's table.
    step = models.CharField(max_length=80)
    used_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")
