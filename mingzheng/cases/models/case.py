"""A matter of any kind: its item, its parties and the money; the rest is in the record."""

from __future__ import annotations

from django.db import models

from mingzheng.agencies.models import Party
from mingzheng.catalogue.models import Item
from mingzheng.records.kept import Kept
from mingzheng.records.models import Act, Record

SOURCES = {
    "inspection": "现场检查",
    "complaint": "投诉",
    "report": "举报",
    "superior": "上级机关交办",
    "transfer": "其他机关移送",
    "media": "媒体曝光",
    "other": "其他",
}


# What the end of the investigation judges; the review of major decisions hangs on these facts.
JUDGED = (
    "public_interest",
    "social_impact",
    "social_risk",
    "major_rights",
    "complex",
    "many_legal_relations",
    "review_by_other_law",
    "crime_suspected",
)


class Case(Kept):
    """What a matter is about, of whatever kind. One row a record; changed only by acts of this
    chapter.

    `sort` tells matters of one kind apart: for a licence new, change, renewal, cancellation;
    for a visit routine, special, case; for other acts levy, payment, reward, ruling. Empty
    where the kind has none.
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="case")
    agency_id = models.BigIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="cases")
    sort = models.CharField(max_length=24, blank=True)
    source = models.CharField(max_length=20, blank=True)
    cause = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    conduct_on = models.DateField(null=True)
    opened_on = models.DateField(null=True)
    # What the officer judged at the end of the investigation; null is unknown, never false.
    public_interest = models.BooleanField(null=True)
    social_impact = models.BooleanField(null=True)
    social_risk = models.BooleanField(null=True)
    major_rights = models.BooleanField(null=True)
    complex = models.BooleanField(null=True)
    many_legal_relations = models.BooleanField(null=True)
    review_by_other_law = models.BooleanField(null=True)
    crime_suspected = models.BooleanField(null=True)
    hearing_right = models.BooleanField(null=True)
    # The handling that the newest draft proposes, then the decision: outcome, penalties, money in
    # 分.
    outcome = models.CharField(max_length=20, blank=True)
    penalties = models.JSONField(default=list)
    fine = models.BigIntegerField(null=True)
    confiscated = models.BigIntegerField(null=True)
    mitigated = models.BooleanField(null=True)
    aggravated = models.BooleanField(null=True)
    decided_on = models.DateField(null=True)
    served_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agency_id", "item"], name="case_by_item")]


class CaseItem(Kept):
    """A further item of the same case: several violations are investigated and decided together."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="further_items")
    agency_id = models.BigIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    cause = models.CharField(max_length=200)
    since = models.ForeignKey(Act, models.PROTECT, related_name="+")
    until = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")


class CaseParty(Kept):
    """A counterpart in one case, as he was when he came in; changes are acts and new rows."""

    ROLES = {
        "respondent": "当事人",
        "applicant": "申请人",
        "inspected": "被检查人",
        "interested": "利害关系人",
        "successor": "权利义务承受人",
    }

    record = models.ForeignKey(Record, models.PROTECT, related_name="parties")
    agency_id = models.BigIntegerField()
    party = models.ForeignKey(Party, models.PROTECT, related_name="appearances")
    role = models.CharField(max_length=20, default="respondent")
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=120)
    identifier = models.CharField(max_length=40, blank=True)
    representative = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    confirmed_address = models.CharField(max_length=200, blank=True)
    since = models.ForeignKey(Act, models.PROTECT, related_name="+")
    until = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")
    # Whose place this one took: an heir, the body after a merger, the same one under a new name.
    succeeds = models.ForeignKey("self", models.PROTECT, null=True, related_name="successors")

    @property
    def role_name(self) -> str:
        """What the counterpart is called in this matter."""
        return self.ROLES.get(self.role, "当事人")


class Payment(Kept):
    """Money received or owed under a decision, in 分."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="payments")
    agency_id = models.BigIntegerField()
    amount = models.BigIntegerField()
    paid_on = models.DateField()
    receipt = models.CharField(max_length=60, blank=True)
    act = models.OneToOneField(Act, models.PROTECT, related_name="payment")
