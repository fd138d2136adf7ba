"""What an agency may do: its enforcement items, their bases and discretion."""

from __future__ import annotations

from django.db import models

from mingzheng.agencies.models import Body


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
