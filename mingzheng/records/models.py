"""What the record is made of. Rows here are appended; nothing is edited or deleted.

Every table carries `agency_id` as a plain number: the agency's own row lives on
a floor above, and row-level security later needs the column on child rows too.
"""

from __future__ import annotations

from django.db import models

from mingzheng.records.guard import AppendOnly, Guarded
from mingzheng.records.ids import next_id, public_code

# The columns that lists filter by.
_FILTERED = ("kind", "state", "item_id", "classification", "paused")


class Record(Guarded):
    """One matter: everything that is done about it is appended here.

    `state`, `head` and `due` are memos of the acts and duties, rebuilt and
    compared by `mingzheng verify`; only `records.acts` writes them.
    """

    memos = (
        "state",
        "head",
        "due",
        "due_unit",
        "paused",
        "closed_on",
        "title",
        "unit_id",
        "party",
        "item_id",
    )

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    agency_id = models.BigIntegerField(db_index=True)
    unit_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=40)
    procedure = models.CharField(max_length=40, blank=True)
    pack = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=40)
    classification = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=32, unique=True, default=public_code)
    opened_at = models.DateTimeField()
    closed_on = models.DateField(null=True)
    head = models.BigIntegerField(null=True)
    due = models.DateField(null=True)
    due_unit = models.CharField(max_length=8, blank=True)
    paused = models.BooleanField(default=False)
    # Memos for lists: the counterparts' names as they are now, and the item. Kept by the chapter
    # that owns those rows.
    party = models.CharField(max_length=300, null=True)
    item_id = models.BigIntegerField(null=True)

    class Meta:
        # One index an order of lists, within a unit: whoever sees more sees a sum of units. What
        # follows the id is what filters look at, so that a page passes over a row without reading
        # it.
        indexes = [
            models.Index(fields=["agency_id", "kind", "due", "id"], name="record_by_due"),
            models.Index(fields=["agency_id", "kind", "state", "id"], name="record_by_state"),
            models.Index(
                fields=["agency_id", "unit_id", "due", "id", *_FILTERED, "opened_at"],
                name="record_list_due",
            ),
            models.Index(
                fields=["agency_id", "unit_id", "opened_at", "id", *_FILTERED, "due"],
                name="record_list_opened",
            ),
            models.Index(
                fields=["agency_id", "unit_id", "title", "id", *_FILTERED, "due"],
                name="record_list_title",
            ),
            models.Index(
                fields=["agency_id", "unit_id", "party", "id", *_FILTERED, "due"],
                name="record_list_party",
            ),
        ]


class Act(AppendOnly):
    """What somebody did. Holds no personal data: names and reasons are in ActContent."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="acts")
    agency_id = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    of = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    actor_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    happened_at = models.DateTimeField()
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    rules = models.JSONField(default=list)
    pack_version = models.CharField(max_length=64, blank=True)
    commitment = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["record", "id"], name="act_by_record"),
            models.Index(fields=["agency_id", "kind", "happened_at"], name="act_by_kind"),
        ]


class ActContent(AppendOnly):
    """The canonical JSON of an act and its salt; leaves only through `erasure.executed`."""

    act = models.OneToOneField(Act, models.PROTECT, primary_key=True, related_name="content")
    agency_id = models.BigIntegerField()
    body = models.TextField()
    salt = models.BinaryField(max_length=32)


class Effect(models.Model):
    """What one transaction changed, as JSON: `{"acts": […], "id": …, "rows": [[table, key, digest or
    null], …]}`; a digest is SHA-256 over `salt` and the text of the row.
    """

    working = "改动本身，逐条与存证日志核对"

    id = models.BigIntegerField(primary_key=True, editable=False)
    body = models.TextField()
    salt = models.BinaryField(max_length=32)
    # Of what stood before effects were sealed: the opening balance of an older installation.
    opening = models.BooleanField(default=False)


class Leaf(models.Model):
    """A commitment of the act or effect `entry`, written in its transaction; the sealer gives the
    numbers in the order in which they were written. That order is the one in which changes of the
    same row came about, whatever the clock said.
    """

    working = "存证日志的序号，逐条与存证日志核对"

    entry = models.BigIntegerField(unique=True)
    commitment = models.BinaryField(max_length=32)
    leaf_index = models.BigIntegerField(null=True, unique=True)


class EffectiveAct(Guarded):
    """What still holds: the indexed memo that gates look at instead of scanning acts."""

    memos = ("voided_by",)

    record = models.ForeignKey(Record, models.PROTECT, related_name="effective_acts")
    agency_id = models.BigIntegerField()
    act = models.OneToOneField(Act, models.PROTECT, related_name="effective")
    kind = models.CharField(max_length=60)
    of = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    happened_at = models.DateTimeField()
    attrs = models.JSONField(default=dict)
    voided_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="voids")

    class Meta:
        indexes = [
            models.Index(fields=["record", "kind", "voided_by"], name="effective_act_by_kind")
        ]


class Duty(Guarded):
    """What is owed, by when, by whom, and how the day was computed."""

    memos = (
        "due",
        "light_due",
        "provisional",
        "how",
        "state",
        "closed_by",
        "closed_at",
        "paused_since",
        "owner_id",
    )
    OPEN, DONE, VOID = "open", "done", "void"

    record = models.ForeignKey(Record, models.PROTECT, related_name="duties")
    agency_id = models.BigIntegerField()
    opened_by = models.ForeignKey(Act, models.PROTECT, related_name="duties_opened")
    rule = models.CharField(max_length=120)
    topic = models.CharField(max_length=80)
    pack = models.CharField(max_length=80)
    version = models.CharField(max_length=64)
    then = models.JSONField(default=list)
    by = models.CharField(max_length=80)
    owner_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=60, blank=True)
    to = models.CharField(max_length=80, blank=True)
    party = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    confirmed = models.BooleanField(default=True)
    awaited = models.BooleanField(default=False)
    due = models.DateField(null=True)
    floor = models.JSONField(null=True)
    light_due = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    how = models.JSONField(default=dict)
    paused_since = models.DateField(null=True)
    state = models.CharField(max_length=8, default=OPEN)
    closed_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="duties_closed")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["agency_id", "state", "light_due"], name="duty_by_light"),
            models.Index(fields=["record", "state"], name="duty_by_record"),
        ]


class Link(AppendOnly):
    """How two records belong together: a follow-up, a merger, a complaint and its correction."""

    source = models.ForeignKey(Record, models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Record, models.PROTECT, related_name="links_in")
    agency_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")


class Blob(AppendOnly):
    """A file of the content-addressed store; the row is written after the bytes are durable."""

    born_alone = "文件先落盘登记，再由行为引用"

    sha256 = models.CharField(max_length=64, primary_key=True)
    sm3 = models.CharField(
        max_length=64, null=True
    )  # null: came in while national cryptography was off
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField()


class Attachment(AppendOnly):
    """A stored file as it belongs to an act: name as given, what it is, who brought it."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="attachments")
    agency_id = models.BigIntegerField()
    act = models.ForeignKey(Act, models.PROTECT, related_name="attachments")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    purpose = models.CharField(max_length=60, blank=True)


