"""Triggers for the tables of this floor that are appended to."""

from django.db import migrations

from mingzheng.records import sql


class Migration(migrations.Migration):
    """Drafts never change; a document only gains its file."""

    dependencies = [("records", "0002_triggers"), ("documents", "0001_initial")]
    operations = [
        sql.freeze("documents_draft"),
        sql.keep(
            "documents_document",
            "id",
            "record_id",
            "agency_id",
            "kind",
            "title",
            "template",
            "mark",
            "year",
            "number",
            "issued_on",
            "body",
            "text_hash",
            "code",
            "act_id",
        ),
    ]
