"""Triggers: what was told and how it was rated never changes."""

from django.db import migrations

from mingzheng.records import sql


class Migration(migrations.Migration):
    """Rows of this floor are appended to only."""

    dependencies = [("records", "0002_triggers"), ("oversight", "0001_initial")]
    operations = [sql.freeze(f"oversight_{name}") for name in ("feedback", "rating", "rated")]
