"""Triggers for the tables of this floor that are appended to."""

from django.db import migrations

from mingzheng.records import sql


class Migration(migrations.Migration):
    """Receipts and grounds never change; a publication keeps its text."""

    dependencies = [("records", "0002_triggers"), ("disclosure", "0001_initial")]
    operations = [
        sql.freeze("disclosure_channelreceipt"),
        sql.freeze("disclosure_withholding"),
        sql.keep(
            "disclosure_publication",
            "id",
            "record_id",
            "agency_id",
            "kind",
            "title",
            "number",
            "decided_on",
            "party_kind",
            "body",
            "text_hash",
            "code",
            "proposed_by_id",
        ),
    ]
