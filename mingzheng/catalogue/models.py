"""What an agency may do: its enforcement items, their bases and discretion; and the pages on which
it says so in public.
"""

from __future__ import annotations

from django.db import models

from mingzheng.agencies.models import Agency
from mingzheng.catalogue import categories
from mingzheng.records.guard import AppendOnly
from mingzheng.records.kept import Kept
from mingzheng.records.models import Act, Record


class Item(Kept):
    """One enforcement item 执法事项 with its legal bases.

    `kind` is the code of a kind of matter, or `service` for what lists call 公共服务.
    `bases`: [{"law", "article", "duty": bool}] – the article broken and the article applied;
    `discretion`: [{"step", "when", "penalty"}] rows of the benchmark, `step` where it is named.
    `details` holds what only its kind has (materials, checklist, cap, validity …);
    docs/items.md says which.
    """

    born_alone = "设立机关时一次登记的权责事项"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="items")
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

    @property
    def category(self) -> str:
        """The word by which lists sort it."""
        return categories.word_of(self.kind, self.details)


class Page(AppendOnly):
    """A list, guide, chart or notice that the agency keeps public; its record (kind "page") says
    everything done about it.

    `kind` is a code of `catalogue.pages`; `item` the enforcement item that a guide or chart is
    about, `matter` the kind of matter where a chart is drawn for the whole kind.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="pages")
    kind = models.CharField(max_length=40)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="pages")
    matter = models.CharField(max_length=40, blank=True)
    record = models.OneToOneField(Record, models.PROTECT, related_name="page")
    title = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "kind", "title"], name="page_once")
        ]


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


class Basis(AppendOnly):
    """A law, regulation or document that items of an agency rest on; `rank` is a word of the
    vocabulary (law, rule …).
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="legal_bases")
    name = models.CharField(max_length=200)
    number = models.CharField(max_length=80, blank=True)
    rank = models.CharField(max_length=30)
    effective_on = models.DateField()
    url = models.URLField(max_length=300, blank=True)
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="basis_once")]

    def __str__(self) -> str:
        return f"《{self.name}》"


class BasisChange(AppendOnly):
    """A basis was amended or repealed, with the day from which that holds."""

    AMENDED, REPEALED = "amended", "repealed"
    NAMES = {AMENDED: "修改", REPEALED: "废止"}

    basis = models.ForeignKey(Basis, models.PROTECT, related_name="changes")
    agency_id = models.BigIntegerField()
    sort = models.CharField(max_length=10)
    on = models.DateField()
    successor = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
