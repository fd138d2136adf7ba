"""Licences: the application that a matter is about, and the register of certificates in force."""

from __future__ import annotations

from django.db import models

from mingzheng.agencies.models import Party
from mingzheng.catalogue.models import Item
from mingzheng.records.kept import Kept
from mingzheng.records.models import Act, Record

SORTS = {"new": "首次申请", "change": "变更", "renewal": "延续", "cancellation": "注销"}


class Licence(Kept):
    """A certificate that somebody holds. Its life is changed only by acts; the old states stay
    readable in them.
    """

    VALID = "valid"
    STATES = {
        VALID: "有效",
        "replaced": "已换发",
        "revoked": "已撤销",
        "withdrawn": "已撤回",
        "cancelled": "已注销",
        "forfeited": "已吊销",
    }

    agency_id = models.BigIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="licences")
    number = models.CharField(max_length=80)
    name = models.CharField(max_length=100)
    category = models.CharField(max_length=20)
    party = models.ForeignKey(Party, models.PROTECT, related_name="licences")
    holder = models.CharField(max_length=120)
    content = models.TextField()
    granted_on = models.DateField()
    since = models.DateField()
    # None: for good (长期).
    until = models.DateField(null=True)
    state = models.CharField(max_length=12, default=VALID)
    record = models.ForeignKey(Record, models.PROTECT, related_name="licences")
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True)
    ended_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        # A changed or renewed certificate may carry on the number of the one it replaces.
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "number"],
                condition=models.Q(state="valid"),
                name="licence_number_in_force",
            )
        ]
        indexes = [models.Index(fields=["agency_id", "state", "until"], name="licence_by_end")]


class Application(Kept):
    """What was asked for. One row a record, for licences, registrations and other acts on
    application.
    """

    record = models.OneToOneField(
        Record, models.PROTECT, primary_key=True, related_name="application"
    )
    agency_id = models.BigIntegerField()
    way = models.CharField(max_length=20, default="window")
    received_on = models.DateField()
    completed_on = models.DateField(null=True)
    accepted_on = models.DateField(null=True)
    # What was handed in and what is lacking: [{"id", "name", "state": "given" | "lacking" |
    # "supplied"}].
    materials = models.JSONField(default=list)
    content = models.TextField(blank=True)
    special_registration = models.BooleanField(null=True)
    joint_licence = models.BooleanField(null=True)
    lower_first = models.BooleanField(null=True)
    # The certificate that a change, a renewal or a cancellation is about.
    about = models.ForeignKey(Licence, models.PROTECT, null=True, related_name="applications")
    # What the decision grants: {"number", "content", "since", "until"} until the certificate is
    # issued.
    granted = models.JSONField(default=dict)
