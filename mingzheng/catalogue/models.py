"""What an agency may do: its enforcement items, their bases and discretion; and the pages on which it says so in public."""

from __future__ import annotations

from django.db import models

from mingzheng.agencies.models import Body
from mingzheng.records.guard import AppendOnly
from mingzheng.records.models import Act, Record


class Item(models.Model):
    """One enforcement item 执法事项 with its legal bases.

    `bases`: [{"law", "article", "duty": bool}] – the article broken and the article applied;
    `discretion`: [{"when", "penalty"}] rows of the benchmark. `details` holds what only its
    kind has (materials, checklist, cap, validity …); docs/items.md says which.
    """

    KINDS = {"penalty": "行政处罚", "inspection": "行政检查", "licence": "行政许可", "coercion": "行政强制",
             "confirmation": "行政确认、登记", "other": "其他"}

    agency = models.ForeignKey(Body, models.PROTECT, related_name="items")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    broken = models.CharField(max_length=300, blank=True)
    applied = models.CharField(max_length=300, blank=True)
    bases = models.JSONField(default=list)
    discretion = models.JSONField(default=list)
    details = models.JSONField(default=dict)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        unique_together = [("agency", "code")]

    def __str__(self) -> str:
        return self.name


class Page(AppendOnly):
    """A list, guide, chart or notice that the agency keeps public; its record (kind "page") says everything done about it.

    `kind` is a code of `catalogue.pages`; `item` the enforcement item that a guide or chart is about.
    """

    agency = models.ForeignKey(Body, models.PROTECT, related_name="pages")
    kind = models.CharField(max_length=40)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="pages")
    record = models.OneToOneField(Record, models.PROTECT, related_name="page")
    title = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "kind", "title"], name="page_once")]


class PageVersion(AppendOnly):
    """A page as it was compiled: frozen JSON with its hash, in force from `effective_on`."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="versions")
    agency_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    body = models.TextField()
    text_hash = models.CharField(max_length=64)
    effective_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="page_version_once")]