class AdoptedPack(AppendOnly):
    """The rules an agency has adopted, whole, as text: an upgrade never replaces them silently."""

    agency_id = models.BigIntegerField(db_index=True)
    pack = models.CharField(max_length=80)
    version = models.CharField(max_length=64)
    files = models.JSONField()
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()


class HolidayNotice(AppendOnly):
    """A State Council calendar loaded after shipping; opens the re-timing of provisional duties."""

    year = models.PositiveSmallIntegerField()
    text = models.TextField()
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")


class Retiming(AppendOnly):
    """One moved deadline: from which day to which, and the act that moved it."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="retimings")
    agency_id = models.BigIntegerField()
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
    before = models.DateField(null=True)
    after = models.DateField(null=True)


class FormUse(AppendOnly):
    """A form that was acted on once: a second press of the same button finds its act here."""

    key = models.CharField(max_length=64, primary_key=True)
    agency_id = models.BigIntegerField()
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    act = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")


class Head(AppendOnly):
    """A head of the ledger that was signed: how many entries, their root, and the signed note."""

    working = "存证日志的检查点，由签名证明，每天由一条改动一并封存"
    covered = True

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    signed_at = models.DateTimeField()


class Cosignature(AppendOnly):
    """A witness's verified signature under one head; `line` as it stands in the checkpoint."""

    working = "见证签名，由签名证明，每天由一条改动一并封存"
    covered = True

    head = models.ForeignKey(Head, models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=200)
    line = models.CharField(max_length=400)
    stamped_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["head", "witness"], name="cosignature_once")]


class TimeStamp(AppendOnly):
    """A verified RFC 3161 token over the text of one head."""

    working = "时间戳，由签名证明，每天由一条改动一并封存"
    covered = True

    head = models.ForeignKey(Head, models.PROTECT, related_name="timestamps")
    authority = models.CharField(max_length=300)
    token = models.BinaryField()
    stamped_at = models.DateTimeField()


class WitnessState(models.Model):
    """How a witness answered last; `shown` is a head of ours that it showed and that we no longer
    know.
    """

    working = "见证方最近一次的答复，随时重问"

    witness = models.CharField(max_length=200, primary_key=True)
    size = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField()
    trouble = models.TextField(blank=True)
    shown = models.TextField(blank=True)


class WitnessedLog(Guarded):
    """The newest head that we cosigned for another installation's log, and a contradicting one if
    it ever sent one.
    """

    working = "为别处作的见证，由双方签名证明"

    memos = ("size", "root", "note", "seen_at", "forked")

    origin = models.CharField(max_length=200, primary_key=True)
    size = models.BigIntegerField(default=0)
    root = models.BinaryField(max_length=32)
    note = models.TextField(blank=True)
    seen_at = models.DateTimeField()
    forked = models.TextField(blank=True)


class Scrub(models.Model):
    """Where the scrubber is (one row): stage and cursor, what it found damaged, when a round was
    last finished.
    """

    working = "巡检走到哪里"

    FILES, CONTENTS, LOG = "files", "contents", "log"

    id = models.PositiveSmallIntegerField(primary_key=True)
    stage = models.CharField(max_length=10, default=FILES)
    at = models.CharField(max_length=64, blank=True)
    rounds = models.PositiveIntegerField(default=0)
    repaired = models.PositiveIntegerField(default=0)
    damaged = models.JSONField(default=list)
    began_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
