"""Triggers: what was registered about a basis never changes."""

from django.db import migrations

from mingzheng.records import sql


class Migration(migrations.Migration):
    """A change is another row."""

    dependencies = [("records", "0002_triggers"), ("catalogue", "0005_bases")]
    operations = [
        # Its new column is there: the table is held again.
        sql.freeze("catalogue_page"),
        sql.freeze("catalogue_basis"),
        sql.freeze("catalogue_basischange"),
    ]
