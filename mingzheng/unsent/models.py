"""What somebody typed into a form and has not sent: his alone, sealed, and soon forgotten."""

from __future__ import annotations

from django.db import models


class Unsent(models.Model):
    """The answers of one form so far. A working row: it changes with every pause in typing, goes
    when the form is sent, and is forgotten after `settings.UNSENT_DAYS`.

    `place` names the form: an address within the desk. `body` is readable with the secret of the
    installation only, which no backup of the database holds.
    """

    working = "没有提交的填写，到期删除"

    person_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    place = models.CharField(max_length=200)
    body = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "post_id", "place"], name="one_unsent_per_form"
            )
        ]
