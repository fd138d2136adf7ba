"""Triggers: a page and its versions never change."""

from django.db import migrations

from mingzheng.records import sql


class Migration(migrations.Migration):
    """What was compiled stays as it was."""

    dependencies = [("records", "0002_triggers"), ("catalogue", "0003_pages")]
    operations = [
        sql.freeze("catalogue_page"),
        sql.freeze("catalogue_pageversion"),
    ]
