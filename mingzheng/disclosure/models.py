"""Publications: what was proposed word for word, what went public, where, until when."""

from __future__ import annotations

from django.db import models

from mingzheng.records.guard import AppendOnly, Guarded
from mingzheng.records.ids import next_id, public_code
from mingzheng.records.models import Act, Blob, Record


class Publication(Guarded):
    """One text about one record, on its way to the public, replaced by a newer one, or taken down
    again.

    `form` says how it is read ("decision", "page"); `of` what it is to the rules (decision,
    result, item-list …). `line` is the id of its first version: a correction or a newer page is
    a row of the same line. `withdrawn_*` also say when and by which act it was replaced.
    """

    memos = (
        "state",
        "approved_by",
        "published_by",
        "published_on",
        "withdrawn_by",
        "withdrawn_on",
        "reason",
        "until",
    )
    PROPOSED, APPROVED, LIVE, WITHDRAWN, DROPPED = (
        "proposed",
        "approved",
        "live",
        "withdrawn",
        "dropped",
    )
    REPLACED = "replaced"
    GONE = (WITHDRAWN, REPLACED)

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="publications")
    agency_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    form = models.CharField(max_length=12, default="decision")
    of = models.CharField(max_length=60, default="decision")
    line = models.BigIntegerField(null=True)
    title = models.CharField(max_length=300)
    number = models.CharField(max_length=80, blank=True)
    decided_on = models.DateField()
    party_kind = models.CharField(max_length=24, blank=True)
    body = models.TextField()
    text_hash = models.CharField(max_length=64)
    code = models.CharField(max_length=32, unique=True, default=public_code)
    search = models.TextField(blank=True)
    proposed_by = models.ForeignKey(Act, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=PROPOSED)
    approved_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")
    published_on = models.DateField(null=True)
    until = models.DateField(null=True)
    withdrawn_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")
    withdrawn_on = models.DateField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "published_on", "id"], name="publication_public"),
            models.Index(
                fields=["agency_id", "state", "published_on"], name="publication_by_agency"
            ),
            models.Index(fields=["line", "id"], name="publication_line"),
        ]


class ChannelReceipt(AppendOnly):
    """A publication shown, or taken down, on one channel, with that channel's receipt."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="receipts")
    agency_id = models.BigIntegerField()
    channel = models.CharField(max_length=60)
    receipt = models.CharField(max_length=120, blank=True)
    on = models.DateField()
    down = models.BooleanField(default=False)
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")


class ChannelTask(Guarded):
    """What an act left to be done on a channel of somebody else's: bring this text there, or take
    it off.

    Done by the receipt of that channel, which a person registers or, where the channel is
    connected, the delivery itself brings back. `key` is what the other side tells a repeated
    delivery by; `next_at` the next attempt, None while nobody delivers by itself.
    """

    by_itself = "渠道作业走到哪一步，随时从回执重算"

    memos = ("state", "tries", "next_at", "said", "done_by")
    UP, DOWN, REPORT = "up", "down", "report"
    OPEN, DONE, DROPPED, REFUSED = "open", "done", "dropped", "refused"

    record = models.ForeignKey(Record, models.PROTECT, related_name="channel_tasks")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="channel_tasks")
    agency_id = models.BigIntegerField()
    channel = models.CharField(max_length=60)
    what = models.CharField(max_length=6)
    key = models.CharField(max_length=32, unique=True, default=public_code)
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default=OPEN)
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=200, blank=True)
    done_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["agency_id", "state", "channel", "next_at"], name="channel_task_waiting"
            )
        ]


class Term(AppendOnly):
    """The last day of a publication on one channel, with the rule that says so."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="terms")
    agency_id = models.BigIntegerField()
    channel = models.CharField(max_length=60)
    until = models.DateField(db_index=True)
    rule = models.CharField(max_length=80)
    source = models.CharField(max_length=200)
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")


class Withholding(AppendOnly):
    """A decision that is lawfully not published: ground and approver; counted publicly, content
    never.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="withholdings")
    agency_id = models.BigIntegerField()
    ground = models.CharField(max_length=80)
    source = models.CharField(max_length=200)
    on = models.DateField()
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")


class PublicFile(Guarded):
    """A file that is to go public with a text. `original` never does; `public` is what was made
    from it anew, `name` included.
    """

    memos = ("public", "name", "notes", "state")
    WAITING, READY, REFUSED = "waiting", "ready", "refused"

    record = models.ForeignKey(Record, models.PROTECT, related_name="public_files")
    agency_id = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()
    original = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    # Somebody looked at the pictures in it and found nothing to cover.
    looked = models.BooleanField(default=False)
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
    public = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60, blank=True)
    notes = models.JSONField(default=list)
    state = models.CharField(max_length=8, default=WAITING)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="public_file_once")
        ]
