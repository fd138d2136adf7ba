"""Transfers under way: working rows of resumable uploads, not part of the record."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from mingzheng.records.ids import public_code
from mingzheng.records.models import Blob, Record


class Upload(models.Model):
    """One file on its way from a person's device. `stored` means: durable, hashed, receipted, and
    a Blob row says so.
    """

    working = "正在传送的文件，收齐以后由音像、附件各表保存"

    OPEN, STORED, EXPIRED, TERMINATED, REFUSED = (
        "open",
        "stored",
        "expired",
        "terminated",
        "refused",
    )
    STATES = {
        OPEN: "正在上传",
        STORED: "已收妥",
        EXPIRED: "已过期",
        TERMINATED: "已取消",
        REFUSED: "指纹不符，未收",
    }
    SOURCES = {
        "live": "现场拍摄",
        "gallery": "非现场拍摄",
        "import": "执法记录仪导入",
        "desk": "办公室上传",
    }

    code = models.CharField(max_length=32, unique=True, default=public_code)
    agency_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    # Where it is meant for; final once `claimed_at` is set by the act that took it up.
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="uploads")
    claimed_at = models.DateTimeField(null=True)
    # The sender's own name of this transfer: asked for twice, it is one upload.
    client = models.CharField(max_length=100)
    length = models.BigIntegerField()
    # Bytes known to be durable.
    offset = models.BigIntegerField(default=0)
    name = models.CharField(max_length=255)
    # As the device sent it, before cleaning.
    given_name = models.TextField(blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # captured_at (ISO 8601), device, place, clock_offset_ms, source (SOURCES).
    meta = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=OPEN)
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="uploads")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    stored_at = models.DateTimeField(null=True)
    # {"said": {...}, "key": hex, "signature": hex}; see evidence.receipts.
    receipt = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "client"],
                condition=Q(state__in=["open", "stored"]),
                name="upload_once_a_client_id",
            )
        ]
        indexes = [
            models.Index(fields=["state", "expires_at"], name="upload_to_expire"),
            models.Index(fields=["blob", "record"], name="upload_by_blob"),
        ]
