"""A trigger: which page shows which record never changes."""

from django.db import migrations

from mingzheng.records import sql


class Migration(migrations.Migration):
    """Appended to only."""

    dependencies = [("pages", "0001_initial")]
    operations = [sql.freeze("pages_publicpage")]
