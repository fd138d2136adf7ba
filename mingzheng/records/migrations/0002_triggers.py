"""Triggers: the database itself refuses to change or delete what was recorded."""

from django.db import migrations

from mingzheng.records.sql import install


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [install()]
