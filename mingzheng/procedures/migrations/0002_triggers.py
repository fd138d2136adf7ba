"""Triggers for the tables of this floor that are appended to."""

from django.db import migrations

from mingzheng.records import sql


class Migration(migrations.Migration):
    """A proposal keeps the words that are approved."""

    dependencies = [("records", "0002_triggers"), ("procedures", "0001_initial")]
    operations = [
        sql.keep(
            "procedures_proposal",
            "id",
            "record_id",
            "agency_id",
            "step",
            "name",
            "route_id",
            "payload",
            "files",
            "text_hash",
            "route",
            "proposer_id",
            "proposer_post_id",
            "opened_by_id",
        ),
    ]
