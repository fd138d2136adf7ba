"""Triggers for the tables of this floor that are appended to."""

from django.db import migrations

from mingzheng.records import sql


class Migration(migrations.Migration):
    """A bound volume keeps its catalogue."""

    dependencies = [("records", "0002_triggers"), ("archive", "0001_initial")]
    operations = [
        sql.keep(
            "archive_volume",
            "id",
            "record_id",
            "agency_id",
            "number",
            "keep",
            "catalogue",
            "bound_on",
            "act_id",
        ),
    ]
