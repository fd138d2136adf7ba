"""What was seen in a stored file, and what was made from it to be shown."""

from __future__ import annotations

from django.db import models

from mingzheng.records.guard import AppendOnly
from mingzheng.records.models import Blob


class Media(AppendOnly):
    """A stored file was examined once. A file belongs to no agency: the same bytes may reach
    several matters.
    """

    by_itself = "由原件算出，可以重算"

    PHOTO, AUDIO, VIDEO, DOCUMENT, OTHER = "photo", "audio", "video", "document", "other"
    KINDS = {PHOTO: "照片", AUDIO: "录音", VIDEO: "录像", DOCUMENT: "文档", OTHER: "其他文件"}

    blob = models.OneToOneField(Blob, models.PROTECT, primary_key=True, related_name="media")
    kind = models.CharField(max_length=10)
    codec = models.CharField(max_length=60, blank=True)
    duration_ms = models.BigIntegerField(null=True)
    # As the device wrote it into the file, and the place as ISO 6709: claims of the file, not
    # findings.
    created_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=60, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    showable = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)
    examined_at = models.DateTimeField()


class Rendition(AppendOnly):
    """A file that we made from another: the only thing that is ever shown inline."""

    by_itself = "由原件算出，可以重算"

    THUMBNAIL, WAVEFORM, PLAYABLE = "thumbnail", "waveform", "playable"

    blob = models.ForeignKey(Blob, models.PROTECT, related_name="renditions")
    purpose = models.CharField(max_length=10)
    made = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    # The type we made; the Blob's own may come from an upload of the same bytes.
    media_type = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["blob", "purpose"], name="rendition_once")]
