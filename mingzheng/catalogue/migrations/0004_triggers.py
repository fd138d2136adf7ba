"""Triggers: a page and its versions never change."""

from django.db import migrations

from mingzheng.records import sql


class Migration(migrations.Migration):
    """What was compiled stays as it was."""

    dependencies = [("records", "0002_triggers"), ("catalogue", "0003_pages")]
    operations = [
        migrations.RunPython(sql.freeze("catalogue_page"), migrations.RunPython.noop),
        migrations.RunPython(sql.freeze("catalogue_pageversion"), migrations.RunPython.noop),
    ]
