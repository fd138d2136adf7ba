"""Triggers: a leaf's number is given once, heads and what others signed stay, a witnessed log never shrinks."""

from django.db import migrations

from mingzheng.records.sql import freeze, once, rising


class Migration(migrations.Migration):
    dependencies = [("records", "0004_ledger")]
    operations = [
        migrations.RunPython(
            once("records_pendingleaf", "leaf_index", "act_id"), migrations.RunPython.noop
        ),
        *(
            migrations.RunPython(freeze(f"records_{name}"), migrations.RunPython.noop)
            for name in ("head", "cosignature", "timestamp")
        ),
        migrations.RunPython(rising("records_witnessedlog", "size"), migrations.RunPython.noop),
    ]
